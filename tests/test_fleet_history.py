"""Walking back through the fleet's past: the archive then holds all that each page ever stated."""

from pathlib import Path

import pytest

from generator.archive.queries import Archive
from generator.archive.store import reading
from generator.demo.fleet import Fleet
from generator.demo.server import FleetServer
from generator.fetch import Limits
from generator.pipeline.places import Places
from generator.pipeline.update import backfill
from generator.settings import read_site

# The platforms that hold all they ever said, in the form they say it now.
WHOLE = ("cachet", "cstate", "firehydrant", "sorry", "statuspal", "upptime")


@pytest.mark.parametrize("platform", WHOLE)
def test_the_walk_finds_every_incident_whole_and_ends(platform: str, tmp_path: Path) -> None:
    fleet = Fleet(platforms=[platform], vendors=2, incidents=320, years=1.5)
    places = Places(tmp_path)
    config = read_site(places.site)
    with FleetServer(fleet) as server:
        vendors = fleet.vendors(server.address)
        for _ in range(2):  # the second has nothing more to do
            report = backfill(
                places,
                vendors,
                config,
                at=fleet.until,
                allow_loopback=True,
                limits=Limits(backoff=0),
            )
            assert [row.faults for row in report.rows] == [[] for _ in vendors]
        assert not any(row.requests for row in report.rows)
        with reading(places.archive) as connection:
            archive = Archive(connection)
            for vendor in vendors:
                meant = {
                    one.key: one for one in fleet.carried(vendor.slug, fleet.until, server.address)
                }
                kept = {one.incident.key: one.incident for one in archive.kept(vendor.slug)}
                assert kept == meant
