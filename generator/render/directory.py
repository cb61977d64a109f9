"""The views of who is here: all vendors from A to Z, and the vendors of a category."""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain, groupby, islice

from msgspec import Struct

from generator.census import VendorCount
from generator.model import Kept, Outline
from generator.render import links, words
from generator.render.almanac import Almanac
from generator.render.days import listed
from generator.render.feeds.variants import feed_links, of_category, variants
from generator.render.frame import FeedLink, Frame, Link, Row, Site, moment
from generator.render.overview import OpenView, open_view
from generator.render.tally import standing

LATEST = 15
# Where names go that begin with no letter of the alphabet.
OTHER_LETTERS = "#"


class VendorEntry(Struct, frozen=True):
    """A vendor in the directory; `calm`: its page is known to have been read."""

    name: str
    href: str
    category: Link
    incidents: str
    last: str
    open: int
    unread: bool
    calm: bool


class CategoryEntry(Struct, frozen=True):
    """A category of the directory and its vendors by name."""

    slug: str
    link: Link
    anchor: str
    open: int
    vendors: tuple[VendorEntry, ...]


class CategoryView(Struct, frozen=True):
    """A category's page. `unread`: how many could not be read; `calm`: the mark of nothing open."""

    frame: Frame
    name: str
    calendar: str | None
    services: str
    incidents: str
    unread: str
    calm: str
    open: tuple[OpenView, ...]
    latest: tuple[Row, ...]
    vendors: tuple[VendorEntry, ...]
    feeds: tuple[FeedLink, ...]
    all_feeds: str


class Letter(Struct, frozen=True):
    """The vendors whose names begin with a letter."""

    letter: str
    anchor: str
    vendors: tuple[VendorEntry, ...]


class VendorsView(Struct, frozen=True):
    """All vendors from A to Z."""

    frame: Frame
    services: str
    letters: tuple[Letter, ...]


def entries(
    site: Site, vendors: Iterable[str], counts: Mapping[str, VendorCount], folder: str
) -> list[VendorEntry]:
    """Vendors by name, as linked from a page in `folder`."""
    found = [_entry(site, vendor, counts.get(vendor), folder) for vendor in vendors]
    return sorted(found, key=lambda entry: (_folded(entry.name), entry.href))


def members(site: Site, vendors: Iterable[str]) -> dict[str, list[str]]:
    """The categories that have some of the vendors, as configured; what has none comes last."""
    found: dict[str, list[str]] = {slug: [] for slug in site.config.categories}
    for vendor in sorted(vendors):
        found.setdefault(site.category_slug(vendor), []).append(vendor)
    return {slug: own for slug, own in found.items() if own}


def categories(
    site: Site, counts: Mapping[str, VendorCount], folder: str = ""
) -> tuple[CategoryEntry, ...]:
    """The categories that have vendors, as configured; what has none comes last."""
    found = members(site, site.vendors.keys() | counts.keys())
    return tuple(
        CategoryEntry(
            slug,
            category_link(site, slug, folder),
            links.category_anchor(slug),
            sum(counts[vendor].open for vendor in vendors if vendor in counts),
            tuple(entries(site, vendors, counts, folder)),
        )
        for slug, vendors in found.items()
    )


def category_view(
    site: Site,
    slug: str,
    counts: Mapping[str, VendorCount],
    opened: Iterable[Kept],
    latest: Sequence[Outline],
) -> CategoryView:
    """The view of a category; `opened` and `latest` are those of its vendors."""
    folder = "category"
    members = [
        vendor
        for vendor in site.vendors.keys() | counts.keys()
        if site.category_slug(vendor) == slug
    ]
    name = site.category(slug)
    own, *further = (
        feed_links(of_category(site, slug), variant, folder) for variant in variants(site)
    )
    total = sum(standing(counts.get(vendor)).incidents for vendor in members)
    unread = sum(map(site.unread, members))
    return CategoryView(
        frame=site.frame(
            links.category_page(slug),
            name,
            words.category_description(name, len(members)),
            crumbs=(Link(words.SERVICES, links.relative(folder, links.VENDORS)),),
            feeds=(*own, *chain.from_iterable(further)),
        ),
        feeds=own,
        all_feeds=links.relative(folder, links.FEEDS),
        name=name,
        calendar=_calendar(site, slug, folder),
        services=words.services(len(members)),
        incidents=words.incidents(total),
        unread=words.services(unread) if unread else "",
        calm="quiet" if all(site.calm(each) == "quiet" for each in members) else "unknown",
        open=tuple(
            open_view(kept, folder, site.name(kept.vendor), site.language(kept.vendor))
            for kept in opened
        ),
        latest=tuple(listed(site, each, folder) for each in latest),
        vendors=tuple(entries(site, members, counts, folder)),
    )


def vendors_view(site: Site, counts: Mapping[str, VendorCount]) -> VendorsView:
    """The view of all vendors."""
    known = entries(site, site.vendors.keys() | counts.keys(), counts, "")
    known.sort(key=lambda entry: _letter(entry.name))
    letters = (
        Letter(letter, links.letter_anchor(letter), tuple(found))
        for letter, found in groupby(known, key=lambda entry: _letter(entry.name))
    )
    return VendorsView(
        frame=site.frame(links.VENDORS, words.ALL_SERVICES, words.VENDORS_DESCRIPTION),
        services=words.services(len(known)),
        letters=tuple(letters),
    )


def latest_of(
    site: Site, slug: str, counts: Mapping[str, VendorCount], almanac: Almanac
) -> list[Outline]:
    """The newest incidents of a category, newest first."""
    vendors = {vendor for vendor in counts if site.category_slug(vendor) == slug}
    # Without this, one that has few would look through all there ever was.
    most = sum(standing(counts[vendor]).incidents for vendor in vendors)
    found = (each for each in almanac.latest() if each.vendor in vendors)
    return list(islice(found, min(LATEST, most)))


def category_link(site: Site, slug: str, folder: str) -> Link:
    """The link to a category from a page in `folder`."""
    return Link(site.category(slug), links.relative(folder, links.category_page(slug)))


def _entry(site: Site, vendor: str, count: VendorCount | None, folder: str) -> VendorEntry:
    last = count.last_started_at if count else None
    return VendorEntry(
        name=site.name(vendor),
        href=links.relative(folder, links.vendor_page(vendor)),
        category=category_link(site, site.category_slug(vendor), folder),
        incidents=words.number(standing(count).incidents),
        last=moment(last).day if last else "",
        open=count.open if count else 0,
        unread=site.unread(vendor),
        calm=site.calm(vendor) == "quiet",
    )


def _folded(name: str) -> str:
    """The name as it is sorted: an accent or a capital does not move it."""
    letters = unicodedata.normalize("NFKD", name).casefold()
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def _letter(name: str) -> str:
    first = _folded(name)[:1].upper()
    return first if "A" <= first <= "Z" else OTHER_LETTERS


def _calendar(site: Site, slug: str, folder: str) -> str | None:
    path = links.category_calendar(slug)
    return links.relative(folder, path) if site.has("calendars") else None
