"""The view of the first page: what is open, the latest, every vendor by its category."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from generator.model import Kept
from generator.render import linked, links, words
from generator.render.frame import Frame, Moment, Row, Site, moment, row
from generator.render.overview import OpenView, open_view
from generator.render.source import Totals, VendorCount

LATEST = 20


@dataclass(frozen=True, slots=True)
class VendorEntry:
    """A vendor in the directory."""

    name: str
    href: str
    incidents: str
    last: str
    open: int


@dataclass(frozen=True, slots=True)
class CategoryView:
    """A category of the directory and its vendors by name."""

    name: str
    anchor: str
    vendors: tuple[VendorEntry, ...]


@dataclass(frozen=True, slots=True)
class HomeView:
    """The first page."""

    frame: Frame
    incidents: str
    vendors: str
    updates: str
    since: str
    changed: Moment | None
    open: tuple[OpenView, ...]
    latest: tuple[Row, ...]
    categories: tuple[CategoryView, ...]


@dataclass(frozen=True, slots=True)
class NotFoundView:
    """The page for addresses that have none."""

    frame: Frame


def home_view(
    site: Site,
    totals: Totals,
    counts: Mapping[str, VendorCount],
    opened: Sequence[Kept],
    latest: Sequence[Kept],
    changed_at: datetime | None,
) -> HomeView:
    """The view of the first page."""
    first = totals.first_started_at
    return HomeView(
        frame=site.frame(
            links.HOME, site.config.title, site.config.description, more=_linked(site, first)
        ),
        incidents=words.incidents(totals.incidents),
        vendors=words.count(len(site.vendors.keys() | counts.keys()), "service", "services"),
        updates=words.count(totals.updates, "update", "updates"),
        since=str(first.year) if first else "",
        changed=moment(changed_at) if changed_at else None,
        open=tuple(open_view(kept, "", site.name(kept.vendor)) for kept in opened),
        latest=tuple(row(kept, "", site.name(kept.vendor)) for kept in latest),
        categories=_categories(site, counts),
    )


def _linked(site: Site, since: datetime | None) -> linked.Node:
    config = site.config
    return {"mainEntity": linked.dataset(config.title, config.description, config.address, since)}


def _categories(site: Site, counts: Mapping[str, VendorCount]) -> tuple[CategoryView, ...]:
    """All vendors, in the order of the configured categories; what has none comes last."""
    entries: dict[str, list[VendorEntry]] = {slug: [] for slug in site.config.categories}
    for vendor in sorted(site.vendors.keys() | counts.keys()):
        found = entries.setdefault(site.category_slug(vendor), [])
        found.append(_entry(site, vendor, counts.get(vendor)))
    return tuple(
        CategoryView(
            site.category(slug),
            words.category_anchor(slug),
            tuple(sorted(found, key=lambda entry: (entry.name.casefold(), entry.href))),
        )
        for slug, found in entries.items()
        if found
    )


def _entry(site: Site, vendor: str, count: VendorCount | None) -> VendorEntry:
    last = count.last_started_at if count else None
    return VendorEntry(
        name=site.name(vendor),
        href=links.relative("", links.vendor_page(vendor)),
        incidents=words.number(count.incidents) if count else "0",
        last=moment(last).day if last else "",
        open=count.open if count else 0,
    )
