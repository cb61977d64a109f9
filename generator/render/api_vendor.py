"""A vendor's documents of the API: what it is, its record in figures, and each year in full."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial

from generator.exchange import spare_line_of
from generator.model import Kept
from generator.render import facts, links, shapes
from generator.render.frame import Site
from generator.render.page import VENDOR, Follows, Page
from generator.render.shapes import in_lines
from generator.render.spans import counted
from generator.render.stats import started
from generator.render.years import by_year
from generator.times import text_of


def vendor_documents(
    site: Site, vendor: str, kept: Sequence[Kept], complete_since: datetime | None
) -> Iterator[Page]:
    """A vendor's documents; `kept` are all its records, by start."""
    about = partial(vendor_json, site, vendor, kept, complete_since)
    yield Page(links.vendor_data(vendor), f"{vendor} as data", about, VENDOR)
    for year, records in by_year(kept).items():
        what = f"{vendor} in {year} as data"
        draw = partial(year_json, vendor, year, records)
        yield Page(links.year_data(vendor, year), what, draw, Follows(year=year))


def vendor_json(
    site: Site, vendor: str, kept: Sequence[Kept], complete_since: datetime | None
) -> bytes:
    """A vendor and its figures, which change only with the record, never with the day."""
    known = site.vendors.get(vendor)
    found = started(kept)
    starts = [each.incident.started_at for each in counted(kept)]
    lengths, between = found.lengths, found.between
    document = shapes.Vendor(
        vendor=vendor,
        name=site.name(vendor),
        category=site.category_slug(vendor),
        platform=known.platform if known else None,
        homepage=known.homepage if known else None,
        status_page=known.status_page if known else None,
        url=site.address(links.vendor_page(vendor)),
        complete_since=text_of(complete_since) if complete_since else None,
        first_started_at=text_of(min(starts)) if starts else None,
        incidents=found.incidents,
        by_impact=dict(found.by_impact),
        lengths=shapes.LengthFigures(
            known=lengths.n,
            presumed=lengths.presumed,
            median=_seconds(lengths.median),
            p90=_seconds(lengths.p90),
            longest=_seconds(lengths.longest),
        ),
        between_starts=shapes.BetweenFigures(known=between.n, median=_seconds(between.value)),
        open=[each.slug for each in kept if facts.is_open(each)],
        years=[],
    )
    return in_lines(document, _years(site, vendor, kept))


def year_json(vendor: str, year: int, kept: Sequence[Kept]) -> bytes:
    """A vendor's year in full."""
    return in_lines(shapes.Year(vendor=vendor, year=year, incidents=[]), map(spare_line_of, kept))


def _years(site: Site, vendor: str, kept: Sequence[Kept]) -> Iterator[shapes.VendorYear]:
    for year, records in by_year(kept).items():
        kinds = Counter(each.incident.kind for each in records if each.withdrawn_at is None)
        yield shapes.VendorYear(
            year=year,
            incidents=kinds["incident"],
            maintenances=kinds["maintenance"],
            url=site.address(links.year_data(vendor, year)),
        )


def _seconds(length: timedelta | None) -> int | None:
    return None if length is None else length.days * 86400 + length.seconds
