"""Better Stack: one JSON:API document, and a feed with an item a post.

Reports stand in the order they start, the newest few of them; updates and resources stand beside
them. A post has no phase: what it affects says "downtime" or "resolved". A report keeps a null end
when it is over, a maintenance states its planned end from the start. All else is the shell.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from generator.demo.pages import Answer, Page, as_json
from generator.demo.pages._markup import as_html, by_last_post, item, rss
from generator.demo.seeds import chance
from generator.model import BodyFormat, Impact, Incident, Kind, Phase, Update
from generator.times import text_of

BODY_FORMAT: BodyFormat = "markdown"
KINDS: frozenset[Kind] = frozenset({"incident", "maintenance"})
IMPACTS: frozenset[Impact] = frozenset({"none", "minor", "critical"})

WORDS: dict[Impact, tuple[str, Impact]] = {
    "none": ("operational", "none"),
    "minor": ("degraded", "minor"),
    "major": ("degraded", "minor"),
    "critical": ("downtime", "critical"),
}
LISTED = 30
FED = 60
Json = dict[str, Any]


def respond(page: Page, path: str, query: Mapping[str, str]) -> Answer | None:
    """The document, the feed or the shell."""
    if path == "index.json":
        return as_json(_document(page))
    if path == "feed.rss":
        posts = [(u.at, _item(page, i, u)) for i in by_last_post(page.incidents) for u in i.updates]
        posts.sort(key=lambda post: post[0], reverse=True)
        return rss(page, [text for _, text in posts[:FED]])
    return None


def as_carried(page: Page, incident: Incident) -> Incident:
    """No region, no major; posts resolve or do not; what was told when over has no impact."""
    word, impact = _word(incident)
    updates = []
    for update in incident.updates:
        phase, raw = _phase(incident, update)
        updates.append(replace(update, key=_id(update.key), phase=phase, phase_raw=raw))
    told = any(update.phase == "update" for update in updates)
    return replace(
        incident,
        key=_id(incident.key),
        url=page.address(f"incident/{_id(incident.key)}"),
        impact=impact if told else "unknown",
        impact_raw=word if told else None,
        regions=(),
        updates=tuple(updates),
    )


def _document(page: Page) -> Json:
    reports = page.incidents[:LISTED][::-1]
    related = {"data": [{"id": _id(report.key), "type": "status_report"} for report in reports]}
    included: list[Json] = [_resource(name, place) for place, name in enumerate(page.components)]
    for report in reports:
        included += [_update(report, update) for update in report.updates]
        included.append(_report(report))
    return {
        "data": {
            "id": _id(page.vendor.slug),
            "type": "status_page",
            "attributes": {
                "company_name": page.vendor.name,
                "company_url": page.vendor.homepage,
                "timezone": "UTC",
                "subdomain": page.vendor.slug,
                "custom_domain": None,
                "announcement": None,
                "aggregate_state": "operational",
                "updated_at": _time(max(page.changed_at.values(), default=page.now)),
            },
            "relationships": {"status_reports": related},
        },
        "included": included,
    }


def _resource(name: str, place: int) -> Json:
    return {
        "id": _id(name),
        "type": "status_page_resource",
        "attributes": {
            "status_page_section_id": 1,
            "public_name": name,
            "explanation": "",
            "position": place,
            "availability": 0.9987,
            "status": "operational",
            "status_history": [],
        },
    }


def _report(incident: Incident) -> Json:
    planned, over = incident.kind == "maintenance", incident.ended_at is not None
    until = incident.scheduled_until
    state = _word(incident)[0]
    return {
        "id": _id(incident.key),
        "type": "status_report",
        "attributes": {
            "title": incident.title,
            "report_type": "maintenance" if planned else "manual",
            "starts_at": _time(incident.started_at),
            "ends_at": _time(until) if until else None,
            "affected_resources": _affected(incident, "resolved" if over else state),
            "aggregate_state": "resolved" if over else state,
        },
        "relationships": {
            "status_updates": {
                "data": [{"id": _id(u.key), "type": "status_update"} for u in incident.updates]
            }
        },
    }


def _update(incident: Incident, update: Update) -> Json:
    return {
        "id": _id(update.key),
        "type": "status_update",
        "attributes": {
            "message": update.body,
            "published_at": _time(update.at),
            "published_at_timezone": None,
            "notify_subscribers": False,
            "affected_resources": _affected(incident, _phase(incident, update)[1]),
        },
    }


def _affected(incident: Incident, status: str) -> list[Json]:
    return [
        {"status_page_resource_id": _id(name), "status": status} for name in incident.components
    ]


def _item(page: Page, incident: Incident, update: Update) -> str:
    address = page.address(f"incident/{_id(incident.key)}")
    phase = update.phase.replace("_", " ").capitalize()
    guid = f"{address}#{chance(update.key).getrandbits(128):032x}"
    return item(f"[{phase}] {incident.title}", as_html(update), update.at, address, guid)


def _word(incident: Incident) -> tuple[str, Impact]:
    return ("maintenance", "none") if incident.kind == "maintenance" else WORDS[incident.impact]


def _phase(incident: Incident, update: Update) -> tuple[Phase, str]:
    """What a post can say of its phase: that it is over, or how bad it is."""
    if update.phase in ("resolved", "postmortem"):
        return "resolved", "resolved"
    if update.phase == "completed":
        return "completed", "resolved"
    return "update", _word(incident)[0]


def _id(name: str) -> str:
    """A number, as text."""
    return str(chance(name, "number").randrange(100_000, 10_000_000))


def _time(moment: datetime) -> str:
    return f"{text_of(moment)[:-1]}.000Z"
