"""The demonstration: the real main job against the embedded fleet, at moments of its life."""

from collections.abc import Callable, Iterable
from pathlib import Path

from generator.demo.fleet import Fleet
from generator.demo.server import FleetServer
from generator.pipeline.build import build_site
from generator.pipeline.places import Places
from generator.pipeline.update import backfill, update
from generator.render.outcome import BuildReport
from generator.settings import read_site
from generator.vendors import read_vendors

# The same port each time, if it is free, gives the same addresses and so the same archive.
PORT = 8799


def live_through(
    fleet: Fleet, data: Path, site: Path, progress: Callable[[int, int], None]
) -> BuildReport:
    """Scrape the fleet at each of its moments, walk its past, and build the site in `site`."""
    places = Places(data)
    with _serving(fleet) as server:
        fleet.write_vendor_files(places.vendors, server.address)
        _write_settings(places.site, {vendor.category for vendor in fleet.vendors("")})
        config = read_site(places.site)
        vendors = list(read_vendors(places.vendors).values())
        moments = fleet.moments()
        for number, moment in enumerate(moments):
            progress(number, len(moments) + 1)
            server.at = moment
            update(places, vendors, config, at=moment, allow_loopback=True)
        progress(len(moments), len(moments) + 1)
        backfill(places, vendors, config, at=fleet.until, allow_loopback=True)
    return build_site(places, config, site, as_of=fleet.until.date())


def _write_settings(file: Path, categories: Iterable[str]) -> None:
    """What a fork would write; a file that is there already stays."""
    if not file.exists():
        names = (f'{slug} = "{_spelled(slug)}"' for slug in sorted(categories))
        lines = ['title = "Outage Archive, invented"', "", "[categories]", *names, ""]
        file.write_text("\n".join(lines), encoding="utf-8")


def _spelled(slug: str) -> str:
    """`ai` is AI, `developer-tools` are Developer tools."""
    return slug.upper() if len(slug) <= len("cdn") else slug.replace("-", " ").capitalize()


def _serving(fleet: Fleet) -> FleetServer:
    try:
        return FleetServer(fleet, PORT)
    except OSError:
        return FleetServer(fleet)
