"""Vendors side by side: each one's figures as a file, and the pages that show several.

The figures of a file change only with the record, never with the day. The pages read them back
from the files, so that no vendor's record is needed twice.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import msgspec

from generator.model import IMPACTS, Impact, Kept
from generator.render import facts, links, words
from generator.render.figures import timeless, told
from generator.render.frame import Frame, Link, Site
from generator.render.spans import counted
from generator.times import text_of

# How many vendors are compared at most.
MOST = 4
GRAVEST_FIRST = sorted(IMPACTS, key=lambda impact: -facts.SEVERITY[impact])
# How many years a table of a category shows.
YEARS = 3


class LengthFigures(msgspec.Struct, frozen=True):
    """How long incidents took, in seconds; null of fewer than five."""

    known: int
    presumed: int
    median: int | None
    p90: int | None
    longest: int | None


class BetweenFigures(msgspec.Struct, frozen=True):
    """From one start to the next, in seconds; null of fewer than five."""

    known: int
    median: int | None


class VendorFigures(msgspec.Struct, frozen=True):
    """A vendor's record in figures. `years`: incidents by the year of their start."""

    vendor: str
    name: str
    url: str
    first_started_at: str | None
    incidents: int
    by_impact: dict[Impact, int]
    lengths: LengthFigures
    between_starts: BetweenFigures
    years: dict[str, int]


@dataclass(frozen=True, slots=True)
class CompareRow:
    """A vendor in the table of its category."""

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


@dataclass(frozen=True, slots=True)
class CategoryTable:
    """The vendors of a category side by side."""

    frame: Frame
    name: str
    chooser: str
    years: tuple[int, ...]
    rows: tuple[CompareRow, ...]
    most: int
    method: str


@dataclass(frozen=True, slots=True)
class CompareView:
    """Where two to four vendors are chosen; `vendors` by slug and name."""

    frame: Frame
    categories: tuple[Link, ...]
    vendors: tuple[tuple[str, str], ...]
    script: str
    impacts: tuple[tuple[Impact, str], ...]
    most: int
    method: str


def summary_json(site: Site, vendor: str, kept: Sequence[Kept]) -> bytes:
    """A vendor's figures, for programs and for the pages that compare."""
    found = timeless(kept)
    lengths = found.lengths
    starts = [each.incident.started_at for each in counted(kept)]
    document = VendorFigures(
        vendor=vendor,
        name=site.name(vendor),
        url=site.address(links.vendor_page(vendor)),
        first_started_at=text_of(min(starts)) if starts else None,
        incidents=found.incidents,
        by_impact=dict(found.by_impact),
        lengths=LengthFigures(
            lengths.n,
            lengths.presumed,
            _seconds(lengths.median),
            _seconds(lengths.p90),
            _seconds(lengths.longest),
        ),
        between_starts=BetweenFigures(found.between.n, _seconds(found.between.value)),
        years={str(year): count for year, count in Counter(at.year for at in starts).items()},
    )
    return msgspec.json.format(msgspec.json.encode(document), indent=1) + b"\n"


def category_table(
    site: Site, category: str, vendors: Iterable[VendorFigures], as_of: date
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


def read_figures(content: bytes) -> VendorFigures:
    """A vendor's figures out of its file."""
    return msgspec.json.decode(content, type=VendorFigures)


def _row(figures: VendorFigures, folder: str, years: Iterable[int]) -> CompareRow:
    return CompareRow(
        slug=figures.vendor,
        name=figures.name,
        href=links.relative(folder, links.vendor_page(figures.vendor)),
        since=(figures.first_started_at or "")[:10],
        incidents=words.number(figures.incidents),
        years=tuple(words.number(figures.years.get(str(year), 0)) for year in years),
        known=words.number(figures.lengths.known),
        median=_told(figures.lengths.median),
        p90=_told(figures.lengths.p90),
        between=_told(figures.between_starts.median),
    )


def _seconds(length: timedelta | None) -> int | None:
    return None if length is None else length.days * 86400 + length.seconds


def _told(seconds: int | None) -> str:
    return told(None if seconds is None else timedelta(seconds=seconds))
