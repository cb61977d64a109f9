"""Cachet: pages of version 2 and of version 3 by turns, in the local time of each.

Version 2 knows one component of an incident and the last word on a schedule only; version 3 tells
a schedule's state by the clock. The state of an incident is that of its newest post.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from generator.demo.pages import Answer, Page, _cachet_new, as_json
from generator.demo.pages._cachet import (
    HUMAN,
    PHASES,
    SCHEDULE,
    ZONES,
    Json,
    guid,
    is_new,
    number,
    part,
    post_number,
    state,
    statuses,
    time,
)
from generator.model import BodyFormat, EndBasis, Impact, Incident, Kind, Update

BODY_FORMAT: BodyFormat = "markdown"
KINDS: frozenset[Kind] = frozenset({"incident", "maintenance"})
IMPACTS: frozenset[Impact] = frozenset()


def options(status_page: str, variant: int) -> Mapping[str, str]:
    """The zone; half of the pages name their version too."""
    known = {"time_zone": ZONES[variant % len(ZONES)]}
    if variant % 4 >= 2:
        known["api"] = "api" if variant % 2 else "api/v1"
    return known


def respond(page: Page, path: str, query: Mapping[str, str]) -> Answer | None:
    """The API's answer."""
    folder, _, name = path.rpartition("/")
    if folder != ("api" if is_new(page) else "api/v1"):
        return None
    kinds: dict[str, Kind] = {"incidents": "incident", "schedules": "maintenance"}
    if name in kinds:
        listed = sorted(page.of(kinds[name]), key=lambda one: number(page, one), reverse=True)
        answer = _cachet_new.answer if is_new(page) else _old_list
        return as_json(answer(page, name, listed, query))
    if name == "components":
        rows = [{"id": part(page, one), "name": one} for one in page.components]
        return as_json({"data": rows})
    return None


def as_carried(page: Page, incident: Incident) -> Incident:
    """No impact and no regions; the first word has no phase, the end is that of the last posts."""
    planned = incident.kind == "maintenance"
    common = replace(incident, regions=(), updates=tuple(_said(page, incident)))
    if planned:
        status, completed_at = state(page, incident)
        is_over = status == 2
        return replace(
            common,
            key=f"schedules/{number(page, incident)}",
            url=None,
            impact="none",
            ended_at=completed_at if is_over else None,
            end_basis="end_field" if is_over else None,
            scheduled_until=completed_at,
            components=incident.components if is_new(page) else (),
        )
    ended_at, basis = _end(page, incident)
    return replace(
        common,
        key=str(number(page, incident)),
        url=page.address(f"incidents/{guid(incident) if is_new(page) else number(page, incident)}"),
        impact="unknown",
        ended_at=ended_at,
        end_basis=basis,
        components=incident.components if is_new(page) else incident.components[:1],
    )


def _said(page: Page, incident: Incident) -> Iterator[Update]:
    planned = incident.kind == "maintenance"
    said = statuses(incident)
    for index, update in enumerate(incident.updates):
        if index == 0:
            at = page.opened_at[incident.key] if planned else incident.started_at
            yield replace(update, key="message", at=at, phase="scheduled" if planned else "update")
        elif not planned:
            yield replace(
                update,
                key=str(post_number(update)),
                phase=PHASES[said[index]],
                phase_raw=HUMAN[said[index]],
            )
        elif is_new(page):
            yield replace(update, key=str(post_number(update)), phase="update")


def _end(page: Page, incident: Incident) -> tuple[datetime | None, EndBasis | None]:
    said = statuses(incident)
    if said[-1] != 4:
        return None, None
    posts = list(zip(incident.updates, said, strict=True))[1:]
    end: datetime | None = None
    for update, status in reversed(posts):
        if status != 4:
            break
        end = update.at
    if end is None:
        return page.changed_at[incident.key], "last_update"
    return end, "resolving_update"


def _old_list(page: Page, name: str, rows: Sequence[Incident], query: Mapping[str, str]) -> Json:
    size, page_number = int(query.get("per_page", "20")), int(query.get("page", "1"))
    shown = rows[size * (page_number - 1) : size * page_number]
    pages = max(1, -(-len(rows) // size))
    row = _old_schedule if name == "schedules" else _old_incident
    following = page.address(f"api/v1/{name}?page={page_number + 1}")
    return {
        "meta": {
            "pagination": {
                "total": len(rows),
                "count": len(shown),
                "per_page": size,
                "current_page": page_number,
                "total_pages": pages,
                "links": {
                    "next_page": following if page_number < pages else None,
                    "previous_page": None,
                },
            }
        },
        "data": [row(page, incident) for incident in shown],
    }


def _old_incident(page: Page, incident: Incident) -> Json:
    said = statuses(incident)
    return {
        "id": number(page, incident),
        "component_id": part(page, incident.components[0]) if incident.components else 0,
        "name": incident.title,
        "status": said[-1],
        "visible": 1,
        "stickied": False,
        "notifiable": False,
        "message": incident.updates[0].body,
        "scheduled_at": None,
        "occurred_at": time(page, incident.started_at),
        "created_at": time(page, page.opened_at[incident.key]),
        "updated_at": time(page, page.changed_at[incident.key]),
        "deleted_at": None,
        "is_resolved": said[-1] == 4,
        "updates": [
            {
                "id": post_number(update),
                "incident_id": number(page, incident),
                "status": status,
                "message": update.body,
                "created_at": time(page, update.at),
                "updated_at": time(page, update.at),
                "human_status": HUMAN[status],
            }
            for update, status in list(zip(incident.updates, said, strict=True))[:0:-1]
        ],
        "human_status": HUMAN[said[-1]],
        "latest_status": said[-1],
        "latest_human_status": HUMAN[said[-1]],
        "permalink": page.address(f"incidents/{number(page, incident)}"),
    }


def _old_schedule(page: Page, incident: Incident) -> Json:
    status, completed_at = state(page, incident)
    return {
        "id": number(page, incident),
        "name": incident.title,
        "message": incident.updates[0].body,
        "status": status,
        "scheduled_at": time(page, incident.started_at),
        "completed_at": time(page, completed_at),
        "created_at": time(page, page.opened_at[incident.key]),
        "updated_at": time(page, page.changed_at[incident.key]),
        "human_status": SCHEDULE[status],
    }
