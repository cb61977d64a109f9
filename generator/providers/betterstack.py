"""Better Stack (Better Uptime) status pages.

Seen at: status.huggingface.co and pages below betteruptime.com
History: none as data: index.json has the newest reports, feed.rss somewhat more posts.
Quirks:  JSON:API: reports name their updates and resources, which stand beside them. A report
         that people wrote keeps a null `ends_at` when it is over: `aggregate_state` tells. That
         of a maintenance has it from the start, as the plan. Posts have no phase; what they
         affect says how bad it was, and "resolved" in the end. A report that left the list open
         is looked up in the feed, whose items are posts under ids of their own: of them only the
         last is taken. Every unknown path answers 200 with a web page.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Literal

import msgspec

from generator.model import Impact, Incident, Kind, Phase, Update, Vendor, oldest_first
from generator.providers._betterstack_feed import ends_of
from generator.providers._rules import end_of, listed_since
from generator.reading import UNDECODED, Batch, Get, Reading, Reply
from generator.times import parse_iso

# What is affected, from the mildest to the worst.
IMPACTS: dict[str, Impact] = {
    "operational": "none",
    "maintenance": "none",
    "degraded": "minor",
    "downtime": "critical",
}
# Words of a resource that say nothing of how bad it was.
SILENT = ("resolved", "not_monitored")


class WireAffected(msgspec.Struct):
    status_page_resource_id: str | int
    status: str | None = None


class WireUpdate(msgspec.Struct):
    message: str | None = None
    published_at: str | None = None
    affected_resources: list[WireAffected] | None = None


class WireUpdateRow(msgspec.Struct):
    attributes: WireUpdate


class WireReport(msgspec.Struct):
    title: str
    starts_at: str
    aggregate_state: str | None = None
    report_type: str | None = None
    ends_at: str | None = None
    affected_resources: list[WireAffected] | None = None


class WireRef(msgspec.Struct):
    id: str


class WireRefs(msgspec.Struct):
    data: list[WireRef] | None = None


class WireRelated(msgspec.Struct):
    status_updates: WireRefs | None = None


class WireReportRow(msgspec.Struct):
    id: str
    attributes: WireReport
    relationships: WireRelated | None = None


class WireResource(msgspec.Struct):
    public_name: str


class WireResourceRow(msgspec.Struct):
    attributes: WireResource


class WireRow(msgspec.Struct):
    type: str
    id: str


class WirePage(msgspec.Struct):
    type: Literal["status_page"]


class WireIndex(msgspec.Struct):
    data: WirePage
    included: list[msgspec.Raw] | None = None


Rows = dict[str, msgspec.Raw]


def recent(vendor: Vendor, watch: frozenset[str]) -> Reading:
    """The newest reports, and the end of what is watched and no longer among them."""
    (reply,) = yield [Get("index.json")]
    rows = _by_type(reply)
    reports, updates = rows.get("status_report", {}), rows.get("status_update", {})
    names = _names(rows.get("status_page_resource", {}), reply)
    page = vendor.status_page.rstrip("/")
    found = reply.records(
        reports.values(), WireReportRow, lambda wire: _incident(wire, page, updates, names)
    )
    since = listed_since(incident for incident in found if incident.kind == "incident")
    ends: list[Incident] = []
    missing = watch - reports.keys()
    if missing:
        (feed,) = yield [Get("feed.rss", optional=True)]
        ends = ends_of(feed, missing)
    return Batch(
        incidents=(*found, *ends),
        listed_since={"incident": since} if since else {},
        partial=frozenset(incident.key for incident in ends),
    )


def _by_type(reply: Reply) -> dict[str, Rows]:
    """What is included in the document: by type, then by id."""
    rows: dict[str, Rows] = {}
    for number, raw in enumerate(reply.json(WireIndex).included or (), start=1):
        try:
            row = msgspec.json.decode(raw, type=WireRow)
        except UNDECODED as error:
            reply.skip(f"inclusion {number}", error)
        else:
            rows.setdefault(row.type, {})[row.id] = raw
    return rows


def _names(rows: Rows, reply: Reply) -> dict[str, str]:
    """The names of resources by id."""
    names = {}
    for key, raw in rows.items():
        try:
            names[key] = msgspec.json.decode(raw, type=WireResourceRow).attributes.public_name
        except UNDECODED as error:
            reply.skip(f"resource {key}", error)
    return names


def _incident(row: WireReportRow, page: str, updates: Rows, names: Mapping[str, str]) -> Incident:
    """A report with all of its updates; ValueError when one of them cannot be read."""
    wire = row.attributes
    refs = row.relationships and row.relationships.status_updates
    posts = {
        ref.id: msgspec.json.decode(updates[ref.id], type=WireUpdateRow).attributes
        for ref in (refs.data if refs else None) or ()
        if ref.id in updates
    }
    kind: Kind = "maintenance" if wire.report_type == "maintenance" else "incident"
    now = wire.affected_resources or []
    ever = [*now, *(item for post in posts.values() for item in post.affected_resources or ())]
    worst = _worst(item.status for item in ever)
    incident = Incident(
        key=row.id,
        title=wire.title,
        kind=kind,
        impact=IMPACTS.get(worst or "", "unknown"),
        impact_raw=worst,
        url=f"{page}/incident/{row.id}",
        started_at=parse_iso(wire.starts_at),
        scheduled_until=(
            parse_iso(wire.ends_at) if wire.ends_at and kind == "maintenance" else None
        ),
        components=_components(now or ever, names),
        updates=oldest_first(_update(key, post, kind) for key, post in posts.items()),
    )
    return _ended(incident, wire) if wire.aggregate_state == "resolved" else incident


def _components(affected: Iterable[WireAffected], names: Mapping[str, str]) -> tuple[str, ...]:
    keys = (str(item.status_page_resource_id) for item in affected)
    return tuple(dict.fromkeys(names[key] for key in keys if key in names))


def _ended(incident: Incident, wire: WireReport) -> Incident:
    """The incident, over: by the post that resolved it, by `ends_at`, or by its last word."""
    ended_at, basis = end_of(incident.updates, incident.started_at)
    if basis == "last_update" and wire.ends_at:
        ended_at, basis = parse_iso(wire.ends_at), "end_field"
    return replace(incident, ended_at=ended_at, end_basis=basis)


def _update(key: str, wire: WireUpdate, kind: Kind) -> Update:
    if wire.published_at is None:
        raise ValueError(f"update {key} has no time")
    phase, word = _phase(wire, kind)
    return Update(
        key=key,
        at=parse_iso(wire.published_at),
        phase=phase,
        phase_raw=word,
        body=wire.message or "",
        body_format="markdown",
    )


def _phase(wire: WireUpdate, kind: Kind) -> tuple[Phase, str | None]:
    """A post resolves when all that it affects is resolved; else it is an update."""
    words = [item.status for item in wire.affected_resources or () if item.status]
    if words and all(word == "resolved" for word in words):
        return "completed" if kind == "maintenance" else "resolved", "resolved"
    worst = _worst(words)
    known = worst is None or worst in IMPACTS
    return "update" if known else "unknown", worst


def _worst(words: Iterable[str | None]) -> str | None:
    """The worst word; one that we do not know only if there is none that we know."""
    said = [word for word in words if word and word not in SILENT]
    known = [word for word in said if word in IMPACTS]
    order = list(IMPACTS)
    return max(known, key=order.index) if known else next(iter(said), None)
