"""Git merges closed years file by file, and takes a file unasked: nothing is lost or doubled."""

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from generator.archive import years
from generator.archive.queries import Archive
from generator.archive.store import reading, writing
from generator.model import Incident, Kept
from generator.pipeline.commit import commit_archive
from generator.pipeline.merge import merge
from generator.pipeline.places import Places
from generator.pipeline.rollover import rollover
from generator.pipeline.verify import verify
from tests.records import at
from tests.test_commit import Writer, clone, git
from tests.test_git import remote, set_up
from tests.test_years import bytes_of, held, of, page

__all__ = ["remote"]
Deed = Callable[[Writer, int], None]
OLD, MID, NOW = of(2024, 1, "Old", "A."), of(2025, 1, "Mid"), of(2026, 1, "Now", "A.")
OTHER = of(2024, 2, "Other", "A.")


def read(*incidents: Incident) -> Deed:
    """The page says these now; what it does not say it still says."""

    def deed(writer: Writer, minute: int) -> None:
        said = {one.key: one for one in (*current(writer), *incidents)}
        page(writer.places.archive, minute, *said.values())

    return deed


def close(writer: Writer, minute: int) -> None:
    rollover(writer.places, large=0, at=at("10:00"))


def current(writer: Writer) -> list[Incident]:
    return [kept.incident for kept in writer.kept() if kept.withdrawn_at is None]


EDIT, EDIT_MORE = read(replace(OLD, title="Edited")), read(replace(OLD, impact="major"))
ON = read(replace(NOW, title="Later"), of(2026, 3, "New"))
LATE = read(of(2025, 4, "Found late"), of(2023, 1, "Found later"))
# What was closed before they parted, and what each does then.
STORIES: dict[str, tuple[bool, list[Deed], list[Deed]]] = {
    "one closes, the other edits the past and goes on": (False, [close], [EDIT, ON]),
    "both close what they edited": (False, [EDIT, close], [EDIT_MORE, ON, close]),
    "one edits a closed year, the other goes on": (True, [EDIT], [ON]),
    "both edit a closed year, otherwise": (True, [EDIT], [read(replace(OTHER, title="Else")), ON]),
    "one closes and goes on, the other edits": (False, [close, ON], [EDIT]),
    "both edit what they closed": (False, [close, EDIT], [close, EDIT_MORE, ON]),
    "both edit a closed year": (True, [EDIT, ON], [EDIT_MORE, LATE]),
    "one finds more of closed years and of one not closed": (True, [LATE, close], [EDIT, ON]),
    "both find the same": (True, [ON, LATE], [LATE, ON]),
}
# Each story costs ten processes: `make test` tells some of them, one way.
PULLS = [
    pytest.param(
        story, into, marks=() if short and into == "ab"[place % 2] else pytest.mark.torture
    )
    for place, story in enumerate(STORIES)
    for short in [place < 4]
    for into in "ab"
]


def parted(story: str, remote: Path, tmp_path: Path) -> dict[str, Writer]:
    """Two clones that went on apart from each other, each with a branch of its own."""
    closed, *deeds = STORIES[story]
    first = set_up(clone(remote, tmp_path / "begin"))
    read(OLD, OTHER, MID, NOW)(first, 1)
    if closed:
        close(first, 1)
    commit_archive(first.places, push=True)
    writers = {name: set_up(clone(remote, tmp_path / name)) for name in "ab"}
    for place, (name, writer) in enumerate(writers.items()):
        git(writer.folder, "checkout", "-q", "-b", name)
        for minute, deed in enumerate(deeds[place]):
            deed(writer, 10 + 2 * minute + place)
            commit_archive(writer.places, push=False)
        git(writer.folder, "push", "-q", "origin", name)
        shutil.copytree(writer.places.data, tmp_path / f"{name}-before")
    return writers


def records(archive: Path) -> list[Kept]:
    with reading(archive) as connection:
        return [
            replace(kept, changed_in=0, revisions=tuple(sorted(kept.revisions, key=repr)))
            for kept in Archive(connection).kept("acme")
        ]


@pytest.mark.parametrize(("story", "into"), PULLS)
def test_a_pull_is_the_union_and_the_next_writer_puts_all_where_it_belongs(
    story: str, into: str, remote: Path, tmp_path: Path
) -> None:
    writers = parted(story, remote, tmp_path)
    writer = writers[into]
    archive, other = writer.places.archive, "b" if into == "a" else "a"
    git(writer.folder, "pull", "--quiet", "--no-rebase", "--no-edit", "origin", other)
    assert git(writer.folder, "status", "--porcelain") == ""
    union = tmp_path / "union.db"
    for name in "ab":
        merge(union, Places(tmp_path / f"{name}-before").archive)
    assert records(archive) == records(union)
    extends_both(writer, tmp_path)

    with writing(archive):
        pass
    assert records(archive) == records(union)
    extends_both(writer, tmp_path)
    files = {"": archive, **years.files(archive)}
    for year, file in files.items():
        assert is_an_archive_by_itself(file)
        own = {kept.incident.key for kept in records(union) if year_of(kept, files) == year}
        assert set(held(file)) == own
    before = bytes_of(writer.places.data)
    read()(writer, 50)
    assert bytes_of(writer.places.data) == before, "nothing new: not one byte written"

    read(replace(OLD, title="Anew"), of(2025, 9), of(2026, 9))(writer, 51)
    commit_archive(writer.places, push=False)
    extends_both(writer, tmp_path)
    git(writers[other].folder, "pull", "--quiet", "origin", other)
    git(writer.folder, "push", "-q", "origin", into)
    git(writers[other].folder, "pull", "--quiet", "--no-rebase", "--no-edit", "origin", into)
    assert records(writers[other].places.archive) == records(archive)


def extends_both(writer: Writer, tmp_path: Path) -> None:
    for name in "ab":
        assert verify(writer.places, Places(tmp_path / f"{name}-before").archive) == []


def year_of(kept: Kept, files: dict[str, Path]) -> str:
    year = f"{kept.incident.started_at:%Y}"
    return year if year in files else ""


def is_an_archive_by_itself(file: Path) -> bool:
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        (named, sources) = connection.execute(
            "SELECT count(DISTINCT incident), count(*) FROM observations"
        ).fetchone()
        return bool(named == len(held(file)) <= sources)
