"""FireHydrant: `data/payload.json`, the whole history in one file.

Newest first, posts too. Half of the pages moved their notes over from elsewhere, with the phase in
front of the text; the others post milestones. The planned end of a maintenance is nowhere.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from generator.demo.pages import Answer, Page, as_json
from generator.demo.seeds import chance, code
from generator.model import BodyFormat, Impact, Incident, Kind, Phase, Update
from generator.times import text_of

BODY_FORMAT: BodyFormat = "markdown"
KINDS: frozenset[Kind] = frozenset({"incident", "maintenance"})
IMPACTS: frozenset[Impact] = frozenset({"none", "minor", "major", "critical"})

SEVERITIES: dict[Impact, str] = {
    "none": "UNSET",
    "minor": "SEV3",
    "major": "SEV2",
    "critical": "SEV1",
}
CONDITIONS: dict[Impact, str] = {
    "none": "Operational",
    "minor": "Degraded",
    "major": "Degraded",
    "critical": "Unavailable",
}
MILESTONES: dict[Phase, str] = {
    "investigating": "investigating",
    "identified": "identified",
    "monitoring": "monitoring",
    "resolved": "resolved",
    "postmortem": "postmortem_completed",
}
EVENT = "type.googleapis.com/firehydrant.nunc.TimelineEvent"
Json = dict[str, Any]


def respond(page: Page, path: str, query: Mapping[str, str]) -> Answer | None:
    """The one file; a query is ignored."""
    if path != "data/payload.json":
        return None
    return as_json(
        {
            "config": {
                "companyName": page.vendor.name,
                "title": f"{page.vendor.name} Service Health",
                "operationalMessage": "Currently, there are no active incidents.",
                "uiVersion": 2,
            },
            "conditions": {
                "Degraded": "DEGRADED",
                "Operational": "OPERATIONAL",
                "Unavailable": "OFFLINE",
                "Maintenance": "DEGRADED",
            },
            "components": [_component(page, name) for name in page.components],
            "incidents": [_row(page, incident) for incident in page.incidents],
        }
    )


def as_carried(page: Page, incident: Incident) -> Incident:
    """No address, no regions, no planned end; posts are known by the time of writing."""
    return replace(
        incident,
        url=None,
        impact_raw=_severity(incident),
        end_basis=None if incident.ended_at is None else "resolve_time",
        scheduled_until=None,
        regions=(),
        updates=tuple(_as_carried(page, incident)),
    )


def _as_carried(page: Page, incident: Incident) -> Iterator[Update]:
    seconds: dict[str, int] = {}
    for update in incident.updates:
        key = text_of(update.at)
        seconds[key] = seconds.get(key, 0) + 1
        yield replace(
            update,
            key=key if seconds[key] == 1 else f"{key}#{seconds[key]}",
            phase_raw=_milestone(page, update) or _word(update),
            body=_note(page, update),
        )


def _row(page: Page, incident: Incident) -> Json:
    row: Json = {
        "id": incident.key,
        "title": incident.title,
        "timestamps": {
            "started": text_of(incident.started_at),
            "detected": text_of(incident.started_at),
            "acknowledged": text_of(page.opened_at[incident.key]),
        },
        "timeline": [_event(page, update) for update in reversed(incident.updates)],
        "statusPageId": code(incident.key, "page"),
        "severitySlug": _severity(incident),
    }
    if incident.ended_at is not None:
        row["timestamps"]["resolved"] = text_of(incident.ended_at)
    if incident.components:
        planned = incident.kind == "maintenance"
        condition = "Maintenance" if planned else CONDITIONS[incident.impact]
        row["componentConditions"] = dict.fromkeys(incident.components, condition)
        row["components"] = [
            _component(page, name) | {"condition": condition} for name in incident.components
        ]
    return row


def _event(page: Page, update: Update) -> Json:
    micros = chance(update.key, "micros").randrange(1_000_000)
    written_at = f"{text_of(update.at)[:-1]}.{micros:06d}Z"
    milestone, note = _milestone(page, update), _note(page, update)
    details: Json = {"@type": f"{EVENT}.Note", "note": note}
    if page.variant % 2:
        details = {"@type": f"{EVENT}.BulkImpactUpdate", "note": {"note": note}}
    if milestone:
        details["milestoneUpdate"] = {"currentMilestone": milestone}
    return {"time": written_at, "details": details, "occurredAt": written_at}


def _milestone(page: Page, update: Update) -> str | None:
    return MILESTONES.get(update.phase) if page.variant % 2 else None


def _note(page: Page, update: Update) -> str:
    if _milestone(page, update):
        return update.body
    return f"➡️ **{_word(update)}** — {update.body}"


def _word(update: Update) -> str:
    return update.phase.replace("_", " ").capitalize()


def _severity(incident: Incident) -> str:
    return "MAINTENANCE" if incident.kind == "maintenance" else SEVERITIES[incident.impact]


def _component(page: Page, name: str) -> Json:
    return {"name": name, "id": code(page.vendor.slug, name)}
