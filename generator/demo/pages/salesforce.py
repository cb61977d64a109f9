"""Salesforce's Trust API: incidents without titles, whose impacts have the severity and the times.

Half of the pages give a subject all the same. The list is cut by start, newest first, which is
nowhere stated. Half of what has no end has an empty text for it. Events have the words of another
trade. Maintenance is a list of its own, with ids of its own.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from generator.demo.names import REGIONS
from generator.demo.pages import Answer, Page, as_json
from generator.model import BodyFormat, Impact, Incident, Kind, Phase, Update
from generator.times import text_of

BODY_FORMAT: BodyFormat = "text"
KINDS: frozenset[Kind] = frozenset({"incident", "maintenance"})
IMPACTS: frozenset[Impact] = frozenset({"minor", "major", "critical"})

LISTED = 100
FIRST = datetime(2016, 1, 1, tzinfo=UTC)
TYPES: dict[Phase, tuple[str, Phase]] = {
    "investigating": ("investigatingCauseOfIssue", "investigating"),
    "identified": ("issueIsolatedDatabaseTier", "identified"),
    "scheduled": ("scheduled", "scheduled"),
    "completed": ("completed", "completed"),
}
OTHER: tuple[str, Phase] = ("update", "update")
KIND = "featurePerfDegradation"
Json = dict[str, Any]


def options(status_page: str, variant: int) -> Mapping[str, str]:
    """Where the API is, and that maintenance is wanted."""
    return {"api": f"{status_page}/v1", "maintenance": "yes"}


def shows(page: Page, incident: Incident) -> bool:
    """What goes on, and the newest hundred of each kind; whether that is all, nobody says."""
    newest = page.of(incident.kind)[:LISTED]
    return incident in newest or (incident.kind == "incident" and incident.ended_at is None)


def respond(page: Page, path: str, query: Mapping[str, str]) -> Answer | None:
    """The API's answer."""
    incidents = page.of("incident")
    begin, count = int(query.get("offset", "0")), int(query.get("limit", "10"))
    if path == "v1/incidents/active":
        return as_json([_incident(page, one) for one in incidents if one.ended_at is None])
    if path == "v1/incidents":
        return as_json([_incident(page, one) for one in incidents[begin : begin + count]])
    if path == "v1/maintenances":
        chosen = page.of("maintenance")[begin : begin + count]
        return as_json([_maintenance(page, one) for one in chosen])
    number = path.removeprefix("v1/incidents/")
    found = (one for one in incidents if str(_number(page, one)) == number)
    return next((as_json(_incident(page, one)) for one in found), None)


def as_carried(page: Page, incident: Incident) -> Incident:
    """A title put together, no impact milder than minor, and what phases the event types have."""
    number, planned = _number(page, incident), incident.kind == "maintenance"
    updates = (
        replace(update, key=str(_event_id(number, update)), phase=phase, phase_raw=word)
        for update in incident.updates
        for word, phase in [TYPES.get(update.phase, OTHER)]
    )
    severity = _severity(incident)
    return replace(
        incident,
        key=f"maintenance-{number}" if planned else str(number),
        title=incident.title if planned else _title(page, incident),
        url=page.address(f"{'maintenances' if planned else 'incidents'}/{number}"),
        impact="none" if planned else severity,
        impact_raw="maintenance" if planned else severity,
        end_basis="end_field" if incident.ended_at else None,
        regions=tuple(_instance(key) for key in incident.regions),
        updates=tuple(updates),
    )


def _incident(page: Page, incident: Incident) -> Json:
    number = _number(page, incident)
    impact = _impact(page, incident, KIND, _severity(incident))
    message: Json = {"pathToResolution": None, "actionPlan": None, "rootCause": None}
    if _has_subject(page):
        message["subject"] = incident.title
    return {
        **_record(page, incident),
        "message": message,
        "status": "Resolved" if incident.ended_at else "Active",
        "type": "Degradation",
        "IncidentImpacts": [impact],
        "IncidentEvents": [_event(number, update) for update in reversed(incident.updates)],
    }


def _maintenance(page: Page, maintenance: Incident) -> Json:
    number, until = _number(page, maintenance), maintenance.scheduled_until
    impact = _impact(page, maintenance, "deployingRelease", "maintenance")
    over = maintenance.ended_at is not None
    return {
        **_record(page, maintenance),
        "message": {
            "maintenanceType": "release",
            "eventStatus": "resolved" if over else "confirmed",
        },
        "name": maintenance.title,
        "plannedStartTime": _time(maintenance.started_at),
        "plannedEndTime": _time(until) if until else None,
        "MaintenanceImpacts": [impact] if over else [],
        "MaintenanceEvents": [_event(number, update) for update in reversed(maintenance.updates)],
    }


def _record(page: Page, incident: Incident) -> Json:
    number = _number(page, incident)
    return {
        "id": number,
        "externalId": str(number),
        "additionalInformation": "",
        "isCore": False,
        "affectsAll": False,
        "createdAt": _time(page.opened_at[incident.key]),
        "updatedAt": _time(page.changed_at[incident.key]),
        "instanceKeys": [_instance(key) for key in incident.regions],
        "serviceKeys": list(incident.components),
    }


def _impact(page: Page, incident: Incident, kind: str, severity: str) -> Json:
    unended = "" if page.variant % 2 else None
    return {
        "id": _number(page, incident) + 1,
        "startTime": _time(incident.started_at),
        "endTime": _time(incident.ended_at) if incident.ended_at else unended,
        "type": kind,
        "severity": severity,
    }


def _event(number: int, update: Update) -> Json:
    return {
        "id": _event_id(number, update),
        "type": TYPES.get(update.phase, OTHER)[0],
        "message": update.body,
        "createdAt": _time(update.at),
        "updatedAt": _time(update.at),
    }


def _title(page: Page, incident: Incident) -> str:
    if _has_subject(page):
        return incident.title
    named = ", ".join(incident.components[:3])
    more = len(incident.components) - 3
    return f"{named}{f' and {more} more' if more > 0 else ''}: feature perf degradation"


def _has_subject(page: Page) -> bool:
    return page.variant % 2 == 0


def _severity(incident: Incident) -> Impact:
    return "minor" if incident.impact == "none" else incident.impact


def _instance(key: str) -> str:
    return REGIONS[key].upper().replace(" ", "")[:4] + "1"


def _number(page: Page, incident: Incident) -> int:
    return int((page.opened_at[incident.key] - FIRST).total_seconds())


def _event_id(number: int, update: Update) -> int:
    return number * 1000 + int(update.key[-3:])


def _time(moment: datetime) -> str:
    return f"{text_of(moment)[:19]}.000Z"
