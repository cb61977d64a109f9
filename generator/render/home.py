"""The view of the first page: what is open, the last days, every vendor by its category."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import islice, takewhile

from msgspec import Struct

from generator.census import Census
from generator.model import Kept, Outline
from generator.render import facts, linked, links, words
from generator.render.almanac import Almanac, days_from
from generator.render.days import DayInList, day_in_list, listed
from generator.render.directory import CategoryEntry, categories
from generator.render.frame import Frame, Moment, Row, Site, moment, row
from generator.render.overview import OpenView, open_view
from generator.render.tally import first_start, standing

# The last days, the one of the figures included, and how many incidents of each.
DAYS = 3
OF_A_DAY = 6
# With fewer incidents on them, those before are listed to make up this many.
FEWEST = 6
# How many of those open now are shown with their last word; and what is open for longer than this
# was more likely forgotten than never mended.
CARDS = 8
FORGOTTEN = timedelta(days=30)


class HomeView(Struct, frozen=True):
    """The first page. Of what is open: `open` in full, `more` as rows, `old` for long."""

    frame: Frame
    incidents: str
    vendors: str
    since: str
    changed: Moment | None
    opened: int
    open: tuple[OpenView, ...]
    more: tuple[Row, ...]
    old: tuple[Row, ...]
    old_days: int
    days: tuple[DayInList, ...]
    latest: tuple[Row, ...]
    all_days: str
    all_vendors: str
    categories: tuple[CategoryEntry, ...]


class NotFoundView(Struct, frozen=True):
    """The page for addresses that have none."""

    frame: Frame


def home_view(
    site: Site,
    census: Census,
    opened: Sequence[Kept],
    almanac: Almanac,
    changed_at: datetime | None,
) -> HomeView:
    """The view of the first page; `opened`: newest start first."""
    counts = census.vendors
    first = first_start(counts)
    since = almanac.as_of - FORGOTTEN
    old = [kept for kept in opened if kept.incident.started_at.date() < since]
    lately = _gravest([kept for kept in opened if kept.incident.started_at.date() >= since])
    return HomeView(
        frame=site.frame(
            links.HOME, site.config.title, site.config.description, more=_linked(site, first)
        ),
        incidents=words.incidents(sum(standing(each).incidents for each in counts.values())),
        vendors=words.services(len(site.vendors.keys() | counts.keys())),
        since=str(first.year) if first else "",
        changed=moment(changed_at) if changed_at else None,
        opened=len(opened),
        open=tuple(
            open_view(kept, "", site.name(kept.vendor), site.language(kept.vendor))
            for kept in lately[:CARDS]
        ),
        more=_rows(site, lately[CARDS:]),
        old=_rows(site, old),
        old_days=FORGOTTEN.days,
        days=_last_days(site, almanac),
        latest=tuple(listed(site, each, "") for each in _before(almanac)),
        all_days=links.relative("", links.DAYS),
        all_vendors=links.relative("", links.VENDORS),
        categories=categories(site, counts),
    )


def _linked(site: Site, since: datetime | None) -> linked.Node:
    config = site.config
    return {"mainEntity": linked.dataset(config.title, config.description, config.address, since)}


def _gravest(opened: Sequence[Kept]) -> list[Kept]:
    return sorted(opened, key=lambda kept: -facts.SEVERITY[kept.incident.impact])


def _rows(site: Site, opened: Sequence[Kept]) -> tuple[Row, ...]:
    return tuple(
        row(kept, "", site.name(kept.vendor), site.language(kept.vendor)) for kept in opened
    )


def _last_days(site: Site, almanac: Almanac) -> tuple[DayInList, ...]:
    """The last days, today first, each with the gravest of what began on it."""
    days = (days_from(almanac.as_of.isoformat(), -back) for back in range(DAYS))
    return tuple(day_in_list(site, day, almanac.began_on(day), "", OF_A_DAY) for day in days)


def _before(almanac: Almanac) -> Sequence[Outline]:
    """The newest incidents before the last days, where those were quiet."""
    first = days_from(almanac.as_of.isoformat(), 1 - DAYS)
    seen = sum(1 for _ in takewhile(lambda each: each.started_at[:10] >= first, almanac.latest()))
    return list(islice(almanac.latest(), seen, max(seen, FEWEST)))
