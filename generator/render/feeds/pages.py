"""The feeds of the site: of a vendor and its components, of categories and of all."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from generator.model import Kept
from generator.render import links, words
from generator.render.components import Part
from generator.render.env import Press
from generator.render.feeds import variants
from generator.render.feeds.about import feeds_view
from generator.render.feeds.archives import History, Relations
from generator.render.feeds.choice import Records, kind_of, shown_in
from generator.render.feeds.dates import Readings
from generator.render.feeds.entries import Entries, Entry, entry_id
from generator.render.feeds.events import Events
from generator.render.feeds.formats import Head, written
from generator.render.feeds.opml import opml
from generator.render.feeds.variants import MAJOR, UPDATES, WINDOW, Format, Scope, Variant
from generator.render.page import VENDOR, Follows, Page
from generator.render.source import Source
from generator.render.text import shown

# What tells of incidents and of events: an entry that stands in several feeds is made once.
Teller = tuple[Entries, Events]


class Feeds:
    """The feeds of one scope. `history`: how the feed of incidents names its older documents."""

    def __init__(
        self,
        press: Press,
        scope: Scope,
        teller: Teller,
        records: Records,
        history: Relations = (),
    ) -> None:
        self._press = press
        self._scope = scope
        self._records = records
        self._history = history
        self._teller = teller
        self._shown: dict[Variant, list[Entry]] = {}

    def pages(self, variant: Variant, follows: Follows) -> Iterator[Page]:
        """A variant in all its formats."""
        what = f"{variant.name} of {self._scope.folder or 'all'} as a feed"
        for kind in variant.formats:
            path = self._scope.path(variant, kind)
            yield Page(path, what, partial(self._draw, variant, kind), follows)

    def _draw(self, variant: Variant, kind: Format) -> bytes:
        if variant not in self._shown:
            found = shown_in(variant, self._records, *self._teller)
            self._shown[variant] = found
        return written(kind, self._head(variant, kind), self._shown[variant])

    def _head(self, variant: Variant, kind: Format) -> Head:
        site, scope = self._press.site, self._scope
        path = scope.path(variant, kind)
        return Head(
            id=entry_id(site, scope.key(variant)),
            title=words.feed_title(scope.name, variant.stem),
            subtitle=words.feed_description(
                "brief" if variant.brief else variant.stem,
                words.feed_note(site.address(links.FEEDS)),
            ),
            address=site.address(path),
            page=site.address(scope.page),
            author=scope.author,
            maker=site.config.title,
            home=site.config.address,
            style=links.relative(links.folder_of(path), self._press.feed_style[0]),
            links=self._history if variant.stem == "feed" and kind == "atom" else (),
        )


def vendor_feeds(
    press: Press, vendor: str, kept: Sequence[Kept], parts: Sequence[Part], readings: Readings
) -> Iterator[Page]:
    """A vendor's feeds, their history by year, and the feeds of its components."""
    site = press.site
    scope = variants.of_vendor(site, vendor)
    kept_by_year = kept if site.has("archives") else ()
    teller = Entries(press, readings), Events(press, readings)
    history = History(site, scope, kept_by_year, teller[0])
    feeds = Feeds(press, scope, teller, lambda _: kept, history.latest())
    for variant in variants.variants(site):
        yield from feeds.pages(variant, VENDOR)
    yield from history.pages(press.feed_style[0])
    component = variants.of_components(site)
    for part in parts:
        if component is None:
            break
        name = variants.of_component(site, vendor, part.slug, shown(part.name))
        own = Feeds(press, name, teller, partial(_all_of, part))
        yield from own.pages(component, Follows(component=part.slug))


def across_feeds(
    press: Press, source: Source, categories: Mapping[str, Sequence[str]], readings: Readings
) -> Iterator[Page]:
    """The feeds over several vendors, the page of all feeds, and the list that readers take in.

    `categories`: their slugs, each with its vendors.
    """
    site = press.site
    every = frozenset(vendor for vendors in categories.values() for vendor in vendors)
    scopes = [(variants.of_all(site), every)]
    for slug, members in categories.items():
        scopes.append((variants.of_category(site, slug), frozenset(members)))
    teller = Entries(press, readings), Events(press, readings)
    for scope, vendors in scopes:
        whose = None if vendors == every else vendors
        feeds = Feeds(press, scope, teller, _Across(source, whose).records)
        for variant in variants.wider(site):
            yield from feeds.pages(variant, Follows(vendors=vendors))
    yield Page(*_style(press))
    yield Page(links.OPML, "all feeds", partial(opml, site, categories))

    def about() -> bytes:
        return press.page(links.FEEDS, feeds_view(site, list(categories)))

    yield Page(links.FEEDS, "the feeds", about)


class _Across:
    """Where feeds over several vendors find their entries: the newest, and what changed lately."""

    def __init__(self, source: Source, vendors: frozenset[str] | None) -> None:
        self._source = source
        self._vendors = vendors
        self._lately: list[Kept] | None = None

    def records(self, variant: Variant) -> list[Kept]:
        if self._lately is None:
            self._lately = self._source.news(WINDOW, self._vendors)
        if variant.stem == UPDATES.stem:
            return self._lately
        if variant.stem == MAJOR.stem:
            newest = self._source.gravest(variant.size, self._vendors)
        else:
            newest = self._source.latest(variant.size, kind_of(variant), self._vendors)
        return list({(kept.vendor, kept.slug): kept for kept in (*newest, *self._lately)}.values())


def _all_of(part: Part, _: Variant) -> Sequence[Kept]:
    return part.kept


def _style(press: Press) -> tuple[str, str, partial[bytes]]:
    name, content = press.feed_style
    return name, "style of feeds", partial(bytes, content)
