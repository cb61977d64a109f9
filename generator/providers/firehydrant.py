"""FireHydrant status pages: the one file that draws them.

Seen at: status.redis.io, status.firehydrant.com
History: complete: `data/payload.json` holds every incident, about 950 at Redis.
Quirks:  Severities can be named by each company; UNSET is the default, and says no impact. Posts
         have no id: `time`, when one was written down, is its name, `occurredAt` what it shows.
         A note is a text or an object with a text, in Markdown; a post may be a milestone alone.
         Notes moved over from Statuspage begin with their phase, `**Resolved** — `. Maintenance
         is a severity, its planned end is not in the file. An incident has no address.
"""

import re
from collections.abc import Iterable

import msgspec

from generator.model import KINDS, Impact, Incident, Phase, Update, Vendor, oldest_first
from generator.providers._keys import timed_key
from generator.providers._rules import listed_since
from generator.reading import Batch, Get, Reading, Reply
from generator.times import parse_iso

PAYLOAD = "data/payload.json"
MAINTENANCE = "MAINTENANCE"
IMPACTS: dict[str, Impact] = {
    "UNSET": "none",
    "SEV5": "minor",
    "SEV4": "minor",
    "SEV3": "minor",
    "SEV2": "major",
    "SEV1": "critical",
    MAINTENANCE: "none",
}
# The milestones, and the words that notes from elsewhere begin with.
PHASES: dict[str, Phase] = {
    "started": "investigating",
    "detected": "investigating",
    "acknowledged": "investigating",
    "investigating": "investigating",
    "identified": "identified",
    "mitigated": "monitoring",
    "monitoring": "monitoring",
    "resolved": "resolved",
    "closed": "resolved",
    "postmortem_started": "postmortem",
    "postmortem_completed": "postmortem",
    "postmortem": "postmortem",
    "scheduled": "scheduled",
    "in progress": "in_progress",
    "completed": "completed",
    "update": "update",
}
# `➡️ **Resolved** — text` and `Resolved - text`.
OPENING = re.compile(r"^\W*([A-Za-z][A-Za-z ]*?)\W*[ *][—–-] ")


class WireNote(msgspec.Struct):
    note: str | None = None


class WireMilestone(msgspec.Struct, rename="camel"):
    current_milestone: str | None = None


class WireDetails(msgspec.Struct, rename="camel"):
    note: str | WireNote | None = None
    milestone_update: WireMilestone | None = None


class WireEvent(msgspec.Struct, rename="camel"):
    time: str | None = None
    occurred_at: str | None = None
    details: WireDetails | None = None


class WireTimes(msgspec.Struct):
    started: str | None = None
    detected: str | None = None
    resolved: str | None = None


class WireComponent(msgspec.Struct):
    name: str


class WireIncident(msgspec.Struct, rename="camel"):
    id: str
    title: str
    timestamps: WireTimes
    severity_slug: str | None = None
    timeline: list[WireEvent] | None = None
    components: list[WireComponent] | None = None
    component_conditions: dict[str, str] | None = None


class WirePayload(msgspec.Struct):
    components: list[WireComponent]
    incidents: list[msgspec.Raw]


def recent(vendor: Vendor, watch: frozenset[str]) -> Reading:
    """Every incident of the file."""
    (reply,) = yield [Get(PAYLOAD)]
    found = _incidents(reply)
    # Should the file ever be cut, it is cut by one of the times of its oldest incident.
    since = listed_since(found)
    return Batch(tuple(found), dict.fromkeys(KINDS, since) if since else {})


def history(vendor: Vendor, cursor: str | None) -> Reading:
    """The same file: there is no more."""
    (reply,) = yield [Get(PAYLOAD)]
    found = _incidents(reply)
    oldest = min((incident.started_at for incident in found), default=None)
    return Batch(tuple(found), complete_since=oldest)


def _incidents(reply: Reply) -> list[Incident]:
    return reply.records(reply.json(WirePayload).incidents, WireIncident, _incident)


def _incident(wire: WireIncident) -> Incident:
    updates = _updates(wire.timeline or ())
    stated = wire.timestamps.started or wire.timestamps.detected
    if not stated and not updates:
        raise ValueError(f"incident {wire.id} has no time")
    ended_at = parse_iso(wire.timestamps.resolved) if wire.timestamps.resolved else None
    names = [part.name for part in wire.components or ()] or [*(wire.component_conditions or ())]
    return Incident(
        key=wire.id,
        title=wire.title,
        kind="maintenance" if wire.severity_slug == MAINTENANCE else "incident",
        impact=IMPACTS.get(wire.severity_slug or "", "unknown"),
        impact_raw=wire.severity_slug,
        started_at=parse_iso(stated) if stated else updates[0].at,
        ended_at=ended_at,
        end_basis="resolve_time" if ended_at else None,
        components=tuple(dict.fromkeys(names)),
        updates=updates,
    )


def _updates(timeline: Iterable[WireEvent]) -> tuple[Update, ...]:
    """What has a text or a milestone, oldest first."""
    updates: list[Update] = []
    for event in reversed([*timeline]):
        text, milestone = _said(event)
        written_at = event.time or event.occurred_at
        if written_at is None or not (text or milestone):
            continue
        word = milestone or _opening(text)
        updates.append(
            Update(
                key=timed_key(parse_iso(written_at), updates),
                at=parse_iso(event.occurred_at or written_at),
                phase=PHASES.get(word.lower(), "unknown") if word else "update",
                phase_raw=word,
                body=text,
                body_format="markdown",
            )
        )
    return oldest_first(updates)


def _said(event: WireEvent) -> tuple[str, str | None]:
    """The text of a post and the milestone it reaches."""
    details = event.details or WireDetails()
    note = details.note.note if isinstance(details.note, WireNote) else details.note
    step = details.milestone_update
    return (note or "").strip(), step.current_milestone if step else None


def _opening(text: str) -> str | None:
    """The phase that a note begins with; any other opening is no phase."""
    found = OPENING.match(text)
    return found[1] if found and found[1].lower() in PHASES else None
