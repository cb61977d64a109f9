"""The view of a vendor's year."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from msgspec import Struct

from generator.model import Kept
from generator.render import links, words
from generator.render.bidi import isolated
from generator.render.figures import Figures, of_year, whole_year
from generator.render.frame import Frame, Link, Row, Site
from generator.render.heat import Heat, heat
from generator.render.months import MonthEntry, is_apart, month_entries, withdrawn_among
from generator.render.spans import counted
from generator.render.stats import days


class MonthView(Struct, frozen=True):
    """A month of a year's list. `anchor`: `m07` of July."""

    anchor: str
    name: str
    count: str
    rows: tuple[Row, ...]


class YearView(Struct, frozen=True):
    """A vendor's year; `heat` and `figures` only once it is over, when no day changes them.

    Its incidents stand in `months` and `planned`, or where they are too many on pages of `parts`.
    """

    frame: Frame
    name: str
    home: str
    year: int
    incidents: str
    maintenances: str
    withdrawn: str
    heat: Heat | None
    figures: Figures | None
    months: tuple[MonthView, ...]
    planned: tuple[Row, ...]
    parts: tuple[MonthEntry, ...]
    data: str
    method: str
    earlier: Link | None
    later: Link | None


def year_view(
    site: Site,
    vendor: str,
    year: int,
    kept: Sequence[Kept],
    rows: Mapping[str, Row],
    recorded_since: date | None,
    as_of: date,
) -> YearView:
    """The view of a vendor's year; `kept` are all its records. Of `as_of` only the year counts."""
    years = by_year(kept)
    listed = years[year][::-1]
    incidents = [each for each in listed if each.incident.kind == "incident"]
    planned = [each for each in listed if each.incident.kind == "maintenance"]
    earlier, later = _beside(vendor, tuple(years), year)
    name = site.name(vendor)
    home = links.relative(vendor, links.vendor_page(vendor))
    over = year < as_of.year
    apart = is_apart(listed)
    return YearView(
        frame=site.frame(
            links.year_page(vendor, year),
            f"{isolated(name)} {year}",
            words.year_description(name, year, len(counted(incidents))),
            vendor=vendor,
            crumbs=(Link(name, home),),
        ),
        name=isolated(name),
        home=home,
        year=year,
        incidents=words.incidents(len(counted(incidents))),
        maintenances=words.maintenances(len(counted(planned, "maintenance"))),
        withdrawn=withdrawn_among(listed),
        heat=heat(year, days(kept, whole_year(year)), recorded_since) if over else None,
        figures=of_year(kept, year, vendor) if over else None,
        months=() if apart else _months(incidents, rows),
        planned=() if apart else tuple(rows[each.slug] for each in planned),
        parts=month_entries(vendor, year, listed) if apart else (),
        data=links.relative(vendor, links.year_data(vendor, year)),
        method=links.relative(vendor, links.METHOD),
        earlier=earlier,
        later=later,
    )


def by_year(kept: Iterable[Kept]) -> dict[int, list[Kept]]:
    """Records by the year of their start, years ascending where the records are."""
    years: dict[int, list[Kept]] = {}
    for each in kept:
        years.setdefault(each.incident.started_at.year, []).append(each)
    return years


def _beside(vendor: str, years: Sequence[int], year: int) -> tuple[Link | None, Link | None]:
    """The years before and after that have a page."""
    at = years.index(year)
    earlier = _link(vendor, years[at - 1]) if at else None
    return earlier, _link(vendor, years[at + 1]) if at + 1 < len(years) else None


def _link(vendor: str, year: int) -> Link:
    return Link(str(year), links.relative(vendor, links.year_page(vendor, year)))


def _months(incidents: Iterable[Kept], rows: Mapping[str, Row]) -> tuple[MonthView, ...]:
    months: dict[int, list[Kept]] = {}
    for each in incidents:
        months.setdefault(each.incident.started_at.month, []).append(each)
    return tuple(
        MonthView(
            anchor=f"m{month:02}",
            name=words.MONTHS[month - 1],
            count=words.incidents(len(counted(found))),
            rows=tuple(rows[each.slug] for each in found),
        )
        for month, found in months.items()
    )
