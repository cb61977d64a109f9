"""The API: the whole archive as files of JSON below `/api/v1/`; vendors' are in `api_vendor`."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import partial

import msgspec

from generator.census import Census, VendorCount
from generator.exchange import spare_line_of
from generator.model import Health, Kept, Outline
from generator.render import links, shapes
from generator.render.almanac import Almanac
from generator.render.env import Press
from generator.render.frame import Site
from generator.render.openapi import openapi_json
from generator.render.page import ALL, Page
from generator.render.shapes import GENERATOR, in_lines, indented
from generator.render.source import Source
from generator.render.tally import Sums, Tally, first_start
from generator.times import text_of


def documents(
    press: Press,
    source: Source,
    census: Census,
    opened: Sequence[Kept],
    vendors: Sequence[str],
    almanac: Almanac,
    health: Sequence[Health] | None,
) -> Iterator[Page]:
    """The documents over all vendors. Those of days are made anew only where one changed."""
    site = press.site
    counts = census.vendors
    tally = Tally(site, counts)
    state = partial(status_json, site, source, census, opened, almanac.as_of)
    index = partial(index_json, site)
    every = partial(vendors_json, site, vendors, counts, tally)
    statistics = partial(statistics_json, site, vendors, counts, tally)
    yield Page(links.STATUS, "status", state)
    yield Page(links.API_INDEX, "the way into the API", index, ALL)
    yield Page(links.API_VENDORS, "all vendors as data", every, ALL)
    yield Page(links.API_OPEN, "what is open as data", partial(open_json, opened), ALL)
    yield Page(links.API_STATISTICS, "statistics as data", statistics, ALL)
    fare = partial(sources_json, site, counts, health)
    yield Page(links.API_SOURCES, "sources as data", fare, ALL)
    yield Page(links.OPENAPI, "description of the API", partial(openapi_json, site), ALL)
    for day in almanac.days:
        draw = partial(day_json, almanac, day)
        yield Page(links.day_data(day), f"day {day} as data", draw)


def status_json(
    site: Site, source: Source, census: Census, opened: Sequence[Kept], as_of: date
) -> bytes:
    """The archive's state: how far it has come, its size, and what is open by vendor."""
    by_vendor: dict[str, list[shapes.OpenEntry]] = {}
    for kept in opened:
        by_vendor.setdefault(kept.vendor, []).append(_open(site, kept))
    document = shapes.Status(
        generator=GENERATOR,
        sequence=source.sequence,
        changed_at=text_of(source.changed_at) if source.changed_at else None,
        as_of=as_of.isoformat(),
        totals=shapes.Totals(
            vendors=len(census.vendors),
            incidents=census.incidents,
            maintenances=census.maintenances,
            updates=census.updates,
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
        badge=site.address(links.badge("{vendor}", "{badge}", "json"))
        if site.has("badges")
        else None,
        statuspage=site.address(links.vendor_page("{vendor}")) if site.has("statuspage") else None,
    )
    return indented(document)


def vendors_json(
    site: Site, vendors: Sequence[str], counts: Mapping[str, VendorCount], tally: Tally
) -> bytes:
    """All vendors by slug."""

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


def day_json(almanac: Almanac, day: str) -> bytes:
    """What stands on a day."""
    return in_lines(shapes.DayOfAll(day=day, incidents=[]), map(_standing, almanac.on(day)))


def open_json(opened: Sequence[Kept]) -> bytes:
    """What is open, in full."""
    return in_lines(shapes.Open(incidents=[]), map(spare_line_of, opened))


def statistics_json(
    site: Site, vendors: Sequence[str], counts: Mapping[str, VendorCount], tally: Tally
) -> bytes:
    """The whole archive in figures."""
    members = Counter(site.category_slug(vendor) for vendor in vendors)
    whole = tally.whole
    first = first_start(counts)
    document = shapes.Statistics(
        vendors=len(vendors),
        incidents=whole.incidents,
        maintenances=whole.maintenances,
        by_impact=whole.by_impact,
        first_started_at=text_of(first) if first else None,
        categories=[
            _category(site, slug, members[slug], tally.categories[slug]) for slug in sorted(members)
        ],
        years=[],
    )
    return in_lines(document, (_year(year, sums) for year, sums in sorted(tally.years.items())))


def sources_json(
    site: Site, counts: Mapping[str, VendorCount], health: Sequence[Health] | None
) -> bytes:
    """How the reading of every source fares, by days: a run without news changes nothing."""

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


def _standing(outline: Outline) -> shapes.Standing:
    return shapes.Standing(
        vendor=outline.vendor,
        slug=outline.slug,
        title=outline.title,
        kind="maintenance" if outline.kind == "maintenance" else msgspec.UNSET,
        impact=outline.impact,
        started_at=outline.started_at,
        ended_at=outline.ended_at or msgspec.UNSET,
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


def _day(at: datetime | None) -> str | None:
    return at.date().isoformat() if at else None
