"""Instatus status pages.

Seen at: status.perplexity.com, status.northflank.com
History: history/N, a month a page; its data is Next's flight in the HTML, without the posts.
Quirks:  summary.json lists what is open and nothing else (empty lists are left out), history.rss
         the newest of all, with the posts and without the impact: an incident that came and went
         between two readings has none. Posts are dated without a year. The feed's HTML is escaped
         twice, names no component and puts a full stop behind every post, so its plain
         description is read. It looks like Statuspage, but `page.status` is a text.
"""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from zlib import crc32

import msgspec

from generator.errors import SourceFault
from generator.model import KINDS, EndBasis, Incident, Kind, Update, Vendor, oldest_first
from generator.providers._feeds import Entry, parse
from generator.providers._instatus import IMPACTS, PHASES, moment, notices, word_of
from generator.providers._keys import timed_key
from generator.providers._rules import end_of, listed_since, unless_listed
from generator.providers._years import near
from generator.reading import Batch, Get, Reading, Reply
from generator.times import read, text_of

# "Jul 23, 17:50:11 GMT+0 - Monitoring - text", one after the other.
POST = re.compile(
    r"(?:^|(?<=\s))(?P<month>[A-Z][a-z]{2}) (?P<day>\d{1,2}), "
    r"(?P<hour>\d{1,2}):(?P<minute>\d{2}):(?P<second>\d{2}) "
    r"GMT(?P<hours>[+-]\d{1,2})(?::(?P<minutes>\d{2}))? - (?P<word>[A-Z][A-Za-z ]*?) - "
)
AFFECTED = re.compile(r"Affected Components:[ \t]*(?P<names>[^\n]*)")
TYPE = re.compile(r"Type:\s*Maintenance")
# An empty month does not say which it is, and pages end in a 404, in their first month again, or
# never: three quiet years are the end, if there was anything before, and ten years in any case.
QUIET_MONTHS = 36
MOST_MONTHS = 120


class WirePage(msgspec.Struct):
    name: str
    status: str
    url: str | None = None


class WireOpen(msgspec.Struct):
    id: str
    name: str
    started: str | None = None
    start: str | None = None
    impact: str | None = None
    duration: str | int | None = None


class WireSummary(msgspec.Struct, rename="camel"):
    page: WirePage
    active_incidents: list[msgspec.Raw] | None = None
    active_maintenances: list[msgspec.Raw] | None = None


def recent(vendor: Vendor, watch: frozenset[str]) -> Reading:
    """What is open, and the newest of what was."""
    summary, feed = yield [Get("summary.json"), Get("history.rss", optional=True)]
    wire = summary.json(WireSummary)
    now = summary.records(wire.active_incidents or (), WireOpen, lambda row: _open(row, "incident"))
    now += summary.records(
        wire.active_maintenances or (), WireOpen, lambda row: _open(row, "maintenance")
    )
    told, partial, whole = _told(feed)
    since = listed_since(i for i in told.values() if i.kind == "incident") if whole else None
    found = {incident.key: _still_open(incident, told.get(incident.key)) for incident in now}
    # An empty list is left out, so that it is the page's head that answers for both.
    open_kinds: frozenset[Kind] = frozenset(() if summary.faults else KINDS)
    past = {one.key: one for one in unless_listed(told.values(), found, open_kinds)}
    return Batch(
        incidents=tuple((past | found).values()),
        listed_since={"incident": since} if since else {},
        lists_open=open_kinds,
        partial=frozenset(partial | (found.keys() - told.keys())),
    )


def history(vendor: Vendor, cursor: str | None) -> Reading:
    """The next month. Cursor: page, oldest start, quiet months, marks of page 1 and the last."""
    page, oldest, quiet, top, last = (cursor or "1 - 0 - -").split()
    (reply,) = yield [Get(f"history/{page}", optional=page != "1")]
    end = Batch(complete_since=None if oldest == "-" else read(oldest))
    if reply.absent or int(page) > MOST_MONTHS:
        return end
    found = notices(reply, vendor.status_page.rstrip("/"))
    mark = _mark(found)
    # What went on for two months may stand alone in both: only more of the same is the end.
    is_quiet = not found or mark == last
    quiets = int(quiet) + 1 if is_quiet else 0
    if (mark == top and not is_quiet) or (oldest != "-" and quiets >= QUIET_MONTHS):
        return end
    starts = [incident.started_at for incident in found]
    if oldest != "-":
        starts.append(read(oldest))
    reached = text_of(min(starts)) if starts else "-"
    marks = f"{mark if top == '-' else top} {mark if found else last}"
    return Batch(
        tuple(found),
        partial=frozenset(incident.key for incident in found),
        cursor=f"{int(page) + 1} {reached} {quiets} {marks}",
    )


def _mark(found: Iterable[Incident]) -> str:
    """What a month page is known by, if it comes again; "-" for an empty one."""
    keys = " ".join(sorted(incident.key for incident in found))
    return f"{crc32(keys.encode()):08x}" if keys else "-"


def _open(wire: WireOpen, kind: Kind) -> Incident:
    started = wire.started or wire.start
    if started is None:
        raise ValueError(f"{wire.id} has no start")
    started_at = moment(started)
    planned = kind == "maintenance" and wire.duration is not None
    return Incident(
        key=wire.id,
        title=wire.name,
        kind=kind,
        impact=IMPACTS.get(wire.impact or "", "unknown"),
        impact_raw=wire.impact,
        started_at=started_at,
        scheduled_until=(
            started_at + timedelta(minutes=float(wire.duration or 0)) if planned else None
        ),
    )


def _still_open(now: Incident, told: Incident | None) -> Incident:
    """An open incident with what the feed tells of it."""
    if told is None:
        return now
    return replace(now, url=told.url, components=told.components, updates=told.updates)


def _told(reply: Reply) -> tuple[dict[str, Incident], set[str], bool]:
    """The feed's incidents by key, which of them may lack posts, and whether it is whole."""
    if reply.absent:
        return {}, set(), False
    try:
        feed = parse(reply)
    except SourceFault as fault:  # what is open is read all the same
        reply.skip("all", fault)
        return {}, set(), False
    told: dict[str, Incident] = {}
    partial: set[str] = set()
    for entry in feed.entries:
        key = entry.id.rstrip("/").rpartition("/")[2]
        try:
            told[key] = _incident(key, entry, _posts(entry))
        except ValueError as error:
            reply.skip(f"entry {entry.title!r}", error)
        else:
            if not told[key].updates:
                partial.add(key)
    return told, partial, feed.whole and len(told) == len(feed.entries)


def _incident(key: str, entry: Entry, posts: tuple[Update, ...]) -> Incident:
    kind: Kind = "maintenance" if TYPE.search(entry.summary) else "incident"
    affected = AFFECTED.search(entry.summary)
    names = affected["names"].split(",") if affected else ()
    ended_at: datetime | None = None
    basis: EndBasis | None = None if posts else "unstated"
    if posts and posts[-1].phase in ("resolved", "completed"):
        ended_at, basis = end_of(posts, entry.updated_at)
    return Incident(
        key=key,
        title=entry.title,
        kind=kind,
        impact="unknown",
        url=entry.link,
        started_at=entry.published_at,
        ended_at=ended_at,
        end_basis=basis,
        components=tuple(sorted({name.strip() for name in names} - {""})),
        updates=posts,
    )


def _posts(entry: Entry) -> tuple[Update, ...]:
    """The posts of the description, oldest first."""
    marks = list(POST.finditer(entry.summary))
    ends = [*(mark.start() for mark in marks), len(entry.summary)][1:]
    posts: list[Update] = []
    for mark, end in zip(marks, ends, strict=True):
        at = _at(mark, entry.published_at)
        posts.append(
            Update(
                key=timed_key(at, posts),
                at=at,
                phase=PHASES.get(word_of(mark["word"]), "unknown"),
                phase_raw=mark["word"],
                body=entry.summary[mark.end() : end].strip(),
                body_format="markdown",
            )
        )
    return oldest_first(posts)


def _at(mark: re.Match[str], start: datetime) -> datetime:
    """The time of a post, in the year that brings it nearest to the start of its incident."""
    shift = timedelta(hours=int(mark["hours"]), minutes=int(mark["minutes"] or 0))
    clock = (int(mark["hour"]), int(mark["minute"]), int(mark["second"]))
    return near(start, mark["month"], int(mark["day"]), clock, timezone(shift))
