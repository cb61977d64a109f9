"""Statuspal, API version 2, which is at its own host and not at the page's.

Seen at: arvancloud.statuspal.io, seppmail.statuspal.eu, status.unity.com, exoscalestatus.com
History: complete: incidents, then planned work, a hundred at a time.
Quirks:  Times name no zone: they are the page's, which the summary states, though the documentation
         says UTC. `ends_at` of planned work is the plan, before and after: only a post says that it
         is done, and few do. `links.next` leads to version 1 of the API: only its query is
         believed. An update's type says how it began and ended and little between. Bodies are HTML.
Options: subdomain: the page's name at Statuspal, when its address does not tell it.
         time_zone: the zone of all times, if not the one that the page states.
         api: where the API is, if not at the host of the page's suffix, statuspal.io or .eu.
"""

from datetime import datetime
from urllib.parse import urlsplit

from generator.errors import SourceFault
from generator.model import EndBasis, Impact, Incident, Kind, Phase, Update, Vendor, oldest_first
from generator.providers._rules import listed_since
from generator.providers._statuspal import (
    WireIncident,
    WireList,
    WireSummary,
    WireUpdate,
    names,
)
from generator.providers._zones import zone_of
from generator.reading import Batch, Get, Reading, Reply
from generator.times import parse_iso, read, text_of

OPTIONS = ("subdomain", "time_zone", "api")
SCHEDULED = "scheduled"
IMPACTS: dict[str, Impact] = {
    "minor": "minor",
    "major": "major",
    SCHEDULED: "none",
}
PHASES: dict[str, Phase] = {
    "issue": "investigating",
    "investigating": "investigating",
    "identified": "identified",
    "monitoring": "monitoring",
    "escalate": "update",
    "deescalate": "update",
    "update": "update",
    "resolved": "resolved",
    "scheduled": "scheduled",
    "in_progress": "in_progress",
    "completed": "completed",
}
FIRST = "limit=100"
FIRST_SCHEDULED = f"type={SCHEDULED}&limit=100"


def recent(vendor: Vendor, watch: frozenset[str]) -> Reading:
    """What is going on or ahead, the newest hundred incidents and the newest planned work."""
    address = _address(vendor)
    summary, incidents, planned = yield [
        Get(f"{address}/summary"),
        Get(f"{address}/incidents?{FIRST}"),
        Get(f"{address}/incidents?{FIRST_SCHEDULED}", optional=True),
    ]
    page = Page(vendor, summary)
    found = page.current()
    listed = page.listed(incidents)
    since: dict[Kind, datetime] = {}
    # A cut list that began with the oldest would vouch for all that it lacks.
    is_newest = listed and listed[0].started_at >= listed[-1].started_at
    if is_newest or (listed and incidents.json(WireList).is_whole()):
        since["incident"] = min(page.last_sign(one) for one in listed)
    if not planned.absent:
        works = page.listed(planned)
        listed += works
        if works and planned.json(WireList).is_whole():
            since["maintenance"] = min(work.started_at for work in works)
    known = {incident.key: incident for incident in [*found, *listed]}
    return Batch(tuple(known.values()), since, summary.json(WireSummary).kinds())


def history(vendor: Vendor, cursor: str | None) -> Reading:
    """The next hundred. Cursor: query of the page, oldest start."""
    query, oldest = (cursor or f"{FIRST} -").split()
    address = _address(vendor)
    summary, reply = yield [
        Get(f"{address}/summary"),
        Get(f"{address}/incidents?{query}", optional=SCHEDULED in query),
    ]
    found = [] if reply.absent else Page(vendor, summary).listed(reply)
    starts = [text_of(incident.started_at) for incident in found]
    oldest = min([*starts, *([oldest] if oldest != "-" else [])], default="-")
    following = None if reply.absent else reply.json(WireList).next()
    if following == query:
        raise SourceFault("not what it says", f"{reply.url} is its own next page")
    if following and SCHEDULED in query and SCHEDULED not in following:
        following += f"&type={SCHEDULED}"
    if not following and SCHEDULED not in query:
        following = FIRST_SCHEDULED
    if following:
        return Batch(tuple(found), cursor=f"{following} {oldest}")
    return Batch(tuple(found), complete_since=None if oldest == "-" else read(oldest))


class Page:
    """What the summary tells about all incidents: the zone, the services, what is not over."""

    def __init__(self, vendor: Vendor, summary: Reply) -> None:
        self._summary = summary
        self._stated = summary.json(WireSummary)
        self._zone = zone_of(vendor, self._stated.status_page.time_zone)
        self._services = dict(names(self._stated.services or ()))
        self._entered: dict[str, datetime] = {}
        self._not_over = set(self._stated.works())

    def current(self) -> list[Incident]:
        """The incidents and the planned work of the summary itself."""
        return self._summary.records(self._stated.rows(), WireIncident, self._incident)

    def listed(self, reply: Reply) -> list[Incident]:
        """The incidents of a list."""
        return reply.records(reply.json(WireList).incidents, WireIncident, self._incident)

    def last_sign(self, incident: Incident) -> datetime:
        """The latest of all times of an incident: by whichever the list is cut."""
        latest = listed_since([incident]) or incident.started_at
        entered = self._entered.get(incident.key, latest)
        return max(latest, entered, incident.scheduled_until or latest)

    def _incident(self, wire: WireIncident) -> Incident:
        is_planned = wire.type == SCHEDULED
        updates = oldest_first(self._update(row, is_planned) for row in wire.updates or ())
        ends_at = self._at(wire.ends_at) if wire.ends_at else None
        ended_at: datetime | None = ends_at
        basis: EndBasis | None = "end_field" if ends_at else None
        if is_planned:
            ended_at, basis = self._end_of_work(wire.id, updates)
        key = str(wire.id)
        if wire.inserted_at:
            self._entered[key] = self._at(wire.inserted_at)
        services = (self._services.get(number) for number in wire.service_ids or ())
        return Incident(
            key=key,
            title=wire.title,
            kind="maintenance" if is_planned else "incident",
            impact=IMPACTS.get(wire.type or "", "unknown"),
            impact_raw=wire.type,
            url=wire.url,
            started_at=self._at(wire.starts_at),
            ended_at=ended_at,
            end_basis=basis,
            scheduled_until=ends_at if is_planned else None,
            components=tuple(dict.fromkeys(name for name in services if name)),
            updates=updates,
        )

    def _end_of_work(
        self, number: int, updates: tuple[Update, ...]
    ) -> tuple[datetime | None, EndBasis | None]:
        """A word that it is done; without one nobody says so, though the page has it no more."""
        if updates and updates[-1].phase == "completed":
            return updates[-1].at, "resolving_update"
        has_left = "maintenance" in self._stated.kinds() and number not in self._not_over
        return None, "unstated" if has_left else None

    def _update(self, wire: WireUpdate, is_planned: bool) -> Update:
        at = wire.posted_at or wire.inserted_at
        if not at:
            raise ValueError(f"update {wire.id} has no time")
        phase = PHASES.get(wire.type or "", "unknown")
        return Update(
            key=str(wire.id),
            at=self._at(at),
            phase="completed" if is_planned and phase == "resolved" else phase,
            phase_raw=wire.type,
            body=wire.description_html or wire.description or "",
            body_format="html",
        )

    def _at(self, text: str) -> datetime:
        return parse_iso(text, self._zone)


def _address(vendor: Vendor) -> str:
    """Where the API has the vendor's page."""
    host = urlsplit(vendor.status_page).hostname or ""
    name, _, suffix = host.partition(".")
    is_theirs = suffix in ("statuspal.io", "statuspal.eu")
    subdomain = vendor.options.get("subdomain") or (name if is_theirs else "")
    if not subdomain:
        reason = f"{vendor.status_page} does not tell its name at Statuspal: put it in the vendor's"
        raise SourceFault("not what it says", f"{reason} file, as subdomain under [options]")
    usual = f"https://{suffix if is_theirs else 'statuspal.io'}/api/v2"
    return f"{vendor.options.get('api', usual).rstrip('/')}/status_pages/{subdomain}"
