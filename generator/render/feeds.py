"""Atom and RSS: one entry an incident, its id minted once, every date from the record."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from feedgen.entry import FeedEntry
from feedgen.feed import FeedGenerator

from generator.model import Kept
from generator.render import facts, links, words
from generator.render.env import Press
from generator.render.frame import Moment, Site, mark_of, moment, title_of
from generator.render.text import shown
from generator.render.updates import UpdateView, updates_of

NEWEST = 50
# The date of a feed that never had an entry: it must have one, and the clock is not a fact.
NEVER = datetime(1970, 1, 1, tzinfo=UTC)
# Ids are minted in the year in which the site took its name, and stay.
MINTED = 2026


@dataclass(frozen=True, slots=True)
class EntryView:
    """The content of an entry."""

    word: str
    started: Moment
    ended: Moment | None
    length: str
    state_word: str
    basis_sentence: str
    components: str
    language: str
    updates: tuple[UpdateView, ...]


class Feed:
    """A feed in both formats; its entries are made once, when first asked for."""

    def __init__(self, press: Press, vendor: str | None, newest: Sequence[Kept]) -> None:
        self._press = press
        self._vendor = vendor
        self._newest = newest
        self._made: list[FeedEntry] | None = None

    def atom(self) -> bytes:
        """The Atom document."""
        text: bytes = self._generator(links.ATOM, "application/atom+xml").atom_str()
        return text + b"\n"

    def rss(self) -> bytes:
        """The RSS 2.0 document."""
        text: bytes = self._generator(links.RSS, "application/rss+xml").rss_str()
        return text + b"\n"

    def _generator(self, name: str, kind: str) -> FeedGenerator:
        site = self._press.site
        vendor = self._vendor
        own = site.address(links.feed(vendor, name))
        page = site.address(links.vendor_page(vendor) if vendor else links.HOME)
        feed = FeedGenerator()
        feed.id(entry_id(site, vendor or "all", "incidents"))
        feed.title(words.feed_title(site.name(vendor) if vendor else site.config.title))
        feed.subtitle(words.feed_description(site.name(vendor) if vendor else ""))
        # RSS takes the last link for its own, Atom takes both.
        feed.link(href=own, rel="self", type=kind)
        feed.link(href=page, rel="alternate", type="text/html")
        feed.author(name=site.config.title, uri=site.config.address)
        feed.language(words.LANGUAGE)
        feed.generator(site.config.title)
        feed.updated(max((facts.updated_at(kept) for kept in self._newest), default=NEVER))
        for entry in self._entries():
            feed.add_entry(entry, order="append")
        return feed

    def _entries(self) -> list[FeedEntry]:
        if self._made is None:
            self._made = [self._entry(kept) for kept in self._newest]
        return self._made

    def _entry(self, kept: Kept) -> FeedEntry:
        site = self._press.site
        name = site.name(kept.vendor)
        updated = facts.updated_at(kept)
        entry = FeedEntry()
        entry.id(entry_id(site, kept.vendor, kept.slug))
        entry.title(f"{name}: {title_of(kept.incident)}")
        entry.link(href=site.address(links.incident_page(kept.vendor, kept.slug)), rel="alternate")
        entry.author(name=name)
        entry.published(min(kept.incident.started_at, updated))
        entry.updated(updated)
        entry.content(
            self._press.fragment("feed-entry.html", entry_view(kept, site.language(kept.vendor))),
            type="html",
        )
        return entry


def newest_of(kept: Sequence[Kept]) -> list[Kept]:
    """The entries of a vendor's feed: incidents that stand, newest start first."""
    standing = [
        each for each in kept if each.withdrawn_at is None and each.incident.kind == "incident"
    ]
    return standing[: -NEWEST - 1 : -1]


def entry_id(site: Site, vendor: str, slug: str) -> str:
    """An id that stays the same wherever the site moves."""
    return f"tag:{site.config.authority},{MINTED}:{vendor}/{slug}"


def entry_view(kept: Kept, language: str = "") -> EntryView:
    """The view of an entry's content; `language`: as `Site.language` has it."""
    incident = kept.incident
    _, word = mark_of(incident)
    span = facts.length_of(incident)
    return EntryView(
        word=word,
        started=moment(incident.started_at),
        ended=moment(incident.ended_at) if incident.ended_at else None,
        length=words.length(span) if span is not None else "",
        state_word=words.STATE[facts.state_of(incident)],
        basis_sentence=words.basis_sentence(incident.end_basis),
        components=", ".join(shown(name) for name in incident.components),
        language=language,
        updates=updates_of(incident),
    )
