"""The archive against what the fleet meant: the main job, over HTTP, at each of its moments."""

from dataclasses import replace
from pathlib import Path

import pytest

from generator import providers
from generator.archive.queries import Archive
from generator.archive.store import reading
from generator.demo.fleet import Fleet
from generator.demo.pages import Page, platform
from generator.demo.server import FleetServer
from generator.fetch import Limits
from generator.model import Incident
from generator.pipeline.places import Places
from generator.pipeline.update import update
from generator.settings import read_site

PATIENT = Limits(backoff=0.0)


@pytest.mark.parametrize("platform", providers.platforms())
def test_the_archive_says_what_the_fleet_meant(platform: str, tmp_path: Path) -> None:
    _live_through(Fleet(platforms=[platform], vendors=4, incidents=160), tmp_path)


@pytest.mark.parametrize("platform", providers.platforms())
def test_what_slides_off_a_busy_list_is_not_taken_for_withdrawn(
    platform: str, tmp_path: Path
) -> None:
    fleet = Fleet(platforms=[platform], vendors=2, incidents=400, years=0.4)
    _live_through(fleet, tmp_path)


def _live_through(fleet: Fleet, folder: Path) -> None:
    places = Places(folder)
    config = read_site(places.site)
    listed: dict[str, dict[str, Incident]] = {}
    with FleetServer(fleet) as server:
        for moment in fleet.moments():
            server.at = moment
            vendors = fleet.vendors(server.address)
            report = update(places, vendors, config, at=moment, allow_loopback=True, limits=PATIENT)
            assert [row.faults for row in report.rows] == [[] for _ in vendors]
            assert not any(row.unknown for row in report.rows)
            with reading(places.archive) as connection:
                archive = Archive(connection)
                for vendor in vendors:
                    page = fleet.page(vendor.slug, moment, server.address)
                    meant = _meant(page, listed.setdefault(vendor.slug, {}))
                    kept = {item.incident.key: item for item in archive.kept(vendor.slug)}
                    assert kept or not meant, f"nothing of {vendor.slug} was kept"
                    for key, item in kept.items():
                        if item.withdrawn_at is None:
                            assert key in meant, f"{key} is not what {vendor.slug} states"
                            _agree(item.incident, meant[key])
                        else:
                            assert key not in meant, f"{key} is still there"


def _meant(page: Page, before: dict[str, Incident]) -> dict[str, Incident]:
    """What the page states; of one that drops what it likes, all it has listed, as it last did.

    What was listed open and is no longer listed is neither over nor open. `before`: what it has
    listed so far.
    """
    wire = platform(page.vendor.platform)
    shows = getattr(wire, "shows", None)
    listed = [incident for incident in page.incidents if shows is None or shows(page, incident)]
    now = {carried.key: carried for carried in (wire.as_carried(page, one) for one in listed)}
    if shows is None:
        return now
    for key in before.keys() - now.keys():
        if before[key].ended_at is None:
            before[key] = replace(before[key], end_basis="unstated")
    before.update(now)
    return before


def _agree(held: Incident, meant: Incident) -> None:
    """What a page is silent about stays as it last said it: an impact told while it was open."""
    facts = ("scheduled_until", "components", "regions")
    silent = {fact for fact in facts if not getattr(meant, fact)}
    if meant.impact == "unknown" and meant.impact_raw is None:
        silent |= {"impact", "impact_raw"}
    assert held == replace(meant, **{fact: getattr(held, fact) for fact in silent})
