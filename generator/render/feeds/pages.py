"""The feeds of the site: of a vendor and its components, of categories and of all."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from itertools import islice

from generator.census import VendorCount
from generator.model import Kept, Start
from generator.render import links, words
from generator.render.components import Part
from generator.render.env import Press
from generator.render.feeds import variants
from generator.render.feeds.about import feeds_view
from generator.render.feeds.archives import History, Relations
from generator.render.feeds.choice import GRAVE, Records, kind_of, shown_in
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
# Of which vendors; None: of all.
_Of = frozenset[str] | None
# So many starts are read at once.
AT_ONCE = 256


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
    press: Press,
    source: Source,
    counts: Mapping[str, VendorCount],
    categories: Mapping[str, Sequence[str]],
    readings: Readings,
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
    newest = _Newest(source, counts)
    for scope, vendors in scopes:
        whose = None if vendors == every else vendors
        feeds = Feeds(press, scope, teller, _Across(newest, whose).records)
        for variant in variants.wider(site):
            yield from feeds.pages(variant, Follows(vendors=vendors))
    yield Page(*_style(press))
    yield Page(links.OPML, "all feeds", partial(opml, site, categories))

    def about() -> bytes:
        return press.page(links.FEEDS, feeds_view(site, list(categories)))

    yield Page(links.FEEDS, "the feeds", about)


class _Across:
    """Where feeds over several vendors find their entries: the newest, and what changed lately."""

    def __init__(self, newest: "_Newest", of: _Of) -> None:
        self._newest = newest
        self._of = of

    def records(self, variant: Variant) -> list[Kept]:
        lately = self._newest.news(self._of)
        if variant.stem == UPDATES.stem:
            return lately
        newest = self._newest.records(variant, self._of)
        return list({(kept.vendor, kept.slug): kept for kept in (*newest, *lately)}.values())


class _Newest:
    """What the feeds over several vendors have in common: each record is read once for all."""

    def __init__(self, source: Source, counts: Mapping[str, VendorCount]) -> None:
        self._source = source
        self._changed = {vendor: count.changed_at for vendor, count in counts.items()}
        self._starts = source.starts()
        self._passed: list[Start] = []
        self._read: dict[int, Kept] = {}
        self._lately: dict[_Of, list[Kept]] = {}

    def news(self, of: _Of) -> list[Kept]:
        """What changed in the window before the last change of those vendors, and was news."""
        if of not in self._lately:
            last, last_of_all = self._last(of), self._last(None)
            if last is None:
                self._lately[of] = []
            elif of is not None and last == last_of_all:
                self._lately[of] = [kept for kept in self.news(None) if kept.vendor in of]
            else:
                self._lately[of] = self._source.news(last - WINDOW, of)
        return self._lately[of]

    def _last(self, of: _Of) -> datetime | None:
        changed = (at for vendor, at in self._changed.items() if of is None or vendor in of)
        return max(changed, default=None)

    def records(self, variant: Variant, of: _Of) -> list[Kept]:
        """As many as the variant shows of the newest that it is of."""
        fits = (start for start in self._all() if (of is None or start.vendor in of))
        kind, grave = kind_of(variant), variant.stem == MAJOR.stem
        found = (s.number for s in fits if s.kind == kind and (not grave or s.impact in GRAVE))
        numbers = list(islice(found, variant.size))
        missing = sorted(number for number in numbers if number not in self._read)
        self._read |= dict(zip(missing, self._source.numbered(missing), strict=True))
        return [self._read[number] for number in numbers]

    def _all(self) -> Iterator[Start]:
        """Newest first, as far as it is asked for, and once for all that ask."""
        place = 0
        while True:
            if place == len(self._passed):
                self._passed += islice(self._starts, AT_ONCE)
            if place == len(self._passed):
                return
            yield self._passed[place]
            place += 1


def _all_of(part: Part, _: Variant) -> Sequence[Kept]:
    return part.kept


def _style(press: Press) -> tuple[str, str, partial[bytes]]:
    name, content = press.feed_style
    return name, "style of feeds", partial(bytes, content)
