"""Meta's status page: a file of all organisations, and a file of outages for each.

Seen at: metastatus.com
History: complete: one file an organisation, read every time.
Quirks:  Every path that does not exist answers 200 with the same web page. An outage is of one
         service and has no title. Its words tell how bad it is, not what is being done; "Resolved"
         is one of them. What is open is also in a shorter file, read where a service has trouble.
Options: orgs: the organisations to read, by id, with commas between; all if it is not given.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

import msgspec

from generator.errors import SourceFault
from generator.model import EndBasis, Impact, Incident, Phase, Update, Vendor, oldest_first
from generator.providers._keys import timed_key
from generator.providers._moments import moment
from generator.providers._rules import end_of, listed_since
from generator.reading import Batch, Get, Reading, Reply
from generator.times import text_of

OPTIONS = ("orgs",)
HEALTHY = "no known issues"
RESOLVED = "resolved"
IMPACTS: dict[str, Impact] = {
    HEALTHY: "none",
    "low disruptions": "minor",
    "some disruption": "minor",
    "some disruptions": "minor",
    "medium disruptions": "major",
    "high disruptions": "critical",
    "major disruptions": "critical",
    "major outage": "critical",
}


class WireService(msgspec.Struct):
    id: int | str
    name: str
    status: str | None = None


class WireOrg(msgspec.Struct):
    id: str
    name: str
    services: list[WireService] | None = None


class WirePost(msgspec.Struct):
    time: str | int | float
    description: str | None = None
    status: str | None = None


class WireOutage(msgspec.Struct):
    status: str
    service_id: int | str
    time: str | int | float | None = None
    id: int | str | None = None
    posts: list[WirePost] | None = None


def recent(vendor: Vendor, watch: frozenset[str]) -> Reading:
    """Every outage of every organisation."""
    (page,) = yield [Get("data/orgs.json", always=True)]
    orgs = [org for org in page.json(list[WireOrg]) if _is_chosen(org, vendor)]
    asked = [(org, f"data/outages/{org.id}.history.json") for org in orgs]
    asked += [(org, f"data/outages/{org.id}.json") for org in orgs if not _is_healthy(org)]
    replies = yield [Get(path) for _, path in asked]
    found: dict[str, Incident] = {}
    for (org, _), reply in zip(asked, replies, strict=True):
        for incident in _outages(org, reply, vendor):
            found[incident.key] = incident
    # Of organisations that are not chosen nothing is known.
    since = None if "orgs" in vendor.options else listed_since(found.values())
    return Batch(tuple(found.values()), {"incident": since} if since else {})


def history(vendor: Vendor, cursor: str | None) -> Reading:
    """The same: the files hold all there is."""
    batch = yield from recent(vendor, frozenset())
    starts = (incident.started_at for incident in batch.incidents)
    return replace(batch, complete_since=min(starts, default=None))


def _is_chosen(org: WireOrg, vendor: Vendor) -> bool:
    chosen = vendor.options.get("orgs", "")
    return not chosen or org.id in [name.strip() for name in chosen.split(",")]


def _is_healthy(org: WireOrg) -> bool:
    return all((service.status or "").lower() == HEALTHY for service in org.services or ())


def _outages(org: WireOrg, reply: Reply, vendor: Vendor) -> list[Incident]:
    """The outages of a file; one that cannot be read costs its organisation alone."""
    names = {str(service.id): service.name for service in org.services or ()}

    def convert(wire: WireOutage) -> Incident:
        service = names.get(str(wire.service_id), str(wire.service_id))
        return _incident(wire, org, service, vendor.status_page)

    try:
        return reply.records(reply.json(list[msgspec.Raw]), WireOutage, convert)
    except SourceFault as fault:
        reply.skip("the outages", fault)
        return []


def _incident(wire: WireOutage, org: WireOrg, service: str, page: str) -> Incident:
    updates = _updates(wire.posts or ())
    times = [update.at for update in updates] + ([moment(wire.time)] if wire.time else [])
    if not times:
        raise ValueError(f"an outage of {service} has no time")
    started_at = min(times)
    impact, word = _impact(wire, updates)
    ended_at, basis = _end(wire, updates, max(times))
    return Incident(
        key=f"{org.id}/{wire.id or f'{wire.service_id}/{text_of(started_at)}'}",
        title=f"{org.name}: {service}",
        kind="incident",
        impact=impact,
        impact_raw=word,
        url=f"{page.rstrip('/')}/{org.id}",
        started_at=started_at,
        ended_at=ended_at,
        end_basis=basis,
        components=(service,),
        updates=updates,
    )


def _updates(posts: Iterable[WirePost]) -> tuple[Update, ...]:
    updates: list[Update] = []
    for post in posts:
        at = moment(post.time)
        updates.append(
            Update(
                key=timed_key(at, updates),
                at=at,
                phase=_phase((post.status or "").lower()),
                phase_raw=post.status,
                body=post.description or "",
            )
        )
    return oldest_first(updates)


def _phase(word: str) -> Phase:
    if word == RESOLVED:
        return "resolved"
    return "update" if word in IMPACTS else "unknown"


def _impact(wire: WireOutage, updates: tuple[Update, ...]) -> tuple[Impact, str | None]:
    """The outage's word; once it is resolved, the last one that said how bad it was."""
    words = [*(update.phase_raw for update in updates), wire.status]
    word = next((w for w in reversed(words) if w and w.lower() != RESOLVED), None)
    return IMPACTS.get((word or "").lower(), "unknown"), word


def _end(
    wire: WireOutage, updates: tuple[Update, ...], last: datetime
) -> tuple[datetime | None, EndBasis | None]:
    if wire.status.lower() == RESOLVED:
        return end_of(updates, last)
    return (None, None) if wire.status.lower() in IMPACTS else (None, "unstated")
