"""UptimeRobot's public status pages: the event feed behind the page.

Seen at: status.bsky.app, status.packagist.org, status.trakt.tv, stats.uptimerobot.com/<key>
History: by date, thirty days a step, for as long as older events turn up within a year.
Quirks:  The page names the addresses of its API in a script, each with the page's key. Without a
         date the feed is of the last days alone. An event is one text, rewritten in place, with no
         word for its state: `status` is a number of unclear meaning, and `endDate` is mostly null,
         also of what is over. Its `icon` is as near as it comes to a severity. What the monitors
         measure is not read: a failed check is no incident.
Options: events: the address of the event feed, when the page does not tell it.
"""

import re
from collections.abc import Generator
from datetime import UTC, datetime, timedelta

import msgspec

from generator.errors import SourceFault
from generator.model import Impact, Incident, Kind, Phase, Update, Vendor
from generator.providers._feeds import PHASES, STATED
from generator.reading import Batch, Get, Reading, Reply
from generator.times import parse_epoch, parse_iso, read, text_of

OPTIONS = ("events",)
SCRIPT = re.compile(
    rb"""\b(?P<name>pspApiPath|eventsApiPath)\s*=\s*["'](?P<address>[^"']+)["']""", re.IGNORECASE
)
IMPACTS: dict[str, Impact] = {
    "info": "none",
    "alert-circle": "minor",
    "alert-triangle": "major",
    "alert-octagon": "critical",
}
# What is over gets this one, which says nothing of how bad it was.
DONE = "check-circle"
# A walk goes back in such steps, and ends after three years without an older event.
STEP = timedelta(days=30)
QUIET_STEPS = 36
# No such page existed before.
FIRST = datetime(2016, 1, 1, tzinfo=UTC)


class WireEvent(msgspec.Struct, rename="camel"):
    id: int | str
    title: str
    timestamp: int | str
    type: str | None = None
    event_type: str | None = None
    content: str | None = None
    description: str | None = None
    end_date_gmt: str | None = msgspec.field(name="endDateGMT", default=None)
    icon: str | None = None


class WireRange(msgspec.Struct):
    since: str | None = msgspec.field(name="from", default=None)


class WireMeta(msgspec.Struct):
    date_range: WireRange | None = None


class WireFeed(msgspec.Struct):
    results: list[msgspec.Raw]
    meta: WireMeta | None = None


def recent(vendor: Vendor, watch: frozenset[str]) -> Reading:
    """The events of the last days."""
    address = yield from _address(vendor)
    (reply,) = yield [Get(address)]
    feed = reply.json(WireFeed)
    found = reply.records(feed.results, WireEvent, lambda wire: _incident(wire, reply))
    since = _since(feed)
    # The zone of that date is not said.
    return Batch(tuple(found), {"incident": since + timedelta(days=1)} if since else {})


def history(vendor: Vendor, cursor: str | None) -> Reading:
    """The events since a date, further back with every step. Cursor: date, quiet steps, oldest."""
    address = yield from _address(vendor)
    if cursor is None:
        (reply,) = yield [Get(address)]
        begun, quiet, oldest = _since(reply.json(WireFeed)), 0, "-"
    else:
        date, steps, oldest = cursor.split()
        begun, quiet = read(date), int(steps)
        asked = f"{begun.timestamp():.0f}"
        (reply,) = yield [Get(address, from_date=asked)]
        if f"from_date={asked}" not in reply.url:
            raise SourceFault("moved", f"the redirect to {reply.url} drops the date")
    rows = reply.json(WireFeed).results
    found = reply.records(rows, WireEvent, lambda wire: _incident(wire, reply))
    first = text_of(
        min((one.started_at for one in found), default=datetime.max.replace(tzinfo=UTC))
    )
    if found and (oldest == "-" or first < oldest):
        quiet, oldest = 0, first
    else:
        quiet += 1
    if begun is None:  # it says nowhere how far it reaches, so nobody can go on from there
        return Batch(tuple(found))
    if (quiet >= QUIET_STEPS and oldest != "-") or begun <= FIRST:
        return Batch(tuple(found), complete_since=None if oldest == "-" else read(oldest))
    return Batch(tuple(found), cursor=f"{text_of(begun - STEP)} {quiet} {oldest}")


def _address(vendor: Vendor) -> Generator[list[Get], list[Reply], str]:
    """Where the event feed is: as the vendor's file says, or else the page's own script."""
    if "events" in vendor.options:
        return vendor.options["events"]
    (page,) = yield [Get("", always=True)]
    named = {mark["name"].lower(): mark["address"] for mark in SCRIPT.finditer(page.body)}
    address = named.get(b"eventsapipath") or named.get(b"pspapipath", b"").replace(
        b"getMonitorList", b"getEventFeed"
    )
    if b"getEventFeed" not in address:
        reason = f"{page.url} does not name its API in a script, as a page of UptimeRobot does"
        raise SourceFault("not what it says", reason)
    return address.decode("ascii", "replace").replace("\\/", "/")


def _since(feed: WireFeed) -> datetime | None:
    """Where the range of the feed begins, as far as it says so."""
    stated = feed.meta and feed.meta.date_range and feed.meta.date_range.since
    try:
        return parse_iso(stated, UTC) if stated else None
    except ValueError:
        return None


def _incident(wire: WireEvent, reply: Reply) -> Incident:
    kind: Kind = "maintenance" if "maintenance" in (wire.type, wire.event_type) else "incident"
    icon = wire.icon if wire.icon != DONE else None
    at = parse_epoch(wire.timestamp)
    stop = _stop(wire, reply)
    # Of maintenance the end is a plan; no end, or a word for it without its time, says nothing.
    ended_at = stop if kind == "incident" else None
    return Incident(
        key=str(wire.id),
        title=wire.title,
        kind=kind,
        impact=IMPACTS.get(icon or "", "unknown"),
        impact_raw=icon,
        started_at=at,
        ended_at=ended_at,
        end_basis="end_field" if ended_at else "unstated",
        scheduled_until=stop if kind == "maintenance" else None,
        updates=(_update(wire, at),),
    )


def _update(wire: WireEvent, at: datetime) -> Update:
    """The event's one text, in the phase that it may state."""
    body = wire.content or wire.description or ""
    stated = STATED.search(wire.title) or STATED.search(body)
    phase: Phase = PHASES[stated[1].lower()] if stated else "unknown"
    word = stated[1] if stated else None
    return Update("event", at, phase, body, phase_raw=word, body_format="html")


def _stop(wire: WireEvent, reply: Reply) -> datetime | None:
    """The end date, if it has one that can be read."""
    if not wire.end_date_gmt:
        return None
    try:
        return parse_iso(wire.end_date_gmt, UTC)
    except ValueError as error:
        reply.skip(f"the end of event {wire.id}", error)
        return None
