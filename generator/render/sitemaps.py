"""The addresses of all pages for search engines, each with its last change where that is known."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from html import escape

from generator.census import VendorCount
from generator.model import Kept
from generator.render import links
from generator.render.frame import Site
from generator.times import text_of

# A sitemap may hold 50,000 addresses: room is left for pages that are no incident's.
FULL = 40_000
_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"

Rows = Iterable[tuple[str, datetime | None]]


def sitemap(site: Site, rows: Rows) -> bytes:
    """A sitemap of some pages."""
    urls = []
    for path, changed_at in rows:
        changed = f"<lastmod>{text_of(changed_at)}</lastmod>" if changed_at else ""
        urls.append(f"<url><loc>{escape(site.address(path))}</loc>{changed}</url>")
    return _xml("urlset", urls)


def vendor_sitemap(
    site: Site,
    vendor: str,
    years: Mapping[int, Sequence[Kept]],
    further: Mapping[str, datetime | None],
    full: int = FULL,
) -> bytes:
    """A vendor's pages; `further` are those of no year. Too many are left to `year_sitemap`."""
    changes = {year: max(each.changed_at for each in kept) for year, kept in years.items()}
    last = max(changes.values(), default=None)
    rows: list[tuple[str, datetime | None]] = [(links.vendor_page(vendor), last), *further.items()]
    split = is_split((len(kept) for kept in years.values()), full)
    for year, kept in years.items():
        rows.append((links.year_page(vendor, year), changes[year]))
        rows += [] if split else _incidents(vendor, kept)
    return sitemap(site, rows)


def year_sitemap(site: Site, vendor: str, kept: Iterable[Kept]) -> bytes:
    """The incidents of a year of a vendor that has too many for one sitemap."""
    return sitemap(site, _incidents(vendor, kept))


def is_split(sizes: Iterable[int], full: int = FULL) -> bool:
    """Whether each year of a vendor has a sitemap of its own; `sizes` are those of its years."""
    return sum(sizes) > full


def pages_sitemap(site: Site, changed_at: datetime | None, further: Iterable[str]) -> bytes:
    """The pages that belong to no vendor; `further` change with the archive as the first does."""
    about = (links.METHOD, links.SOURCES, links.FEEDS, links.DATA, links.API, links.ABOUT)
    fixed = (links.SEARCH, links.STACK, *about)
    files = (links.DOWNLOADS,) if site.has("downloads") else ()
    rows = [(path, changed_at) for path in (links.HOME, *further, *files)]
    return sitemap(site, [*rows, *((path, None) for path in fixed)])


def sitemap_index(
    site: Site, vendors: Iterable[str], counts: Mapping[str, VendorCount], full: int = FULL
) -> bytes:
    """Where the sitemaps are: of the site's own pages, of lists over all vendors, of vendors."""
    paths = [links.PAGES_SITEMAP, links.LISTS_SITEMAP]
    for vendor in vendors:
        paths.append(links.vendor_sitemap(vendor))
        years = counts[vendor].years if vendor in counts else {}
        if is_split((sum(count) for count in years.values()), full):
            paths += [links.vendor_sitemap(vendor, year) for year in years]
    rows = [f"<sitemap><loc>{escape(site.address(path))}</loc></sitemap>" for path in paths]
    return _xml("sitemapindex", rows)


def robots(site: Site) -> bytes:
    """Everything may be read."""
    return f"User-agent: *\nAllow: /\n\nSitemap: {site.address(links.SITEMAP)}\n".encode()


def _incidents(vendor: str, kept: Iterable[Kept]) -> Iterator[tuple[str, datetime]]:
    return ((links.incident_page(vendor, each.slug), each.changed_at) for each in kept)


def _xml(root: str, rows: Iterable[str]) -> bytes:
    head = f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="{_NAMESPACE}">\n'
    return (head + "\n".join(rows) + f"\n</{root}>\n").encode()
