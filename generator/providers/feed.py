"""Any RSS or Atom feed of incidents: what remains when a page has nothing better.

Seen at: history.atom and history.rss of Statuspage, status.x.ai, and hosts of their own making
History: none beyond the feed, 10 to 50 entries.
Quirks:  Some feeds have an entry an incident, its posts in the HTML; some have an entry a post.
         Dates are mostly of the last post. Without a state word the end is "unstated". When a
         maintenance is planned for stands in prose: it begins with the post that says so, and until
         then with its announcement. Feeds that list only what is open lose an incident when it
         ends: no withdrawal, no end.
Options: feed: the address of the feed, when the status page itself does not lead to it.
"""

import re
from collections.abc import Generator, Iterable
from html import unescape
from urllib.parse import urljoin

from generator.model import Impact, Incident, Kind, Update, Vendor, oldest_first
from generator.providers._feeds import (
    PLANNED,
    Entry,
    Feed,
    end_of,
    is_feed,
    parse,
    plain_title,
    whole_entry,
)
from generator.providers._posts import updates_of
from generator.providers._rules import start_of, vouched_since
from generator.reading import Batch, Get, Reading, Reply
from generator.times import text_of

OPTIONS = ("feed",)
LINK = re.compile(rb"<link\b[^>]*>", re.IGNORECASE)
HREF = re.compile(rb"""href\s*=\s*["']([^"']+)["']""", re.IGNORECASE)
FEED_TYPE = re.compile(rb"application/(?:rss|atom)\+xml", re.IGNORECASE)
USUAL = ("history.atom", "history.rss", "feed.atom", "feed.rss", "feed", "rss")
SEVERITY = re.compile(r"severity:?\s*(?:<[^>]*>\s*)*(\w+)", re.IGNORECASE)
IMPACTS: dict[str, Impact] = {
    "none": "none",
    "minor": "minor",
    "degraded": "minor",
    "major": "major",
    "critical": "critical",
    "unavailable": "critical",
}
# What is over gets one of these, which says nothing of how bad it was.
HEALTHY = ("available", "operational")


def recent(vendor: Vendor, watch: frozenset[str]) -> Reading:
    """Every incident of the feed."""
    reply = yield from _found(vendor)
    feed = parse(reply)
    incidents = []
    last_signs = []
    partial = set()
    for key, entries in _grouped(feed).items():
        try:
            spelled_out = [update for entry in entries for update in updates_of(entry)]
            updates = spelled_out or [whole_entry(entry, _post_key(entry)) for entry in entries]
            incidents.append(_incident(key, entries, updates))
            dates = [*(entry.updated_at for entry in entries), *(post.at for post in updates)]
            last_signs.append(max(dates))
        except ValueError as error:
            reply.skip(f"entry {entries[0].title!r}", error)
            continue
        if not spelled_out or len(entries) > 1:
            partial.add(key)
    since = vouched_since(incidents, last_signs, whole=feed.whole).get("incident")
    return Batch(tuple(incidents), {"incident": since} if since else {}, partial=frozenset(partial))


def _found(vendor: Vendor) -> Generator[list[Get], list[Reply], Reply]:
    """The feed itself, or where the status page links to it, or where feeds usually are."""
    address = vendor.options.get("feed", "")
    leads_on = not address and not vendor.status_page.endswith((".atom", ".rss", ".xml"))
    (reply,) = yield [Get(address, always=leads_on)]
    if address or is_feed(reply):
        return reply
    linked = _alternate(reply)
    tries = yield [Get(path, optional=True) for path in ([linked] if linked else USUAL)]
    return next((page for page in tries if is_feed(page)), reply)


def _alternate(page: Reply) -> str | None:
    """The feed that a web page names in its head, as an address."""
    for mark in LINK.finditer(page.body[:200_000]):
        href = HREF.search(mark[0])
        if href and FEED_TYPE.search(mark[0]):
            try:
                return urljoin(page.url, unescape(href[1].decode("utf-8", "replace")))
            except ValueError:  # it names no address
                return None
    return None


def _grouped(feed: Feed) -> dict[str, list[Entry]]:
    """Entries by incident: by id, or by link where posts of one title share a link of their own."""
    by_link: dict[tuple[str | None, str], list[Entry]] = {}
    for entry in feed.entries:
        by_link.setdefault((entry.link, plain_title(entry.title)), []).append(entry)
    groups: dict[str, list[Entry]] = {}
    for (link, _), entries in by_link.items():
        one_incident = len(entries) > 1 and link and link != feed.link
        for entry in entries:
            groups.setdefault(str(link) if one_incident else entry.id, []).append(entry)
    return groups


def _incident(key: str, entries: list[Entry], updates: Iterable[Update]) -> Incident:
    posts = oldest_first({update.key: update for update in updates}.values())
    newest = max(entries, key=lambda entry: entry.updated_at)
    ended_at, basis = end_of(posts)
    severity = SEVERITY.search(newest.body)
    word = severity[1].lower() if severity else None
    if word in HEALTHY:
        word = None
    kind = _kind(newest, posts)
    first = min(entry.published_at for entry in entries)
    return Incident(
        key=key,
        title=plain_title(newest.title),
        kind=kind,
        impact=IMPACTS.get(word or "", "unknown"),
        impact_raw=word,
        url=newest.link,
        started_at=start_of(posts, kind, first),
        ended_at=ended_at,
        end_basis=basis,
        updates=posts,
    )


def _kind(entry: Entry, posts: Iterable[Update]) -> Kind:
    said = " ".join((*entry.categories, entry.body[:200])).lower()
    if "type: maintenance" in said or any(post.phase in PLANNED for post in posts):
        return "maintenance"
    return "incident"


def _post_key(entry: Entry) -> str:
    """A post's own id; an entry that is rewritten in place is known by its date."""
    return entry.guid if entry.guid != entry.id else text_of(entry.updated_at)
