"""incident.io's copy of Statuspage's API: what is read of a page that hides its own JSON."""

import re
from datetime import datetime

import msgspec

from generator.errors import SourceFault
from generator.model import EndBasis, Impact, Incident, Phase, Update, Vendor, oldest_first
from generator.providers._rules import end_of, listed_since
from generator.reading import UNDECODED, Batch, Reply
from generator.times import parse_iso

PHASES: dict[str, Phase] = {
    "investigating": "investigating",
    "identified": "identified",
    "monitoring": "monitoring",
    "resolved": "resolved",
}
IMPACTS: dict[str, Impact] = {
    "none": "none",
    "minor": "minor",
    "major": "major",
    "critical": "critical",
    "maintenance": "none",
}
# Statuspage's own ids have twelve letters, these are ULIDs.
ULID = re.compile(r"[0-9A-HJKMNP-TV-Z]{26}")


class WirePage(msgspec.Struct):
    id: str
    url: str | None = None
    updated_at: str | None = None


class WireUpdate(msgspec.Struct):
    id: str
    status: str
    created_at: str
    display_at: str | None = None
    body: str | None = None


class WireIncident(msgspec.Struct):
    id: str
    name: str
    status: str
    created_at: str
    updated_at: str | None = None
    resolved_at: str | None = None
    impact: str | None = None
    incident_updates: list[WireUpdate] | None = None


class WireList(msgspec.Struct):
    page: WirePage
    incidents: list[msgspec.Raw] | None = None


class WireTouched(msgspec.Struct):
    updated_at: str | None = None
    created_at: str | None = None


def batch(reply: Reply, vendor: Vendor) -> Batch:
    """The list as a reading; SourceFault when it is Statuspage's own, or not there."""
    if reply.absent:
        raise SourceFault("gone", f"{vendor.status_page} has neither its own JSON nor {reply.url}")
    document = reply.json(WireList)
    if not ULID.fullmatch(document.page.id):
        raise SourceFault(
            "platform changed", f"{reply.url} is a Statuspage of id {document.page.id!r}"
        )
    page = (document.page.url or vendor.status_page).rstrip("/")
    found = reply.records(
        document.incidents or (), WireIncident, lambda wire: _incident(wire, page)
    )
    since = listed_since(found)
    return Batch(tuple(found), listed_since={"incident": since} if since else {})


def times(reply: Reply) -> list[datetime]:
    """When the page and its incidents were last touched."""
    document = reply.json(WireList)
    moments = [reply.moment(document.page.updated_at)]
    for row in document.incidents or ():
        try:
            wire = msgspec.json.decode(row, type=WireTouched)
        except UNDECODED as error:
            reply.skip("a record", error)
            continue
        moments.append(reply.moment(wire.updated_at or wire.created_at))
    return [moment for moment in moments if moment is not None]


def _incident(wire: WireIncident, page: str) -> Incident:
    updates = oldest_first(_update(row) for row in reversed(wire.incident_updates or ()))
    created_at = parse_iso(wire.created_at)
    ended_at, basis = _end(wire, updates, created_at)
    return Incident(
        key=wire.id,
        title=wire.name,
        kind="incident",
        impact=IMPACTS.get(wire.impact or "", "unknown"),
        impact_raw=wire.impact,
        url=f"{page}/incidents/{wire.id}",
        started_at=min((created_at, *(update.at for update in updates))),
        ended_at=ended_at,
        end_basis=basis,
        updates=updates,
    )


def _update(wire: WireUpdate) -> Update:
    return Update(
        key=wire.id,
        at=parse_iso(wire.display_at or wire.created_at),
        phase=PHASES.get(wire.status, "unknown"),
        phase_raw=wire.status,
        body=wire.body or "",
        body_format="markdown",
    )


def _end(
    wire: WireIncident, updates: tuple[Update, ...], created_at: datetime
) -> tuple[datetime | None, EndBasis | None]:
    if wire.status != "resolved":
        return None, None
    if wire.resolved_at:
        return parse_iso(wire.resolved_at), "resolve_time"
    return end_of(updates, created_at)
