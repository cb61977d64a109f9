"""Checkly status pages, by the requests that the page itself makes.

Seen at: status.mistral.ai
History: incidents/page/N, web pages whose data is their Nuxt payload, to the oldest incident.
Quirks:  unresolved-incidents lists what is open and nothing else, so the newest page of the
         history is read beside it: there an incident is seen to end. Posts are back-dated;
         `publicIncidentUpdateDate` is what the page shows. `duration` is 0 while it is open.
         A maintenance window has no state but that it is listed: it leaves the list and was never
         called complete.
         Every path answers 200, the unknown ones with a web page.
Options: slug: the page's name in its own requests, api/status-page/SLUG/unresolved-incidents.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

import msgspec

from generator.errors import SourceFault
from generator.model import (
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
from generator.providers._embedded import nuxt
from generator.providers._rules import end_of, listed_since, unless_listed
from generator.reading import Batch, Get, Reading, Reply
from generator.times import parse_iso, read, text_of

OPTIONS = ("slug",)
PHASES: dict[str, Phase] = {
    "INVESTIGATING": "investigating",
    "IDENTIFIED": "identified",
    "MONITORING": "monitoring",
    "RESOLVED": "resolved",
    "MAINTENANCE": "in_progress",
}
IMPACTS: dict[str, Impact] = {
    "MINOR": "minor",
    "MEDIUM": "major",
    "MAJOR": "major",
    "CRITICAL": "critical",
    "MAINTENANCE": "none",
}
# No page has that long a past: a walk beyond it goes in circles.
MOST_PAGES = 500


class WireService(msgspec.Struct):
    name: str


class WireUpdate(msgspec.Struct, rename="camel"):
    id: str
    status: str
    description: str | None = None
    public_incident_update_date: str | None = None
    created_at: str | None = msgspec.field(default=None, name="created_at")


class WireIncident(msgspec.Struct, rename="camel"):
    id: str
    name: str
    created_at: str = msgspec.field(name="created_at")
    severity: str | None = None
    last_update_status: str | None = None
    duration: float | None = None
    services: list[WireService] | None = None
    incident_updates: list[WireUpdate] | None = None


class WireWindow(msgspec.Struct, rename="camel"):
    id: str | int
    name: str
    starts_at: str
    ends_at: str | None = None
    services: list[WireService] | None = None


class WireOpen(msgspec.Struct):
    incidents: list[msgspec.Raw]


class WireWindows(msgspec.Struct):
    active: list[msgspec.Raw] | None = None
    upcoming: list[msgspec.Raw] | None = None


def recent(vendor: Vendor, watch: frozenset[str]) -> Reading:
    """What is open or planned, and the newest page of what was."""
    api = f"api/status-page/{_slug(vendor)}"
    unresolved, windows, newest = yield [
        Get(f"{api}/unresolved-incidents"),
        Get(f"{api}/maintenance-windows", optional=True),
        Get("incidents/page/1", optional=True),
    ]
    rows = unresolved.json(WireOpen).incidents
    found = unresolved.records(rows, WireIncident, _incident)
    past = _past(newest)
    since = listed_since(past)
    open_kinds: frozenset[Kind] = frozenset()
    if not unresolved.faults:
        # A maintenance may be a window or an unresolved incident.
        open_kinds = frozenset({"incident"} if windows.absent else KINDS)
    past = unless_listed(past, {incident.key for incident in found}, open_kinds)
    return Batch(
        incidents=_once([*past, *found, *_planned(windows)]),
        listed_since={"incident": since} if since else {},
        lists_open=open_kinds,
    )


def history(vendor: Vendor, cursor: str | None) -> Reading:
    """The next page. Cursor: page, oldest start so far, first id of page 1 and of the page before.

    A page beyond the end may be empty, or the last or the first page again.
    """
    page, oldest, *known = (cursor or "1 - - -").split()
    (reply,) = yield [Get(f"incidents/page/{page}")]
    rows = _rows(reply)
    first = str(rows[0].get("id")) if rows else "-"
    if not rows or first in known or int(page) >= MOST_PAGES:
        return Batch(complete_since=None if oldest == "-" else read(oldest))
    found = _records(reply, rows)
    starts = [incident.started_at for incident in found]
    if oldest != "-":
        starts.append(read(oldest))
    reached = text_of(min(starts)) if starts else "-"
    top = first if page == "1" else known[0]
    return Batch(tuple(found), cursor=f"{int(page) + 1} {reached} {top} {first}")


def _slug(vendor: Vendor) -> str:
    try:
        return vendor.options["slug"]
    except KeyError:
        raise SourceFault(
            "not what it says",
            f"{vendor.slug} needs options.slug, the page's name in its own requests: "
            "api/status-page/SLUG/unresolved-incidents",
        ) from None


def _past(reply: Reply) -> list[Incident]:
    """The newest page of the history; without it, what is open is read all the same."""
    if reply.absent:
        return []
    try:
        return _records(reply, _rows(reply))
    except SourceFault as fault:
        reply.skip("the history", fault)
        return []


def _rows(reply: Reply) -> list[dict[str, object]]:
    """The incidents of a page's payload, under whatever name its request had."""
    root = nuxt(reply)
    requests = root.get("data") if isinstance(root, dict) else None
    answers = [
        answer
        for name, answer in (requests.items() if isinstance(requests, dict) else ())
        if str(name).startswith("incidents") and isinstance(answer, dict)
    ]
    lists = [rows for answer in answers if isinstance(rows := answer.get("incidents"), list)]
    if not lists:
        raise SourceFault("not what it says", f"the payload of {reply.url} has no incidents")
    return [row for rows in lists for row in rows if isinstance(row, dict)]


def _records(reply: Reply, rows: Iterable[dict[str, object]]) -> list[Incident]:
    raw = [msgspec.Raw(msgspec.json.encode(row)) for row in rows]
    return reply.records(raw, WireIncident, _incident)


def _planned(reply: Reply) -> list[Incident]:
    if reply.absent:
        return []
    windows = reply.json(WireWindows)
    rows = [*(windows.active or ()), *(windows.upcoming or ())]
    return reply.records(rows, WireWindow, _window)


def _incident(wire: WireIncident) -> Incident:
    updates = oldest_first(_update(row) for row in reversed(wire.incident_updates or ()))
    created_at = parse_iso(wire.created_at)
    started_at = updates[0].at if updates else created_at
    ended_at, basis = _end(wire, updates, started_at)
    kind: Kind = "maintenance" if wire.severity == "MAINTENANCE" else "incident"
    return Incident(
        key=wire.id,
        title=wire.name,
        kind=kind,
        impact=IMPACTS.get(wire.severity or "", "unknown"),
        impact_raw=wire.severity,
        started_at=started_at,
        ended_at=ended_at,
        end_basis=basis,
        components=tuple(dict.fromkeys(service.name for service in wire.services or ())),
        updates=updates,
    )


def _end(
    wire: WireIncident, updates: tuple[Update, ...], started_at: datetime
) -> tuple[datetime | None, EndBasis | None]:
    """The update that resolved it; without one, its `duration` in seconds."""
    if wire.last_update_status != "RESOLVED":
        return None, None
    if not updates and wire.duration:
        return started_at + timedelta(seconds=int(wire.duration)), "end_field"
    return end_of(updates, started_at)


def _update(wire: WireUpdate) -> Update:
    at = wire.public_incident_update_date or wire.created_at
    if at is None:
        raise ValueError(f"update {wire.id} has no time")
    return Update(
        key=wire.id,
        at=parse_iso(at),
        phase=PHASES.get(wire.status, "unknown"),
        phase_raw=wire.status,
        body=wire.description or "",
        body_format="markdown",
    )


def _window(wire: WireWindow) -> Incident:
    return Incident(
        key=f"window/{wire.id}",
        title=wire.name,
        kind="maintenance",
        impact="unknown",
        started_at=parse_iso(wire.starts_at),
        scheduled_until=parse_iso(wire.ends_at) if wire.ends_at else None,
        components=tuple(dict.fromkeys(service.name for service in wire.services or ())),
    )


def _once(incidents: Iterable[Incident]) -> tuple[Incident, ...]:
    """Each key once, as the list of open ones has it."""
    return tuple({incident.key: incident for incident in incidents}.values())
