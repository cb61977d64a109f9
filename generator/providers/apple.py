"""Apple's system status: one file of all services with their events.

Seen at: www.apple.com/support/systemstatus, developer.apple.com/system-status
History: none; what is resolved leaves the file after about a day, so a reading in time is all.
Quirks:  The file is JSON in a call, `jsonCallback({...});`, or without one. An event has no title,
         and stands below every service it affects under the same `messageId`. Its one message is
         rewritten in place: `datePosted` tells when. Until it is over, `endDate` is a plan.
Options: data: the address of the file, where it is not below the page (the developers' page).
"""

import re
from dataclasses import replace
from datetime import datetime

import msgspec

from generator.model import KINDS, EndBasis, Impact, Incident, Kind, Phase, Update, Vendor
from generator.reading import UNDECODED, Batch, Get, Reading, Reply
from generator.times import instant, parse_epoch, zone_named

OPTIONS = ("data",)
FILE = "data/system_status_en_US.js"
CALL = re.compile(rb"^\s*[\w.$]+\s*\((?P<json>.*)\)\s*;?\s*$", re.DOTALL)
IMPACTS: dict[str, Impact] = {
    "outage": "critical",
    "issue": "minor",
    "performance": "minor",
    "maintenance": "none",
}
PHASES: dict[str, Phase] = {
    "ongoing": "investigating",
    "resolved": "resolved",
    "upcoming": "scheduled",
    "completed": "completed",
}
OVER = ("resolved", "completed")
NAMED = 3


class WireEvent(msgspec.Struct, rename="camel"):
    message_id: str | int
    status_type: str
    message: str | None = None
    date_posted: str | None = None
    start_date: str | None = None
    end_date: str | None = None
    epoch_start_date: int | None = None
    epoch_end_date: int | None = None
    event_status: str | None = None


class WireService(msgspec.Struct, rename="camel"):
    service_name: str
    events: list[msgspec.Raw] | None = None


class WireFile(msgspec.Struct):
    services: list[WireService]


class Told(msgspec.Struct):
    """An event and the services below which it stands."""

    event: WireEvent
    services: list[str]


def recent(vendor: Vendor, watch: frozenset[str]) -> Reading:
    """Every event of the file: what goes on, what is ahead and what was over today."""
    (reply,) = yield [Get(vendor.options.get("data", FILE))]
    call = CALL.match(reply.body)
    # The same reply, so that what is skipped is noted on it.
    document = replace(reply, body=call["json"] if call else reply.body).json(WireFile)
    incidents = []
    for key, told in _told(document, reply).items():
        try:
            incidents.append(_incident(key, told))
        except ValueError as error:
            reply.skip(f"event {key}", error)
    # A file of no services is not one in which nothing goes on.
    return Batch(tuple(incidents), lists_open=frozenset(KINDS if document.services else ()))


def _told(document: WireFile, reply: Reply) -> dict[str, Told]:
    """The events by their id."""
    events: dict[str, Told] = {}
    for service in document.services:
        for number, row in enumerate(service.events or (), start=1):
            try:
                event = msgspec.json.decode(row, type=WireEvent)
            except UNDECODED as error:
                reply.skip(f"event {number} of {service.service_name}", error)
                continue
            told = events.setdefault(str(event.message_id), Told(event, []))
            if service.service_name not in told.services:
                told.services.append(service.service_name)
    return events


def _incident(key: str, told: Told) -> Incident:
    event, services = told.event, told.services
    kind: Kind = "maintenance" if event.status_type.lower() == "maintenance" else "incident"
    started_at = _time(event.epoch_start_date, event.start_date)
    if started_at is None:
        raise ValueError("it has no start")
    posted_at = _time(None, event.date_posted) or started_at
    end_date = _time(event.epoch_end_date, event.end_date)
    ended_at, basis = _end(event, end_date, posted_at)
    return Incident(
        key=key,
        title=_title(services, event.status_type),
        kind=kind,
        impact=IMPACTS.get(event.status_type.lower(), "unknown"),
        impact_raw=event.status_type,
        started_at=started_at,
        ended_at=ended_at,
        end_basis=basis,
        scheduled_until=end_date if kind == "maintenance" and ended_at is None else None,
        components=tuple(services),
        updates=(_update(event, kind, posted_at),),
    )


def _update(event: WireEvent, kind: Kind, at: datetime) -> Update:
    phase = PHASES.get((event.event_status or "").lower(), "unknown")
    if kind == "maintenance" and phase == "investigating":
        phase = "in_progress"
    return Update(
        key="message",
        at=at,
        phase=phase,
        phase_raw=event.event_status,
        body=event.message or "",
    )


def _end(
    event: WireEvent, end_date: datetime | None, posted_at: datetime
) -> tuple[datetime | None, EndBasis | None]:
    """The end date, once the event is over."""
    word = (event.event_status or "").lower()
    if word not in PHASES:
        return None, "unstated"
    if word not in OVER:
        return None, None
    return (end_date, "end_field") if end_date else (posted_at, "last_update")


def _title(services: list[str], word: str) -> str:
    """`App Store, Podcasts: Outage`."""
    more = len(services) - NAMED
    names = ", ".join(services[:NAMED]) + (f" and {more} more" if more > 0 else "")
    return f"{names}: {word}"


def _time(milliseconds: int | None, text: str | None) -> datetime | None:
    """The time, as milliseconds or as `07/13/2017 13:28 PDT`."""
    if milliseconds is not None:
        return parse_epoch(milliseconds / 1000)
    if not text:
        return None
    written, _, zone = text.strip().rpartition(" ")
    local = datetime.strptime(written, "%m/%d/%Y %H:%M")  # noqa: DTZ007 - its zone is the last word
    return instant(local.replace(tzinfo=zone_named(zone)))
