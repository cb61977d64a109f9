"""The API: the archive as files of JSON below `/api/v1/`, each made from a shape of `shapes`."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from functools import partial

import msgspec

from generator.exchange import line_of
from generator.model import IMPACTS, Health, Impact, Kept, Kind, Outline
from generator.render import facts, links, shapes
from generator.render.almanac import Almanac
from generator.render.env import Press
from generator.render.figures import timeless
from generator.render.frame import Site
from generator.render.openapi import openapi_json
from generator.render.page import ALL, VENDOR, Follows, Page
from generator.render.shapes import GENERATOR, in_lines, indented
from generator.render.source import Source
from generator.render.spans import counted
from generator.render.years import by_year
from generator.times import text_of


class Sums:
    """How many incidents there are, by impact, and how many maintenances."""

    def __init__(self) -> None:
        self.by_impact: dict[Impact, int] = dict.fromkeys(IMPACTS, 0)
        self.maintenances = 0

    @property
    def incidents(self) -> int:
        """Of whatever impact."""
        return sum(self.by_impact.values())

    def add(self, kind: Kind, impact: Impact, number: int) -> None:
        """Count some more."""
        if kind == "maintenance":
            self.maintenances += number
        else:
            self.by_impact[impact] += number


class Tally:
    """What stands in the archive, counted in one pass."""

    def __init__(self, site: Site, outlines: Iterable[Outline]) -> None:
        self.whole = Sums()
        self.vendors: defaultdict[str, Sums] = defaultdict(Sums)
        self.categories: defaultdict[str, Sums] = defaultdict(Sums)
        self.years: defaultdict[int, Sums] = defaultdict(Sums)
        alike = Counter((o.vendor, o.kind, o.impact, o.started_at[:4]) for o in outlines)
        for (vendor, kind, impact, year), number in alike.items():
            sums = (
                self.whole,
                self.vendors[vendor],
                self.categories[site.category_slug(vendor)],
                self.years[int(year)],
            )
            for each in sums:
                each.add(kind, impact, number)


def vendor_documents(
    press: Press, vendor: str, kept: Sequence[Kept], complete_since: datetime | None
) -> Iterator[Page]:
    """A vendor's documents; `kept` are all its records, by start."""
    about = partial(vendor_json, press.site, vendor, kept, complete_since)
    yield Page(links.vendor_data(vendor), f"{vendor} as data", about, VENDOR)
    for year, records in by_year(kept).items():
        what = f"{vendor} in {year} as data"
        draw = partial(year_json, vendor, year, records)
        yield Page(links.year_data(vendor, year), what, draw, Follows(year=year))


def documents(
    press: Press,
    source: Source,
    vendors: Sequence[str],
    almanac: Almanac,
    health: Sequence[Health] | None,
) -> Iterator[Page]:
    """The documents over all vendors. Those of days are made anew only where one changed."""
    site = press.site
    tally = Tally(site, almanac.all)
    state = partial(status_json, site, source, source.open(), almanac.as_of)
    index = partial(index_json, site)
    every = partial(vendors_json, site, vendors, source, tally)
    statistics = partial(statistics_json, site, vendors, almanac, tally)
    yield Page(links.STATUS, "status", state)
    yield Page(links.API_INDEX, "the way into the API", index, ALL)
    yield Page(links.API_VENDORS, "all vendors as data", every, ALL)
    yield Page(links.API_OPEN, "what is open as data", partial(open_json, source), ALL)
    yield Page(links.API_STATISTICS, "statistics as data", statistics, ALL)
    fare = partial(sources_json, site, source, health)
    yield Page(links.API_SOURCES, "sources as data", fare, ALL)
    yield Page(links.OPENAPI, "description of the API", partial(openapi_json, site), ALL)
    for day in almanac.days:
        draw = partial(day_json, almanac, day)
        yield Page(links.day_data(day), f"day {day} as data", draw)


def status_json(site: Site, source: Source, opened: Sequence[Kept], as_of: date) -> bytes:
    """The archive's state: how far it has come, its size, and what is open by vendor."""
    totals = source.totals()
    by_vendor: dict[str, list[shapes.OpenEntry]] = {}
    for kept in opened:
        by_vendor.setdefault(kept.vendor, []).append(_open(site, kept))
    document = shapes.Status(
        generator=GENERATOR,
        sequence=source.sequence,
        changed_at=text_of(source.changed_at) if source.changed_at else None,
        as_of=as_of.isoformat(),
        totals=shapes.Totals(
            vendors=totals.vendors,
            incidents=totals.incidents,
            maintenances=totals.maintenances,
            updates=totals.updates,
        ),
        open=dict(sorted(by_vendor.items())),
    )
    return indented(document)


def index_json(site: Site) -> bytes:
    """Where everything is."""
    year = links.year_data("{vendor}", 0).replace("0000", "{year}")
    document = shapes.Index(
        title=site.config.title,
        description=site.config.description,
        address=site.config.address,
        openapi=site.address(links.OPENAPI),
        schema=site.address(links.SCHEMA),
        status=site.address(links.STATUS),
        vendors=site.address(links.API_VENDORS),
        vendor=site.address(links.vendor_data("{vendor}")),
        year=site.address(year),
        day=site.address(links.day_data("{day}")),
        open=site.address(links.API_OPEN),
        statistics=site.address(links.API_STATISTICS),
        sources=site.address(links.API_SOURCES),
        incident_page=site.address(links.incident_page("{vendor}", "{slug}")),
        statuspage=site.address(links.vendor_page("{vendor}")),
    )
    return indented(document)


def vendors_json(site: Site, vendors: Sequence[str], source: Source, tally: Tally) -> bytes:
    """All vendors by slug."""
    counts = source.counts()

    def entry(slug: str) -> shapes.VendorEntry:
        known, count = site.vendors.get(slug), counts.get(slug)
        last = count.last_started_at if count else None
        return shapes.VendorEntry(
            vendor=slug,
            name=site.name(slug),
            category=site.category_slug(slug),
            platform=known.platform if known else None,
            homepage=known.homepage if known else None,
            status_page=known.status_page if known else None,
            incidents=tally.vendors[slug].incidents,
            maintenances=tally.vendors[slug].maintenances,
            open=count.open if count else 0,
            last_started_at=text_of(last) if last else None,
        )

    return in_lines(shapes.Vendors(vendors=[]), map(entry, vendors))


def vendor_json(
    site: Site, vendor: str, kept: Sequence[Kept], complete_since: datetime | None
) -> bytes:
    """A vendor and its figures, which change only with the record, never with the day."""
    known = site.vendors.get(vendor)
    found = timeless(kept)
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
    return in_lines(shapes.Year(vendor=vendor, year=year, incidents=[]), map(line_of, kept))


def day_json(almanac: Almanac, day: str) -> bytes:
    """What stands on a day."""
    return in_lines(shapes.DayOfAll(day=day, incidents=[]), map(_standing, almanac.on(day)))


def open_json(source: Source) -> bytes:
    """What is open, in full."""
    return in_lines(shapes.Open(incidents=[]), map(line_of, source.open()))


def statistics_json(site: Site, vendors: Sequence[str], almanac: Almanac, tally: Tally) -> bytes:
    """The whole archive in figures."""
    members = Counter(site.category_slug(vendor) for vendor in vendors)
    whole = tally.whole
    document = shapes.Statistics(
        vendors=len(vendors),
        incidents=whole.incidents,
        maintenances=whole.maintenances,
        by_impact=whole.by_impact,
        first_started_at=next((o.started_at for o in almanac.all if o.kind == "incident"), None),
        categories=[
            _category(site, slug, members[slug], tally.categories[slug]) for slug in sorted(members)
        ],
        years=[],
    )
    return in_lines(document, (_year(year, sums) for year, sums in sorted(tally.years.items())))


def sources_json(site: Site, source: Source, health: Sequence[Health] | None) -> bytes:
    """How the reading of every source fares, by days: a run without news changes nothing."""
    counts = source.counts()

    def entry(each: Health) -> shapes.SourceEntry:
        count = counts.get(each.vendor.slug)
        return shapes.SourceEntry(
            vendor=each.vendor.slug,
            name=site.name(each.vendor.slug),
            platform=each.vendor.platform,
            status_page=each.vendor.status_page,
            newest_on=_day(count.last_started_at if count else None),
            read_on=_day(each.read_at),
            failing_since=_day(each.failing_since),
            fault=each.fault,
        )

    known = health if health is not None else [Health(each) for each in site.vendors.values()]
    rows = map(entry, sorted(known, key=lambda each: each.vendor.slug))
    return in_lines(shapes.Sources(known=health is not None, sources=[]), rows)


def _open(site: Site, kept: Kept) -> shapes.OpenEntry:
    incident = kept.incident
    return shapes.OpenEntry(
        slug=kept.slug,
        title=incident.title,
        impact=incident.impact,
        phase=incident.updates[-1].phase if incident.updates else None,
        started_at=text_of(incident.started_at),
        url=site.address(links.incident_page(kept.vendor, kept.slug)),
    )


def _years(site: Site, vendor: str, kept: Sequence[Kept]) -> Iterator[shapes.VendorYear]:
    for year, records in by_year(kept).items():
        kinds = Counter(each.incident.kind for each in records if each.withdrawn_at is None)
        yield shapes.VendorYear(
            year=year,
            incidents=kinds["incident"],
            maintenances=kinds["maintenance"],
            url=site.address(links.year_data(vendor, year)),
        )


def _standing(outline: Outline) -> shapes.Standing:
    return shapes.Standing(
        vendor=outline.vendor,
        slug=outline.slug,
        title=outline.title,
        kind=outline.kind,
        impact=outline.impact,
        started_at=outline.started_at,
        ended_at=outline.ended_at,
        end_basis=outline.end_basis,
        scheduled_until=outline.scheduled_until or msgspec.UNSET,
    )


def _category(site: Site, slug: str, vendors: int, sums: Sums) -> shapes.CategoryFigures:
    return shapes.CategoryFigures(
        category=slug,
        name=site.category(slug),
        vendors=vendors,
        incidents=sums.incidents,
        maintenances=sums.maintenances,
        by_impact=sums.by_impact,
    )


def _year(year: int, sums: Sums) -> shapes.YearFigures:
    return shapes.YearFigures(
        year=year,
        incidents=sums.incidents,
        maintenances=sums.maintenances,
        by_impact=sums.by_impact,
    )


def _seconds(length: timedelta | None) -> int | None:
    return None if length is None else length.days * 86400 + length.seconds


def _day(at: datetime | None) -> str | None:
    return at.date().isoformat() if at else None
