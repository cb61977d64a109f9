"""incident.io's own records: an incident with its posts and what its components suffered."""

from collections.abc import Iterable, Mapping
from datetime import datetime

import msgspec

from generator.model import (
    ENDING,
    EndBasis,
    Impact,
    Incident,
    Kind,
    Phase,
    Update,
    oldest_first,
)
from generator.providers._keys import timed_key
from generator.providers._rules import end_of
from generator.times import parse_iso

PHASES: dict[str, Phase] = {
    "investigating": "investigating",
    "identified": "identified",
    "monitoring": "monitoring",
    "resolved": "resolved",
    "maintenance_scheduled": "scheduled",
    "maintenance_in_progress": "in_progress",
    "maintenance_complete": "completed",
}
# What a component suffers, from the mildest to the worst.
IMPACTS: dict[str, Impact] = {
    "operational": "none",
    "under_maintenance": "none",
    "degraded_performance": "minor",
    "partial_outage": "major",
    "full_outage": "critical",
}


class WireImpact(msgspec.Struct):
    component_id: str
    start_at: str
    end_at: str | None = None
    status: str | None = None


class WireSpan(msgspec.Struct):
    worst_component_status: str | None = None


class WireMessage(msgspec.Struct):
    markdown: str | None = None


class WireUpdate(msgspec.Struct):
    published_at: str
    id: str | None = None
    to_status: str | None = None
    message: WireMessage | None = None
    message_string: str | None = None


class WireAffected(msgspec.Struct):
    component_id: str
    status: str | None = None


class WireIncident(msgspec.Struct):
    id: str
    name: str
    status: str
    published_at: str
    type: str | None = None
    affected_components: list[WireAffected] | None = None
    component_impacts: list[WireImpact] | None = None
    status_summaries: list[WireSpan] | None = None
    updates: list[WireUpdate] | None = None


def incident(wire: WireIncident, page: str, names: Mapping[str, str]) -> Incident:
    """The incident of a page; `names`: its components by id."""
    updates: list[Update] = []
    for row in wire.updates or ():
        updates.append(_update(row, updates))
    posts = oldest_first(updates)
    suffered = wire.component_impacts or []
    is_planned = wire.type == "maintenance" or wire.status.startswith("maintenance")
    kind: Kind = "maintenance" if is_planned else "incident"
    worst = _worst(wire)
    ended_at, basis = _end(wire, posts)
    ends = [parse_iso(one.end_at) for one in suffered if one.end_at]
    keys = [one.component_id for one in [*(wire.affected_components or ()), *suffered]]
    return Incident(
        key=wire.id,
        title=wire.name,
        kind=kind,
        impact=IMPACTS.get(worst or "", "unknown"),
        impact_raw=worst,
        url=f"{page}/incidents/{wire.id}",
        started_at=_start(wire, () if is_planned else posts),
        ended_at=ended_at,
        end_basis=basis,
        scheduled_until=max(ends, default=None) if is_planned else None,
        components=tuple(dict.fromkeys(names[key] for key in keys if key in names)),
        updates=posts,
    )


def _start(wire: WireIncident, posts: Iterable[Update]) -> datetime:
    """When the first component suffered, or the first post is dated, if that is earlier."""
    begun = [one.start_at for one in wire.component_impacts or ()] or [wire.published_at]
    return min((*map(parse_iso, begun), *(post.at for post in posts)))


def _update(wire: WireUpdate, before: Iterable[Update]) -> Update:
    at = parse_iso(wire.published_at)
    stated = wire.message.markdown if wire.message else None
    return Update(
        key=wire.id or timed_key(at, before),
        at=at,
        phase=PHASES.get(wire.to_status, "unknown") if wire.to_status else "update",
        phase_raw=wire.to_status,
        body=stated or wire.message_string or "",
        body_format="markdown",
    )


def _worst(wire: WireIncident) -> str | None:
    """The worst that a component suffered, by the most exact account there is of it."""
    accounts = (
        [one.status for one in wire.component_impacts or ()],
        [span.worst_component_status for span in wire.status_summaries or ()],
        [one.status for one in wire.affected_components or ()],
    )
    order = list(IMPACTS)
    words = next((said for each in accounts if (said := [word for word in each if word])), [])
    known = [word for word in words if word in IMPACTS]
    return max(known, key=order.index) if known else next(iter(words), None)


def _end(
    wire: WireIncident, updates: tuple[Update, ...]
) -> tuple[datetime | None, EndBasis | None]:
    """The update that ended it; without one, when the last component was well again."""
    if PHASES.get(wire.status) not in ENDING:
        return None, None
    ended_at, basis = end_of(updates, parse_iso(wire.published_at))
    ends = [parse_iso(one.end_at) for one in wire.component_impacts or () if one.end_at]
    if basis == "last_update" and ends:
        return max(ends), "end_field"
    return ended_at, basis
