"""Google's service dashboards: Cloud, Workspace, Firebase, Play, Ads, Search, Trust Services.

Seen at: status.cloud.google.com, www.google.com/appsstatus/dashboard, status.firebase.google.com
History: none beyond the list, a rolling window: read it often.
Quirks:  `end` is missing while an incident is open. An update has no id: it is known by when it
         was created. `service_name` says "Multiple Products", so `affected_products` counts.
         Escaped Markdown (`\\#`) stands in some texts. `uri` is relative to the dashboard.
         Workspace's title stands below a heading, `**Title:**`, and may come with the last update
         alone.
"""

import re
from datetime import datetime

import msgspec

from generator.model import Impact, Incident, Kind, Phase, Update, Vendor, oldest_first
from generator.providers._keys import timed_key
from generator.reading import Batch, Get, Reading
from generator.times import parse_iso

# By status_impact and severity: a disruption is as bad as its severity says.
IMPACTS: dict[tuple[str, str | None], Impact] = {
    ("SERVICE_INFORMATION", None): "none",
    ("SERVICE_DISRUPTION", "low"): "minor",
    ("SERVICE_DISRUPTION", "medium"): "minor",
    ("SERVICE_DISRUPTION", "high"): "major",
    ("SERVICE_OUTAGE", None): "critical",
}
PHASES: dict[str, Phase] = {
    "SERVICE_INFORMATION": "update",
    "SERVICE_DISRUPTION": "update",
    "SERVICE_OUTAGE": "update",
    "AVAILABLE": "resolved",
}
HEADING = re.compile(r"^\s*\*\*Title:?\*\*:?", re.IGNORECASE)


class WireNamed(msgspec.Struct):
    title: str
    id: str | None = None


class WireUpdate(msgspec.Struct):
    text: str
    when: str
    created: str | None = None
    status: str | None = None
    affected_locations: list[WireNamed] | None = None


class WireIncident(msgspec.Struct):
    id: str
    begin: str
    external_desc: str | None = None
    created: str | None = None
    modified: str | None = None
    end: str | None = None
    updates: list[WireUpdate] | None = None
    most_recent_update: WireUpdate | None = None
    status_impact: str | None = None
    severity: str | None = None
    service_name: str | None = None
    affected_products: list[WireNamed] | None = None
    uri: str | None = None
    currently_affected_locations: list[WireNamed] | None = None
    previously_affected_locations: list[WireNamed] | None = None


def recent(vendor: Vendor, watch: frozenset[str]) -> Reading:
    """Every incident of the dashboard's window."""
    (reply,) = yield [Get("incidents.json")]
    latest: list[datetime] = []
    partial: set[str] = set()

    def convert(wire: WireIncident) -> Incident:
        incident = _incident(wire, vendor.status_page)
        if not wire.updates:
            partial.add(wire.id)
        stated = [parse_iso(at) for at in (wire.begin, wire.end, wire.modified) if at]
        latest.append(max(stated))
        return incident

    rows = reply.json(list[msgspec.Raw])
    found = reply.records(rows, WireIncident, convert)
    # The window may be cut by begin, end or change: nothing newer than the oldest item's last
    # sign of life can have slid out of it.
    since = min(latest, default=None)
    listed: dict[Kind, datetime] = {"incident": since} if since else {}
    return Batch(tuple(found), listed, partial=frozenset(partial))


def _incident(wire: WireIncident, page: str) -> Incident:
    rows = wire.updates or ([wire.most_recent_update] if wire.most_recent_update else [])
    ended_at = parse_iso(wire.end) if wire.end else None
    return Incident(
        key=wire.id,
        title=_title(wire.external_desc or "") or wire.service_name or wire.id,
        kind="incident",
        impact=_impact(wire),
        impact_raw="/".join(filter(None, (wire.status_impact, wire.severity))) or None,
        url=f"{page.rstrip('/')}/{wire.uri.lstrip('/')}" if wire.uri else None,
        started_at=parse_iso(wire.begin),
        ended_at=ended_at,
        end_basis="end_field" if ended_at else None,
        components=_components(wire),
        regions=_regions(wire),
        updates=_updates(rows),
    )


def _title(text: str) -> str:
    """The first line that is not the heading of the title."""
    lines = (" ".join(line.split()) for line in HEADING.sub("", text).splitlines())
    return next(filter(None, lines), "")


def _impact(wire: WireIncident) -> Impact:
    word = wire.status_impact or ""
    exact = IMPACTS.get((word, wire.severity))
    return exact or IMPACTS.get((word, None), "unknown")


def _updates(rows: list[WireUpdate]) -> tuple[Update, ...]:
    """Oldest first. Two of one second are told apart by their place."""
    updates: list[Update] = []
    for row in reversed(rows):
        updates.append(
            Update(
                key=timed_key(parse_iso(row.created or row.when), updates),
                at=parse_iso(row.when),
                phase=PHASES.get(row.status or "", "unknown"),
                phase_raw=row.status,
                body=row.text,
                body_format="markdown",
            )
        )
    return oldest_first(updates)


def _components(wire: WireIncident) -> tuple[str, ...]:
    products = [product.title for product in wire.affected_products or ()]
    if not products and wire.service_name:
        products = [wire.service_name]
    return tuple(dict.fromkeys(products))


def _regions(wire: WireIncident) -> tuple[str, ...]:
    """Every place the incident has reached, by its short id where there is one.

    Sorted, for a place goes from one list to the other when it has recovered.
    """
    places = [
        *(wire.previously_affected_locations or ()),
        *(wire.currently_affected_locations or ()),
    ]
    return tuple(sorted({place.id or place.title for place in places}))
