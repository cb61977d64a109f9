"""StatusIQ status pages (Zoho, Site24x7), the summary that their own pages and apps draw.

Seen at: status.zoho.com, status.manageengine.com, status.configcat.com, status.canonical.com
History: none beyond the summary: what is open, and what was resolved in its last days.
Quirks:  Everything is in one document. Its feed tells the state of components, not incidents.
         Resolved incidents stand in groups, one a day, days without any among them.
         `incident_ended_at` of a maintenance is the announced end; its last post tells the end.
         The numbers of the severities are read differently elsewhere: the word goes before.
         Updates are newest first. Offsets are written `-1200`. Older pages shorten some names.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

import msgspec

from generator.errors import SourceFault
from generator.model import (
    ENDING,
    KINDS,
    EndBasis,
    Impact,
    Incident,
    Kind,
    Phase,
    Update,
    Vendor,
    oldest_first,
)
from generator.providers._keys import timed_key
from generator.reading import Batch, Get, Reading, Reply
from generator.times import parse_iso

IMPACTS: dict[str, Impact] = {
    "operational": "none",
    "informational": "none",
    "degraded performance": "minor",
    "maintenance": "none",
    "under maintenance": "none",
    "partial outage": "major",
    "major outage": "critical",
}
SEVERITIES = {
    1: "Operational",
    2: "Informational",
    3: "Degraded Performance",
    4: "Under Maintenance",
    5: "Partial Outage",
    6: "Major Outage",
}
MAINTENANCE = 4
PHASES: dict[int, Phase] = {
    10: "investigating",  # acknowledged
    11: "investigating",
    12: "identified",
    13: "monitoring",
    14: "resolved",
    21: "scheduled",
    22: "in_progress",
    23: "monitoring",
    24: "completed",
}
WORDS: dict[str, Phase] = {
    "acknowledged": "investigating",
    "investigating": "investigating",
    "identified": "identified",
    "monitoring": "monitoring",
    "observing": "monitoring",
    "resolved": "resolved",
    "scheduled": "scheduled",
    "in progress": "in_progress",
    "completed": "completed",
}
PLANNED = range(20, 30)


class WireComponent(msgspec.Struct):
    display_name: str


class WireUpdate(msgspec.Struct):
    status_updated_at: str
    incident_status_id: int | None = None
    incident_status: str | None = None
    incident_status_desc: str | None = None
    enc_inc_state_progress_id: str | None = None


class WireIncident(msgspec.Struct):
    enc_inc_id: str | None = None
    enc_incident_id: str | None = None
    incident_title: str | None = None
    title: str | None = None
    incident_severity: str | None = None
    incident_severity_id: int | None = None
    incident_began_at: str | None = None
    started_at: str | None = None
    incident_ended_at: str | None = None
    incident_status_updates: list[WireUpdate] | None = None
    incident_affected_components: list[WireComponent] | None = None


class WireDay(msgspec.Struct):
    grp_by_date: str | None = None
    grp_by_incidents_list: list[msgspec.Raw] | None = None


class WireSummary(msgspec.Struct):
    statuspage_details: msgspec.Raw
    active_incident_details: list[msgspec.Raw] | None = None
    resolved_incident_details: list[WireDay] | None = None


class WireEnvelope(msgspec.Struct):
    code: int
    data: WireSummary


def recent(vendor: Vendor, watch: frozenset[str]) -> Reading:
    """What is open, and the incidents of the last days."""
    (reply,) = yield [Get("sp/api/u/summary_details")]
    document = reply.json(WireEnvelope)
    if document.code != 0:
        reason = f"{reply.url} answers with code {document.code}, expected 0"
        raise SourceFault("not what it says", reason)
    summary = document.data
    days = summary.resolved_incident_details or []
    over = [row for day in days for row in day.grp_by_incidents_list or ()]
    found = _read(reply, summary.active_incident_details or (), vendor.status_page, over=False)
    found += _read(reply, over, vendor.status_page, over=True)
    since = _since(reply, days)
    return Batch(
        incidents=tuple({incident.key: incident for incident in found}.values()),
        listed_since={"incident": since} if since else {},
        lists_open=frozenset(() if summary.active_incident_details is None else KINDS),
    )


def _read(reply: Reply, rows: Iterable[msgspec.Raw], page: str, *, over: bool) -> list[Incident]:
    return reply.records(rows, WireIncident, lambda wire: _incident(wire, page, over=over))


def _since(reply: Reply, days: Iterable[WireDay]) -> datetime | None:
    """The end of the oldest day: whatever began after it is open, or in a later day's group."""
    dated = []
    for day in days:
        try:
            dated.append(parse_iso(day.grp_by_date or ""))
        except ValueError as error:
            reply.skip("the date of a day", error)
            return None
    return min(dated) + timedelta(days=1) if dated else None


def _incident(wire: WireIncident, page: str, *, over: bool) -> Incident:
    key, title = wire.enc_inc_id or wire.enc_incident_id, wire.incident_title or wire.title
    began = wire.incident_began_at or wire.started_at
    if not (key and title and began):
        raise ValueError(f"id {key!r}, title {title!r} and start {began!r} are all needed")
    updates = _updates(wire)
    kind = _kind(wire)
    ended_at, basis = _end(wire, updates, kind, over=over)
    plan = wire.incident_ended_at if kind == "maintenance" else None
    return Incident(
        key=key,
        title=title,
        kind=kind,
        impact=IMPACTS.get(_plain(_severity(wire)), "unknown"),
        impact_raw=_severity(wire),
        url=f"{page.rstrip('/')}/#/incidents/{key}",
        started_at=parse_iso(began),
        ended_at=ended_at,
        end_basis=basis,
        scheduled_until=parse_iso(plan) if plan else None,
        components=tuple(part.display_name for part in wire.incident_affected_components or ()),
        updates=updates,
    )


def _severity(wire: WireIncident) -> str | None:
    """The word; where there is only a number, what the number means."""
    number = wire.incident_severity_id
    if wire.incident_severity or not number:
        return wire.incident_severity or None
    return SEVERITIES.get(number, str(number))


def _plain(word: str | None) -> str:
    return (word or "").lower().replace("-", " ")


def _kind(wire: WireIncident) -> Kind:
    planned = any(row.incident_status_id in PLANNED for row in wire.incident_status_updates or ())
    is_maintenance = planned or wire.incident_severity_id == MAINTENANCE
    return "maintenance" if is_maintenance else "incident"


def _updates(wire: WireIncident) -> tuple[Update, ...]:
    updates: list[Update] = []
    for row in reversed(wire.incident_status_updates or []):
        at = parse_iso(row.status_updated_at)
        updates.append(
            Update(
                key=row.enc_inc_state_progress_id or timed_key(at, updates),
                at=at,
                phase=_phase(row),
                phase_raw=row.incident_status or _numbered(row.incident_status_id),
                body=row.incident_status_desc or "",
            )
        )
    return oldest_first(updates)


def _phase(row: WireUpdate) -> Phase:
    known = PHASES.get(row.incident_status_id or 0)
    return known or WORDS.get(_plain(row.incident_status), "unknown")


def _numbered(number: int | None) -> str | None:
    return str(number) if number else None


def _end(
    wire: WireIncident, updates: tuple[Update, ...], kind: Kind, *, over: bool
) -> tuple[datetime | None, EndBasis | None]:
    """The end field of an incident that is over; else the post that ended it, or the last."""
    known = [update for update in updates if update.phase != "unknown"]
    is_said = bool(known) and known[-1].phase in ENDING
    if not over and not is_said:
        return None, None
    if wire.incident_ended_at and (kind == "incident" or not is_said):
        return parse_iso(wire.incident_ended_at), "end_field"
    if is_said:
        return known[-1].at, "resolving_update"
    if updates:
        return updates[-1].at, "last_update"
    return None, "unstated"
