"""AWS Health, the public dashboard.

Seen at: health.aws.amazon.com
History: about a year, in one document of a bucket of its own; nothing beyond.
Quirks:  UTF-16 with a mark, whatever the content type says. Numbers may be texts. What is over
         leaves the list for the history, so both are read; nothing vouches for the history, which
         answers 403 where it is not. An event can stay open for months. Its `status` is how bad it
         is, and 0 that it is over, which the history tells in the log alone. Titles ("Increased
         Error Rates") mean little without the service and the region, which stand in front.
         Regions are those of ARNs.
Options: history: the address of the history, when it is not the bucket in us-west-2; "" for none.
"""

import codecs
import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from urllib.parse import quote

import msgspec

from generator.errors import SourceFault
from generator.model import EndBasis, Fault, Impact, Incident, Phase, Update, Vendor, oldest_first
from generator.providers._feeds import plain_title
from generator.providers._keys import timed_key
from generator.reading import Batch, Get, Reading, Reply
from generator.times import parse_epoch

OPTIONS = ("history",)
PHASES: dict[str, Phase] = {"0": "resolved", "1": "update", "2": "update", "3": "update"}
IMPACTS: dict[str, Impact] = {"1": "none", "2": "minor", "3": "critical"}
OVER = "0"
HISTORY = "https://history-events-us-west-2-prod.s3.amazonaws.com/historyevents.json"
# The dashboard's own page, below the address that its data are beside.
DASHBOARD = "/health/status"
BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
Number = int | str


class WirePost(msgspec.Struct):
    timestamp: Number
    message: str | None = None
    status: Number | None = None


class WireService(msgspec.Struct):
    service_name: str


class WireEvent(msgspec.Struct):
    arn: str
    date: Number
    summary: str
    status: Number | None = None
    region_name: str | None = None
    service_name: str | None = None
    event_log: list[WirePost] | None = None
    impacted_services: dict[str, WireService] | None = None


class WireCurrent(msgspec.Struct):
    """The list as it once was, in an envelope."""

    current: list[msgspec.Raw]


def recent(vendor: Vendor, watch: frozenset[str]) -> Reading:
    """What goes on, and the year before."""
    asked = [Get(f"{_root(vendor)}/public/currentevents")]
    past = vendor.options.get("history", HISTORY)
    # The bucket does not let anybody know what is not in it: it answers 403.
    replies = yield [*asked, Get(past, optional=True, absent=(403,))] if past else asked
    current = _decoded(replies[0])
    enveloped = current.body.lstrip().startswith(b"{")
    rows = current.json(WireCurrent).current if enveloped else current.json(list[msgspec.Raw])
    found = _events(current, rows, vendor)
    if past and not replies[1].absent:
        found = _past(replies[1], vendor) | found
    elif past:
        reason = f"there is no history at {past}: the option `history` may name another address"
        current.faults.append(Fault("gone", reason))
    return Batch(tuple(found.values()), lists_open=frozenset({"incident"}))


def history(vendor: Vendor, cursor: str | None) -> Reading:
    """The year, in one step."""
    past = vendor.options.get("history", HISTORY)
    if not past:
        return Batch()
    (reply,) = yield [Get(past)]
    found = tuple(_past(reply, vendor).values())
    since = min((incident.started_at for incident in found), default=None)
    return Batch(found, complete_since=since)


def _root(vendor: Vendor) -> str:
    return vendor.status_page.rstrip("/").removesuffix(DASHBOARD)


def _past(reply: Reply, vendor: Vendor) -> dict[str, Incident]:
    """The events of the history, which has them by service: one can stand under several."""
    decoded = _decoded(reply)
    services = decoded.json(dict[str, list[msgspec.Raw]])
    found = _events(decoded, (row for rows in services.values() for row in rows), vendor)
    # What is in the past and does not say when it ended is not open either.
    return {
        key: replace(incident, end_basis=incident.end_basis or "unstated")
        for key, incident in found.items()
    }


def _events(reply: Reply, rows: Iterable[msgspec.Raw], vendor: Vendor) -> dict[str, Incident]:
    found = reply.records(rows, WireEvent, lambda wire: _incident(wire, _root(vendor)))
    return {incident.key: incident for incident in found}


def _decoded(reply: Reply) -> Reply:
    """The reply in UTF-8, and its faults where they were."""
    body = reply.body
    if body.startswith((codecs.BOM_UTF16_BE, codecs.BOM_UTF16_LE)):
        encoding = "utf-16"
    elif b"\0" in body[:2]:
        encoding = "utf-16-be" if body.startswith(b"\0") else "utf-16-le"
    else:
        return replace(reply, body=body.removeprefix(codecs.BOM_UTF8))
    try:
        return replace(reply, body=body.decode(encoding).encode())
    except UnicodeError as error:
        raise SourceFault("unparseable", f"{reply.url} is not whole UTF-16: {error}") from None


def _incident(wire: WireEvent, root: str) -> Incident:
    updates = _updates(wire.event_log or ())
    ended_at, basis = _end(wire, updates)
    peak = _peak(wire)
    region = wire.arn.split(":")[3] if wire.arn.count(":") > 3 else ""
    services = [service.service_name for service in (wire.impacted_services or {}).values()]
    if not services and wire.service_name:
        services = [wire.service_name]
    return Incident(
        key=wire.arn,
        title=_title(wire),
        kind="incident",
        impact=IMPACTS.get(peak or "", "unknown"),
        impact_raw=peak,
        url=f"{root}{DASHBOARD}?eventID={quote(wire.arn, safe=':/')}",
        started_at=parse_epoch(wire.date),
        ended_at=ended_at,
        end_basis=basis,
        # A mapping has no order that a vendor could mean by it.
        components=tuple(sorted(set(services))),
        regions=(region,) if region and region != "global" else (),
        updates=updates,
    )


def _title(wire: WireEvent) -> str:
    """`Multiple services (UAE): Increased Error Rates`, as the dashboard heads an event."""
    place = wire.region_name or ""
    where = wire.service_name or ""
    if place and f"({place})" not in where:
        where = f"{where} ({place})" if where else place
    what = plain_title(wire.summary)
    return f"{where}: {what}" if where else what


def _updates(rows: Iterable[WirePost]) -> tuple[Update, ...]:
    updates: list[Update] = []
    for row in rows:
        at = parse_epoch(row.timestamp)
        word = None if row.status is None else str(row.status)
        updates.append(
            Update(
                key=timed_key(at, updates),
                at=at,
                phase=PHASES.get(word or "", "unknown"),
                phase_raw=word,
                body=BREAK.sub("\n", row.message or ""),
            )
        )
    return oldest_first(updates)


def _peak(wire: WireEvent) -> str | None:
    """How bad it was at its worst. A number that we do not know is worse than any we do."""
    stated = [wire.status, *(row.status for row in wire.event_log or ())]
    words = [str(status) for status in stated if status is not None and str(status) != OVER]
    order = list(IMPACTS)
    return max(words, key=lambda w: order.index(w) if w in order else len(order), default=None)


def _end(wire: WireEvent, updates: tuple[Update, ...]) -> tuple[datetime | None, EndBasis | None]:
    """The first post of those that end the log with a 0."""
    end: Update | None = None
    for update in reversed(updates):
        if update.phase != "resolved":
            break
        end = update
    if end is not None:
        return end.at, "resolving_update"
    if str(wire.status) != OVER:
        return None, None
    return (updates[-1].at if updates else parse_epoch(wire.date)), "last_update"
