"""The pages over all vendors by time and kind: days, months, categories, all vendors, planned work.

Their days and categories lie in folders of their own and are drawn only where something changed;
the few at the root are small and always drawn.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import partial

from generator.census import Census, VendorCount
from generator.render import links
from generator.render.almanac import Almanac
from generator.render.days import day_view, days_view, month_view
from generator.render.directory import (
    categories,
    category_view,
    latest_of,
    vendors_view,
)
from generator.render.env import Press
from generator.render.page import Page
from generator.render.planned import maintenance_view
from generator.render.sitemaps import sitemap
from generator.render.source import Source


def across_pages(press: Press, source: Source, census: Census, almanac: Almanac) -> Iterator[Page]:
    """The pages over all vendors."""
    site, counts = press.site, census.vendors

    def vendors() -> bytes:
        return press.page("vendors.html", vendors_view(site, counts))

    def maintenance() -> bytes:
        return press.page("maintenance.html", maintenance_view(site, almanac))

    def all_days() -> bytes:
        return press.page("days.html", days_view(site, almanac, census.months))

    yield Page(links.VENDORS, "all vendors", vendors)
    yield Page(links.MAINTENANCE, "planned work", maintenance)
    yield Page(links.DAYS, "all days", all_days)
    yield Page(links.LISTS_SITEMAP, "sitemap", partial(_sitemap, press, source, almanac, counts))
    for day in almanac.days:
        yield Page(links.day_page(day), f"day {day}", partial(_day, press, almanac, day))
    for month in almanac.months:
        yield Page(links.day_page(month), f"month {month}", partial(_month, press, almanac, month))
    yield from _categories(press, source, almanac, counts)


def _categories(
    press: Press, source: Source, almanac: Almanac, counts: Mapping[str, VendorCount]
) -> Iterator[Page]:
    site = press.site
    opened = source.open()

    def of(slug: str) -> bytes:
        mine = [kept for kept in opened if site.category_slug(kept.vendor) == slug]
        view = category_view(site, slug, counts, mine, latest_of(site, slug, counts, almanac))
        return press.page("category.html", view)

    for category in categories(site, counts):
        path = links.category_page(category.slug)
        yield Page(path, f"category {category.slug}", partial(of, category.slug))


def _day(press: Press, almanac: Almanac, day: str) -> bytes:
    return press.page("day.html", day_view(press.site, almanac, day))


def _month(press: Press, almanac: Almanac, month: str) -> bytes:
    return press.page("month.html", month_view(press.site, almanac, month))


def _sitemap(
    press: Press, source: Source, almanac: Almanac, counts: Mapping[str, VendorCount]
) -> bytes:
    """The days of a hundred years are fewer than a sitemap may hold.

    A day says nothing of its last change: what left it again is not on it any more.
    """
    whole = (links.VENDORS, links.MAINTENANCE, links.DAYS)
    rows: list[tuple[str, datetime | None]] = [(path, source.changed_at) for path in whole]
    rows += [(links.day_page(day), None) for day in (*almanac.days, *almanac.months)]
    changed: dict[str, datetime] = {}
    for vendor, count in counts.items():
        slug = press.site.category_slug(vendor)
        changed[slug] = max(count.changed_at, changed.get(slug, count.changed_at))
    for category in categories(press.site, counts):
        rows.append((links.category_page(category.slug), changed.get(category.slug)))
    return sitemap(press.site, rows)
