"""Heroku status, API v4.

Seen at: status.heroku.com
History: complete: the long list, then below it one by one: ids are consecutive integers.
Quirks:  `state` is true where `resolved`, `resolved_at` and `duration` are not; records of the
         old API have only `resolved`. Updates are newest first. How bad it is stands only in the
         colours of `systems`; green, which also follows an end, says nothing. Maintenance states
         its window in prose and stays "upcoming" for months after it is done: it begins when it
         is announced and its end is unstated until `state` changes.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec

from generator.errors import SourceFault
from generator.model import EndBasis, Impact, Incident, Phase, Update, Vendor, oldest_first
from generator.providers._keys import timed_key
from generator.reading import Batch, Get, Reading, Reply
from generator.times import parse_iso, read, text_of

PHASES: dict[str, Phase] = {
    "issue": "investigating",
    "investigating": "investigating",
    "identified": "identified",
    "update": "update",
    "monitoring": "monitoring",
    "resolved": "resolved",
    "scheduled": "scheduled",
    "completed": "completed",
}
# From the mildest to the worst; an incident is as bad as its worst system.
COLOURS: dict[str, Impact] = {"blue": "none", "yellow": "minor", "red": "major"}
SILENT = "green"
OVER = ("resolved", "completed")
PLANNED = ("upcoming", "scheduled", "completed")

NEWEST = "50"
LONGEST = "1000"
# One step of the history reads this many incidents; so many ids that lead nowhere are its end.
STEP = 25
NOWHERE = 200


class WireSystem(msgspec.Struct):
    name: str
    status: str | None = None


class WireUpdate(msgspec.Struct):
    created_at: str
    id: int | None = None
    contents: str | None = None
    update_type: str | None = None


class WireIncident(msgspec.Struct):
    id: int
    title: str
    created_at: str
    state: str | None = None
    resolved: bool | None = None
    updated_at: str | None = None
    resolved_at: str | None = None
    full_url: str | None = None
    updates: list[WireUpdate] | None = None
    systems: list[WireSystem] | None = None
    tags: list[str] | None = None


class WireCurrent(msgspec.Struct):
    """current-status: `status` is its anchor."""

    status: list[msgspec.Raw]
    incidents: list[msgspec.Raw] | None = None
    scheduled: list[msgspec.Raw] | None = None


def recent(vendor: Vendor, watch: frozenset[str]) -> Reading:
    """The newest 50, what is announced, and what is watched beyond them."""
    newest, current = yield [
        Get("api/v4/incidents", limit=NEWEST),
        Get("api/v4/current-status"),
    ]
    listed = newest.records(newest.json(list[msgspec.Raw]), WireIncident, _incident)
    now = current.json(WireCurrent)
    rows = [*(now.incidents or ()), *(now.scheduled or ())]
    found = {incident.key: incident for incident in current.records(rows, WireIncident, _incident)}
    found |= {incident.key: incident for incident in listed}
    missing = sorted(watch - found.keys())
    if missing:
        alone = yield [Get(f"api/v4/incidents/{key}", optional=True) for key in missing]
        found |= {incident.key: incident for incident in _each(alone)}
    since = min((incident.started_at for incident in listed), default=None)
    return Batch(
        tuple(found.values()),
        listed_since={"incident": since} if since else {},
        lists_open=frozenset() if now.incidents is None else frozenset({"incident"}),
    )


def history(vendor: Vendor, cursor: str | None) -> Reading:
    """The long list, then the next incidents below it. Cursor: id, ids in vain, oldest start."""
    if cursor is None:
        (reply,) = yield [Get("api/v4/incidents", limit=LONGEST)]
        listed = reply.records(reply.json(list[msgspec.Raw]), WireIncident, _incident)
        if not listed:
            reason = f"{reply.url} lists nothing, so that no id is known to go back from"
            raise SourceFault("not what it says", reason)
        return _step(listed, min(int(one.key) for one in listed) - 1, 0, None)
    number, vain, oldest = cursor.split()
    last = max(int(number) - STEP, 0)
    replies = yield [
        Get(f"api/v4/incidents/{key}", optional=True) for key in range(int(number), last, -1)
    ]
    in_vain = int(vain)
    for reply in replies:
        in_vain = in_vain + 1 if reply.absent else 0
    return _step(list(_each(replies)), last, in_vain, read(oldest))


def _step(found: list[Incident], number: int, vain: int, oldest: datetime | None) -> Batch:
    """What a step of the history found, and where the next begins, unless this was the last."""
    starts = [incident.started_at for incident in found]
    begun = min([*starts, oldest] if oldest else starts, default=None)
    if begun is None or number < 1 or vain >= NOWHERE:
        return Batch(tuple(found), complete_since=begun)
    return Batch(tuple(found), cursor=f"{number} {vain} {text_of(begun)}")


def _each(replies: Iterable[Reply]) -> Iterable[Incident]:
    """The incident of each reply; an id that leads nowhere is left out."""
    for reply in replies:
        if not reply.absent:
            yield from reply.records([reply.json(msgspec.Raw)], WireIncident, _incident)


def _incident(wire: WireIncident) -> Incident:
    updates = _updates(wire.updates or ())
    planned = wire.state in PLANNED or any(update.phase == "scheduled" for update in updates)
    ended_at, basis = _end(wire, updates)
    if planned and basis is None:
        basis = "unstated"
    impact, word = _impact(wire.systems or ())
    return Incident(
        key=str(wire.id),
        title=wire.title,
        kind="maintenance" if planned else "incident",
        impact=impact,
        impact_raw=word,
        url=wire.full_url,
        started_at=parse_iso(wire.created_at),
        ended_at=ended_at,
        end_basis=basis,
        components=tuple(dict.fromkeys(system.name for system in wire.systems or ())),
        regions=tuple(dict.fromkeys(wire.tags or ())),
        updates=updates,
    )


def _updates(rows: Sequence[WireUpdate]) -> tuple[Update, ...]:
    updates: list[Update] = []
    for row in reversed(rows):
        at = parse_iso(row.created_at)
        updates.append(
            Update(
                key=timed_key(at, updates) if row.id is None else str(row.id),
                at=at,
                phase=PHASES.get(row.update_type or "", "unknown"),
                phase_raw=row.update_type,
                body=row.contents or "",
                body_format="markdown",
            )
        )
    return oldest_first(updates)


def _impact(systems: Iterable[WireSystem]) -> tuple[Impact, str | None]:
    """The worst colour. One that we do not know is worse than any we do."""
    words = [system.status for system in systems if system.status and system.status != SILENT]
    order = list(COLOURS)
    worst = max(words, key=lambda w: order.index(w) if w in order else len(order), default=None)
    return COLOURS.get(worst or "", "unknown"), worst


def _end(
    wire: WireIncident, updates: tuple[Update, ...]
) -> tuple[datetime | None, EndBasis | None]:
    """The resolve time, which is mostly missing; else the update that resolved it."""
    if wire.state not in OVER and not (wire.state is None and wire.resolved):
        return None, None
    if wire.resolved_at:
        return parse_iso(wire.resolved_at), "resolve_time"
    end: Update | None = None
    for update in reversed(updates):
        if update.phase in ("resolved", "completed"):
            end = update
        elif end is not None:
            break
    if end is not None:
        return end.at, "resolving_update"
    last = updates[-1].at if updates else parse_iso(wire.updated_at or wire.created_at)
    return last, "last_update"
