"""What a page lists as it did before is known again, and nothing comes of it but less work."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from generator.archive.state import remembering
from generator.decide import decide
from generator.demo.fleet import Fleet
from generator.demo.server import FleetServer
from generator.known import SIZE, without_known
from generator.model import Change, Fault, Incident, Kept, Update, Vendor
from generator.pipeline.groupcommit import GroupCommit
from generator.pipeline.lines import export, import_lines
from generator.pipeline.places import Places
from generator.pipeline.update import update
from generator.reading import Batch, one_each
from generator.sanity import sift
from generator.settings import SiteConfig, read_site
from tests.pages import Answer, Pages
from tests.records import at

NOON = at("12:00")
ACME = Vendor("acme", "Acme", "https://acme.example", "https://s.example", "feed", "cloud")
CONFIG = SiteConfig("t", "https://o.example/", "c@o.example", "o.example", "d")


def incident(key: str, title: str = "", hours: float = 1) -> Incident:
    start = NOON - timedelta(hours=hours)
    posts = (Update("u1", start, "investigating", "We look."),)
    return Incident(key, title or f"Trouble {key}", "incident", "minor", start, updates=posts)


BEFORE = tuple(incident(key, hours=10 + hours) for hours, key in enumerate("abcdefghij"))
SINCE = {"incident": NOON - timedelta(hours=30)}
FIRST = Batch(BEFORE, SINCE, partial=frozenset("j"))  # type: ignore[arg-type]


def known() -> bytes:
    return b"".join(without_known(FIRST, b"").digests.values())


def test_a_page_that_is_the_same_has_no_news() -> None:
    whole = without_known(FIRST, b"")
    assert (whole.incidents, whole.unchanged) == (BEFORE, frozenset())
    again = without_known(FIRST, known())
    assert (again.incidents, again.unchanged) == ((), frozenset("abcdefghij"))
    assert again.digests == whole.digests
    assert {len(digest) for digest in again.digests.values()} == {SIZE}


NEWS = {
    "a title": replace(BEFORE[0], title="Worse"),
    "a post": replace(BEFORE[0], updates=(*BEFORE[0].updates, Update("u2", NOON, "update", ""))),
    "a post's text": replace(BEFORE[0], updates=(replace(BEFORE[0].updates[0], body="We see."),)),
    "its end": replace(BEFORE[0], ended_at=NOON, end_basis="resolve_time"),
    "a part": replace(BEFORE[0], components=("API",)),
    "another id": replace(BEFORE[0], key="z"),
}


@pytest.mark.parametrize("now", NEWS.values(), ids=NEWS)
def test_whatever_is_said_otherwise_is_news(now: Incident) -> None:
    batch = replace(FIRST, incidents=(now, *BEFORE[1:]))
    assert without_known(batch, known()).incidents == (now,)


def test_whether_all_posts_are_there_is_news() -> None:
    assert without_known(replace(FIRST, partial=frozenset()), known()).incidents == BEFORE[-1:]


LATER = {
    "nothing": FIRST,
    "one is new": replace(FIRST, incidents=(*BEFORE, incident("k"))),
    "one changed": replace(FIRST, incidents=(NEWS["a post"], *BEFORE[1:])),
    "one is gone": replace(FIRST, incidents=BEFORE[1:]),
    "one has another id": replace(FIRST, incidents=(NEWS["another id"], *BEFORE[1:])),
    "one lost its title": replace(FIRST, incidents=(replace(BEFORE[0], title=" "), *BEFORE[1:])),
    "four have other titles": replace(
        FIRST, incidents=(*(replace(one, title="New") for one in BEFORE[:4]), *BEFORE[4:])
    ),
    "all open ones are listed": replace(
        FIRST, incidents=BEFORE[2:], listed_since={}, lists_open=frozenset({"incident"})
    ),
    "one is of the future": replace(
        FIRST, incidents=(*BEFORE, incident("k", hours=-99), incident("l"))
    ),
}


@pytest.mark.parametrize("batch", LATER.values(), ids=LATER)
def test_the_rest_of_a_batch_decides_the_same(batch: Batch) -> None:
    held = {one.key: _kept(one) for one in BEFORE}
    rest = without_known(batch, known())
    assert len(rest.incidents) < len(batch.incidents)
    asked = {key: kept for key, kept in held.items() if key not in rest.unchanged}
    whole = _changes(replace(batch, digests={}), held)
    assert _changes(rest, held) == whole
    assert _changes(rest, asked) == whole


def _kept(one: Incident) -> Kept:
    seen = (NOON,) * len(one.updates)
    return Kept("acme", one.key, one, NOON, NOON, platform="feed", update_seen_at=seen)


def _changes(batch: Batch, held: dict[str, Kept]) -> tuple[list[Change], int]:
    believed, doubted = sift(batch, held, "feed", NOON, known=True)
    return decide(ACME, held, believed, NOON, set()), len(doubted)


@pytest.mark.parametrize("platform", ["statuspage", "pagerduty"])
def test_an_archive_is_the_same_whatever_was_remembered(platform: str, tmp_path: Path) -> None:
    fleet = Fleet(platforms=[platform], vendors=2, incidents=60)
    knowing, forgetful = Places(tmp_path / "knowing"), Places(tmp_path / "forgetful")
    with FleetServer(fleet) as server:
        vendors = fleet.vendors(server.address)
        for moment in fleet.moments()[-4:]:
            server.at = moment
            for places in (knowing, forgetful):
                config = read_site(places.site)
                update(places, vendors, config, at=moment, allow_loopback=True)
            forgetful.state.unlink()
    assert list(export(knowing.archive, ())) == list(export(forgetful.archive, ()))


def test_of_one_id_that_is_listed_twice_one_record_is_taken() -> None:
    later, longer = replace(BEFORE[0], started_at=NOON), NEWS["a post"]
    assert one_each(FIRST) == (FIRST, [])
    alike = replace(FIRST, incidents=(*BEFORE, BEFORE[0]))
    assert one_each(alike) == (FIRST, []), "lists overlap"
    for listed in ((later, *BEFORE), (*BEFORE, later)):
        batch, (fault,) = one_each(replace(FIRST, incidents=listed))
        assert set(batch.incidents) == set(BEFORE), "the older start keeps it, wherever it is"
        assert fault == Fault("bad record", "a is listed twice, with other facts")
    batch, _ = one_each(replace(FIRST, incidents=(BEFORE[0], longer)))
    assert batch.incidents == (longer,)


def test_a_page_is_asked_anew_by_another_reader_and_where_it_was_not_read_whole(
    tmp_path: Path,
) -> None:
    places = Places(tmp_path)
    with Pages() as pages:
        vendor = replace(ACME, platform="cachet", status_page=pages.address)
        here, elsewhere = (
            replace(vendor, options={"api": "api/v1", "time_zone": zone})
            for zone in ("Europe/Paris", "Asia/Tokyo")
        )

        def read(vendor: Vendor, accept: Sequence[str] = ()) -> str:
            pages.json("/api/v1/incidents?sort=id&order=desc&per_page=50", CACHET % day)
            report = update(places, [vendor], CONFIG, at=NOON, allow_loopback=True, accept=accept)
            (row,) = report.rows
            return f"{row.new}+{row.changed} {len(row.faults)}"

        day = b"19"
        assert [read(here), read(here)] == ["1+0 0", "0+0 0"]
        assert [read(elsewhere), read(elsewhere)] == ["0+1 0", "0+0 0"]
        day = b"25"
        told = [read(elsewhere), read(elsewhere), read(elsewhere, ["acme"]), read(elsewhere)]
        later = "it may be true by tomorrow, or by what a person says"
        assert told == ["0+0 1", "0+0 1", "0+1 0", "0+0 0"], later


CACHET = (
    b'{"meta":{"pagination":{"total_pages":1}},"data":[{"id":44,"name":"Cold","status":1,'
    b'"message":"Look.","occurred_at":"2026-11-%s 08:50:00","created_at":"2026-11-19 09:05:00",'
    b'"updated_at":"2026-11-20 11:00:00","updates":[]}]}'
)


def test_a_page_that_lists_an_id_twice_costs_only_what_it_lists_twice(tmp_path: Path) -> None:
    places = Places(tmp_path)
    with Pages() as pages:
        vendors = [
            replace(ACME, slug=slug, platform="cstate", status_page=f"{pages.address}/{slug}")
            for slug in ("acme", "beta")
        ]
        for slug, rows in (("acme", "aab"), ("beta", "c")):
            listed = ",".join(CSTATE % (number, key) for number, key in enumerate(rows))
            pages.json(f"/{slug}/issues/index.json", f'{{"pages":[{listed}]}}'.encode())
        report = update(places, vendors, read_site(places.site), at=NOON, allow_loopback=True)
    assert {row.vendor: (row.new, len(row.faults)) for row in report.rows} == {
        "acme": (2, 1),
        "beta": (1, 0),
    }


CSTATE = (
    '{"title":"Down","createdAt":"2026-11-20 10:0%d:00 +0000 UTC","resolved":false,'
    '"permalink":"https://s.example/issues/%s/","severity":"down"}'
)
ROW = (
    '{"id":"%s","name":"%s","status":"resolved","impact":"minor",'
    '"created_at":"2026-11-20T10:%02d:00Z","resolved_at":"2026-11-20T11:00:00Z"}'
)
LIST = '{"page":{"id":"p","url":"https://s.example"},"incidents":[%s]}'


def _read(pages: Pages, places: Places, hour: int, *rows: tuple[str, str]) -> str:
    """The archive's lines after a reading of a page that lists these."""
    body = LIST % ",".join(ROW % (key, title, ord(key) - ord("a")) for key, title in rows)
    pages.answers["/api/v2/incidents.json"] = Answer(body.encode())
    pages.answers["/api/v2/scheduled-maintenances.json"] = Answer((LIST % "").encode())
    page = Vendor("acme", "Acme", "https://a.example", pages.address, "statuspage", "cloud")
    update(places, [page], CONFIG, at=at(f"{hour}:00"), allow_loopback=True)
    return b"".join(export(places.archive, ())).decode()


def test_what_another_run_changed_is_compared_with_the_page_anew(tmp_path: Path) -> None:
    places = Places(tmp_path)
    with Pages() as pages:
        said = _read(pages, places, 13, ("a", "Down"))
        assert '"title":"Down"' in said
        import_lines(places, [said.replace("Down", "Mistold").encode()], "hand", at=at("14:00"))
        said = _read(pages, places, 15, ("a", "Down"), ("b", "Slow"))
    assert '"title":"Mistold"' not in said
    assert said.count('"field":"title"') == 2


def test_of_many_that_are_gone_those_that_are_there_are_counted(tmp_path: Path) -> None:
    places = Places(tmp_path)
    rows = [(key, f"Trouble {key}") for key in "abcdefghijkl"]
    with Pages() as pages:
        _read(pages, places, 13, *rows)
        assert _read(pages, places, 14, rows[0], *rows[5:]).count('"withdrawn_at":"') == 4
        assert _read(pages, places, 15, *rows[:2]).count('"withdrawn_at":"') == 4
        assert any(places.quarantine.iterdir())


def test_a_memory_of_another_archive_is_of_no_use(tmp_path: Path) -> None:
    places = Places(tmp_path)
    with Pages() as pages:
        before = _read(pages, places, 13, ("a", "Down"))
        places.archive.unlink()
        after = _read(pages, places, 13, ("a", "Down"), ("b", "Slow"))
    assert before in after


def test_what_was_not_believed_is_not_known(tmp_path: Path) -> None:
    places = Places(tmp_path)
    with Pages() as pages:
        _read(pages, places, 13, ("a", "Down"))
        _read(pages, places, 14, ("a", "Down"), ("b", "x" * 3000))
        with remembering(places.state) as state:
            assert len(state.memories()["acme"].digests) == SIZE


class Disk:
    """Takes what is brought, a hand at a time, and notes who came together."""

    def __init__(self) -> None:
        self.groups: list[list[int]] = []

    def commit(self, items: Sequence[int]) -> list[str]:
        self.groups.append(list(items))
        if 13 in items:
            raise OSError("the disk is full")
        return [str(item) for item in items]


def test_what_comes_while_another_group_is_written_is_written_together() -> None:
    disk = Disk()

    async def all_at_once() -> list[str]:
        return await asyncio.gather(*(commit.keep(number) for number in range(10)))

    with GroupCommit(disk.commit) as commit:
        assert asyncio.run(all_at_once()) == [str(number) for number in range(10)]
    assert disk.groups == [[0], list(range(1, 10))]


def test_nothing_of_a_group_that_failed_is_acknowledged() -> None:
    disk = Disk()
    kept: list[int] = []

    async def one(number: int) -> None:
        await commit.keep(number)
        kept.append(number)

    async def all_at_once() -> None:
        async with asyncio.TaskGroup() as group:
            for number in range(10, 15):
                group.create_task(one(number))

    with GroupCommit(disk.commit) as commit, pytest.raises(ExceptionGroup) as raised:
        asyncio.run(all_at_once())
    assert [str(error) for error in raised.value.exceptions] == ["the disk is full"]
    assert kept == [10]
    assert disk.groups == [[10], [11, 12, 13, 14]]


def test_there_is_no_room_while_much_waits_to_be_written() -> None:
    rooms: list[bool] = []

    def written(group: Sequence[int]) -> Sequence[int]:
        rooms.append(commit.room.is_set())
        return group

    async def some(*sizes: int) -> None:
        await asyncio.gather(*(commit.keep(size, size) for size in sizes))
        rooms.append(commit.room.is_set())

    with GroupCommit(written, most=100) as commit:
        asyncio.run(some(60))
        assert rooms == [True, True]
        asyncio.run(some(60, 60, 60))
        assert rooms[2:] == [False, False, True]


def test_there_is_room_again_when_what_waited_is_not_written() -> None:
    disk = Disk()
    with GroupCommit(disk.commit, most=100) as commit, pytest.raises(OSError, match="full"):
        asyncio.run(commit.keep(13, 1000))
    assert commit.room.is_set()
