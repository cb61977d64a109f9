"""Salesforce Trust, the public status API.

Seen at: status.salesforce.com
History: complete while the API lasts: incidents by `offset`, a hundred a step.
Quirks:  To be replaced by an API that asks for a token. An incident has mostly no title: it is put
         together from its services and the kind of impact. Start and end are those of its
         impacts, and "" is no end. The order of a list is not stated, so nothing vouches for what
         is missing. An event's type is one of a hundred. Maintenance is a thousand a month.
Options: api: the address of the API, when it is not https://api.status.salesforce.com/v1.
         maintenance: "yes" to read the announced maintenance too.
"""

import re
from collections.abc import Iterable
from datetime import datetime

import msgspec

from generator.errors import SourceFault
from generator.model import EndBasis, Impact, Incident, Kind, Phase, Update, Vendor, oldest_first
from generator.providers._rules import end_of
from generator.reading import Batch, Get, Reading, Reply
from generator.times import parse_iso, read, text_of

OPTIONS = ("api", "maintenance")
API = "https://api.status.salesforce.com/v1"
IMPACTS: dict[str, Impact] = {
    "maintenance": "none",
    "minor": "minor",
    "major": "major",
    "critical": "critical",
}
PHASES: dict[str, Phase] = {
    "investigatingCauseOfIssue": "investigating",
    "herokuIncidentInvestigating": "investigating",
    "herokuIncidentMonitoring": "monitoring",
    "herokuIncident": "update",
    "update": "update",
    "resolved": "resolved",
    "scheduled": "scheduled",
    "completed": "completed",
}
# issueIsolatedDatabaseTier and its kin: where the cause was found.
ISOLATED = "issueIsolated"
OVER = ("resolved", "completed", "cancelled", "canceled")
NEWEST = "100"
# No page has that long a past: a walk beyond it goes in circles.
MOST = 200_000
NAMED = 3
CAPITAL = re.compile(r"(?<=[a-z])(?=[A-Z])")


class WireImpact(msgspec.Struct, rename="camel"):
    start_time: str | None = None
    end_time: str | None = None
    type: str | None = None
    severity: str | None = None


class WireEvent(msgspec.Struct, rename="camel"):
    id: int | str
    created_at: str
    type: str | None = None
    message: str | None = None


class WireIncident(msgspec.Struct, rename="camel"):
    id: int | str
    created_at: str
    message: dict[str, object] | str | None = None
    status: str | None = None
    type: str | None = None
    impacts: list[WireImpact] | None = msgspec.field(default=None, name="IncidentImpacts")
    events: list[WireEvent] | None = msgspec.field(default=None, name="IncidentEvents")
    instance_keys: list[str] | None = None
    service_keys: list[str] | None = None


class WireMaintenance(msgspec.Struct, rename="camel"):
    id: int | str
    name: str
    planned_start_time: str
    planned_end_time: str | None = None
    message: dict[str, object] | str | None = None
    impacts: list[WireImpact] | None = msgspec.field(default=None, name="MaintenanceImpacts")
    events: list[WireEvent] | None = msgspec.field(default=None, name="MaintenanceEvents")
    instance_keys: list[str] | None = None
    service_keys: list[str] | None = None


def recent(vendor: Vendor, watch: frozenset[str]) -> Reading:
    """What goes on, a hundred incidents beside it, and what is watched beyond them."""
    api = vendor.options.get("api", API).rstrip("/")
    asked = [Get(f"{api}/incidents/active"), Get(f"{api}/incidents", limit=NEWEST)]
    if vendor.options.get("maintenance") == "yes":
        asked.append(Get(f"{api}/maintenances", limit=NEWEST))
    active, newest, *planned = yield asked
    lists_open: set[Kind] = {"incident"}
    found = {one.key: one for one in (*_incidents(newest, vendor), *_incidents(active, vendor))}
    for reply in planned:
        rows = reply.json(list[msgspec.Raw])
        maintenances = reply.records(rows, WireMaintenance, lambda w: _maintenance(w, vendor))
        found |= {one.key: one for one in maintenances}
        if len(rows) < int(NEWEST):
            lists_open.add("maintenance")
    missing = sorted(key for key in watch - found.keys() if key.isdecimal())
    if missing:
        alone = yield [Get(f"{api}/incidents/{key}", optional=True) for key in missing]
        for reply in alone:
            rows = [] if reply.absent else [reply.json(msgspec.Raw)]
            single = reply.records(rows, WireIncident, lambda w: _incident(w, vendor))
            found |= {one.key: one for one in single}
    return Batch(tuple(found.values()), lists_open=frozenset(lists_open))


def history(vendor: Vendor, cursor: str | None) -> Reading:
    """The next hundred. Cursor: offset, the first id of the page before, the oldest start."""
    api = vendor.options.get("api", API).rstrip("/")
    offset, before, known = (cursor or "0 - -").split()
    (reply,) = yield [Get(f"{api}/incidents", limit=NEWEST, offset=offset)]
    if f"offset={offset}" not in reply.url:
        raise SourceFault("moved", f"the redirect to {reply.url} drops the offset")
    rows = reply.json(list[msgspec.Raw])
    found = tuple(_incidents(reply, vendor))
    starts = [incident.started_at for incident in found]
    oldest = min([*starts, read(known)] if known != "-" else starts, default=None)
    if not rows:
        return Batch(complete_since=oldest)
    first = found[0].key if found else before
    if (found and first == before) or int(offset) > MOST:
        raise SourceFault("not what it says", f"{reply.url} repeats the page before it")
    step = f"{int(offset) + len(rows)} {first} {text_of(oldest) if oldest else '-'}"
    return Batch(found, cursor=step)


def _incidents(reply: Reply, vendor: Vendor) -> list[Incident]:
    rows = reply.json(list[msgspec.Raw])
    return reply.records(rows, WireIncident, lambda wire: _incident(wire, vendor))


def _incident(wire: WireIncident, vendor: Vendor) -> Incident:
    updates = oldest_first(_update(row) for row in reversed(wire.events or ()))
    impacts = wire.impacts or []
    starts = [parse_iso(impact.start_time) for impact in impacts if impact.start_time]
    impact, word = _severity(impacts)
    ended = all(impact.end_time for impact in impacts) and bool(impacts)
    over = ended if wire.status is None else wire.status.lower() in OVER
    ended_at, basis = _end(impacts, updates) if over else (None, None)
    return Incident(
        key=str(wire.id),
        title=_title(wire, vendor),
        kind="incident",
        impact=impact,
        impact_raw=word,
        url=f"{vendor.status_page.rstrip('/')}/incidents/{wire.id}",
        started_at=min(starts, default=parse_iso(wire.created_at)),
        ended_at=ended_at,
        end_basis=basis,
        components=tuple(dict.fromkeys(wire.service_keys or ())),
        regions=tuple(dict.fromkeys(wire.instance_keys or ())),
        updates=updates,
    )


def _maintenance(wire: WireMaintenance, vendor: Vendor) -> Incident:
    """Its ids are not those of incidents."""
    updates = oldest_first(_update(row) for row in reversed(wire.events or ()))
    over = _said(wire.message, "eventStatus").lower() in OVER
    over = over or any(update.phase == "completed" for update in updates)
    ended_at, basis = _end(wire.impacts or [], updates) if over else (None, None)
    until = wire.planned_end_time
    return Incident(
        key=f"maintenance-{wire.id}",
        title=wire.name,
        kind="maintenance",
        impact="none",
        impact_raw="maintenance",
        url=f"{vendor.status_page.rstrip('/')}/maintenances/{wire.id}",
        started_at=parse_iso(wire.planned_start_time),
        scheduled_until=parse_iso(until) if until else None,
        ended_at=ended_at,
        end_basis=basis,
        components=tuple(dict.fromkeys(wire.service_keys or ())),
        regions=tuple(dict.fromkeys(wire.instance_keys or ())),
        updates=updates,
    )


def _update(wire: WireEvent) -> Update:
    word = wire.type or ""
    isolated: Phase = "identified" if word.startswith(ISOLATED) else "unknown"
    return Update(
        key=str(wire.id),
        at=parse_iso(wire.created_at),
        phase=PHASES.get(word, isolated),
        phase_raw=wire.type,
        body=wire.message or "",
    )


def _severity(impacts: Iterable[WireImpact]) -> tuple[Impact, str | None]:
    """The worst. A word that we do not know is worse than any we do."""
    words = [impact.severity for impact in impacts if impact.severity]
    ranks = {word: rank for rank, word in enumerate(IMPACTS)}
    worst = max(words, key=lambda word: ranks.get(word.lower(), len(ranks)), default=None)
    return IMPACTS.get((worst or "").lower(), "unknown"), worst


def _end(
    impacts: Iterable[WireImpact], updates: tuple[Update, ...]
) -> tuple[datetime | None, EndBasis]:
    """Of what is over: the end of its last impact, or else what its updates say."""
    ends = [parse_iso(impact.end_time) for impact in impacts if impact.end_time]
    if ends:
        return max(ends), "end_field"
    return end_of(updates, updates[-1].at) if updates else (None, "unstated")


def _title(wire: WireIncident, vendor: Vendor) -> str:
    """`Core service: feature perf degradation`, where there is no subject."""
    subject = _said(wire.message, "subject")
    if subject:
        return subject
    services = [_words(key) for key in dict.fromkeys(wire.service_keys or ())]
    named = ", ".join(services[:NAMED]) or vendor.name
    if len(services) > NAMED:
        named += f" and {len(services) - NAMED} more"
    kinds = [impact.type for impact in wire.impacts or () if impact.type]
    kind = _words(kinds[0] if kinds else wire.type or "incident").lower()
    return f"{named[:1].upper()}{named[1:]}: {kind}"


def _words(key: str) -> str:
    return CAPITAL.sub(" ", key)


def _said(message: dict[str, object] | str | None, name: str) -> str:
    """A text of the message; "" when it has none."""
    text = message.get(name) if isinstance(message, dict) else None
    return text if isinstance(text, str) else ""
