"""Status.io: an API of what is active, and a feed of the newest with their posts.

States and impacts are numbers in the API. The feed has words, posts oldest first, dated to the
minute; no impact, no component, no plan. It has 25 items, in the order of the last post.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any
from xml.sax.saxutils import escape

from generator.demo.pages import Answer, Page, as_json
from generator.demo.pages._front import front
from generator.demo.pages._markup import MONTHS, by_last_post, rss
from generator.demo.pages._stages import stages
from generator.demo.seeds import chance
from generator.model import BodyFormat, Impact, Incident, Kind, Phase, Update
from generator.times import text_of

BODY_FORMAT: BodyFormat = "html"
KINDS: frozenset[Kind] = frozenset({"incident", "maintenance"})
IMPACTS: frozenset[Impact] = frozenset({"none", "minor", "major", "critical"})

CODES: dict[Impact, int] = {"none": 100, "minor": 300, "major": 400, "critical": 500}
PLANNED = 200
STATES: dict[Phase, tuple[int, str]] = {
    "investigating": (100, "Investigating"),
    "identified": (200, "Identified"),
    "monitoring": (300, "Monitoring"),
    "resolved": (400, "Resolved"),
    "scheduled": (100, "Scheduled"),
    "in_progress": (200, "Active"),
    "completed": (300, "Completed"),
}
FED = 25
Json = dict[str, Any]


def options(status_page: str, variant: int) -> Mapping[str, str]:
    """The page's id, and the address of the API, which is on a host of its own."""
    return {
        "page_id": _id(status_page.rpartition("/")[2]),
        "api": f"{status_page}/1.0/status/",
    }


def respond(page: Page, path: str, query: Mapping[str, str]) -> Answer | None:
    """The API's answer, the feed, or the page that tells the id of both."""
    page_id = page.vendor.options["page_id"]
    if path == "":
        return front(page, f'<script>var statuspage_id = "{page_id}";</script>')
    if path == f"1.0/status/{page_id}":
        return as_json({"result": _result(page)})
    if path == f"pages/{page_id}/rss":
        return rss(page, [_item(page, incident) for incident in _fed(page)])
    return None


def shows(page: Page, incident: Incident) -> bool:
    """What is active, and in the feed all but maintenance that never began."""
    begun = any(update.phase == "in_progress" for update in incident.updates)
    if incident.kind == "maintenance" and not begun:
        return incident.ended_at is None
    return incident.ended_at is None or incident in _fed(page)


def as_carried(page: Page, incident: Incident) -> Incident:
    """To the minute. What is over has no impact, component, place or plan; its posts begin it."""
    kind, key = incident.kind, _id(incident.key)
    updates: list[Update] = []
    for update, phase in zip(incident.updates, stages(incident, STATES), strict=True):
        at = update.at.replace(second=0)
        name = _numbered(text_of(at), updates)
        word = STATES[phase][1]
        updates.append(replace(update, key=name, at=at, phase=phase, phase_raw=word))
    carried = replace(
        incident,
        key=key,
        url=page.address(f"pages/{kind}/{page.vendor.options['page_id']}/{key}"),
        updates=tuple(updates),
    )
    planned = kind == "maintenance"
    if incident.ended_at is None:
        code = PLANNED if planned else CODES[incident.impact]
        start = incident.started_at if planned else updates[0].at
        return replace(carried, started_at=start, impact_raw=str(code))
    first: Phase = "in_progress" if planned else updates[0].phase
    return replace(
        carried,
        impact="unknown",
        started_at=next((u.at for u in updates if u.phase == first), incident.started_at),
        ended_at=incident.ended_at.replace(second=0),
        scheduled_until=None,
        components=(),
        regions=(),
    )


def _fed(page: Page) -> list[Incident]:
    return by_last_post(page.incidents)[:FED]


def _result(page: Page) -> Json:
    ahead = [item for item in page.of("maintenance") if item.ended_at is None]
    active = [item for item in ahead if item.updates[-1].phase != "scheduled"]
    upcoming = [item for item in ahead if item not in active]
    ongoing = [item for item in page.of("incident") if item.ended_at is None]
    return {
        "status_overall": {
            "updated": _time(max(page.changed_at.values(), default=page.now)),
            "status": "Operational",
            "status_code": 100,
        },
        "status": [
            {"id": _id(name), "name": name, "status": "Operational", "status_code": 100}
            for name in page.components
        ],
        "incidents": [_record(page, item) for item in ongoing],
        "maintenance": {
            "active": [_record(page, item) for item in active],
            "upcoming": [_record(page, item) for item in upcoming],
        },
    }


def _record(page: Page, incident: Incident) -> Json:
    planned, until = incident.kind == "maintenance", incident.scheduled_until
    code = PLANNED if planned else CODES[incident.impact]
    said = zip(incident.updates, stages(incident, STATES), strict=True)
    record: Json = {
        "name": incident.title,
        "_id": _id(incident.key),
        "datetime_open": _time(page.opened_at[incident.key]),
        "messages": [
            {
                "details": update.body,
                "state": STATES[phase][0],
                "status": code,
                "datetime": _time(update.at),
            }
            for update, phase in said
        ],
        "containers_affected": [{"name": name, "_id": _id(name)} for name in incident.regions],
        "components_affected": [{"name": name, "_id": _id(name)} for name in incident.components],
    }
    if planned:
        record["datetime_planned_start"] = _time(incident.started_at)
        record["datetime_planned_end"] = _time(until) if until else None
    return record


def _item(page: Page, incident: Incident) -> str:
    said = zip(incident.updates, stages(incident, STATES), strict=True)
    posts = "<br />".join(
        f"<small>{_day(u.at)}</small><br /><b>{STATES[phase][1]}</b> - {u.body}"
        for u, phase in said
    )
    key = _id(incident.key)
    address = page.address(f"pages/{incident.kind}/{page.vendor.options['page_id']}/{key}")
    return (
        f"    <item>\n      <title>{escape(incident.title)}</title>\n"
        f"      <description>{escape(posts)}</description>\n      <link>{address}</link>\n"
        f'      <guid isPermaLink="false">{key}</guid>\n'
        f"      <pubDate>{format_datetime(incident.updates[-1].at)}</pubDate>\n    </item>\n"
    )


def _day(moment: datetime) -> str:
    local = moment.astimezone(UTC)
    return f"{MONTHS[local.month - 1]} {local.day}, {local.year} {local:%H:%M} UTC"


def _id(name: str) -> str:
    """Twenty-four hexadecimal digits, as a database counts them."""
    return f"{chance(name, 'object').getrandbits(96):024x}"


def _time(moment: datetime) -> str:
    return f"{text_of(moment)[:-1]}.455Z"


def _numbered(key: str, before: list[Update]) -> str:
    same = sum(update.key.partition("#")[0] == key for update in before)
    return f"{key}#{same + 1}" if same else key
