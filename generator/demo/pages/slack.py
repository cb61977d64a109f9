"""Slack's own API v2: what goes on at one path, the fifty last touched that are over at another.

Notes are newest first, in HTML, without id or state. Times carry the offset of the US Pacific
coast. Three types for four impacts. A maintenance has no window but in its notes.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

from generator.demo.pages import Answer, Page, as_json
from generator.demo.pages._markup import by_last_post
from generator.model import BodyFormat, Impact, Incident, Kind, Update
from generator.times import text_of

BODY_FORMAT: BodyFormat = "html"
KINDS: frozenset[Kind] = frozenset({"incident", "maintenance"})
IMPACTS: frozenset[Impact] = frozenset({"none", "minor", "critical"})

LISTED = 50
TYPES: dict[Impact, str] = {
    "none": "notice",
    "minor": "incident",
    "major": "incident",
    "critical": "outage",
}
Json = dict[str, Any]


def respond(page: Page, path: str, query: Mapping[str, str]) -> Answer | None:
    """The page's answer; a query is ignored."""
    newest = by_last_post(page.incidents)
    if path == "api/v2.0.0/history":
        return as_json([_row(page, i) for i in newest if i.ended_at is not None][:LISTED])
    if path == "api/v2.0.0/current":
        ongoing = [incident for incident in newest if incident.ended_at is None]
        touched = max(page.changed_at.values(), default=page.now)
        return as_json(
            {
                "status": "active" if ongoing else "ok",
                "date_created": _time(touched),
                "date_updated": _time(touched),
                "active_incidents": [_row(page, incident) for incident in ongoing],
            }
        )
    return None


def as_carried(page: Page, incident: Incident) -> Incident:
    """Notes lose id and state, and with it the word that ends; maintenance loses its window."""
    updates: list[Update] = []
    for update in incident.updates:
        at = text_of(update.at)
        same = sum(post.key.partition("#")[0] == at for post in updates)
        summary = update.phase == "postmortem"
        updates.append(
            replace(
                update,
                key=f"{at}#{same + 1}" if same else at,
                phase="postmortem" if summary else "update",
                phase_raw="Issue Summary" if summary else None,
                body=_body(update),
            )
        )
    planned = incident.kind == "maintenance"
    said = [update.at for update in updates if update.phase != "postmortem"]
    return replace(
        incident,
        key=_number(page, incident),
        url=_link(page, incident),
        impact="minor" if incident.impact == "major" else incident.impact,
        impact_raw="maintenance" if planned else TYPES[incident.impact],
        started_at=page.opened_at[incident.key] if planned else incident.started_at,
        scheduled_until=None,
        ended_at=said[-1] if incident.ended_at else None,
        end_basis="last_update" if incident.ended_at else None,
        regions=(),
        updates=tuple(updates),
    )


def _row(page: Page, incident: Incident) -> Json:
    planned = incident.kind == "maintenance"
    return {
        "id": int(_number(page, incident)),
        "date_created": _time(page.opened_at[incident.key] if planned else incident.started_at),
        "date_updated": _time(incident.updates[-1].at),
        "title": incident.title,
        "type": "maintenance" if planned else TYPES[incident.impact],
        "status": _status(incident),
        "url": _link(page, incident),
        "services": list(incident.components),
        "notes": [
            {"date_created": _time(update.at), "body": _body(update)}
            for update in reversed(incident.updates)
        ],
    }


def _status(incident: Incident) -> str:
    if incident.kind == "incident":
        return "active" if incident.ended_at is None else "resolved"
    if incident.ended_at is not None:
        return "completed"
    return "scheduled" if incident.updates[-1].phase == "scheduled" else "active"


def _body(update: Update) -> str:
    heading = "<b>Issue Summary:</b><br>" if update.phase == "postmortem" else ""
    return f"<p>{heading}{update.body}</p>"


def _link(page: Page, incident: Incident) -> str:
    return page.address(f"{page.opened_at[incident.key]:%Y-%m}/{incident.key}")


def _number(page: Page, incident: Incident) -> str:
    return str(int(page.opened_at[incident.key].timestamp()) % 1_000_000_000)


def _time(moment: datetime) -> str:
    """In Pacific time; that summer begins in April is near enough."""
    hours = -7 if 4 <= moment.month <= 10 else -8
    return moment.astimezone(timezone(timedelta(hours=hours))).isoformat()
