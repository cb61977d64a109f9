"""The views of a vendor: its overview and its years."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from markupsafe import Markup

from generator.model import Kept
from generator.render import facts, linked, links, words
from generator.render.frame import Frame, Link, Moment, Row, Site, moment, row
from generator.render.strip import Strip, strip
from generator.render.text import excerpt, safe_html

RECENT = 12
# How much of the last word on an open incident the first page shows, in characters.
EXCERPT = 280


@dataclass(frozen=True, slots=True)
class OpenView:
    """Something that goes on: its row, and the vendor's last word on it."""

    row: Row
    phase: str
    at: Moment
    body: Markup
    excerpt: str


@dataclass(frozen=True, slots=True)
class YearEntry:
    """A year in a vendor's list."""

    year: int
    href: str
    data: str
    incidents: str
    maintenances: str


@dataclass(frozen=True, slots=True)
class VendorView:
    """A vendor's overview."""

    frame: Frame
    name: str
    source: str | None
    open: tuple[OpenView, ...]
    maintenance: tuple[Row, ...]
    strip: Strip
    recent: tuple[Row, ...]
    years: tuple[YearEntry, ...]
    total: str
    complete_since: Moment | None


@dataclass(frozen=True, slots=True)
class MonthView:
    """A month of a year's list."""

    name: str
    count: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class YearView:
    """A vendor's year."""

    frame: Frame
    name: str
    year: int
    incidents: str
    maintenances: str
    months: tuple[MonthView, ...]
    planned: tuple[Row, ...]
    data: str
    earlier: Link | None
    later: Link | None


def vendor_view(
    site: Site,
    vendor: str,
    kept: Sequence[Kept],
    rows: Mapping[str, Row],
    complete_since: datetime | None,
    as_of: date,
) -> VendorView:
    """The view of a vendor's overview; `rows` are those of its incidents, by slug."""
    listed = [each for each in kept if each.withdrawn_at is None]
    incidents = [each for each in listed if each.incident.kind == "incident"]
    path = links.vendor_page(vendor)
    name = site.name(vendor)
    return VendorView(
        frame=site.frame(
            path,
            name,
            words.vendor_description(name),
            vendor=vendor,
            crumbs=(_category(site, vendor),),
            more=_linked(site, vendor, kept, complete_since),
        ),
        name=name,
        source=site.status_page(vendor),
        open=tuple(open_view(each, vendor) for each in reversed(incidents) if facts.is_open(each)),
        maintenance=_ahead(listed, rows),
        strip=strip(kept, _recorded_since(kept, complete_since), as_of),
        recent=tuple(rows[each.slug] for each in reversed(incidents[-RECENT:])),
        years=_years(vendor, kept),
        total=words.incidents(sum(each.incident.kind == "incident" for each in kept)),
        complete_since=moment(complete_since) if complete_since else None,
    )


def year_view(
    site: Site,
    vendor: str,
    year: int,
    kept: Sequence[Kept],
    rows: Mapping[str, Row],
    years: Sequence[int],
) -> YearView:
    """The view of a vendor's year; `kept` are its records, `years` all that have any."""
    incidents = [each for each in reversed(kept) if each.incident.kind == "incident"]
    planned = [each for each in reversed(kept) if each.incident.kind == "maintenance"]
    at = years.index(year)
    name = site.name(vendor)
    return YearView(
        frame=site.frame(
            links.year_page(vendor, year),
            f"{name} {year}",
            words.year_description(name, year, len(incidents)),
            vendor=vendor,
            crumbs=(Link(name, links.relative(vendor, links.vendor_page(vendor))),),
        ),
        name=name,
        year=year,
        incidents=words.incidents(len(incidents)),
        maintenances=words.maintenances(len(planned)),
        months=_months(incidents, rows),
        planned=tuple(rows[each.slug] for each in planned),
        data=links.relative(vendor, links.year_data(vendor, year)),
        earlier=_year_link(vendor, years[at - 1]) if at else None,
        later=_year_link(vendor, years[at + 1]) if at + 1 < len(years) else None,
    )


def open_view(kept: Kept, folder: str, vendor_name: str = "") -> OpenView:
    """What goes on; with the vendor's name where vendors are mixed."""
    incident = kept.incident
    last = incident.updates[-1] if incident.updates else None
    body = safe_html(last.body, last.body_format) if last else Markup()
    return OpenView(
        row=row(kept, folder, vendor_name),
        phase=words.PHASE[last.phase] if last else words.STATE["open"],
        at=moment(facts.last_word_at(incident)),
        body=body,
        excerpt=excerpt(body, EXCERPT),
    )


def by_year(kept: Iterable[Kept]) -> dict[int, list[Kept]]:
    """Records by the year of their start, years ascending where the records are."""
    years: dict[int, list[Kept]] = {}
    for each in kept:
        years.setdefault(each.incident.started_at.year, []).append(each)
    return years


def _ahead(listed: Sequence[Kept], rows: Mapping[str, Row]) -> tuple[Row, ...]:
    """Maintenance that is planned or under way, soonest first."""
    ahead = ("planned", "under_way")
    return tuple(rows[each.slug] for each in listed if facts.state_of(each.incident) in ahead)


def _linked(
    site: Site, vendor: str, kept: Sequence[Kept], complete_since: datetime | None
) -> linked.Node:
    name = site.name(vendor)
    files = [site.address(links.year_data(vendor, year)) for year in by_year(kept)]
    record = linked.dataset(
        words.record_of(name),
        words.vendor_description(name),
        site.address(links.vendor_page(vendor)),
        complete_since,
        files,
        site.status_page(vendor),
    )
    return {"about": {"@type": "Service", "name": name}, "mainEntity": record}


def _category(site: Site, vendor: str) -> Link:
    slug = site.category_slug(vendor)
    home = links.relative(vendor, links.HOME)
    return Link(site.category(slug), f"{home}#{words.category_anchor(slug)}")


def _recorded_since(kept: Sequence[Kept], complete_since: datetime | None) -> date | None:
    """The first day of which a quiet record says anything."""
    if complete_since:
        return complete_since.date()
    return min((each.first_seen_at.date() for each in kept), default=None)


def _years(vendor: str, kept: Sequence[Kept]) -> tuple[YearEntry, ...]:
    entries = []
    for year, records in reversed(by_year(kept).items()):
        maintenances = sum(each.incident.kind == "maintenance" for each in records)
        entries.append(
            YearEntry(
                year=year,
                href=links.relative(vendor, links.year_page(vendor, year)),
                data=links.relative(vendor, links.year_data(vendor, year)),
                incidents=words.number(len(records) - maintenances),
                maintenances=words.number(maintenances),
            )
        )
    return tuple(entries)


def _year_link(vendor: str, year: int) -> Link:
    return Link(str(year), links.relative(vendor, links.year_page(vendor, year)))


def _months(incidents: Iterable[Kept], rows: Mapping[str, Row]) -> tuple[MonthView, ...]:
    months: dict[int, list[Row]] = {}
    for each in incidents:
        months.setdefault(each.incident.started_at.month, []).append(rows[each.slug])
    return tuple(
        MonthView(words.MONTHS[month - 1], words.incidents(len(found)), tuple(found))
        for month, found in months.items()
    )
