"""Walking back through pages whose past says less than their present: nothing is unsaid."""

from pathlib import Path

import pytest

from generator.archive.queries import Archive
from generator.archive.store import reading
from generator.demo.fleet import Fleet
from generator.demo.server import FleetServer
from generator.fetch import Limits
from generator.model import Kept, Vendor
from generator.pipeline.places import Places
from generator.pipeline.update import backfill, update
from generator.settings import read_site

PATIENT = Limits(backoff=0.0)
# What each one's past has: with its posts or without, with maintenance or without.
PASTS = [("checkly", True, False), ("incidentio", True, True), ("instatus", False, True)]


@pytest.mark.parametrize(("platform", "with_posts", "with_plans"), PASTS)
def test_the_walk_finds_the_whole_past_and_unsays_nothing(
    platform: str, with_posts: bool, with_plans: bool, tmp_path: Path
) -> None:
    fleet = Fleet(platforms=[platform], vendors=2, incidents=200, years=1.5)
    places = Places(tmp_path)
    config = read_site(places.site)
    with FleetServer(fleet) as server:
        vendors = fleet.vendors(server.address)
        for run in (update, backfill, update):
            report = run(
                places, vendors, config, at=fleet.until, allow_loopback=True, limits=PATIENT
            )
            assert [row.faults for row in report.rows] == [[] for _ in vendors]
        assert {row.outcome for row in report.rows} == {"unchanged"}
        for vendor in vendors:
            held, complete_since = kept(places, vendor)
            meant = {
                one.key: one
                for one in fleet.carried(vendor.slug, fleet.until, server.address)
                if with_plans or one.kind == "incident"
            }
            assert held.keys() >= meant.keys()
            assert complete_since is not None
            for key, one in meant.items():
                found = held[key].incident
                assert (found.title, found.started_at) == (one.title, one.started_at)
                assert (found.ended_at, found.end_basis) == (one.ended_at, one.end_basis)
                if with_posts:
                    assert found.updates == one.updates
                assert not any(revision.field == "update" for revision in held[key].revisions)


def kept(places: Places, vendor: Vendor) -> tuple[dict[str, Kept], object]:
    with reading(places.archive) as connection:
        archive = Archive(connection)
        held = {item.incident.key: item for item in archive.kept(vendor.slug)}
        return held, archive.complete_since(vendor.slug)
