"""Entries as Atom, RSS 2.0 and JSON Feed 1.1.

feedgen makes each entry once, whatever the number of feeds that carry it; they are put together
as text, which is twenty times faster than to make them anew.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from functools import lru_cache

import msgspec
from feedgen.entry import FeedEntry
from feedgen.feed import FeedGenerator
from lxml import etree
from msgspec import Struct

from generator.render import words
from generator.render.feeds.entries import Entry
from generator.render.feeds.variants import TYPES, Format
from generator.times import text_of

# The date of a feed that never had an entry: it must have one, and the clock is not a fact.
NEVER = datetime(1970, 1, 1, tzinfo=UTC)
ARCHIVE = b'<fh:archive xmlns:fh="http://purl.org/syndication/history/1.0"/>'
VERSION = "https://jsonfeed.org/version/1.1"


class Head(Struct, frozen=True):
    """What a feed says of itself.

    `author`: whose words all entries are, "" where each names its own; `maker`: the site that makes
    it. `style`: where its style sheet is, as seen from there. `links`: relations to other
    documents of it, by RFC 5005; `closed`: it is one of the archive, and changes no more.
    """

    id: str
    title: str
    subtitle: str
    address: str
    page: str
    author: str
    maker: str
    home: str
    style: str
    links: tuple[tuple[str, str], ...] = ()
    closed: bool = False


def written(kind: Format, head: Head, entries: Sequence[Entry]) -> bytes:
    """A feed in a format."""
    return {"atom": _atom, "rss": _rss, "json": _json}[kind](head, entries)


def _atom(head: Head, entries: Sequence[Entry]) -> bytes:
    document: bytes = _generator(head, "atom", entries).atom_str()
    marks = (ARCHIVE,) if head.closed else ()
    return _filled(
        head,
        document,
        b"</feed>",
        [*marks, *(_atom_entry(entry, not head.author) for entry in entries)],
    )


def _rss(head: Head, entries: Sequence[Entry]) -> bytes:
    document: bytes = _generator(head, "rss", entries).rss_str()
    return _filled(head, document, b"</channel></rss>", map(_rss_item, entries))


def _json(head: Head, entries: Sequence[Entry]) -> bytes:
    document = {
        "version": VERSION,
        "title": head.title,
        "home_page_url": head.page,
        "feed_url": head.address,
        "description": head.subtitle,
        "language": words.LANGUAGE,
        "authors": [_author(head)],
        "items": [],
    }
    text = msgspec.json.encode(document).removesuffix(b"]}")
    return (
        text
        + b",".join(b"\n" + _json_item(entry, not head.author) for entry in entries)
        + b"\n]}\n"
    )


def _generator(head: Head, kind: Format, entries: Iterable[Entry]) -> FeedGenerator:
    feed = FeedGenerator()
    feed.id(head.id)
    feed.title(head.title)
    feed.subtitle(head.subtitle)
    feed.link(href=head.address, rel="self", type=TYPES[kind])
    for relation, address in head.links:
        feed.link(href=address, rel=relation, type=TYPES[kind])
    # RSS takes the last link for its own, Atom takes all.
    feed.link(href=head.page, rel="alternate", type="text/html")
    feed.author(**_author(head, "uri"))
    feed.language(words.LANGUAGE)
    feed.generator(head.maker)
    feed.updated(max((entry.updated for entry in entries), default=NEVER))
    return feed


def _author(head: Head, address: str = "url") -> dict[str, str]:
    """Who is named for what names nobody."""
    return {"name": head.author} if head.author else {"name": head.maker, address: head.home}


def _filled(head: Head, document: bytes, end: bytes, entries: Iterable[bytes]) -> bytes:
    """The document with its style sheet and its entries, a line each.

    Browsers style what a host serves as XML. What it serves as a feed, some show as text.
    """
    declaration, _, rest = document.partition(b"\n")
    style = f'<?xml-stylesheet type="text/css" href="{head.style}"?>'.encode()
    lines = (declaration, style, rest.removesuffix(end), *entries, end, b"")
    return b"\n".join(lines)


# As many as the feeds of one vendor share: four times as many are asked for no oftener.
@lru_cache(maxsize=512)
def _atom_entry(entry: Entry, named: bool) -> bytes:
    made = _feed_entry(entry)
    if named:
        made.author(name=entry.author)
    element = made.atom_entry()
    content = element.find("content")
    content.text = etree.CDATA(entry.content.replace("]]>", "]]&gt;"))
    return etree.tostring(element, encoding="UTF-8")


@lru_cache(maxsize=512)
def _rss_item(entry: Entry) -> bytes:
    element = _feed_entry(entry).rss_entry()
    content = element.find("description")
    content.text = etree.CDATA(entry.content.replace("]]>", "]]&gt;"))
    return etree.tostring(element, encoding="UTF-8")


def _feed_entry(entry: Entry) -> FeedEntry:
    made = FeedEntry()
    made.id(entry.id)
    made.title(entry.title)
    made.link(href=entry.address, rel="alternate")
    made.published(entry.published)
    made.updated(entry.updated)
    # What has nothing to say still has content: readers take an entry without any for broken.
    made.content(entry.content or " ", type="html")
    return made


@lru_cache(maxsize=512)
def _json_item(entry: Entry, named: bool) -> bytes:
    authors = {"authors": [{"name": entry.author}]} if named else {}
    return msgspec.json.encode(
        {
            "id": entry.id,
            "url": entry.address,
            "title": entry.title,
            "content_html": entry.content,
            "date_published": text_of(entry.published),
            "date_modified": text_of(entry.updated),
            **authors,
        }
    )
