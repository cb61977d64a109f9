"""The months of a vendor's year that has too many incidents for one page."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial

from markupsafe import Markup
from msgspec import Struct

from generator.model import Kept
from generator.render import links, words
from generator.render.env import Press
from generator.render.frame import Frame, Link, Row, Site
from generator.render.page import Follows, Page
from generator.render.spans import counted

# Of how many incidents a year's page lists every one; with more, its months have pages.
FULL = 200


class MonthEntry(Struct, frozen=True):
    """A month in its year's list."""

    name: str
    href: str
    incidents: str
    maintenances: str


class MonthPage(Struct, frozen=True):
    """A month of a vendor, newest first."""

    frame: Frame
    name: str
    lead: Markup
    incidents: tuple[Row, ...]
    planned: tuple[Row, ...]
    earlier: Link | None
    later: Link | None


def is_apart(records: Sequence[Kept]) -> bool:
    """Whether a year's records are too many for its page, so that its months have pages."""
    return len(records) > FULL


def month_pages(
    press: Press, vendor: str, year: int, records: Sequence[Kept], rows: Mapping[str, Row]
) -> Iterator[Page]:
    """A page for each month of a year; none where the year's own page holds them all."""
    if not is_apart(records):
        return
    months = _by_month(records)

    def drawn(month: int) -> bytes:
        view = month_view(press.site, vendor, year, month, months, rows)
        return press.page("vendor-month.html", view)

    for month in months:
        path, what = links.month_page(vendor, year, month), f"{vendor} in {year}-{month:02}"
        yield Page(path, what, partial(drawn, month), Follows(year=year))


def month_view(
    site: Site,
    vendor: str,
    year: int,
    month: int,
    months: Mapping[int, Sequence[Kept]],
    rows: Mapping[str, Row],
) -> MonthPage:
    """The view of a month; `months` are those of its year that have records."""
    name = site.name(vendor)
    incidents, planned = _told_apart(months[month][::-1])
    title = words.month_of(name, f"{year:04}-{month:02}")
    return MonthPage(
        frame=site.frame(
            links.month_page(vendor, year, month),
            title,
            words.vendor_month_description(title, len(counted(incidents))),
            vendor=vendor,
            crumbs=(
                Link(name, links.relative(vendor, links.vendor_page(vendor))),
                Link(str(year), links.relative(vendor, links.year_page(vendor, year))),
            ),
        ),
        name=title,
        lead=words.year_lead(
            words.incidents(len(counted(incidents))),
            words.maintenances(len(counted(planned, "maintenance"))),
            withdrawn_among(months[month]),
        ),
        incidents=tuple(rows[each.slug] for each in incidents),
        planned=tuple(rows[each.slug] for each in planned),
        earlier=_beside(vendor, year, max((each for each in months if each < month), default=0)),
        later=_beside(vendor, year, min((each for each in months if each > month), default=0)),
    )


def month_entries(vendor: str, year: int, records: Iterable[Kept]) -> tuple[MonthEntry, ...]:
    """The months of a year in the order of its records."""
    entries = []
    for month, own in _by_month(records).items():
        entries.append(
            MonthEntry(
                name=words.MONTHS[month - 1],
                href=links.relative(vendor, links.month_page(vendor, year, month)),
                incidents=words.number(len(counted(own))),
                maintenances=words.number(len(counted(own, "maintenance"))),
            )
        )
    return tuple(entries)


def withdrawn_among(records: Iterable[Kept]) -> str:
    """How many of them are listed but not counted; "": none."""
    found = sum(each.withdrawn_at is not None for each in records)
    return words.number(found) if found else ""


def month_changes(
    vendor: str, years: Mapping[int, Sequence[Kept]]
) -> Iterator[tuple[str, datetime]]:
    """The paths of all months that have a page, each with its last change."""
    for year, records in years.items():
        for month, own in _by_month(records).items() if is_apart(records) else ():
            yield links.month_page(vendor, year, month), max(each.changed_at for each in own)


def _by_month(records: Iterable[Kept]) -> dict[int, list[Kept]]:
    months: dict[int, list[Kept]] = {}
    for each in records:
        months.setdefault(each.incident.started_at.month, []).append(each)
    return months


def _told_apart(records: Iterable[Kept]) -> tuple[list[Kept], list[Kept]]:
    """Incidents and planned work, in the order given."""
    incidents: list[Kept] = []
    planned: list[Kept] = []
    for each in records:
        (incidents if each.incident.kind == "incident" else planned).append(each)
    return incidents, planned


def _beside(vendor: str, year: int, month: int) -> Link | None:
    """The link to another month of the year; 0: there is none."""
    if not month:
        return None
    path = links.month_page(vendor, year, month)
    return Link(words.MONTHS[month - 1], links.relative(vendor, path))
