"""Vendors side by side, read back from their documents, so that no record is needed twice."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

import msgspec
from msgspec import Struct

from generator.model import IMPACTS, Impact
from generator.render import facts, links, words
from generator.render.figures import told
from generator.render.frame import Frame, Link, Site
from generator.render.shapes import Vendor

# How many vendors are compared at most.
MOST = 4
GRAVEST_FIRST = sorted(IMPACTS, key=lambda impact: -facts.SEVERITY[impact])
# How many years a table of a category shows.
YEARS = 3


class CompareRow(Struct, frozen=True):
    """A vendor in the table of its category; `years`: "" of one before its record begins."""

    slug: str
    name: str
    href: str
    since: str
    incidents: str
    years: tuple[str, ...]
    known: str
    median: str
    p90: str
    between: str


class CategoryTable(Struct, frozen=True):
    """The vendors of a category side by side."""

    frame: Frame
    name: str
    chooser: str
    years: tuple[int, ...]
    rows: tuple[CompareRow, ...]
    most: int
    method: str


class CompareView(Struct, frozen=True):
    """Where two to four vendors are chosen; `vendors` by slug and name."""

    frame: Frame
    categories: tuple[Link, ...]
    vendors: tuple[tuple[str, str], ...]
    script: str
    impacts: tuple[tuple[Impact, str], ...]
    most: int
    method: str


def category_table(
    site: Site, category: str, vendors: Iterable[Vendor], as_of: date
) -> CategoryTable:
    """The table of a category. Of `as_of` only the year counts."""
    path = links.compare_page(category)
    folder = links.folder_of(path)
    name = site.category(category)
    years = tuple(range(as_of.year, as_of.year - YEARS, -1))
    rows = [_row(figures, folder, years) for figures in vendors]
    return CategoryTable(
        frame=site.frame(
            path,
            f"{words.COMPARE}: {name}",
            words.compare_description(name),
            crumbs=(Link(words.COMPARE, links.relative(folder, links.COMPARE)),),
        ),
        name=name,
        chooser=links.relative(folder, links.COMPARE),
        years=years,
        rows=tuple(sorted(rows, key=lambda row: (row.name.casefold(), row.slug))),
        most=MOST,
        method=links.relative(folder, links.METHOD),
    )


def compare_view(site: Site, vendors: Sequence[str], script: str) -> CompareView:
    """The view of the page where vendors are chosen."""
    names = [(vendor, site.name(vendor)) for vendor in vendors]
    return CompareView(
        frame=site.frame(links.COMPARE, words.COMPARE, words.COMPARE_DESCRIPTION),
        categories=tuple(
            Link(site.category(category), links.compare_page(category))
            for category in by_category(site, vendors)
        ),
        vendors=tuple(sorted(names, key=lambda each: (each[1].casefold(), each[0]))),
        script=script,
        impacts=tuple((impact, words.IMPACT[impact]) for impact in GRAVEST_FIRST),
        most=MOST,
        method=links.METHOD,
    )


def by_category(site: Site, vendors: Iterable[str]) -> Mapping[str, list[str]]:
    """The vendors of each category that has any, categories in the order of the first page."""
    found: dict[str, list[str]] = {category: [] for category in site.config.categories}
    for vendor in vendors:
        found.setdefault(site.category_slug(vendor), []).append(vendor)
    return {category: slugs for category, slugs in found.items() if slugs}


def read_figures(content: bytes) -> Vendor:
    """A vendor's figures out of its document."""
    return msgspec.json.decode(content, type=Vendor)


def _row(figures: Vendor, folder: str, years: Iterable[int]) -> CompareRow:
    by_year = {each.year: each.incidents for each in figures.years}
    # Before a record begins, none is not known to be none.
    begins = min((int(each[:4]) for each in _beginnings(figures)), default=None)
    return CompareRow(
        slug=figures.vendor,
        name=figures.name,
        href=links.relative(folder, links.vendor_page(figures.vendor)),
        since=(figures.first_started_at or "")[:10],
        incidents=words.number(figures.incidents),
        years=tuple(
            "" if begins is None or year < begins else words.number(by_year.get(year, 0))
            for year in years
        ),
        known=words.number(figures.lengths.known),
        median=_told(figures.lengths.median),
        p90=_told(figures.lengths.p90),
        between=_told(figures.between_starts.median),
    )


def _beginnings(figures: Vendor) -> Iterable[str]:
    """Times, or years, from which on something is recorded."""
    yield from (str(each.year) for each in figures.years)
    if figures.complete_since:
        yield figures.complete_since


def _told(seconds: int | None) -> str:
    return told(None if seconds is None else timedelta(seconds=seconds))
