"""Statuspage's words, and one incident as its API has it."""

from datetime import datetime

import msgspec

from generator.model import EndBasis, Impact, Incident, Phase, Update, oldest_first
from generator.times import parse_iso

PHASES: dict[str, Phase] = {
    "investigating": "investigating",
    "identified": "identified",
    "monitoring": "monitoring",
    "resolved": "resolved",
    "postmortem": "postmortem",
    "scheduled": "scheduled",
    "in_progress": "in_progress",
    "verifying": "monitoring",
    "completed": "completed",
}
IMPACTS: dict[str, Impact] = {
    "none": "none",
    "minor": "minor",
    "major": "major",
    "critical": "critical",
    "maintenance": "none",
}
OVER = ("resolved", "postmortem", "completed")


class WireComponent(msgspec.Struct):
    name: str
    group: bool | None = None


class WireUpdate(msgspec.Struct):
    id: str
    status: str
    body: str | None = None
    created_at: str | None = None
    display_at: str | None = None


class WireIncident(msgspec.Struct):
    id: str
    name: str
    status: str
    created_at: str
    impact: str | None = None
    started_at: str | None = None
    resolved_at: str | None = None
    updated_at: str | None = None
    scheduled_for: str | None = None
    scheduled_until: str | None = None
    incident_updates: list[WireUpdate] | None = None
    components: list[WireComponent] | None = None


def incident(wire: WireIncident, page: str) -> Incident:
    """The record; its address is below that of the page."""
    updates = oldest_first(_update(row) for row in reversed(wire.incident_updates or ()))
    is_maintenance = wire.scheduled_for is not None or wire.impact == "maintenance"
    ended_at, basis = _end(wire, updates)
    return Incident(
        key=wire.id,
        title=wire.name,
        kind="maintenance" if is_maintenance else "incident",
        impact=IMPACTS.get(wire.impact or "", "unknown"),
        impact_raw=wire.impact,
        url=f"{page.rstrip('/')}/incidents/{wire.id}",
        started_at=_start(wire, ended_at),
        ended_at=ended_at,
        end_basis=basis,
        scheduled_until=parse_iso(wire.scheduled_until) if wire.scheduled_until else None,
        components=tuple(part.name for part in wire.components or () if not part.group),
        updates=updates,
    )


def _start(wire: WireIncident, ended_at: datetime | None) -> datetime:
    """`started_at`; but what was filed once it was over has there when it was filed.

    Then its post and `created_at` are back-dated.
    """
    stated = parse_iso(wire.scheduled_for or wire.started_at or wire.created_at)
    created_at = parse_iso(wire.created_at)
    if not wire.scheduled_for and ended_at and created_at <= ended_at < stated:
        return created_at
    return stated


def _update(wire: WireUpdate) -> Update:
    at = wire.display_at or wire.created_at
    if at is None:
        raise ValueError(f"update {wire.id} has no time")
    return Update(
        key=wire.id,
        at=parse_iso(at),
        phase=PHASES.get(wire.status, "unknown"),
        phase_raw=wire.status,
        body=wire.body or "",
    )


def _end(
    wire: WireIncident, updates: tuple[Update, ...]
) -> tuple[datetime | None, EndBasis | None]:
    """`resolved_at`; where it is null, the update that resolved it, or else its last word."""
    if wire.status not in PHASES:
        return None, "unstated"
    if wire.status not in OVER:
        return None, None
    if wire.resolved_at:
        return parse_iso(wire.resolved_at), "resolve_time"
    for update in reversed(updates):
        if update.phase in ("resolved", "completed"):
            return update.at, "resolving_update"
    if updates:
        return updates[-1].at, "last_update"
    return parse_iso(wire.updated_at or wire.created_at), "last_update"
