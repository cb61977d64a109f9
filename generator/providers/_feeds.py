"""Reading RSS and Atom: entries, and the state that one tells. Posts within one: `_posts`.

Shared by every platform whose history is a feed. Feeds are read leniently (feedparser), but a
document that is no feed, or a broken one, is never taken for an empty one.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from html import unescape
from io import BytesIO
from typing import Any

from generator.errors import SourceFault
from generator.model import ENDING, EndBasis, Phase, Update
from generator.providers import _floods
from generator.reading import Reply
from generator.times import parse_iso, parse_rfc822

PHASES: dict[str, Phase] = {
    "investigating": "investigating",
    "identified": "identified",
    "monitoring": "monitoring",
    "verifying": "monitoring",
    "watching": "monitoring",
    "resolved": "resolved",
    "fixed": "resolved",
    "closed": "resolved",
    "postmortem": "postmortem",
    "scheduled": "scheduled",
    "planned": "scheduled",
    "in progress": "in_progress",
    "completed": "completed",
    "complete": "completed",
    "update": "update",
}
# The words that only a maintenance goes through.
PLANNED: frozenset[Phase] = frozenset({"scheduled", "in_progress", "completed"})

# "[Resolved] Title", "Resolved: text", "Status: RESOLVED", "<strong>Resolved</strong>"
WORD = "|".join(sorted(PHASES, key=len, reverse=True))
STATED = re.compile(rf"(?:^\s*\[?|status:?\s*|<(?:b|strong)>\s*)({WORD})\b", re.IGNORECASE)
TITLE_STATE = re.compile(rf"^\s*(?:\[({WORD})\]|({WORD})\s*[:-])\s*", re.IGNORECASE)
TAGS = re.compile(r"<[^>]*>")


@dataclass(frozen=True, slots=True)
class Entry:
    """An item of a feed. `id` without a fragment; `body` is HTML, `summary` the shorter text."""

    id: str
    guid: str
    title: str
    link: str | None
    body: str
    published_at: datetime
    updated_at: datetime
    categories: tuple[str, ...]
    summary: str = ""


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed that could be read. `whole`: to its end, with every entry."""

    title: str
    link: str
    entries: tuple[Entry, ...]
    whole: bool


def is_feed(reply: Reply) -> bool:
    """Whether the reply begins as a feed does."""
    head = reply.body[:2000].lower()
    return any(mark in head for mark in (b"<rss", b"<feed", b"<rdf:rdf"))


def parse(reply: Reply) -> Feed:
    """The feed; SourceFault when it is none. An entry that cannot be read costs itself alone."""
    if not is_feed(reply):
        raise SourceFault("not what it says", f"{reply.url} is not an RSS or Atom feed")
    _floods.check(reply)
    found, broken = _parsed(reply)
    if not found.version or (broken and not found.entries):
        raise SourceFault("unparseable", f"{reply.url} is not a whole feed: {found.bozo_exception}")
    entries = []
    # Where a feed breaks off, its last entry may be half of what it was.
    readable = found.entries[:-1] if broken and not _is_closed(reply) else found.entries
    for number, item in enumerate(readable, start=1):
        try:
            entries.append(_entry(item))
        except ValueError as error:
            reply.skip(f"entry {number}", error)
    whole = not broken and len(entries) == len(found.entries)
    if broken:
        reply.skip("the rest", found.bozo_exception)
    return Feed(found.feed.get("title", ""), found.feed.get("link", ""), tuple(entries), whole)


def _parsed(reply: Reply) -> tuple[Any, bool]:
    """What feedparser makes of it, and whether the document is broken."""
    # Only where a feed is read: it is the slowest of our imports.
    import feedparser

    try:
        # What is kept is the vendor's own HTML; it is made safe where it is shown.
        # Handed the bytes themselves, it would first take them for the name of a file.
        body = BytesIO(reply.body)
        found: Any = feedparser.parse(body, sanitize_html=False, resolve_relative_uris=False)
    except Exception as error:  # it trips over broken markup in ways of its own
        reason = f"{reply.url} is not a feed that can be read: {type(error).__name__} {error}"
        raise SourceFault("unparseable", reason) from None
    broken = bool(found.bozo) and not isinstance(
        found.bozo_exception, feedparser.CharacterEncodingOverride
    )
    return found, broken


def whole_entry(entry: Entry, key: str) -> Update:
    """The entry as one update, in the phase that its title, text or categories state."""
    word = _stated(entry)
    return Update(
        key=key,
        at=entry.updated_at,
        phase=PHASES[word.lower()] if word else "unknown",
        phase_raw=word,
        body=entry.body,
        body_format="html",
    )


def end_of(updates: tuple[Update, ...]) -> tuple[datetime | None, EndBasis | None]:
    """The first update after which nothing was broken again; "unstated" without a state word."""
    known = [update for update in updates if update.phase not in ("unknown", "update")]
    if not known:
        return None, "unstated"
    if known[-1].phase not in ENDING:
        return None, None
    end = known[-1]
    for update in reversed(known):
        if update.phase not in ENDING:
            break
        end = update
    return end.at, "resolving_update"


def plain_title(title: str) -> str:
    """The title without the state in front of it."""
    return TITLE_STATE.sub("", title) or title


def _is_closed(reply: Reply) -> bool:
    """Whether the document goes on to the end tag of its root."""
    return reply.body.rstrip().lower().endswith((b"</rss>", b"</feed>", b"</rdf:rdf>"))


def _entry(item: Any) -> Entry:
    guid = str(item.get("id") or item.get("link") or "")
    body = item.content[0].value if item.get("content") else item.get("summary", "")
    link = item.get("link")
    # Asked the plain way, feedparser gives `published` for a missing `updated`, and warns.
    updated = dict.get(item, "updated") or item.get("published")
    published = item.get("published") or updated
    if not updated:
        raise ValueError(f"{guid or item.get('title', 'an entry')} has no date")
    updated_at, published_at = _date(updated), _date(published)
    title = " ".join(unescape(TAGS.sub("", item.get("title", ""))).split())
    identity = guid.partition("#")[0] or f"{published_at:%Y-%m-%d} {plain_title(title)}"
    return Entry(
        id=identity,
        guid=guid or identity,
        title=title,
        link=link if str(link).startswith(("http://", "https://")) else None,
        body=(body or "").strip(),
        published_at=published_at,
        updated_at=max(updated_at, published_at),
        categories=tuple(tag.term for tag in item.get("tags", ()) if tag.term),
        summary=str(item.get("summary") or ""),
    )


def _date(text: str) -> datetime:
    try:
        return parse_iso(text)
    except ValueError:
        pass
    try:
        return parse_rfc822(text)
    except (ValueError, TypeError, IndexError):
        raise ValueError(f"{text!r} is not a date of a feed") from None


def _stated(entry: Entry) -> str | None:
    """The state word of an entry, where a title, text or category states one."""
    title = TITLE_STATE.match(entry.title)
    if title:
        return title[1] or title[2]
    for text in (TAGS.sub("", entry.body[:200]).strip(), entry.body[:2000]):
        stated = STATED.search(text)
        if stated:
            return stated[1]
    return next((word for word in entry.categories if word.lower() in PHASES), None)
