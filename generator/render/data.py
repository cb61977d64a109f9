"""What machines read: a year as JSON, the state of the archive, robots."""

from collections.abc import Iterable, Sequence
from datetime import date

import msgspec

from generator.exchange import line_of
from generator.model import Kept
from generator.render import links
from generator.render.frame import Site
from generator.render.source import Source
from generator.times import text_of

# Tells a folder that this program made, even where its manifest was lost.
GENERATOR = "outage-archive"


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
