"""What machines read: a year as JSON, the state of the archive, sitemaps, robots."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from html import escape

import msgspec

from generator.exchange import line_of
from generator.model import Kept
from generator.render import links
from generator.render.frame import Site
from generator.render.source import Source
from generator.times import text_of

# Tells a folder that this program made, even where its manifest was lost.
GENERATOR = "outage-archive"
_SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"


def year_json(vendor: str, year: int, kept: Iterable[Kept]) -> bytes:
    """A vendor's year in full: a document with one incident a line."""
    head = msgspec.json.encode({"vendor": vendor, "year": year})[:-1]
    lines = b",\n".join(msgspec.json.encode(line_of(each)) for each in kept)
    return head + b',"incidents":[\n' + lines + b"\n]}\n"


def status_json(site: Site, source: Source, opened: Sequence[Kept], as_of: date) -> bytes:
    """The archive's state: how far it has come, its size, and what is open by vendor."""
    totals = source.totals()
    by_vendor: dict[str, list[dict[str, object]]] = {}
    for kept in opened:
        by_vendor.setdefault(kept.vendor, []).append(_open(site, kept))
    document = {
        "generator": GENERATOR,
        "sequence": source.sequence,
        "changed_at": text_of(source.changed_at) if source.changed_at else None,
        "as_of": as_of.isoformat(),
        "totals": {
            "vendors": totals.vendors,
            "incidents": totals.incidents,
            "maintenances": totals.maintenances,
            "updates": totals.updates,
        },
        "open": dict(sorted(by_vendor.items())),
    }
    return msgspec.json.format(msgspec.json.encode(document), indent=2) + b"\n"


def vendor_sitemap(
    site: Site,
    vendor: str,
    years: Mapping[int, Sequence[Kept]],
    further: Mapping[str, datetime],
) -> bytes:
    """A vendor's pages, each with its last change; `further` are those of no year."""
    changes = {year: max(each.changed_at for each in kept) for year, kept in years.items()}
    last = max(changes.values(), default=None)
    rows: list[tuple[str, datetime | None]] = [(links.vendor_page(vendor), last), *further.items()]
    for year, kept in years.items():
        rows.append((links.year_page(vendor, year), changes[year]))
        rows += [(links.incident_page(vendor, each.slug), each.changed_at) for each in kept]
    return sitemap(site, rows)


def pages_sitemap(site: Site, changed_at: datetime | None, further: Iterable[str]) -> bytes:
    """The pages that belong to no vendor; `further` change with the archive as the first does."""
    fixed = (links.SEARCH, links.STACK, links.METHOD, links.SOURCES, links.DATA, links.ABOUT)
    rows = [(path, changed_at) for path in (links.HOME, *further)]
    return sitemap(site, [*rows, *((path, None) for path in fixed)])


def sitemap_index(site: Site, vendors: Iterable[str]) -> bytes:
    """Where the sitemaps are: of the site's own pages, of lists over all vendors, one a vendor."""
    own = (links.PAGES_SITEMAP, links.LISTS_SITEMAP)
    paths = [*own, *(links.vendor_sitemap(vendor) for vendor in vendors)]
    rows = [f"<sitemap><loc>{escape(site.address(path))}</loc></sitemap>" for path in paths]
    return _xml("sitemapindex", rows)


def robots(site: Site) -> bytes:
    """Everything may be read."""
    return f"User-agent: *\nAllow: /\n\nSitemap: {site.address(links.SITEMAP)}\n".encode()


def _open(site: Site, kept: Kept) -> dict[str, object]:
    incident = kept.incident
    return {
        "slug": kept.slug,
        "title": incident.title,
        "impact": incident.impact,
        "phase": incident.updates[-1].phase if incident.updates else None,
        "started_at": text_of(incident.started_at),
        "url": site.address(links.incident_page(kept.vendor, kept.slug)),
    }


def sitemap(site: Site, rows: Iterable[tuple[str, datetime | None]]) -> bytes:
    """Pages, each with its last change where that is known."""
    urls = []
    for path, changed_at in rows:
        changed = f"<lastmod>{text_of(changed_at)}</lastmod>" if changed_at else ""
        urls.append(f"<url><loc>{escape(site.address(path))}</loc>{changed}</url>")
    return _xml("urlset", urls)


def _xml(root: str, rows: Iterable[str]) -> bytes:
    head = f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="{_SITEMAP}">\n'
    return (head + "\n".join(rows) + f"\n</{root}>\n").encode()
