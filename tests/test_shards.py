"""Shards: what several machines see of their vendors is together what one would have seen."""

import shutil
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest

from generator.archive.audit import Audit
from generator.archive.queries import Archive
from generator.archive.store import reading
from generator.demo.fleet import Fleet
from generator.demo.server import FleetServer
from generator.errors import ArchiveError, InputError
from generator.fetch import Limits
from generator.model import Vendor
from generator.pipeline.lines import export
from generator.pipeline.merge import merge_shard
from generator.pipeline.places import Places
from generator.pipeline.update import update
from generator.pipeline.verify import verify
from generator.report import Report
from generator.settings import read_site
from generator.sharding import Shard, shard_of

SHARDS = [Shard(number, 4) for number in range(1, 5)]
SLUGS = [f"vendor-{number}" for number in range(1000)]


def run(places: Places, vendors: list[Vendor], at: datetime, shard: Shard | None = None) -> Report:
    config = read_site(places.site)
    return update(
        places,
        vendors,
        config,
        at=at,
        allow_loopback=True,
        limits=Limits(backoff=0.0),
        shard=shard,
    )


def exported(places: Places) -> list[bytes]:
    return list(export(places.archive, ()))


def remembered(places: Places) -> list[tuple[object, ...]]:
    """What is known of each page, but for the fingerprint of the archive it was read into."""
    with closing(sqlite3.connect(places.state)) as state:
        sources = state.execute(
            "SELECT vendor, read_by, tried_at, read_at, failing_since, fault FROM source ORDER BY 1"
        )
        return [*sources, *state.execute("SELECT * FROM page ORDER BY vendor, url")]


@pytest.fixture(scope="module")
def fleet() -> Fleet:
    return Fleet(platforms=["statuspage", "instatus", "feed"], vendors=9, incidents=90)


def test_every_vendor_is_in_one_shard_whoever_else_there_is() -> None:
    shares = [shard.among(SLUGS) for shard in SHARDS]
    assert sorted(slug for share in shares for slug in share) == sorted(SLUGS)
    assert all(200 < len(share) < 300 for share in shares)
    assert SHARDS[0].among(SLUGS[:10]) == [slug for slug in shares[0] if slug in SLUGS[:10]]
    assert "github" in Shard(1, 1)


@pytest.mark.parametrize("text", ["", "3", "0/4", "5/4", "1/0", "-1/4", "a/b", "1/4/2", "1.5/4"])
def test_a_shard_is_said_as_a_number_of_so_many(text: str) -> None:
    assert shard_of("3/8") == Shard(3, 8)
    with pytest.raises(InputError, match="expected a number and of how many, like 3/8"):
        shard_of(text)


def test_the_union_of_all_shards_is_what_one_run_would_have_kept(
    fleet: Fleet, tmp_path: Path
) -> None:
    whole, parts = Places(tmp_path / "whole"), Places(tmp_path / "parts")
    with FleetServer(fleet) as server:
        vendors = fleet.vendors(server.address)
        for moment in fleet.moments()[::2]:
            server.at = moment
            expected = run(whole, vendors, moment)
            found = [run(parts, vendors, moment, shard) for shard in SHARDS]
            for shard in SHARDS:
                own = parts.shard(shard)
                with reading(own.archive) as connection:
                    assert list(Audit(connection).faults()) == [], f"{shard} is whole by itself"
                merge_shard(parts, own, at=moment)
            assert exported(parts) == exported(whole)
            assert remembered(parts) == remembered(whole)
            told = sorted((row for each in found for row in each.rows), key=lambda row: row.vendor)
            assert told == sorted(expected.rows, key=lambda row: row.vendor)
    assert verify(parts) == []


def test_what_is_merged_needs_not_be_read_again(fleet: Fleet, tmp_path: Path) -> None:
    places = Places(tmp_path)
    first, second = fleet.moments()[:2]
    with FleetServer(fleet) as server:
        vendors = fleet.vendors(server.address)
        server.at = first
        for shard in SHARDS:
            run(places, vendors, first, shard)
            merge_shard(places, places.shard(shard), at=first)
        before = places.archive.read_bytes()
        again = [row for shard in SHARDS for row in run(places, vendors, second, shard).rows]
        assert [row.new + row.changed for row in again] == [0] * len(vendors)
        for shard in SHARDS:
            merge_shard(places, places.shard(shard), at=second)
    assert places.archive.read_bytes() == before, "nothing new, not a byte written"


def test_what_was_seen_and_never_merged_is_read_again(fleet: Fleet, tmp_path: Path) -> None:
    places, shard = Places(tmp_path), SHARDS[0]
    moment = fleet.moments()[0]
    with FleetServer(fleet) as server:
        server.at = moment
        vendors = [each for each in fleet.vendors(server.address) if each.slug in shard]
        run(places, vendors, moment, shard)
        merge_shard(places, places.shard(shard), at=moment)
        places.archive.unlink()  # the commit was lost, the state is in the cache
        shutil.rmtree(places.shard(shard).data)
        seen = run(places, vendors, moment, shard)
    assert sum(row.new for row in seen.rows) > 0


def test_a_shard_does_not_overwrite_what_is_in_no_archive_yet(fleet: Fleet, tmp_path: Path) -> None:
    places, shard = Places(tmp_path), SHARDS[0]
    first, second = fleet.moments()[:2]
    with FleetServer(fleet) as server:
        server.at = first
        vendors = fleet.vendors(server.address)
        run(places, vendors, first, shard)
        assert not places.archive.exists(), "a shard leaves the archive alone"
        with pytest.raises(ArchiveError, match=r"outages merge .*1-of-4"):
            run(places, vendors, second, shard)
        merge_shard(places, places.shard(shard), at=first)
        with reading(places.archive) as connection:
            assert Archive(connection).vendors()
        assert run(places, vendors, second, shard).rows
