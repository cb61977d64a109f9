"""OpenStatus pages, by their JSON feed.

Seen at: status.openstatus.dev and pages below openstatus.dev
History: the feed has every report and maintenance; there is nothing beyond it.
Quirks:  No severity. Reports and maintenances are numbered apart, so a number alone is no key.
         A maintenance has a plan and no state: it is never called complete. The feed's own
         `updatedAt` is the time of the reading. Components are named by number.
"""

import msgspec

from generator.model import Incident, Phase, Update, Vendor, oldest_first
from generator.providers._rules import end_of, listed_since
from generator.reading import Batch, Get, Reading
from generator.times import parse_iso

PHASES: dict[str, Phase] = {
    "investigating": "investigating",
    "identified": "identified",
    "monitoring": "monitoring",
    "resolved": "resolved",
}


class WireComponent(msgspec.Struct):
    id: int
    name: str


class WireUpdate(msgspec.Struct):
    id: int
    status: str
    date: str
    message: str | None = None


class WireReport(msgspec.Struct, rename="camel"):
    id: int
    title: str
    status: str
    updated_at: str | None = None
    page_components: list[int] | None = None
    monitors: list[int] | None = None
    status_report_updates: list[WireUpdate] | None = None


class WireMaintenance(msgspec.Struct, rename={"start": "from", "until": "to"}):
    id: int
    name: str
    start: str
    until: str | None = None
    message: str | None = None
    updated: str | None = msgspec.field(default=None, name="updatedAt")
    components: list[int] | None = msgspec.field(default=None, name="pageComponents")
    monitors: list[int] | None = None


class WireFeed(msgspec.Struct, rename="camel"):
    title: str
    status_reports: list[msgspec.Raw]
    maintenances: list[msgspec.Raw] | None = None
    page_components: list[WireComponent] | None = None
    monitors: list[WireComponent] | None = None


def recent(vendor: Vendor, watch: frozenset[str]) -> Reading:
    """Every report and maintenance of the page."""
    (reply,) = yield [Get("feed/json")]
    feed = reply.json(WireFeed)
    page = vendor.status_page.rstrip("/")
    names = _names(feed)
    found = reply.records(feed.status_reports, WireReport, lambda wire: _report(wire, page, names))
    since = listed_since(found)
    planned = reply.records(
        feed.maintenances or (), WireMaintenance, lambda wire: _maintenance(wire, page, names)
    )
    return Batch((*found, *planned), listed_since={"incident": since} if since else {})


def _names(feed: WireFeed) -> dict[int, str]:
    """The names of components by their number; older pages have monitors in their place."""
    return {part.id: part.name for part in feed.page_components or feed.monitors or ()}


def _report(wire: WireReport, page: str, names: dict[int, str]) -> Incident:
    updates = oldest_first(_update(row) for row in reversed(wire.status_report_updates or ()))
    stated = updates[0].at if updates else parse_iso(wire.updated_at or "")
    ended_at, basis = end_of(updates, stated) if wire.status == "resolved" else (None, None)
    return Incident(
        key=f"report/{wire.id}",
        title=wire.title,
        kind="incident",
        impact="unknown",
        url=f"{page}/events/report/{wire.id}",
        started_at=stated,
        ended_at=ended_at,
        end_basis=basis,
        components=_named(wire.page_components or wire.monitors, names),
        updates=updates,
    )


def _update(wire: WireUpdate) -> Update:
    return Update(
        key=str(wire.id),
        at=parse_iso(wire.date),
        phase=PHASES.get(wire.status, "unknown"),
        phase_raw=wire.status,
        body=wire.message or "",
        body_format="markdown",
    )


def _maintenance(wire: WireMaintenance, page: str, names: dict[int, str]) -> Incident:
    started_at = parse_iso(wire.start)
    posted_at = parse_iso(wire.updated) if wire.updated else started_at
    return Incident(
        key=f"maintenance/{wire.id}",
        title=wire.name,
        kind="maintenance",
        impact="unknown",
        url=f"{page}/events/maintenance/{wire.id}",
        started_at=started_at,
        end_basis="unstated",
        scheduled_until=parse_iso(wire.until) if wire.until else None,
        components=_named(wire.components or wire.monitors, names),
        updates=(Update("message", posted_at, "scheduled", wire.message, None, "markdown"),)
        if wire.message
        else (),
    )


def _named(numbers: list[int] | None, names: dict[int, str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names[number] for number in numbers or () if number in names))
