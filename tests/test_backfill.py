"""The walk through a page's past: whole in the end, wherever it was interrupted."""

from pathlib import Path

from generator.archive.queries import Archive
from generator.archive.store import reading
from generator.demo.fleet import Fleet
from generator.demo.server import FleetServer
from generator.fetch import Limits
from generator.model import Kept
from generator.pipeline.places import Places
from generator.pipeline.update import backfill, update
from generator.report import Report
from generator.settings import read_site

FLEET = Fleet(platforms=["statuspage"], vendors=1, incidents=170)
(SLUG,) = FLEET.slugs
PATIENT = Limits(backoff=0.0)


def walk(places: Places, server: FleetServer, budget: int = 10_000) -> Report:
    return backfill(
        places,
        FLEET.vendors(server.address),
        read_site(places.site),
        at=FLEET.until,
        budget=budget,
        allow_loopback=True,
        limits=PATIENT,
    )


def held(places: Places) -> dict[str, Kept]:
    with reading(places.archive) as connection:
        return {kept.incident.key: kept for kept in Archive(connection).kept(SLUG)}


def test_a_statuspage_is_complete_after_its_walk(tmp_path: Path) -> None:
    places = Places(tmp_path)
    with FleetServer(FLEET) as server:
        report = walk(places, server)
        assert [row.faults for row in report.rows] == [[]]
        meant = {item.key: item for item in FLEET.carried(SLUG, FLEET.until, server.address)}
        found = held(places)
        planned = {
            key
            for key, item in meant.items()
            if item.kind == "maintenance" and item.ended_at is None
        }
        assert found.keys() >= meant.keys() - planned
        assert all(found[key].incident == meant[key] for key in found)
        with reading(places.archive) as connection:
            since = Archive(connection).complete_since(SLUG)
        assert since is not None
        assert since <= min(item.started_at for item in meant.values())
        asked = server.requests
        walk(places, server)
        assert server.requests == asked, "a walk that has ended asks nothing more"


def test_a_walk_goes_on_where_its_budget_ended(tmp_path: Path) -> None:
    places, other = Places(tmp_path / "steps"), Places(tmp_path / "whole")
    with FleetServer(FLEET) as server:
        walk(other, server)
        whole = server.requests
        sizes: list[int] = []
        while not sizes or len(sizes) < 2 or sizes[-1] != sizes[-2]:
            walk(places, server, budget=30)
            sizes.append(len(held(places)))
        assert len(sizes) > 3
        assert held(places).keys() == held(other).keys()
        # Each page of the past is asked again only where a step began in its middle.
        assert server.requests - whole < whole * 1.5


def test_scraping_and_walking_agree(tmp_path: Path) -> None:
    places = Places(tmp_path)
    with FleetServer(FLEET) as server:
        vendors = FLEET.vendors(server.address)
        config = read_site(places.site)
        update(places, vendors, config, at=FLEET.until, allow_loopback=True, limits=PATIENT)
        (row,) = walk(places, server).rows
        assert (row.changed, row.withdrawn) == (0, 0)


def test_a_page_that_fails_is_tried_again_from_there(tmp_path: Path) -> None:
    places = Places(tmp_path)
    with FleetServer(FLEET) as server:
        server.faults[SLUG] = "server error"
        (row,) = walk(places, server).rows
        assert row.outcome == "failed"
        del server.faults[SLUG]
        walk(places, server)
        assert len(held(places)) > 100
