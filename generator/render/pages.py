"""The inventory: every page of the site, where it is, and how it is drawn when it has to be."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import partial

from generator.census import Census, VendorCount
from generator.errors import BuildError
from generator.model import KINDS, Health, Kept
from generator.render import about, api, compare, links, search, searching, words
from generator.render.almanac import Almanac
from generator.render.calendars import vendor_calendar
from generator.render.components import Part, part_view, parts_of, with_page
from generator.render.env import TEMPLATES, Press, View
from generator.render.feeds.dates import Readings
from generator.render.feeds.pages import vendor_feeds
from generator.render.frame import Row, row
from generator.render.home import NotFoundView, home_view
from generator.render.incident import Neighbours, incident_view, neighbours_of
from generator.render.insights import has_insights, insights_view
from generator.render.months import month_changes, month_pages
from generator.render.overview import recorded_since, vendor_view
from generator.render.page import STATE, VENDOR, VENDOR_AND_DAY, Follows, Page
from generator.render.picture import site_picture, vendor_picture
from generator.render.reference import reference_pages
from generator.render.sametime import SameTime
from generator.render.sharing import shared_pages
from generator.render.sitemaps import (
    is_split,
    pages_sitemap,
    robots,
    sitemap_index,
    vendor_sitemap,
    year_sitemap,
)
from generator.render.source import Source
from generator.render.years import by_year, year_view


def site_pages(
    press: Press,
    source: Source,
    census: Census,
    vendors: Sequence[str],
    almanac: Almanac,
    health: Sequence[Health] | None,
) -> Iterator[Page]:
    """The pages of the whole: home, and what machines look for at the root."""
    site, counts = press.site, census.vendors
    opened = source.open()

    def home() -> bytes:
        view = home_view(site, census, opened, almanac, source.changed_at)
        return press.page("home.html", view)

    yield Page(links.HOME, "home", home)
    yield Page(links.NOT_FOUND, "not found", partial(_not_found, press))
    yield Page(links.SITEMAP, "sitemap", partial(sitemap_index, site, vendors, counts))
    compared = [links.compare_page(category) for category in compare.by_category(site, vendors)]
    yield Page(
        links.PAGES_SITEMAP,
        "sitemap",
        partial(pages_sitemap, site, source.changed_at, [links.COMPARE, *compared]),
    )
    yield Page("robots.txt", "robots", partial(robots, site))
    yield Page(".nojekyll", "a word to the host: serve all files as they are", bytes)
    for name, content in press.assets.items():
        yield Page(name, "style or script", partial(bytes, content))
    yield Page(links.ICON, "icon", (TEMPLATES / links.ICON).read_bytes)
    yield Page(links.PICTURE, "picture", partial(site_picture, site))
    yield from _pages_about(press, counts, health)
    yield from reference_pages(press)
    yield from api.documents(press, source, census, opened, vendors, almanac, health)
    yield from _pages_to_search(press, counts, vendors)


def vendor_pages(
    press: Press,
    vendor: str,
    kept: Sequence[Kept],
    complete_since: datetime | None,
    as_of: date,
    same_time: SameTime,
    readings: Readings,
) -> Iterator[Page]:
    """The pages of a vendor; `kept` are all its records, by start."""
    site = press.site
    rows = _Rows(vendor, site.language(vendor), kept)
    years = by_year(kept)
    parts = with_page(parts_of(kept))

    def overview() -> bytes:
        view = vendor_view(site, vendor, kept, rows, complete_since, as_of)
        return press.page("vendor.html", view)

    def of_year(year: int) -> bytes:
        since = recorded_since(kept, complete_since)
        view = year_view(site, vendor, year, kept, rows, since, as_of)
        return press.page("year.html", view)

    picture = partial(vendor_picture, site, vendor, kept)
    further = _further(vendor, kept, parts)
    sitemap = partial(vendor_sitemap, site, vendor, years, further)
    yield Page(links.vendor_page(vendor), f"overview of {vendor}", overview, STATE)
    yield from vendor_feeds(press, vendor, kept, parts, readings)
    yield from vendor_calendar(press, vendor, kept)
    yield Page(links.picture(vendor), f"picture of {vendor}", picture, VENDOR)
    yield Page(links.vendor_sitemap(vendor), f"sitemap of {vendor}", sitemap, VENDOR)
    split = is_split(len(records) for records in years.values())
    for year, records in years.items():
        if split:
            draw = partial(year_sitemap, site, vendor, records)
            path = links.vendor_sitemap(vendor, year)
            yield Page(path, f"sitemap of {vendor} in {year}", draw, Follows(year=year))
        what = f"{vendor} in {year}"
        yield Page(links.year_page(vendor, year), what, partial(of_year, year))
        yield from month_pages(press, vendor, year, records, rows)
        found = partial(_entries, records, rows)
        yield Page(links.search_entries(vendor, year), what, found, Follows(year=year))
    yield from _habits(press, vendor, kept, rows, as_of)
    yield from shared_pages(press, vendor, kept, complete_since, as_of)
    for part in parts:
        path = links.component_page(vendor, part.slug)
        yield Page(path, f"component {part.name} of {vendor}", partial(_part, press, vendor, part))
    yield from _incident_pages(press, vendor, kept, rows, same_time)


class _Rows(dict[str, Row]):
    """A vendor's incidents as rows of lists, by slug; each is made when it is first asked for."""

    def __init__(self, vendor: str, language: str, kept: Iterable[Kept]) -> None:
        self._vendor, self._language = vendor, language
        self._kept = {each.slug: each for each in kept}

    def __missing__(self, slug: str) -> Row:
        made = self[slug] = row(self._kept[slug], self._vendor, language=self._language)
        return made


def _habits(
    press: Press, vendor: str, kept: Sequence[Kept], rows: dict[str, Row], as_of: date
) -> Iterator[Page]:
    """A vendor's habits where there is enough to tell."""
    site = press.site

    def insights() -> bytes:
        return press.page("insights.html", insights_view(site, vendor, kept, rows, as_of))

    if has_insights(kept):
        path = links.insights_page(vendor)
        yield Page(path, f"habits of {vendor}", insights, VENDOR_AND_DAY)


def _part(press: Press, vendor: str, part: Part) -> bytes:
    return press.page("component.html", part_view(press.site, vendor, part))


def _further(
    vendor: str, kept: Sequence[Kept], parts: Iterable[Part]
) -> dict[str, datetime | None]:
    """The pages of a vendor beside its overview, years and incidents, and their last changes."""
    found: dict[str, datetime | None] = {links.sharing_page(vendor): None}
    if has_insights(kept):
        found[links.insights_page(vendor)] = max(each.changed_at for each in kept)
    found.update(month_changes(vendor, by_year(kept)))
    for part in parts:
        path = links.component_page(vendor, part.slug)
        found[path] = max(each.changed_at for each in part.kept)
    return found


def _entries(records: Sequence[Kept], rows: Mapping[str, Row]) -> bytes:
    return search.entries_json(search.entry(each, rows[each.slug]) for each in records)


def _pages_to_search(
    press: Press, counts: Mapping[str, VendorCount], vendors: Sequence[str]
) -> Iterator[Page]:
    """The search, the stack, and what both ask for; the index itself is kept up elsewhere."""
    site = press.site
    script, code = press.finder

    def found() -> bytes:
        return press.page("search.html", searching.search_view(site, counts, script))

    def stack() -> bytes:
        return press.page("stack.html", searching.stack_view(site, script))

    yield Page(links.SEARCH, "search", found)
    yield Page(links.STACK, "stack", stack)
    yield Page(script, "script of the search", partial(bytes, code))
    vendors_json = partial(searching.vendors_json, site, vendors, counts)
    yield Page(links.VENDORS_DATA, "the vendors as data", vendors_json)


def _pages_about(
    press: Press, counts: Mapping[str, VendorCount], health: Sequence[Health] | None
) -> Iterator[Page]:
    """The pages about the archive itself."""
    site = press.site

    def drawn(template: str, view: Callable[[], View]) -> Page:
        return Page(template, template, lambda: press.page(template, view()))

    yield drawn(links.METHOD, lambda: about.method_view(site))
    yield drawn(links.SOURCES, lambda: about.sources_view(site, counts, health))
    yield drawn(links.DATA, lambda: about.data_view(site))
    yield drawn(links.ABOUT, lambda: about.about_view(site))
    yield Page(links.SCHEMA, "schema of an incident", about.schema_json)


def distinct(pages: Iterable[Page]) -> dict[str, Page]:
    """Pages by path; BuildError when two have the same, for one would overwrite the other."""
    found: dict[str, Page] = {}
    for page in pages:
        other = found.setdefault(page.path, page)
        if other is not page:
            raise BuildError(
                f"Two pages would be {page.path}: {other.what} and {page.what}. "
                "Give one of them another slug."
            )
    return found


def _incident_pages(
    press: Press,
    vendor: str,
    kept: Sequence[Kept],
    rows: dict[str, Row],
    same_time: SameTime,
) -> Iterator[Page]:
    beside = _beside(kept, rows)
    for each in kept:
        yield Page(
            links.incident_page(vendor, each.slug),
            f"incident {each.incident.key} of {vendor}",
            partial(_incident, press, each, beside[each.slug], same_time),
        )


def _incident(
    press: Press, kept: Kept, beside: Callable[[], Neighbours], same_time: SameTime
) -> bytes:
    view = incident_view(press.site, kept, beside(), same_time.of(kept))
    return press.page("incident.html", view)


def _beside(kept: Sequence[Kept], rows: dict[str, Row]) -> dict[str, Callable[[], Neighbours]]:
    """By slug: what finds an incident's neighbours, those of its kind that were not withdrawn."""
    finders: dict[str, Callable[[], Neighbours]] = {}
    for kind in KINDS:
        listed: list[str] = []
        for each in kept:
            if each.incident.kind != kind:
                continue
            standing = each.withdrawn_at is None
            finders[each.slug] = partial(neighbours_of, rows, listed, len(listed), standing)
            if standing:
                listed.append(each.slug)
    return finders


def _not_found(press: Press) -> bytes:
    """Served at any depth, so that its links start at the base path."""
    site = press.site
    frame = site.frame(
        links.NOT_FOUND, words.NOT_FOUND, site.config.description, folder=site.config.base_path
    )
    return press.page("404.html", NotFoundView(frame))
