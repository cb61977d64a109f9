"""Instatus: what is open as JSON, the newest as RSS, the past in web pages by the month.

The summary leaves empty lists out. The feed spells the posts out twice: plainly, and as HTML that
is escaped once too often, names no component and adds a full stop. Both date without a year. The
impact is in the summary and in the month pages, whose data is Next's flight; those have no posts.
"""

import html
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from email.utils import format_datetime
from typing import Any

from generator.demo.pages import Answer, Page, as_json
from generator.demo.pages._markup import MONTHS, rss
from generator.demo.pages._stages import stages
from generator.demo.seeds import code
from generator.model import BodyFormat, Impact, Incident, Kind, Phase, Update
from generator.times import text_of

BODY_FORMAT: BodyFormat = "markdown"
KINDS: frozenset[Kind] = frozenset({"incident", "maintenance"})
IMPACTS: frozenset[Impact] = frozenset({"none", "minor", "major", "critical"})

WORDS: dict[Impact, str] = {
    "none": "OPERATIONAL",
    "minor": "DEGRADEDPERFORMANCE",
    "major": "PARTIALOUTAGE",
    "critical": "MAJOROUTAGE",
}
PHASES: dict[Phase, str] = {
    "investigating": "Investigating",
    "identified": "Identified",
    "monitoring": "Monitoring",
    "resolved": "Resolved",
    "scheduled": "Not started yet",
    "in_progress": "In progress",
    "completed": "Completed",
}
FED = 25
Json = dict[str, Any]


def respond(page: Page, path: str, query: Mapping[str, str]) -> Answer | None:
    """The page's answer."""
    if path in ("summary.json", "v3/summary.json", "api/v2/summary.json"):
        return as_json(_summary(page))
    if path == "history.rss":
        return rss(page, [_item(page, incident) for incident in page.incidents[:FED]])
    if path.startswith("history/") and path.removeprefix("history/").isdecimal():
        return _month(page, int(path.removeprefix("history/")))
    return None


def as_carried(page: Page, incident: Incident) -> Incident:
    """No region; posts are known by their time, components come sorted.

    The impact is told only while it is open, the plan of a maintenance too.
    """
    open_now = incident.ended_at is None
    planned = incident.kind == "maintenance"
    updates: list[Update] = []
    for update, phase in zip(incident.updates, stages(incident, PHASES), strict=True):
        updates.append(
            replace(
                update,
                key=_numbered(text_of(update.at), updates),
                phase=phase,
                phase_raw=PHASES[phase],
                body=update.body.strip(),
            )
        )
    told = open_now and not planned
    return replace(
        incident,
        key=_id(incident.key),
        url=_address(page, incident),
        impact=incident.impact if told else "unknown",
        impact_raw=WORDS[incident.impact] if told else None,
        scheduled_until=incident.scheduled_until if open_now else None,
        components=tuple(sorted(incident.components)),
        regions=(),
        updates=tuple(updates),
    )


def _summary(page: Page) -> Json:
    ongoing = [i for i in page.of("incident") if i.ended_at is None]
    planned = [i for i in page.of("maintenance") if i.ended_at is None]
    summary: Json = {
        "page": {
            "name": page.vendor.name,
            "url": page.vendor.status_page,
            "status": "HASISSUES" if ongoing else "UP",
        }
    }
    if ongoing:
        summary["activeIncidents"] = [_ongoing(page, incident) for incident in ongoing]
    if planned:
        summary["activeMaintenances"] = [_planned(page, incident) for incident in planned]
    return summary


def _ongoing(page: Page, incident: Incident) -> Json:
    return {
        "id": _id(incident.key),
        "name": incident.title,
        "started": _time(incident.started_at),
        "status": _state(incident),
        "impact": WORDS[incident.impact],
        "url": page.address(_id(incident.key)),
        "updatedAt": _time(page.changed_at[incident.key]),
    }


def _planned(page: Page, incident: Incident) -> Json:
    until = incident.scheduled_until or incident.started_at
    return {
        "id": _id(incident.key),
        "name": incident.title,
        "start": _time(incident.started_at),
        "status": _state(incident),
        "duration": f"{(until - incident.started_at).total_seconds() / 60:g}",
        "url": page.address(_id(incident.key)),
    }


def _item(page: Page, incident: Incident) -> str:
    said = [PHASES[phase] for phase in stages(incident, PHASES)]
    posts = [*zip(incident.updates, said, strict=True)]
    plain = " ".join(f"{_day(u.at)} GMT+0 - {word} - {u.body}" for u, word in posts)
    marked = "\n".join(
        f"<p><small>{_day(u.at, marked=True)} GMT+0</small><br><strong>{word}</strong> -\n"
        f"  {u.body}.</p>"
        for u, word in posts
    )
    kind = incident.kind.capitalize()
    description = (
        f"\n    Type: {kind}\n\n    Affected Components: {', '.join(incident.components)}\n"
        f"    {plain} \n  "
    )
    content = (
        f"<p><strong>Type:</strong> {kind}</p>\n<p><strong>Affected Components:</strong> "
        f"{', '.join('' for _ in incident.components)}</p>\n{html.escape(marked)}"
    )
    address = _address(page, incident)
    return (
        f"    <item>\n      <title>{html.escape(incident.title)}</title>\n"
        f"      <description>{html.escape(description)}</description>\n"
        '      <content:encoded xmlns:content="http://purl.org/rss/1.0/modules/content/">'
        f"<![CDATA[{content}]]></content:encoded>\n"
        f"      <pubDate>{format_datetime(incident.started_at)}</pubDate>\n"
        f"      <link>{address}</link>\n      <guid>{address}</guid>\n    </item>\n"
    )


def _month(page: Page, number: int) -> Answer:
    """A calendar month, 1 being this one; months before the first have no notices."""
    count = page.now.year * 12 + page.now.month - number
    notices = {
        _id(incident.key): _notice(incident)
        for incident in page.incidents
        if incident.started_at.year * 12 + incident.started_at.month - 1 == count
    }
    components = [
        {"id": _id(name), "name": {"default": name}, "status": "OPERATIONAL"}
        for name in page.components
    ]
    state = {"components": components, "notices": notices, "metrics": {}}
    flight = "7:" + json.dumps(["$", "$L9", None, state], separators=(",", ":"))
    half = len(flight) // 2
    texts = (json.dumps(part).replace("<", "\\u003c") for part in (flight[:half], flight[half:]))
    pushes = "".join(f"<script>self.__next_f.push([1,{text}])</script>" for text in texts)
    document = (
        f"<!DOCTYPE html><html><head><title>History</title></head><body>{pushes}</body></html>"
    )
    return Answer(document.encode(), "text/html; charset=utf-8")


def _notice(incident: Incident) -> Json:
    planned = incident.kind == "maintenance"
    return {
        "id": _id(incident.key),
        "name": {"default": incident.title, "en": incident.title},
        "impact": "UNDERMAINTENANCE" if planned else WORDS[incident.impact],
        "started": _time(incident.started_at),
        "resolved": _time(incident.ended_at) if incident.ended_at else None,
        "status": _state(incident),
        "components": [{"id": _id(name)} for name in incident.components],
    }


def _state(incident: Incident) -> str:
    return PHASES[stages(incident, PHASES)[-1]].replace(" ", "").upper()


def _address(page: Page, incident: Incident) -> str:
    return page.address(f"{incident.kind}/{_id(incident.key)}")


def _id(name: str) -> str:
    return "c" + code(name, "cuid", length=24)


def _day(moment: datetime, *, marked: bool = False) -> str:
    month, day, clock = MONTHS[moment.month - 1][:3], f"{moment.day}", f"{moment:%H:%M:%S}"
    if marked:
        day = f"<var data-var='date'> {day}</var>"
        clock = f"<var data-var='time'>{clock}</var>"
    return f"{month} {day}, {clock}"


def _time(moment: datetime) -> str:
    return f"{text_of(moment)[:-1]}.000Z"


def _numbered(key: str, before: list[Update]) -> str:
    same = sum(update.key.partition("#")[0] == key for update in before)
    return f"{key}#{same + 1}" if same else key
