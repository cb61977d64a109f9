"""Rootly status pages: the public API of the page's own domain, and its feed.

Seen at: status.rootly.com, which lets no program in; pages on domains of their own
History: none beyond the feed.
Quirks:  The API lists what is active and forgets what is over: the feed tells the ends. An
         incident has no id but the end of its address, in the API and in the feed. An update
         has none at all: it is known by its time. The API writes text, the feed HTML: posts of
         the feed are taken as text. A page without a feed never tells an end.
"""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from html import unescape
from urllib.parse import urlsplit

import msgspec

from generator.model import (
    ENDING,
    EndBasis,
    Impact,
    Incident,
    Kind,
    Phase,
    Update,
    Vendor,
    oldest_first,
)
from generator.providers._feeds import (
    PLANNED,
    Entry,
    end_of,
    is_feed,
    parse,
    plain_title,
    whole_entry,
)
from generator.providers._keys import timed_key
from generator.providers._posts import updates_of
from generator.providers._rules import unless_listed, vouched_since
from generator.reading import Batch, Get, Reading, Reply
from generator.times import parse_iso, text_of

IMPACTS: dict[str, Impact] = {
    "none": "none",
    "minor": "minor",
    "major": "major",
    "critical": "critical",
    "maintenance": "none",
}
PHASES: dict[str, Phase] = {
    "investigating": "investigating",
    "identified": "identified",
    "monitoring": "monitoring",
    "resolved": "resolved",
    "scheduled": "scheduled",
    "in_progress": "in_progress",
    "verifying": "monitoring",
    "completed": "completed",
}
# What the incident itself can be, beside the phases of its updates.
OVER = ("resolved", "closed", "cancelled", "completed")
# As many as it lists at once.
MOST = "100"
BREAK = re.compile(r"<br\s*/?>|</p>\s*<p>", re.IGNORECASE)
TAGS = re.compile(r"<[^>]*>")


class WirePage(msgspec.Struct):
    name: str


class WireUpdate(msgspec.Struct):
    created_at: str
    body: str | None = None
    status: str | None = None


class WireIncident(msgspec.Struct):
    name: str
    url: str
    started_at: str
    status: str | None = None
    impact: str | None = None
    resolved_at: str | None = None
    incident_updates: list[WireUpdate] | None = None


class WireList(msgspec.Struct):
    page: WirePage
    incidents: list[msgspec.Raw]


def recent(vendor: Vendor, watch: frozenset[str]) -> Reading:
    """What is active, and from the feed what came of all else."""
    active, feed = yield [
        Get("api/v1/incidents.json", per_page=MOST),
        Get("atom", optional=True, always=True),
    ]
    rows = active.json(WireList).incidents
    found = active.records(rows, WireIncident, _incident)
    # Whether maintenance is active before it begins is not said.
    is_whole = len(rows) < int(MOST) and not active.faults
    open_kinds: frozenset[Kind] = frozenset({"incident"} if is_whole else ())
    if not is_feed(feed):
        (feed,) = yield [Get("rss", optional=True)]
    if not is_feed(feed):
        return Batch(tuple(found), lists_open=open_kinds)
    return _with_feed(found, feed, open_kinds)


def _with_feed(found: list[Incident], reply: Reply, open_kinds: frozenset[Kind]) -> Batch:
    """The active incidents, and those that only the feed still has."""
    feed = parse(reply)
    active = {incident.key for incident in found}
    incidents, partial = list(found), set()
    for entry in feed.entries:
        try:
            if _last_part(entry.link or entry.id) in active:
                continue
            posts = updates_of(entry)
            incident = _of_entry(entry, posts or (whole_entry(entry, text_of(entry.updated_at)),))
        except ValueError as error:
            reply.skip(f"entry {entry.title!r}", error)
            continue
        incidents.append(incident)
        if not posts:
            partial.add(incident.key)
    signs = [entry.updated_at for entry in feed.entries]
    since = vouched_since(incidents, signs, whole=feed.whole and not reply.faults)
    return Batch(
        incidents=tuple(unless_listed(incidents, active, open_kinds)),
        listed_since=since,
        lists_open=open_kinds,
        partial=frozenset(partial),
    )


def _incident(wire: WireIncident) -> Incident:
    key = _last_part(wire.url)
    if not key:
        raise ValueError(f"{wire.url!r} does not end with the id of an incident")
    updates = _updates(wire.incident_updates or ())
    ended_at, basis = _end(wire, updates)
    return Incident(
        key=key,
        title=wire.name,
        kind="maintenance" if _is_planned(wire, updates) else "incident",
        impact=IMPACTS.get(wire.impact or "", "unknown"),
        impact_raw=wire.impact,
        url=wire.url,
        started_at=parse_iso(wire.started_at),
        ended_at=ended_at,
        end_basis=basis,
        updates=updates,
    )


def _is_planned(wire: WireIncident, updates: Iterable[Update]) -> bool:
    stated = PHASES.get(wire.status or "") in PLANNED
    return stated or any(update.phase in PLANNED for update in updates)


def _updates(rows: Iterable[WireUpdate]) -> tuple[Update, ...]:
    updates: list[Update] = []
    for row in sorted(rows, key=lambda row: parse_iso(row.created_at)):
        at = parse_iso(row.created_at)
        updates.append(
            Update(
                key=timed_key(at, updates),
                at=at,
                phase=PHASES.get(row.status or "", "unknown"),
                phase_raw=row.status,
                body=row.body or "",
            )
        )
    return oldest_first(updates)


def _end(
    wire: WireIncident, updates: tuple[Update, ...]
) -> tuple[datetime | None, EndBasis | None]:
    if wire.resolved_at:
        return parse_iso(wire.resolved_at), "resolve_time"
    if wire.status not in OVER:
        return None, None
    if updates and updates[-1].phase in ENDING:
        return updates[-1].at, "resolving_update"
    return (updates[-1].at, "last_update") if updates else (None, "unstated")


def _of_entry(entry: Entry, posts: tuple[Update, ...]) -> Incident:
    """An entry of the feed in the words of the API."""
    ended_at, basis = end_of(posts)
    is_planned = any(post.phase in PLANNED for post in posts)
    first = min(entry.published_at, *(post.at for post in posts))
    stated = next((word for word in entry.categories if word in IMPACTS), None)
    return Incident(
        key=_last_part(entry.link or entry.id),
        title=plain_title(entry.title),
        kind="maintenance" if is_planned else "incident",
        impact=IMPACTS[stated] if stated else "unknown",
        impact_raw=stated,
        url=entry.link,
        started_at=entry.published_at if is_planned else first,
        ended_at=ended_at,
        end_basis=basis,
        updates=tuple(_as_told_by_the_api(post) for post in posts),
    )


def _as_told_by_the_api(post: Update) -> Update:
    word = "_".join(post.phase_raw.lower().split()) if post.phase_raw else None
    return replace(
        post,
        phase=PHASES.get(word or "", post.phase),
        phase_raw=word,
        body=unescape(TAGS.sub("", BREAK.sub("\n", post.body))).strip(),
        body_format="text",
    )


def _last_part(address: str) -> str:
    return urlsplit(address).path.rstrip("/").rpartition("/")[2]
