"""The views of time: a day of all vendors, a month as a calendar, and the way in by years."""

from bisect import bisect_left
from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from itertools import groupby

from msgspec import Struct

from generator.census import MonthCount
from generator.model import Impact, Outline
from generator.render import facts, links, words
from generator.render.almanac import Almanac, by_impact, gravest, incident_of
from generator.render.frame import Frame, Link, Moment, Row, Site, moment, row_of

# How many of a day's incidents its month shows.
OF_A_DAY = 5
WEEK = 7
SECOND = timedelta(seconds=1)


class Tally(Struct, frozen=True):
    """How many incidents of an impact."""

    mark: Impact
    word: str
    count: str


class DayRow(Struct, frozen=True):
    """An incident on a day. `begins`, `ends`: on this day; `still`: neither, and what then."""

    row: Row
    begins: Moment | None
    ends: Moment | None
    still: str


class DayView(Struct, frozen=True):
    """What broke on a day."""

    frame: Frame
    name: str
    incidents: str
    services: str
    tallies: tuple[Tally, ...]
    began: tuple[DayRow, ...]
    continued: tuple[DayRow, ...]
    maintenance: tuple[DayRow, ...]
    earlier: Link | None
    later: Link | None


class Cell(Struct, frozen=True):
    """A day in the calendar; without a link if nothing is recorded. `number` 0: no day."""

    number: int = 0
    href: str = ""
    mark: str = ""
    count: int = 0
    label: str = ""


class DayInList(Struct, frozen=True):
    """A day in a list of days: the gravest of what began on it, and how many more there are."""

    link: Link
    began: str
    rows: tuple[Row, ...]
    more: str


class MonthPage(Struct, frozen=True):
    """A month as a calendar and a list."""

    frame: Frame
    name: str
    incidents: str
    weekdays: tuple[tuple[str, str], ...]
    weeks: tuple[tuple[Cell, ...], ...]
    days: tuple[DayInList, ...]
    earlier: Link | None
    later: Link | None


class MonthEntry(Struct, frozen=True):
    """A month in the list of all."""

    link: Link
    incidents: str


class YearOfMonths(Struct, frozen=True):
    """A year of the list of all months, newest month first."""

    year: str
    incidents: str
    months: tuple[MonthEntry, ...]


class DaysView(Struct, frozen=True):
    """The way into all days."""

    frame: Frame
    years: tuple[YearOfMonths, ...]


def day_view(site: Site, almanac: Almanac, day: str) -> DayView:
    """The view of a day (`2022-07-29`)."""
    found = almanac.on(day)
    incidents = [each for each in found if each.kind == "incident"]
    on = date.fromisoformat(day)
    earlier, later = _around(almanac.days, day)
    name = words.short_day(on)
    count = words.incidents(len(incidents))
    services = words.services(len({each.vendor for each in incidents}))
    return DayView(
        frame=site.frame(
            links.day_page(day),
            words.broke_on(name),
            words.day_description(name, count, services),
            crumbs=(_index(), _month_link(day[:7])),
        ),
        name=words.long_day(on),
        incidents=count,
        services=services,
        tallies=tallies(incidents),
        began=tuple(_day_row(site, each, on) for each in incidents if each.started_at[:10] == day),
        continued=tuple(
            _day_row(site, each, on) for each in incidents if each.started_at[:10] != day
        ),
        maintenance=tuple(_day_row(site, each, on) for each in found if each.kind != "incident"),
        earlier=day_link(earlier) if earlier else None,
        later=day_link(later) if later else None,
    )


def month_view(site: Site, almanac: Almanac, month: str) -> MonthPage:
    """The view of a month (`2022-07`)."""
    name = words.month(month)
    days = {day: almanac.incidents_on(day) for day in almanac.in_month(month)}
    earlier, later = _around(almanac.months, month)
    count = words.incidents(sum(len(almanac.began_on(day)) for day in days))
    return MonthPage(
        frame=site.frame(
            links.day_page(month),
            words.broke_in(name),
            words.month_description(name, count),
            crumbs=(_index(),),
        ),
        name=name,
        incidents=count,
        weekdays=tuple((day[:2], day) for day in words.WEEKDAYS),
        weeks=_weeks(month, [_cell(day, days.get(day, ())) for day in _all_days(month)]),
        days=tuple(
            day_in_list(site, day, found, "days")
            for day in days
            if (found := almanac.began_on(day))
        ),
        earlier=_month_link(earlier) if earlier else None,
        later=_month_link(later) if later else None,
    )


def days_view(site: Site, almanac: Almanac, months: Mapping[str, MonthCount]) -> DaysView:
    """The view of all years and their months, newest first; `months`: what starts in each."""
    years = []
    for year, of_year in groupby(reversed(almanac.months), key=lambda month: month[:4]):
        counts = {month: months[month].incidents if month in months else 0 for month in of_year}
        entries = tuple(
            MonthEntry(_month_link(month), words.number(count)) for month, count in counts.items()
        )
        years.append(YearOfMonths(year, words.incidents(sum(counts.values())), entries))
    return DaysView(
        frame=site.frame(links.DAYS, words.DAY_BY_DAY, words.DAYS_DESCRIPTION),
        years=tuple(years),
    )


def day_in_list(
    site: Site, day: str, found: Sequence[Outline], folder: str, most: int = OF_A_DAY
) -> DayInList:
    """A day in a list on a page in `folder`; `found`: the incidents that began on it."""
    return DayInList(
        link=day_link(day, folder),
        began=words.began(len(found)),
        rows=tuple(listed(site, each, folder) for each in gravest(found)[:most]),
        more=words.more(len(found) - most) if len(found) > most else "",
    )


def tallies(outlines: Iterable[Outline]) -> tuple[Tally, ...]:
    """How many of each impact, the gravest first."""
    return tuple(
        Tally(impact, words.IMPACT[impact], words.number(count))
        for impact, count in by_impact(outlines).items()
    )


def listed(site: Site, outline: Outline, folder: str) -> Row:
    """An incident in a list over all vendors on a page in `folder`."""
    vendor = outline.vendor
    name, language = site.name(vendor), site.language(vendor)
    return row_of(vendor, outline.slug, incident_of(outline), folder, name, language)


def day_link(day: str, folder: str = "days") -> Link:
    """The link to a day from a page in `folder`."""
    name = words.short_day(date.fromisoformat(day))
    return Link(name, links.relative(folder, links.day_page(day)))


def _day_row(site: Site, outline: Outline, day: date) -> DayRow:
    incident = incident_of(outline)
    start, end = incident.started_at, incident.ended_at
    begins = start.date() == day
    # Without an end it was last heard of, which is not to say that it was over then.
    ends = end is not None and max(start, end - SECOND).date() <= day
    return DayRow(
        row=listed(site, outline, "days"),
        begins=moment(start) if begins else None,
        ends=moment(end) if end is not None and ends and end > start else None,
        still="" if begins or ends else words.ALL_DAY if end else words.GOES_ON,
    )


def _cell(day: str, found: Sequence[Outline]) -> Cell:
    number = int(day[8:])
    if not found:
        return Cell(number)
    impact = facts.worst(each.impact for each in found)
    label = words.day_label(date.fromisoformat(day), len(found), impact)
    return Cell(number, links.relative("days", links.day_page(day)), impact, len(found), label)


def _weeks(month: str, cells: Sequence[Cell]) -> tuple[tuple[Cell, ...], ...]:
    """The days in rows from Monday to Sunday, filled up with cells that are no day."""
    before = date.fromisoformat(f"{month}-01").weekday()
    after = -(before + len(cells)) % WEEK
    filled = (*[Cell()] * before, *cells, *[Cell()] * after)
    return tuple(filled[at : at + WEEK] for at in range(0, len(filled), WEEK))


def _all_days(month: str) -> list[str]:
    first = date.fromisoformat(f"{month}-01")
    count = monthrange(first.year, first.month)[1]
    return [(first + timedelta(days=number)).isoformat() for number in range(count)]


def _around(listed: Sequence[str], one: str) -> tuple[str | None, str | None]:
    at = bisect_left(listed, one)
    earlier = listed[at - 1] if at else None
    return earlier, listed[at + 1] if at + 1 < len(listed) else None


def _month_link(month: str) -> Link:
    return Link(words.month(month), links.relative("days", links.day_page(month)))


def _index() -> Link:
    return Link(words.DAYS, links.relative("days", links.DAYS))
