"""Slack status, API v2.

Seen at: slack-status.com
History: none beyond the list of some 50: its `page` is ignored.
Quirks:  Notes are newest or oldest first, HTML or plain, and have neither id nor state, so an end
         is known by the last note alone; a note that calls itself "Issue Summary" comes days
         after it. How bad it is stands in `type`. Maintenance has no window but in its notes.
         Times carry the offset of the US Pacific coast. The list is in the order of the last note.
"""

import re
from collections.abc import Sequence
from datetime import datetime

import msgspec

from generator.model import EndBasis, Impact, Incident, Update, Vendor, oldest_first
from generator.providers._keys import timed_key
from generator.providers._rules import listed_since
from generator.reading import Batch, Get, Reading
from generator.times import parse_iso

IMPACTS: dict[str, Impact] = {
    "notice": "none",
    "incident": "minor",
    "outage": "critical",
    "maintenance": "none",
}
ONGOING = ("active", "scheduled")
OVER = ("resolved", "completed", "cancelled")
PLANNED = ("scheduled", "completed", "cancelled")
TAGS = re.compile(r"</?[a-z][^>]*>|&#?\w+;", re.IGNORECASE)
SUMMARY = re.compile(r"\W*((?:issue|incident) summary)\b", re.IGNORECASE)


class WireNote(msgspec.Struct):
    date_created: str
    body: str | None = None


class WireIncident(msgspec.Struct):
    id: int | str
    title: str
    date_created: str
    status: str
    date_updated: str | None = None
    type: str | None = None
    url: str | None = None
    services: list[str] | None = None
    notes: list[WireNote] | None = None


class WireCurrent(msgspec.Struct):
    status: str
    active_incidents: list[msgspec.Raw]


def recent(vendor: Vendor, watch: frozenset[str]) -> Reading:
    """What goes on, then what is over, so that nothing which ends meanwhile is missed."""
    current, past = yield [Get("api/v2.0.0/current"), Get("api/v2.0.0/history")]
    rows = current.json(WireCurrent).active_incidents
    active = current.records(rows, WireIncident, _incident)
    listed = past.records(past.json(list[msgspec.Raw]), WireIncident, _incident)
    since = listed_since(listed)
    return Batch(
        incidents=tuple({incident.key: incident for incident in (*active, *listed)}.values()),
        listed_since={"incident": since} if since else {},
        lists_open=frozenset({"incident"}),
    )


def _incident(wire: WireIncident) -> Incident:
    updates = _updates(wire.notes or ())
    ended_at, basis = _end(wire, updates)
    planned = wire.type == "maintenance" or wire.status in PLANNED
    return Incident(
        key=str(wire.id),
        title=wire.title,
        kind="maintenance" if planned else "incident",
        impact=IMPACTS.get(wire.type or "", "unknown"),
        impact_raw=wire.type,
        url=wire.url,
        started_at=parse_iso(wire.date_created),
        ended_at=ended_at,
        end_basis=basis,
        components=tuple(dict.fromkeys(wire.services or ())),
        updates=updates,
    )


def _updates(notes: Sequence[WireNote]) -> tuple[Update, ...]:
    """Oldest first. Two of one second are told apart by their order."""
    times = [parse_iso(note.date_created) for note in notes]
    rows = list(zip(times, notes, strict=True))
    if times and times[0] > times[-1]:
        rows.reverse()
    updates: list[Update] = []
    for at, note in rows:
        body = note.body or ""
        summary = SUMMARY.match(TAGS.sub(" ", body))
        updates.append(
            Update(
                key=timed_key(at, updates),
                at=at,
                phase="postmortem" if summary else "update",
                phase_raw=summary[1] if summary else None,
                body=body,
                body_format="html" if TAGS.search(body) else "text",
            )
        )
    return oldest_first(updates)


def _end(
    wire: WireIncident, updates: tuple[Update, ...]
) -> tuple[datetime | None, EndBasis | None]:
    """Once it is over: its last note, but for a summary written afterwards."""
    if wire.status in ONGOING:
        return None, None
    if wire.status not in OVER:
        return None, "unstated"
    said = [update for update in updates if update.phase != "postmortem"] or updates
    last = said[-1].at if said else parse_iso(wire.date_updated or wire.date_created)
    return last, "last_update"
