"""Pages that move: another platform at the address is named, and none of the record doubles."""

from dataclasses import replace
from pathlib import Path

from generator.archive.queries import Archive
from generator.archive.store import reading
from generator.demo.fleet import Fleet
from generator.demo.server import FleetServer
from generator.fetch import Limits
from generator.model import Kept, Vendor
from generator.pipeline.places import Places
from generator.pipeline.sources import sources
from generator.pipeline.update import update
from generator.report import Row
from generator.settings import read_site

PATIENT = Limits(backoff=0.0)


def read(places: Places, vendor: Vendor, fleet: Fleet) -> Row:
    (row,) = update(
        places,
        [vendor],
        read_site(places.site),
        at=fleet.until,
        allow_loopback=True,
        limits=PATIENT,
    ).rows
    return row


def held(places: Places, slug: str) -> dict[str, Kept]:
    with reading(places.archive) as connection:
        return {kept.slug: kept for kept in Archive(connection).kept(slug)}


def test_a_vendor_on_another_platform_keeps_its_record_and_none_of_it_doubles(
    tmp_path: Path,
) -> None:
    fleet = Fleet(platforms=["statuspage"], vendors=1, incidents=60)
    places = Places(tmp_path)
    with FleetServer(fleet) as server:
        (vendor,) = fleet.vendors(server.address)
        read(places, vendor, fleet)
        before = held(places, vendor.slug)
        feed = f"{vendor.status_page}/history.atom"
        moved = replace(vendor, platform="feed", options={"feed": feed})
        row = read(places, moved, fleet)
        assert (row.faults, row.new, row.withdrawn) == ([], 0, 0)
        after = held(places, vendor.slug)
        assert after.keys() == before.keys()
        renamed = [slug for slug in after if after[slug].incident.key != before[slug].incident.key]
        assert len(renamed) >= 20
        for slug in renamed:
            assert after[slug].incident.impact == before[slug].incident.impact
            assert len(after[slug].incident.updates) == len(before[slug].incident.updates)
        assert read(places, moved, fleet).outcome == "unchanged"
        assert read(places, vendor, fleet).new == 0, "and back again"


def test_another_platform_at_the_address_is_a_fault_of_its_own_and_ends_nothing(
    tmp_path: Path,
) -> None:
    fleet = Fleet(platforms=["google", "betterstack"], vendors=2, incidents=40)
    places = Places(tmp_path)
    with FleetServer(fleet) as server:
        google, other = fleet.vendors(server.address)
        read(places, google, fleet)
        before = held(places, google.slug)
        swapped = replace(google, status_page=other.status_page)
        row = read(places, swapped, fleet)
        assert [fault.kind for fault in row.faults] == ["platform changed"]
        assert "betterstack" in row.faults[0].reason
        assert held(places, google.slug) == before
        read(places, swapped, fleet)
        (health,) = sources(places, [swapped])
        assert health.fault == "platform changed"
        assert read(places, google, fleet).outcome != "failed"
        (health,) = sources(places, [google])
        assert (health.fault, health.failing_since) == (None, None)
