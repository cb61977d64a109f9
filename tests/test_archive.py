"""The database: nothing changed, not one byte; a newer or broken file is left as it is."""

import hashlib
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from generator.archive.queries import Archive
from generator.archive.schema import CURRENT
from generator.archive.standing import Standing
from generator.archive.state import Memory, remembering
from generator.archive.store import Run, reading, writing
from generator.decide import decide
from generator.errors import ArchiveError
from generator.model import Change, Incident, Kept
from generator.reading import Batch, Validator
from tests.records import ACME, at, incident, post
from tests.render_archive import outline

FIXTURES = Path(__file__).parent / "fixtures" / "archives"


def scrape(path: Path, when: str, *now: Incident, vendor: str = "acme") -> list[Kept]:
    """Keep what a page says at a time; what the archive holds then."""
    page = replace(ACME, slug=vendor)
    with writing(path) as connection:
        archive, run = Archive(connection), Run(connection, at(when), "update")
        held = archive.held(vendor, {item.key for item in now}, at("00:00"))
        run.apply(vendor, decide(page, held, Batch(now), at(when), archive.slugs(vendor)))
        return archive.kept(vendor)


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    path = tmp_path / "outages.db"
    said = incident(
        "k1",
        "10:00",
        post("u1", "10:00", "Ünïcode\n\x00 and all", "scheduled"),
        post("u2", "11:00", phase="completed"),
        kind="maintenance",
        scheduled_until=at("12:00"),
        ended_at=at("11:00"),
        end_basis="resolving_update",
        regions=("eu-1", "us-2"),
    )
    (kept,) = scrape(path, "11:30", said)
    assert kept.incident == said
    assert kept.first_seen_at == kept.changed_at == at("11:30")
    assert kept.update_seen_at == (at("11:30"), at("11:30"))


def test_a_run_without_news_changes_not_one_byte(tmp_path: Path) -> None:
    path = tmp_path / "outages.db"
    scrape(path, "10:30", incident())
    before = digest(path)
    scrape(path, "11:00", incident())
    with reading(path) as connection:
        Archive(connection).totals()
    assert digest(path) == before
    assert list(tmp_path.iterdir()) == [path]


def test_revisions_gather_in_the_order_they_were_seen(tmp_path: Path) -> None:
    path = tmp_path / "outages.db"
    for when, title in (("10:10", "First"), ("10:20", "Second"), ("10:30", "Third")):
        (kept,) = scrape(path, when, incident(title=title))
    assert [(item.seen_at, item.before) for item in kept.revisions] == [
        (at("10:20"), "First"),
        (at("10:30"), "Second"),
    ]
    assert kept.slug == "2026-11-20-first"


def test_updates_come_and_go_and_keep_when_they_were_first_seen(tmp_path: Path) -> None:
    path = tmp_path / "outages.db"
    first, second = post("u1", "10:00"), post("u2", "10:20")
    scrape(path, "10:10", incident("k1", "10:00", first))
    scrape(path, "10:30", incident("k1", "10:00", first, second))
    (kept,) = scrape(path, "10:40", incident("k1", "10:00", second, post("u3", "10:35")))
    assert [update.key for update in kept.incident.updates] == ["u2", "u3"]
    assert kept.update_seen_at == (at("10:30"), at("10:40"))
    assert [(item.field, item.update_key) for item in kept.revisions] == [("update", "u1")]


def test_one_transaction_a_vendor_all_or_nothing(tmp_path: Path) -> None:
    path = tmp_path / "outages.db"
    changes = decide(ACME, {}, Batch((incident("a"), incident("b"))), at("11:00"), set())
    broken = [changes[0], replace(changes[1], after=replace(changes[0].after, slug="other"))]
    with writing(path) as connection:
        run = Run(connection, at("11:00"), "update")
        with pytest.raises(sqlite3.IntegrityError):
            run.apply("acme", broken)
        archive = Archive(connection)
        assert (archive.kept("acme"), archive.sequence) == ([], 0)
        run.apply("acme", changes)
        assert (len(archive.kept("acme")), archive.sequence) == (2, 1)


def test_what_is_news(tmp_path: Path) -> None:
    """Of what changed: whatever began, ended, was posted, taken away or taken back lately."""
    path = tmp_path / "outages.db"
    old = "2026-10-01T10:00:00Z"
    over = {"ended_at": at("11:00"), "end_basis": "end_field"}
    late = {**over, "ended_at": at("2026-10-02T10:00:00Z")}
    first = [incident(key, old) for key in ("edited", "ended", "late", "posted")]
    scrape(path, "11:00", *first, incident("again", old, **late))
    scrape(
        path,
        "11:30",
        incident("again", old),
        incident("edited", old, title="Edited"),
        incident("ended", old, **over),
        incident("late", old, **late),
        incident("posted", old, *first[3].updates, post("p2", "11:10")),
        incident("began", "11:20"),
    )
    with reading(path) as connection:
        archive = Archive(connection)
        for vendors in (None, ["acme"]):
            told = [kept.incident.key for kept in archive.news(at("10:00"), vendors)]
            assert sorted(told) == ["again", "began", "ended", "posted"]
        assert archive.news(at("10:00"), ["zeta"]) == []


def test_only_a_corrupt_file_is_called_so(tmp_path: Path) -> None:
    path = tmp_path / "outages.db"
    changes = decide(ACME, {}, Batch((incident("a"),)), at("11:00"), set())
    twice = pytest.raises(ArchiveError, match=r"UNIQUE constraint .* stands\. .* defect")
    with twice, writing(path) as connection:
        Run(connection, at("11:00"), "update").apply("acme", [changes[0], changes[0]])
    with reading(path) as connection:
        assert Archive(connection).kept("acme") == []


def test_what_a_build_asks(tmp_path: Path) -> None:
    path = tmp_path / "outages.db"
    over = {"ended_at": at("11:00"), "end_basis": "resolve_time"}
    scrape(path, "11:30", incident("a", "09:00", **over), incident("b", "2024-02-01T10:00:00Z"))
    scrape(path, "11:40", incident("c", "08:00"), vendor="zeta")
    scrape(path, "11:50", incident("c", "08:00", title="Worse"), vendor="zeta")
    with reading(path) as connection:
        archive = Archive(connection)
        assert archive.vendors() == ["acme", "zeta"]
        assert (archive.sequence, archive.changed_at) == (3, at("11:50"))
        assert [item.incident.key for item in archive.open()] == ["c", "b"]
        newest = [start.number for start in archive.starts()]
        assert [item.incident.key for item in archive.numbered(newest[:2])] == ["a", "c"]
        assert archive.changed_since(1) == {"zeta": {"2026-11-20-trouble-c"}}
        assert archive.counts()["acme"].years == {2024: (1, 0), 2026: (1, 0)}
        assert archive.counts()["acme"].open == 1
        assert archive.extends("2@2026-11-20T11:40:00Z#")
        assert archive.shared_with("2@2026-11-20T11:40:00Z#00") == 1, "that one it had in part"
        assert archive.shared_with(archive.fingerprint) == 3
        assert not archive.extends("2@2026-11-20T11:41:00Z")
        assert archive.standing(["acme", "none"]) == {"acme": Standing(frozenset({"b"}), 1)}
        totals = archive.totals()
        assert (totals.vendors, totals.incidents, totals.updates, totals.revisions) == (2, 3, 3, 1)


def test_all_incidents_in_outline(tmp_path: Path) -> None:
    path = tmp_path / "outages.db"
    over = {"ended_at": at("11:00"), "end_basis": "resolve_time"}
    scrape(path, "11:30", incident("b", "09:00", post("u1", "09:10"), **over))
    scrape(
        path,
        "11:40",
        incident("c", "08:00", post("u1", "08:30"), post("u2", "08:10")),
        vendor="zeta",
    )
    scrape(path, "11:50", incident("a", "09:00"), vendor="beta")
    with reading(path) as connection:
        archive = Archive(connection)
        assert list(archive.outlines()) == [
            outline(kept) for vendor in ("zeta", "acme", "beta") for kept in archive.kept(vendor)
        ]
        assert [kept.slug for kept in archive.changed("zeta", 1)] == ["2026-11-20-trouble-c"]
        assert archive.changed("acme", 1) == []


def test_a_part_of_the_archive_is_counted_and_outlined_as_the_whole_is(tmp_path: Path) -> None:
    path, over = tmp_path / "outages.db", {"end_basis": "resolve_time"}
    scrape(path, "11:30", incident("a", "09:00", ended_at=at("11:00"), **over))
    scrape(path, "11:31", incident("b", "2026-11-02T10:00:00Z", ended_at=at("11:00"), **over))
    scrape(path, "11:32", incident("c", "2026-10-31T10:00:00Z", post("u1", "10:10")), vendor="zeta")
    scrape(path, "11:33", incident("d", "2026-10-31T09:00:00Z", kind="maintenance"), vendor="beta")
    with reading(path) as connection:
        archive = Archive(connection)
        whole, months, outlines = archive.counts(), archive.months(), list(archive.outlines())
        for slug in whole:
            assert archive.counts([slug]) == {slug: whole[slug]}
        assert {month: archive.months([month])[month] for month in months} == months
        assert sum(count.records for count in months.values()) == 4
        assert sum(count.incidents for count in months.values()) == 3
        for day in ("2026-10-31", "2026-11-20", "2026-11-21"):
            of_day = [each for each in outlines if each.started_at[:10] == day]
            assert list(archive.outlines([day])) == of_day
        assert [each.slug[-1] for each in archive.lasting()] == ["d", "c", "b"]
        totals = archive.totals()
        assert sum(count.updates for count in whole.values()) == totals.updates


def test_what_was_withdrawn_has_no_outline(tmp_path: Path) -> None:
    path = tmp_path / "outages.db"
    (kept,) = scrape(path, "11:30", incident("a", "09:00"))
    gone = replace(kept, withdrawn_at=at("12:00"), changed_at=at("12:00"))
    with writing(path) as connection:
        run = Run(connection, at("12:00"), "update")
        run.apply("acme", [Change("withdrawn", gone, kept.incident.key)])
        assert list(Archive(connection).outlines()) == []


def test_completeness_is_noted_once_and_only_further_back(tmp_path: Path) -> None:
    path = tmp_path / "outages.db"
    scrape(path, "10:00", incident())
    with writing(path) as connection:
        archive = Archive(connection)
        Run(connection, at("11:00"), "backfill").complete("acme", at("09:00"))
        assert archive.complete_since("acme") == at("09:00")
        assert archive.changed_since(1) == {"acme": frozenset()}
        before = archive.sequence
        Run(connection, at("12:00"), "backfill").complete("acme", at("09:30"))
        assert (archive.complete_since("acme"), archive.sequence) == (at("09:00"), before)


def test_a_missing_archive_is_empty_and_stays_missing(tmp_path: Path) -> None:
    path = tmp_path / "outages.db"
    with reading(path) as connection:
        assert Archive(connection).vendors() == []
    assert not path.exists()


def test_a_newer_archive_is_refused_untouched(tmp_path: Path) -> None:
    path = tmp_path / "outages.db"
    scrape(path, "10:00", incident())
    with sqlite3.connect(path) as connection:
        connection.execute(f"PRAGMA user_version = {CURRENT + 1}")
    connection.close()
    before = digest(path)
    for opening in (reading, writing):
        with pytest.raises(ArchiveError, match="Update the program"), opening(path):
            pass
    assert digest(path) == before


@pytest.mark.parametrize("damage", ["text", "page"])
def test_a_corrupt_archive_is_refused_untouched(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "outages.db"
    posts = [post(f"u{n}", "10:00", "words " * 200) for n in range(60)]
    scrape(path, "10:00", incident("k1", "10:00", *posts))
    whole = path.read_bytes()
    path.write_bytes(b"not a database" * 99 if damage == "text" else _scribbled(whole))
    before = digest(path)
    with pytest.raises(ArchiveError, match="git checkout HEAD -- "), writing(path):
        pass
    assert digest(path) == before


def _scribbled(whole: bytes) -> bytes:
    return whole[: 4096 * 8] + b"\xff" * 4096 + whole[4096 * 9 :]


@pytest.mark.parametrize("file", sorted(FIXTURES.glob("*.sql")), ids=lambda file: file.stem)
def test_every_released_schema_migrates(file: Path, tmp_path: Path) -> None:
    path = tmp_path / "outages.db"
    connection = sqlite3.connect(path)
    connection.executescript(file.read_text(encoding="utf-8"))
    connection.close()
    before = digest(path)
    with reading(path) as old:
        (seen,) = Archive(old).kept("acme")
    assert digest(path) == before
    with writing(path) as new:
        assert Archive(new).kept("acme") == [seen]
    assert [update.key for update in seen.incident.updates] == ["u1", "u2"]
    assert [item.field for item in seen.revisions] == ["title"]


def test_the_state_can_be_lost_or_broken(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    marks = {"https://a": Validator('"v1"', None, b"hash")}
    with remembering(path) as state:
        state.note_read("acme", at("10:00"), "1 statuspage", "3@x", marks, b"digest")
        state.note_read("acme", at("10:15"), "1 statuspage", "4@x", marks)
        good = Memory("1 statuspage", "4@x", True, marks, "3@x", b"digest")
        assert state.memories() == {"acme": good}
        state.note_cursor("acme", "2 0")
        state.note_failure("acme", at("11:00"), "slow")
    with remembering(path) as state:
        assert state.memories() == {"acme": good._replace(good=False)}
        assert state.cursors() == {"acme": "2 0"}
    path.write_bytes(b"rubbish " * 900)
    with remembering(path) as state:
        assert (state.memories(), state.cursors()) == ({}, {})
