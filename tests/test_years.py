"""Closed years in files of their own: every command goes on seeing one archive, and git less."""

import shutil
import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.archive import years
from generator.archive.audit import Audit
from generator.archive.queries import Archive
from generator.archive.store import Run, reading, writing
from generator.decide import decide
from generator.model import Incident
from generator.pipeline.commit import commit_archive
from generator.pipeline.lines import export
from generator.pipeline.log import logged
from generator.pipeline.merge import merge
from generator.pipeline.places import Places
from generator.pipeline.rollover import rollover
from generator.pipeline.verify import verify
from generator.reading import Batch
from tests.records import ACME, at, post
from tests.records import incident as record
from tests.test_cli import outages
from tests.test_commit import Writer, clone, git, remote

__all__ = ["remote"]
FIXTURES = Path(__file__).parent / "fixtures" / "archives"


def of(year: int, number: int, title: str = "Down", *bodies: str) -> Incident:
    start = at(f"{year}-05-0{number}T09:00:00Z")
    posts = tuple(
        replace(post(f"u{place}", "09:00", body), at=start) for place, body in enumerate(bodies)
    )
    one = record(f"k{year}-{number}", "09:00", title=title, updates=posts)
    return replace(one, started_at=start)


def page(archive: Path, minute: int, *now: Incident) -> None:
    """The page is read in the tests' year, 2026; its list vouches for all that it could hold."""
    moment = at(f"{10 + minute // 60:02}:{minute % 60:02}")
    with writing(archive) as connection:
        found, run = Archive(connection), Run(connection, moment, "update")
        since = at("2020-01-01T00:00:00Z")
        held = found.held("acme", {item.key for item in now}, since)
        batch = Batch(now, {"incident": since})
        run.apply("acme", decide(ACME, held, batch, moment, found.slugs("acme")))


def roll(archive: Path) -> list[str]:
    return rollover(Places(archive.parent), large=0, at=at("10:00"))


def told(archive: Path) -> list[bytes]:
    with reading(archive) as connection:
        assert list(Audit(connection).faults()) == []
    return list(export(archive, ()))


def bytes_of(folder: Path) -> dict[str, bytes]:
    files = (file for file in folder.rglob("*") if file.is_file())
    return {str(file.relative_to(folder)): file.read_bytes() for file in files}


states = st.builds(
    of,
    st.sampled_from([2024, 2025, 2026]),
    st.integers(1, 2),
    st.sampled_from(["Down", "Slow"]),
    st.sampled_from(["A.", "B."]),
)
lives = st.lists(st.lists(states, max_size=4, unique_by=lambda one: one.key), max_size=6)


@settings(deadline=None, max_examples=8)
@given(lives, st.sets(st.integers(0, 6)))
def test_an_archive_tells_the_same_whether_and_whenever_years_were_closed(
    life: list[list[Incident]], when: set[int]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        plain, rolled = Path(folder) / "plain" / "outages.db", Path(folder) / "years" / "outages.db"
        for minute, now in enumerate(life):
            for archive in (plain, rolled):
                page(archive, minute, *now)
            if minute in when:
                roll(rolled)
        assert told(rolled) == told(plain)
        before = bytes_of(rolled.parent)
        if life:
            page(rolled, 99, *life[-1])
        assert bytes_of(rolled.parent) == before, "nothing new: not one byte written"
        merge(plain, rolled)
        merge(rolled, plain)
        assert told(rolled) == told(plain)


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """Two years that are over, closed, and one that goes on."""
    archive = tmp_path / "data" / "outages.db"
    page(archive, 0, of(2024, 1, "Down", "A."), of(2025, 1), of(2025, 2), of(2026, 1))
    assert roll(archive) == ["2024", "2025"]
    return archive


def held(file: Path) -> list[str]:
    with closing(sqlite3.connect(file)) as connection:
        return [key for (key,) in connection.execute("SELECT key FROM incident ORDER BY key")]


def test_an_incident_is_in_the_file_of_the_year_it_began(archive: Path) -> None:
    assert held(archive) == ["k2026-1"]
    folder = archive.parent / "archive"
    assert {file.name: held(file) for file in folder.iterdir()} == {
        "2024.db": ["k2024-1"],
        "2025.db": ["k2025-1", "k2025-2"],
    }
    assert roll(archive) == []


def test_people_can_read_a_year_by_itself(archive: Path) -> None:
    with closing(sqlite3.connect(archive.parent / "archive" / "2024.db")) as connection:
        query = "SELECT vendor, slug, title FROM incidents"
        assert connection.execute(query).fetchall() == [("acme", "2024-05-01-down", "Down")]
        assert connection.execute("SELECT body FROM updates").fetchall() == [("A.",)]


def test_a_year_is_written_only_when_the_past_itself_changes(archive: Path) -> None:
    before = bytes_of(archive.parent)
    past = (of(2024, 1, "Down", "A."), of(2025, 1), of(2025, 2))
    page(archive, 5, *past, of(2026, 1, "Worse"), of(2026, 2))
    after = bytes_of(archive.parent)
    assert {name for name in after if after[name] != before.get(name)} == {"outages.db"}
    page(archive, 6, of(2024, 1, "Was down", "A."), *past[1:], of(2026, 1, "Worse"), of(2026, 2))
    last = bytes_of(archive.parent)
    assert {name for name in last if last[name] != after.get(name)} == {
        "outages.db",
        "archive/2024.db",
    }
    told(archive)


def test_what_is_found_later_of_a_closed_year_goes_there(archive: Path) -> None:
    page(archive, 5, of(2024, 1, "Down", "A."), of(2024, 2), of(2025, 1), of(2025, 2), of(2026, 1))
    assert held(archive.parent / "archive" / "2024.db") == ["k2024-1", "k2024-2"]
    assert held(archive) == ["k2026-1"]


def test_a_run_that_is_killed_loses_nothing_that_it_had_written(archive: Path) -> None:
    """Its copy is all that is left of it, and the next run goes on from there."""
    elsewhere = archive.parent.parent / "elsewhere" / "outages.db"
    elsewhere.parent.mkdir()
    with years.whole(archive) as copy:
        shutil.copyfile(copy, elsewhere)
    page(elsewhere, 5, *NOW)
    shutil.copyfile(elsewhere, archive.with_name(years.WHOLE))
    page(archive, 6, *NOW)
    assert told(archive) == told(elsewhere)
    assert held(archive) == ["k2026-1", "k2026-2"]
    assert not archive.with_name(years.WHOLE).exists()
    assert held(archive.parent / "archive" / "2025.db") == ["k2025-1", "k2025-2"]
    told(archive)


def test_a_run_that_is_killed_while_it_writes_to_the_files_is_read_whole_and_finished(
    archive: Path,
) -> None:
    """The worst place: a year is written, and the first file is not."""
    twin, apart = archive.parent.parent / "twin", archive.parent.parent / "apart.db"
    shutil.copytree(archive.parent, twin)
    with years.whole(archive) as copy:
        shutil.copyfile(copy, apart)
    page(apart, 5, of(2024, 1, "Was down", "A."), *NOW[1:])
    page(twin / "outages.db", 5, of(2024, 1, "Was down", "A."), *NOW[1:])
    shutil.copyfile(twin / "archive" / "2024.db", archive.parent / "archive" / "2024.db")
    shutil.copyfile(apart, archive.with_name(years.WHOLE))
    assert told(archive) == told(twin / "outages.db")
    with writing(archive):
        pass
    assert told(archive) == told(twin / "outages.db")
    assert held(archive) == ["k2026-1", "k2026-2"]
    assert not archive.with_name(years.WHOLE).exists()


NOW = (of(2024, 1, "Down", "A."), of(2025, 1), of(2025, 2), of(2026, 1), of(2026, 2))


def test_a_copy_that_grew_from_another_archive_is_not_gone_on_from(archive: Path) -> None:
    page(archive.parent.parent / "other" / "outages.db", 30, of(2026, 9))
    shutil.copyfile(archive.parent.parent / "other" / "outages.db", archive.parent / years.WHOLE)
    page(archive, 5, *NOW)
    assert held(archive) == ["k2026-1", "k2026-2"]


def test_a_copy_that_is_broken_is_made_again(archive: Path) -> None:
    archive.with_name(years.WHOLE).write_bytes(b"no database" * 1000)
    page(archive, 5, *NOW)
    assert held(archive) == ["k2026-1", "k2026-2"]


def test_a_rollover_that_is_killed_is_finished_by_the_next(archive: Path) -> None:
    """The worst place: the years are written, and the rows not yet taken from the archive."""
    fresh = archive.parent.parent / "fresh"
    shutil.copytree(archive.parent, fresh)
    page(fresh / "outages.db", 5, *NOW)
    whole = archive.parent.parent / "whole" / "outages.db"
    merge(whole, fresh / "outages.db")
    shutil.copytree(whole.parent, archive.parent.parent / "rolled")
    rolled = archive.parent.parent / "rolled" / "outages.db"
    roll(rolled)
    shutil.copyfile(whole, rolled)
    assert told(rolled) == told(whole)
    roll(rolled)
    assert held(rolled) == ["k2026-1", "k2026-2"]
    assert told(rolled) == told(whole)


def test_a_rollover_that_is_killed_before_it_made_the_file_small_makes_it_small(
    archive: Path,
) -> None:
    page(archive, 5, *NOW)
    roll(archive)
    small = archive.stat().st_size
    with closing(sqlite3.connect(archive)) as connection:
        connection.executescript("CREATE TABLE moved (x); INSERT INTO moved VALUES (zeroblob(1e5));"
                                 "DROP TABLE moved;")  # fmt: skip
    assert archive.stat().st_size > small
    roll(archive)
    assert archive.stat().st_size == small


def just_read(archive: Path) -> None:
    with reading(archive):
        pass


def just_written(archive: Path) -> None:
    with writing(archive):
        pass


@pytest.mark.parametrize("how", [just_read, just_written, roll])
@pytest.mark.parametrize("name", ["outages.db", "archive/2024.db"])
def test_a_journal_that_a_killed_run_had_only_begun_is_cleared_away(
    archive: Path, name: str, how: Callable[[Path], object]
) -> None:
    """It says nothing yet, so SQLite does not take it for one, and leaves it where it is."""
    roll(archive)
    before = told(archive)
    journal = archive.parent / f"{name}-journal"
    journal.write_bytes(bytes(512))
    how(archive)
    assert not journal.exists()
    assert told(archive) == before


def test_a_journal_of_a_run_at_work_stays(archive: Path) -> None:
    with closing(sqlite3.connect(archive, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        other.execute("UPDATE incident SET title = 'Half'")
        journal = archive.with_name("outages.db-journal")
        assert journal.exists()
        just_read(archive)
        assert journal.exists()
        other.execute("ROLLBACK")


def test_two_writers_wait_for_each_other(archive: Path) -> None:
    with (
        writing(archive),
        pytest.raises(sqlite3.OperationalError, match="locked"),
        closing(sqlite3.connect(archive, timeout=0)) as other,
    ):
        other.execute("BEGIN IMMEDIATE")


@pytest.mark.parametrize("number", [1, 2])
def test_years_of_a_schema_before_they_were_archives_are_brought_up_to_date(
    tmp_path: Path, number: int
) -> None:
    """Until schema 3 a year had its incidents' rows, and the first file all that they name."""
    archive, plain = tmp_path / "data" / "outages.db", tmp_path / "plain.db"
    archive.parent.mkdir()
    for file in (archive, plain):
        with closing(sqlite3.connect(file)) as connection:
            script = FIXTURES / f"schema-{number}.sql"
            connection.executescript(script.read_text(encoding="utf-8"))
    year = split_as_before(archive)
    assert list(export(archive, ())) == list(export(plain, ()))
    with writing(archive):
        pass
    assert list(years.files(archive)) == [year]
    assert held(archive) == []
    assert told(archive) == told(plain)


def split_as_before(archive: Path) -> str:
    """Move all incidents, which are of one year, to its file."""
    with closing(sqlite3.connect(archive, isolation_level=None)) as head:
        (year,) = head.execute("SELECT substr(min(started_at), 1, 4) FROM incident").fetchone()
        (version,) = head.execute("PRAGMA user_version").fetchone()
        folder = archive.parent / "archive"
        folder.mkdir()
        head.execute("ATTACH ? AS year", (str(folder / f"{year}.db"),))
        head.execute(f"PRAGMA year.user_version = {version}")
        tables = ("vendor", "incident", "incident_update", "revision", "observation")
        for table in tables[: 4 if version == 1 else 5]:
            columns = "id, slug" if table == "vendor" else "*"
            head.execute(f"CREATE TABLE year.{table} AS SELECT {columns} FROM main.{table}")
            if table != "vendor":
                head.execute(f"DELETE FROM main.{table}")
    return str(year)


# in git


def closed_writer(remote: Path, folder: Path) -> Writer:
    """A clone with a year that is over, closed, committed and pushed."""
    writer = clone(remote, folder)
    page(writer.places.archive, 1, of(2024, 1), of(2025, 1), *kept(writer))
    rollover(writer.places, large=0, at=at("10:00"))
    commit_archive(writer.places, push=True)
    return writer


def kept(writer: Writer) -> list[Incident]:
    return [one.incident for one in writer.kept()]


def test_the_commit_holds_the_years_and_one_of_years_alone_says_so(
    remote: Path, tmp_path: Path
) -> None:
    writer = clone(remote, tmp_path / "a")
    page(writer.places.archive, 1, of(2024, 1), *kept(writer))
    commit_archive(writer.places, push=False)
    rollover(writer.places, large=0, at=at("10:00"))
    assert commit_archive(writer.places, push=True) == (
        "archive: years that are over in files of their own"
    )
    assert git(writer.folder, "show", "--name-only", "--format=").splitlines() == [
        "data/archive/2024.db",
        "data/outages.db",
    ]
    assert git(writer.folder, "status", "--porcelain") == ""
    assert verify(writer.places) == []
    assert clone(remote, tmp_path / "b").keys() == ["k2024-1", "k0"]
    (entry, *_) = logged(writer.places, 1, ())
    assert entry.lines == ()


@pytest.mark.parametrize("first", ["rolled", "plain"])
def test_a_writer_that_closed_years_and_one_that_did_not_lose_nothing(
    remote: Path, tmp_path: Path, first: str
) -> None:
    writers = {name: clone(remote, tmp_path / name) for name in ("rolled", "plain")}
    for minute, writer in enumerate(writers.values()):
        page(writer.places.archive, minute + 1, of(2024, minute + 1), *kept(writer))
    rollover(writers["rolled"].places, large=0, at=at("10:00"))
    for name in sorted(writers, key=lambda name: name != first):
        commit_archive(writers[name].places, push=True)
    fresh = clone(remote, tmp_path / "fresh")
    assert sorted(fresh.keys()) == ["k0", "k2024-1", "k2024-2"]
    assert verify(fresh.places) == []


def test_an_archive_below_ten_megabytes_is_one_file(archive: Path) -> None:
    one = archive.parent.parent / "small"
    page(one / "outages.db", 0, *NOW)
    assert outages("--data", one, "rollover").stdout == "Nothing to move.\n"
    assert outages("--data", one, "rollover", "--now").stdout == "Moved: 2024, 2025.\n"
