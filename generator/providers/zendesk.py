"""Zendesk status: the documented API of what is open, and what the page itself reads.

Seen at: status.zendesk.com
History: api/ssp/incidents.json by `as_of_date`, three months a step, mostly without posts.
Quirks:  The documented API has what is open, with its posts, in snake_case; the page's own list
         has three months, in camelCase, and mostly no posts: what comes without is partial, and
         what has just ended is read once more by itself. `status` is stale, `resolvedAt` is not.
         An incident has no address but that of its postmortem. Posts are HTML and have no state.
         No more than ten requests a minute.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypeVar

import msgspec

from generator.errors import SourceFault
from generator.model import EndBasis, Impact, Incident, Kind, Phase, Update, Vendor, oldest_first
from generator.providers._rules import listed_since
from generator.reading import UNDECODED, Batch, Get, Reading, Reply
from generator.times import parse_iso, read, text_of

T = TypeVar("T")

IMPACTS: dict[str, Impact] = {
    "no impact": "none",
    "none": "none",
    "minor": "minor",
    "major": "major",
    "critical": "critical",
}
PHASES: dict[str, Phase] = {
    "investigating": "investigating",
    "identified": "identified",
    "monitoring": "monitoring",
    "resolved": "resolved",
}
# By the names that the page and the documentation have for them.
SERVICES = ("incidentService", "incident_service", "service")
POSTS = ("incidentUpdate", "incident_update")
LIST = "api/ssp/incidents.json"
# So many that have just ended are read by themselves, to stay below ten requests a minute.
MOST_ALONE = 6
# A step of the history, in days. It ends where Zendesk began, for nothing else tells its end.
STEP = 90
FOUNDED = "2007"
CAPITAL = re.compile(r"(?<=[a-z])(?=[A-Z])")


class WireRef(msgspec.Struct):
    id: str
    type: str


class WireRelation(msgspec.Struct):
    data: list[WireRef] | WireRef | None = None


class WireRecord(msgspec.Struct):
    """What JSON:API is made of: an incident, and all that belongs to one."""

    id: str
    type: str
    attributes: dict[str, object]
    relationships: dict[str, WireRelation] | None = None


class WireDocument(msgspec.Struct):
    data: list[msgspec.Raw] | dict[str, object] | None
    included: list[msgspec.Raw] | None = None


class WireIncident(msgspec.Struct):
    started_at: str
    name: str | None = None
    title: str | None = None
    impact: str | None = None
    status: str | None = None
    resolved_at: str | None = None
    maint_resolves_at: str | None = None
    postmortem: str | None = None


class WireService(msgspec.Struct):
    name: str | None = None
    service_name: str | None = None


class WireUpdate(msgspec.Struct):
    created_at: str
    description: str | None = None
    status: str | None = None


def recent(vendor: Vendor, watch: frozenset[str]) -> Reading:
    """What is open or planned, and three months of what was; and how the watched ended."""
    page, active, planned = yield [
        Get(LIST, optional=True),
        Get("api/incidents/active"),
        Get("api/incidents/maintenance"),
    ]
    listed = _incidents(page)
    found = {incident.key: incident for incident in listed}
    current = [*_incidents(active), *_incidents(planned, "maintenance")]
    ended = sorted(watch - {incident.key for incident in current})
    silent = [key for key in ended if key not in found or not found[key].updates]
    if silent:
        alone = yield [Get(f"api/incidents/{key}", optional=True) for key in silent[:MOST_ALONE]]
        current += [incident for reply in alone for incident in _incidents(reply)]
    for incident in current:
        known = found.get(incident.key, incident)
        # The page's own list has the better facts, the documented API the posts.
        updates = incident.updates or known.updates
        kind: Kind = "maintenance" if "maintenance" in (incident.kind, known.kind) else "incident"
        found[incident.key] = replace(known, kind=kind, updates=updates)
    since = listed_since(incident for incident in listed if incident.kind == "incident")
    return replace(
        _batch(found.values()),
        listed_since={"incident": since} if since else {},
        lists_open=_all_open(active, planned),
    )


def _all_open(active: Reply, planned: Reply) -> frozenset[Kind]:
    """The kinds of which the documented API has its list, which may be empty."""
    lists: dict[Kind, Reply] = {"incident": active, "maintenance": planned}
    return frozenset(
        kind for kind, reply in lists.items() if isinstance(reply.json(WireDocument).data, list)
    )


def history(vendor: Vendor, cursor: str | None) -> Reading:
    """The next three months. Cursor: the day to go back from, the oldest start."""
    if cursor is None:
        (reply,) = yield [Get(LIST)]
        found = _incidents(reply)
        if not found:
            reason = f"{reply.url} lists nothing, so that no day is known to go back from"
            raise SourceFault("not what it says", reason)
        # Not from its oldest, which may be listed only because it went on for so long.
        starts = [incident.started_at for incident in found]
        return replace(_batch(found), cursor=f"{max(starts):%Y-%m-%d} {text_of(min(starts))}")
    # Cursors of before have a number more.
    day, *_, known = cursor.split()
    (reply,) = yield [Get(LIST, as_of_date=day, days_back=str(STEP))]
    if f"as_of_date={day}" not in reply.url:
        raise SourceFault("moved", f"the redirect to {reply.url} drops the day")
    found = _incidents(reply)
    begin = parse_iso(f"{day}T00:00:00Z")
    if found and all(incident.started_at > begin + timedelta(days=1) for incident in found):
        raise SourceFault("not what it says", f"{reply.url} lists only what is newer than {day}")
    oldest = min([read(known), *(incident.started_at for incident in found)])
    if day < FOUNDED:
        return replace(_batch(found), complete_since=oldest)
    following = begin - timedelta(days=STEP)
    return replace(_batch(found), cursor=f"{following:%Y-%m-%d} {text_of(oldest)}")


def _batch(incidents: Iterable[Incident]) -> Batch:
    """The incidents; one that comes without posts may have some."""
    found = tuple(incidents)
    return Batch(found, partial=frozenset(one.key for one in found if not one.updates))


def _incidents(reply: Reply, kind: Kind = "incident") -> list[Incident]:
    """The incidents of a document, or the one; none of a page that is not there."""
    if reply.absent:
        return []
    document = reply.json(WireDocument)
    parts: dict[tuple[str, str], WireRecord] = {}
    for number, raw in enumerate(document.included or (), start=1):
        try:
            part = msgspec.json.decode(raw, type=WireRecord)
            parts[part.type, part.id] = part
        except UNDECODED as error:
            reply.skip(f"included record {number}", error)
    rows = document.data
    if isinstance(rows, dict):
        rows = [msgspec.Raw(msgspec.json.encode(rows))]
    return reply.records(rows or (), WireRecord, lambda wire: _incident(wire, parts, kind))


def _incident(
    wire: WireRecord, parts: Mapping[tuple[str, str], WireRecord], kind: Kind
) -> Incident:
    facts = _attributes(wire, WireIncident)
    own = list(_own(wire, parts))
    services = [_attributes(part, WireService) for part in own if part.type in SERVICES]
    updates = oldest_first(_update(part) for part in own if part.type in POSTS)
    ended_at, basis = _end(facts, updates)
    names = [service.service_name or service.name for service in services]
    title, article = facts.name or facts.title, facts.postmortem or ""
    if not title:
        raise ValueError(f"incident {wire.id} has no title")
    return Incident(
        key=wire.id,
        title=title,
        kind="maintenance" if facts.maint_resolves_at else kind,
        impact=IMPACTS.get(facts.impact or "", "unknown"),
        impact_raw=facts.impact,
        url=article if article.startswith(("https://", "http://")) else None,
        started_at=parse_iso(facts.started_at),
        ended_at=ended_at,
        end_basis=basis,
        scheduled_until=parse_iso(facts.maint_resolves_at) if facts.maint_resolves_at else None,
        components=tuple(dict.fromkeys(name for name in names if name)),
        updates=updates,
    )


def _attributes(wire: WireRecord, shape: type[T]) -> T:
    """The attributes, in the page's camelCase or in the documented snake_case."""
    facts = {CAPITAL.sub("_", name).lower(): value for name, value in wire.attributes.items()}
    return msgspec.convert(facts, shape)


def _own(wire: WireRecord, parts: Mapping[tuple[str, str], WireRecord]) -> Iterator[WireRecord]:
    """What belongs to the incident, in its order."""
    for relation in (wire.relationships or {}).values():
        refs = relation.data if isinstance(relation.data, list) else [relation.data]
        for ref in refs:
            part = parts.get((ref.type, ref.id)) if ref else None
            if part:
                yield part


def _update(wire: WireRecord) -> Update:
    facts = _attributes(wire, WireUpdate)
    return Update(
        key=wire.id,
        at=parse_iso(facts.created_at),
        phase=PHASES.get(facts.status, "unknown") if facts.status else "update",
        phase_raw=facts.status,
        body=facts.description or "",
        body_format="html",
    )


def _end(
    facts: WireIncident, updates: tuple[Update, ...]
) -> tuple[datetime | None, EndBasis | None]:
    """The resolve time. What is called resolved and has none ended with its last post."""
    if facts.resolved_at:
        return parse_iso(facts.resolved_at), "resolve_time"
    if facts.status != "resolved":
        return None, None
    return (updates[-1].at, "last_update") if updates else (None, "unstated")
