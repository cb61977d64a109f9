"""cState, a theme of the Hugo site generator: its list of all issues, and their texts in its feed.

Seen at: www.civostatus.com, status.packit.dev and other pages built from a git repository
History: complete: `issues/index.json` lists every issue, `index.xml` has every text.
Quirks:  An issue is one text that is rewritten as it goes on, in HTML: one update without a phase.
         Times are as Go prints them; `resolvedAt` is as its author wrote it, perhaps without zone:
         it is in the one that Hugo took for `createdAt`. A missing time is "" or "<nil>". The list
         is not escaped: a quotation mark in a title breaks it. Then the feed alone is read, which
         knows neither severity nor components. There is no maintenance, and work planned ahead
         is an issue of the future. Files of two folders may have one name (`2025/outage`).
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, tzinfo
from urllib.parse import urljoin, urlsplit

import msgspec

from generator.errors import SourceFault
from generator.model import EndBasis, Fault, Impact, Incident, Update, Vendor
from generator.providers._feeds import Entry, is_feed, parse
from generator.reading import UNDECODED, Batch, Get, Reading, Reply
from generator.times import parse_iso

IMPACTS: dict[str, Impact] = {
    "notice": "minor",
    "disrupted": "major",
    "down": "critical",
}
# What Go and Hugo print where there is no time.
NO_TIME = ("", "<nil>", "<no value>", "0001-01-01 00:00:00 +0000 UTC")
# `2026-01-02 15:04:05 +0100 CET`, and how people write the same.
TIME = re.compile(
    r"(?P<day>\d{4}-\d\d-\d\d)[T ](?P<hour>\d{1,2})(?P<rest>:\d\d(?::\d\d)?)(?:\.\d+)?"
    r"\s*(?P<zone>Z|UTC|GMT|[+-]\d\d:?\d\d)?"
)
# "[Resolved] Title", in the language of the page.
RESOLVED = re.compile(r"^\[[^]]+\]\s+")
# The one text of an issue.
BODY = "body"


class WireIssue(msgspec.Struct, rename="camel"):
    title: str
    created_at: str
    permalink: str
    resolved: bool
    last_mod: str = ""
    severity: str = ""
    informational: bool = False
    resolved_at: str = ""
    affected: list[str] = []


class WirePlace(msgspec.Struct):
    """Of the same issue: where it stands."""

    permalink: str


class WireList(msgspec.Struct):
    pages: list[msgspec.Raw]


def recent(vendor: Vendor, watch: frozenset[str]) -> Reading:
    """Every issue of the page."""
    listed, feed = yield [Get("issues/index.json"), Get("index.xml", optional=True)]
    try:
        return _all(listed, feed, vendor)
    except SourceFault as fault:
        if fault.kind != "unparseable" or not is_feed(feed):
            raise
        listed.faults.append(Fault(fault.kind, f"{fault.reason}; read from {feed.url} instead"))
    entries = _entries(feed)
    keys = _keys(entries)
    return Batch(tuple(_told(entry, keys[path]) for path, entry in entries.items()))


def history(vendor: Vendor, cursor: str | None) -> Reading:
    """The same two files: there is no more."""
    listed, feed = yield [Get("issues/index.json"), Get("index.xml", optional=True)]
    batch = _all(listed, feed, vendor)
    return replace(batch, complete_since=batch.listed_since.get("incident"), listed_since={})


def _all(listed: Reply, feed: Reply, vendor: Vendor) -> Batch:
    entries = _entries(feed) if is_feed(feed) else {}
    rows = listed.json(WireList).pages
    keys = _keys(_paths(rows))

    def convert(wire: WireIssue) -> Incident:
        path = _path(wire.permalink)
        return _issue(wire, keys[path], entries.get(path), vendor.status_page)

    found = listed.records(rows, WireIssue, convert)
    since = min((incident.started_at for incident in found), default=None)
    return Batch(
        tuple(found),
        listed_since={"incident": since} if since else {},
        partial=frozenset(incident.key for incident in found if not incident.updates),
    )


def _issue(wire: WireIssue, key: str, entry: Entry | None, page: str) -> Incident:
    started_at = _moment(wire.created_at)
    ended_at, basis = _end(wire, started_at)
    words = [wire.severity, "informational" if wire.informational else ""]
    return Incident(
        key=key,
        title=wire.title,
        kind="incident",
        impact="none" if wire.informational else IMPACTS.get(wire.severity, "unknown"),
        impact_raw="/".join(filter(None, words)) or None,
        url=urljoin(page.rstrip("/") + "/", wire.permalink),
        started_at=started_at,
        ended_at=ended_at,
        end_basis=basis,
        components=tuple(dict.fromkeys(wire.affected)),
        updates=_updates(entry, started_at),
    )


def _end(wire: WireIssue, started_at: datetime) -> tuple[datetime | None, EndBasis | None]:
    """`resolvedAt`; where it is missing, when the file was last touched."""
    if not wire.resolved:
        return None, None
    if wire.resolved_at not in NO_TIME:
        return _moment(wire.resolved_at, _zone(wire.created_at)), "resolve_time"
    touched_at = started_at if wire.last_mod in NO_TIME else _moment(wire.last_mod)
    return max(touched_at, started_at), "last_update"


def _told(entry: Entry, key: str) -> Incident:
    """An issue as the feed alone tells it: the state is in the title, the end in a category."""
    marked = RESOLVED.match(entry.title)
    stated = next((word for word in entry.categories if _zone(word)), None)
    ended_at = _moment(stated) if marked and stated else None
    # Without a time the mark may be the title's own, "[EU] Paint is wet".
    otherwise: EndBasis | None = "unstated" if marked else None
    return Incident(
        key=key,
        title=entry.title[marked.end() :] if marked and ended_at else entry.title,
        kind="incident",
        impact="unknown",
        url=entry.link,
        started_at=entry.published_at,
        ended_at=ended_at,
        end_basis="resolve_time" if ended_at else otherwise,
        updates=_updates(entry, entry.published_at),
    )


def _updates(entry: Entry | None, at: datetime) -> tuple[Update, ...]:
    if entry is None:
        return ()
    return (Update(BODY, at, "update", entry.body, body_format="html"),)


def _entries(feed: Reply) -> dict[str, Entry]:
    """The entries by path. An empty line stands before the declaration, where none may stand."""
    whole = parse(replace(feed, body=feed.body.lstrip()))
    return {_path(entry.id): entry for entry in whole.entries}


def _paths(rows: Iterable[msgspec.Raw]) -> Iterator[str]:
    for row in rows:
        # One that cannot be read is told where the whole record is.
        with suppress(*UNDECODED):
            yield _path(msgspec.json.decode(row, type=WirePlace).permalink)


def _keys(paths: Iterable[str]) -> Mapping[str, str]:
    """The key of each path: the name of the issue's file, for a page may move.

    Where several have one name, it is nobody's: whose it were would change when one is taken away.
    """
    files = {path: path.rpartition("/")[2] for path in paths}
    named = Counter(files.values())
    return {path: name if named[name] == 1 else path for path, name in files.items()}


def _path(permalink: str) -> str:
    """Where the issue stands on its host."""
    try:
        return urlsplit(permalink).path.strip("/")
    except ValueError:  # no address at all
        return permalink


def _moment(text: str, zone: tzinfo | None = None) -> datetime:
    found = TIME.match(text.strip())
    if not found:
        raise ValueError(f"{text!r} is not a time such as 2026-01-02 15:04:05 +0000 UTC")
    return parse_iso(f"{found['day']}T{found['hour']:0>2}{found['rest']}{_offset(found)}", zone)


def _zone(text: str) -> tzinfo | None:
    """The zone that a time was written in."""
    found = TIME.match(text)
    return datetime.strptime(_offset(found), "%z").tzinfo if found and found["zone"] else None


def _offset(found: re.Match[str]) -> str:
    return "Z" if found["zone"] in ("UTC", "GMT") else found["zone"] or ""
