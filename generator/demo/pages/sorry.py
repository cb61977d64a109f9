"""Sorry: the list of notices, and each notice by itself with its components and updates.

On half of the pages an update has no id. Nothing says how bad it is. Every word is a state, so
that a word between two states repeats the one before.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from generator.demo.pages import Answer, Page, as_json
from generator.demo.seeds import chance
from generator.model import BodyFormat, Impact, Incident, Kind, Phase, Update
from generator.times import text_of

BODY_FORMAT: BodyFormat = "markdown"
KINDS: frozenset[Kind] = frozenset({"incident", "maintenance"})
IMPACTS: frozenset[Impact] = frozenset()

LISTED = 25
STATES: dict[Phase, str] = {
    "investigating": "investigating",
    "identified": "identified",
    "monitoring": "recovering",
    "resolved": "resolved",
    "postmortem": "resolved",
    "scheduled": "scheduled",
    "in_progress": "underway",
    "completed": "complete",
}
PHASES: dict[str, Phase] = {
    "investigating": "investigating",
    "identified": "identified",
    "recovering": "monitoring",
    "resolved": "resolved",
    "scheduled": "scheduled",
    "underway": "in_progress",
    "complete": "completed",
    "cancelled": "completed",
}
Json = dict[str, Any]


def respond(page: Page, path: str, query: Mapping[str, str]) -> Answer | None:
    """The API's answer."""
    if path == "api/v1/notices":
        return as_json(_list(page, query))
    if path == "api/v1/components":
        parts = [_component(name) for name in page.components]
        return as_json({"components": parts, "meta": _meta(len(parts), len(parts), None)})
    for incident in page.incidents:
        if path == f"api/v1/notices/{_number(incident.key)}":
            return as_json({"notice": _notice(page, incident)})
    return None


def as_carried(page: Page, incident: Incident) -> Incident:
    """No impact, no regions; updates are known by id or by their time."""
    planned = incident.kind == "maintenance"
    return replace(
        incident,
        key=str(_number(incident.key)),
        url=page.address(f"notices/{_number(incident.key)}"),
        impact="none" if planned else "unknown",
        end_basis=None if incident.ended_at is None else "resolve_time",
        regions=(),
        updates=tuple(_as_carried(page, incident)),
    )


def _as_carried(page: Page, incident: Incident) -> Iterator[Update]:
    seconds: dict[str, int] = {}
    for update, state in zip(incident.updates, _states(incident), strict=True):
        key = text_of(update.at)
        seconds[key] = seconds.get(key, 0) + 1
        timed = key if seconds[key] == 1 else f"{key}#{seconds[key]}"
        named = timed if page.variant % 2 else str(_number(update.key))
        yield replace(update, key=named, phase=PHASES[state], phase_raw=state)


def _list(page: Page, query: Mapping[str, str]) -> Json:
    """By when they were entered, newest first."""
    entered = sorted(page.incidents, key=lambda one: page.opened_at[one.key], reverse=True)
    number = int(query.get("page", "1"))
    shown = entered[LISTED * (number - 1) : LISTED * number]
    goes_on = LISTED * number < len(entered)
    following = f"/api/v1/notices?page={number + 1}" if goes_on else None
    rows = []
    for incident in shown:
        notice = _notice(page, incident)
        notice["latest_update"] = notice.pop("updates")[-1]
        del notice["components"]
        rows.append(notice)
    return {"notices": rows, "meta": _meta(len(rows), len(entered), following)}


def _notice(page: Page, incident: Incident) -> Json:
    planned = incident.kind == "maintenance"
    states = _states(incident)
    begun = [update.at for update in incident.updates if update.phase == "in_progress"]
    began_at = incident.started_at if not planned else begun[0] if begun else None
    notice: Json = {
        "id": _number(incident.key),
        "type": "planned" if planned else "unplanned",
        "state": states[-1],
        "timeline_state": _timeline(page, incident),
        "subject": incident.title,
        "url": page.address(f"notices/{_number(incident.key)}"),
        "began_at": _time(began_at),
        "ended_at": _time(incident.ended_at),
        "created_at": _time(page.opened_at[incident.key]),
        "updated_at": _time(page.changed_at[incident.key]),
        "tag_list": [],
        "links": {"self": f"/api/notices/{_number(incident.key)}"},
        "components": [_component(name) for name in incident.components],
        "updates": [
            _update(page, update, state)
            for update, state in zip(incident.updates, states, strict=True)
        ],
    }
    if planned:
        notice["begins_at"] = _time(incident.started_at)
        notice["ends_at"] = _time(incident.scheduled_until)
    return notice


def _update(page: Page, update: Update, state: str) -> Json:
    row: Json = {
        "state": state,
        "content": update.body,
        "created_at": _time(update.at),
        "updated_at": _time(update.at),
    }
    return row if page.variant % 2 else {"id": _number(update.key), **row}


def _states(incident: Incident) -> list[str]:
    states: list[str] = []
    for update in incident.updates:
        before = states[-1] if states else "investigating"
        planned = incident.kind == "maintenance" and update.phase == "monitoring"
        states.append("underway" if planned else STATES.get(update.phase, before))
        if update.phase == "completed" and update.at < incident.started_at:
            states[-1] = "cancelled"
    return states


def _timeline(page: Page, incident: Incident) -> str:
    if incident.ended_at is not None:
        recent = (page.now - incident.ended_at).days < 7
        return "past_recent" if recent else "past_distant"
    return "future" if incident.started_at > page.now else "present"


def _component(name: str) -> Json:
    return {"id": _number(name), "state": "operational", "name": name, "parent_id": None}


def _meta(count: int, total: int, following: str | None) -> Json:
    return {"count": count, "total_count": total, "next_page": following}


def _number(name: str) -> int:
    return chance(name, "number").randrange(1, 10**8)


def _time(moment: datetime | None) -> str | None:
    return f"{text_of(moment)[:-1]}.000Z" if moment else None
