"""Heroku's own API v4: numbers for ids, colours for impacts, `state` the only word on the end.

Not here: maintenance, whose window the real page states in prose. `resolved` is false on half of
what is resolved, `resolved_at` always null, and an incident begins when it is posted.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from generator.demo.names import REGIONS
from generator.demo.pages import Answer, Page, as_json
from generator.model import BodyFormat, Impact, Incident, Kind, Phase

BODY_FORMAT: BodyFormat = "markdown"
KINDS: frozenset[Kind] = frozenset({"incident"})
IMPACTS: frozenset[Impact] = frozenset({"minor", "major"})

COLOURS: dict[Impact, str] = {
    "none": "green",
    "minor": "yellow",
    "major": "red",
    "critical": "red",
}
# The platform's words for the phases; it has none for the others than "update".
TYPES: dict[Phase, str] = {
    "investigating": "issue",
    "monitoring": "monitoring",
    "resolved": "resolved",
}
FIRST = datetime(2009, 10, 23, tzinfo=UTC)
Json = dict[str, Any]


def respond(page: Page, path: str, query: Mapping[str, str]) -> Answer | None:
    """The page's answer."""
    newest = sorted(page.incidents, key=lambda i: _number(page, i), reverse=True)
    if path == "api/v4/incidents":
        limit = query.get("limit", "")
        return as_json([_row(page, i) for i in newest[: int(limit) if limit.isdecimal() else 10]])
    if path == "api/v4/current-status":
        return as_json(
            {
                "status": [_light(page, name) for name in page.components],
                "incidents": [_row(page, i) for i in newest if i.ended_at is None],
                "scheduled": [],
            }
        )
    number = path.removeprefix("api/v4/incidents/")
    return next((as_json(_row(page, i)) for i in newest if str(_number(page, i)) == number), None)


def as_carried(page: Page, incident: Incident) -> Incident:
    """Two impacts, one of them for the worst two; it began when it was posted; few phases."""
    number = _number(page, incident)
    colour = COLOURS[incident.impact]
    impacts: dict[str, Impact] = {"yellow": "minor", "red": "major"}
    updates = (
        replace(
            update,
            key=f"{number * 1000 + int(update.key[-3:])}",
            phase=_phase(word := TYPES.get(update.phase, "update")),
            phase_raw=word,
        )
        for update in incident.updates
    )
    return replace(
        incident,
        key=str(number),
        url=page.address(f"incidents/{number}"),
        impact=impacts.get(colour, "unknown"),
        impact_raw=colour if colour in impacts else None,
        started_at=page.opened_at[incident.key],
        regions=tuple(REGIONS[key] for key in incident.regions),
        updates=tuple(updates),
    )


def _phase(word: str) -> Phase:
    phases: dict[str, Phase] = {typed: phase for phase, typed in TYPES.items()}
    return phases.get(word, "update")


def _number(page: Page, incident: Incident) -> int:
    """Ever higher, as the platform's are; only that they are not consecutive."""
    return int((page.opened_at[incident.key] - FIRST).total_seconds())


def _row(page: Page, incident: Incident) -> Json:
    number, opened_at = _number(page, incident), page.opened_at[incident.key]
    over = incident.ended_at is not None
    return {
        "id": number,
        "created_at": _time(opened_at),
        "updated_at": _time(page.changed_at[incident.key]),
        "title": incident.title,
        "state": "resolved" if over else "open",
        "resolved": over and number % 2 == 0,
        "resolved_at": None,
        "duration": 0,
        "full_url": page.address(f"incidents/{number}"),
        "updates": [
            {
                "id": number * 1000 + int(update.key[-3:]),
                "incident_id": number,
                "created_at": _time(update.at),
                "updated_at": _time(update.at),
                "update_type": TYPES.get(update.phase, "update"),
                "contents": update.body,
                "title": None,
            }
            for update in reversed(incident.updates)
        ],
        "systems": [
            {"name": name, "status": COLOURS[incident.impact], "services": [name]}
            for name in incident.components
        ],
        "tags": [REGIONS[key] for key in incident.regions],
    }


def _light(page: Page, name: str) -> Json:
    ill = {i.impact for i in page.incidents if i.ended_at is None and name in i.components}
    colours = {COLOURS[impact] for impact in ill} or {"green"}
    return {"system": name, "status": max(colours, key=["green", "yellow", "red"].index)}


def _time(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.second * 13 % 1000:03d}Z"
