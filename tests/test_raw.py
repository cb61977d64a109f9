"""Replies kept as they came make the same archive again."""

import sqlite3
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from generator.bodies import Body
from generator.demo.fleet import Fleet
from generator.demo.server import FleetServer
from generator.errors import DiskError, InputError
from generator.pipeline.places import Places
from generator.pipeline.replay import replay
from generator.pipeline.update import backfill, update
from generator.pipeline.verify import verify
from generator.raw import Exchange, Recording, tapes
from generator.settings import SiteConfig, read_site
from generator.vendors import read_vendors
from tests.records import at


def rows(places: Places) -> dict[str, list[tuple[object, ...]]]:
    """All that the archive says, whatever order the pages answered in."""
    connection = sqlite3.connect(places.archive)
    tables = ("incidents", "updates", "edits", "observations")
    found = {
        table: sorted(connection.execute(f"SELECT * FROM {table}").fetchall(), key=repr)
        for table in tables
    }
    connection.close()
    return found


@dataclass
class Lived:
    """A little fleet that was read through its life, with its replies kept."""

    places: Places
    raw: Path
    config: SiteConfig


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Lived:
    folder = tmp_path_factory.mktemp("lived")
    places, raw = Places(folder / "data"), folder / "raw"
    fleet = Fleet(platforms=["statuspage", "zendesk", "feed"], vendors=4, incidents=60)
    with FleetServer(fleet) as server:
        fleet.write_vendor_files(places.vendors, server.address)
        config = read_site(places.site)
        vendors = list(read_vendors(places.vendors).values())
        for moment in fleet.moments():
            server.at = moment
            update(places, vendors, config, at=moment, allow_loopback=True, raw=raw)
        later = fleet.until + timedelta(hours=1)
        backfill(places, vendors, config, at=later, allow_loopback=True, raw=raw)
    return Lived(places, raw, config)


def test_a_replay_from_the_first_run_on_gives_the_same_archive(
    lived: Lived, tmp_path: Path
) -> None:
    again = Places(tmp_path)
    reports = replay(again, read_vendors(lived.places.vendors), lived.config, [lived.raw])
    assert [report.failed for report in reports] == [0] * len(reports)
    assert rows(again) == rows(lived.places)
    assert verify(again) == []
    # To the last hash of the chain.
    assert verify(again, lived.places.archive) == []
    assert verify(lived.places, again.archive) == []


def test_a_replay_of_some_vendors_waits_for_no_others(lived: Lived, tmp_path: Path) -> None:
    vendors = read_vendors(lived.places.vendors)
    some = dict(list(vendors.items())[::3])
    replay(Places(tmp_path), some, lived.config, [lived.raw])
    of_some = [row for row in rows(lived.places)["incidents"] if set(some) & set(map(str, row))]
    assert len(rows(Places(tmp_path))["incidents"]) == len(of_some) > 20


def test_every_reply_behind_a_change_was_kept(lived: Lived) -> None:
    kept = {
        exchange.body.sha256.hex()
        for tape in tapes([lived.raw])
        for waiting in tape.replies.values()
        for exchange in waiting
    }
    behind = {row[-1] for row in rows(lived.places)["observations"]}
    assert len(behind) > 20
    assert behind <= kept


def test_a_replay_into_the_archive_itself_changes_nothing(lived: Lived) -> None:
    before = lived.places.archive.read_bytes()
    (*_, last) = sorted(lived.raw.glob("*-update.warc.gz"))
    replay(lived.places, read_vendors(lived.places.vendors), lived.config, [last])
    assert lived.places.archive.read_bytes() == before


def exchange(url: str, text: bytes) -> Exchange:
    body = Body(url, zipped=False, wire=1 << 20, largest=1 << 20)
    body.feed(text)
    body.end()
    return Exchange("acme", url, 200, (("Content-Type", "text/plain"), ("ETag", '"é"')), body)


@pytest.fixture
def tape(tmp_path: Path) -> Path:
    kept = Recording(tmp_path, at("10:00"), "update")
    for number in range(3):
        kept.keep(exchange("https://acme.example/ä b?q=1", b"reply %d " % number * 50))
    kept.close()
    return kept.path


def test_what_came_is_played_in_its_order(tape: Path) -> None:
    (found,) = tapes([tape])
    assert (found.command, found.at) == ("update", at("10:00"))
    assert found.vendors == {"acme"}
    for number in range(3):
        played = found.play("acme", "https://acme.example/ä b?q=1")
        assert played is not None
        assert played.body.read() == b"reply %d " % number * 50
        assert ("Content-Type", "text/plain") in played.headers
    assert found.play("acme", "https://acme.example/ä b?q=1") is None
    assert found.play("zeta", "https://acme.example/ä b?q=1") is None


@pytest.mark.parametrize("left_out", [1, 20, 60, 90])
def test_a_record_that_a_killed_run_left_half_written_is_left_out(
    tape: Path, left_out: int
) -> None:
    tape.write_bytes(tape.read_bytes()[:-left_out])
    (found,) = tapes([tape])
    (waiting,) = found.replies.values()
    assert len(waiting) in (2, 3)
    assert [item.body.read()[:7] for item in waiting] == [b"reply 0", b"reply 1", b"reply 2"][
        : len(waiting)
    ]


@pytest.mark.parametrize("left", [0, 1, 2, 60, 200])
def test_a_run_that_was_killed_at_its_first_record_says_nothing(tape: Path, left: int) -> None:
    torn = tape.with_name(f"0{tape.name}")
    torn.write_bytes(tape.read_bytes()[:left])
    assert [found.at for found in tapes([tape.parent])] == [found.at for found in tapes([tape])]


def test_what_the_disk_refuses_is_told_with_where_and_what_stands(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(
        DiskError, match=r"warc\.gz: Not a directory\. What was kept before stands\."
    ):
        Recording(tmp_path / "file" / "raw", at("10:00"), "update")


def test_a_second_run_at_the_same_moment_has_a_file_of_its_own(tmp_path: Path) -> None:
    for _ in range(2):
        Recording(tmp_path, at("10:00"), "update").close()
    assert len(list(tmp_path.iterdir())) == len(tapes([tmp_path])) == 2


def test_another_file_is_refused_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "x.warc.gz").write_bytes(b"not a WARC")
    with pytest.raises(InputError, match=r"x\.warc\.gz is no WARC of a run"):
        tapes([tmp_path])
