"""OpenStatus: one JSON feed with all reports and maintenances, newest first.

Numbers for ids, of reports, maintenances and updates apart. No severity anywhere, and a
maintenance is a window with one message: whether it took place is not said. Older pages have
monitors in place of components.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from generator.demo.pages import Answer, Page, as_json
from generator.demo.pages._stages import stages
from generator.demo.seeds import chance
from generator.model import BodyFormat, Impact, Incident, Kind, Phase, Update
from generator.times import text_of

BODY_FORMAT: BodyFormat = "markdown"
KINDS: frozenset[Kind] = frozenset({"incident", "maintenance"})
IMPACTS: frozenset[Impact] = frozenset()

WORDS: tuple[Phase, ...] = ("investigating", "identified", "monitoring", "resolved")
Json = dict[str, Any]


def respond(page: Page, path: str, query: Mapping[str, str]) -> Answer | None:
    """The feed as JSON; a query is ignored."""
    if path != "feed/json":
        return None
    parts = [_component(name) for name in page.components]
    document = {
        "title": page.vendor.name,
        "description": f"The status of {page.vendor.name}",
        "status": "operational",
        "updatedAt": _time(page.now),
        "monitors": parts,
        "pageComponents": [{**part, "groupId": None} for part in parts],
        "pageComponentGroups": [],
        "maintenances": [_maintenance(page, item) for item in page.of("maintenance")],
        "statusReports": [_report(page, item) for item in page.of("incident")],
    }
    if page.variant % 3 == 2:  # as the feed was before it had components
        del document["pageComponents"], document["pageComponentGroups"]
    return as_json(document)


def as_carried(page: Page, incident: Incident) -> Incident:
    """No impact and no region; an incident begins with its first post, a maintenance never ends."""
    path = "report" if incident.kind == "incident" else "maintenance"
    carried = replace(
        incident,
        key=f"{path}/{_number(incident.key)}",
        url=page.address(f"events/{path}/{_number(incident.key)}"),
        impact="unknown",
        regions=(),
    )
    if incident.kind == "maintenance":
        message = Update(
            key="message",
            at=page.opened_at[incident.key],
            phase="scheduled",
            body=incident.updates[0].body,
            body_format="markdown",
        )
        return replace(carried, ended_at=None, end_basis="unstated", updates=(message,))
    updates = (
        replace(update, key=str(_number(update.key)), phase=phase, phase_raw=phase)
        for update, phase in zip(incident.updates, stages(incident, WORDS), strict=True)
    )
    return replace(carried, started_at=incident.updates[0].at, updates=tuple(updates))


def _report(page: Page, incident: Incident) -> Json:
    said = stages(incident, WORDS)
    updates = zip(incident.updates, said, strict=True)
    return {
        "id": _number(incident.key),
        "title": incident.title,
        "updatedAt": _time(page.changed_at[incident.key]),
        "status": said[-1],
        **_affected(page, incident),
        "statusReportUpdates": [
            {
                "id": _number(update.key),
                "status": phase,
                "message": update.body,
                "date": _time(update.at),
                "updatedAt": _time(page.changed_at[incident.key]),
            }
            for update, phase in updates
        ][::-1],
    }


def _maintenance(page: Page, incident: Incident) -> Json:
    until = incident.scheduled_until
    return {
        "id": _number(incident.key),
        "name": incident.title,
        "message": incident.updates[0].body,
        "from": _time(incident.started_at),
        "to": _time(until) if until else None,
        "updatedAt": _time(page.opened_at[incident.key]),
        **_affected(page, incident),
    }


def _affected(page: Page, incident: Incident) -> Json:
    numbers = [_number(name) for name in incident.components]
    if page.variant % 3 == 2:
        return {"monitors": numbers}
    return {"monitors": [], "pageComponents": numbers}


def _component(name: str) -> Json:
    return {"id": _number(name), "name": name, "description": ""}


def _number(name: str) -> int:
    return chance(name, "number").randrange(10_000, 10_000_000)


def _time(moment: datetime) -> str:
    return f"{text_of(moment)[:-1]}.000Z"
