"""The archive into git: against real repositories, with other writers on the way."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from generator.archive.queries import Archive
from generator.archive.store import Run, reading, writing
from generator.decide import decide
from generator.errors import ArchiveError
from generator.pipeline.commit import commit_archive
from generator.pipeline.places import Places
from generator.reading import Batch
from tests.records import ACME, at, incident


def git(folder: Path, *words: str) -> str:
    done = subprocess.run(("git", *words), cwd=folder, capture_output=True, check=True, text=True)
    return done.stdout.strip()


@dataclass
class Writer:
    """A clone of the repository, with its own readings of the page."""

    folder: Path

    @property
    def places(self) -> Places:
        return Places(self.folder / "data")

    def scrape(self, minute: int, *keys: str) -> None:
        moment = at(f"10:{minute:02}")
        with writing(self.places.archive) as connection:
            archive, run = Archive(connection), Run(connection, moment, "update")
            now = tuple(incident(key, "09:00", title=f"Trouble {key}") for key in keys)
            held = archive.held("acme", set(keys), None)
            run.apply("acme", decide(ACME, held, Batch(now), moment, archive.slugs("acme")))

    def keys(self) -> set[str]:
        with reading(self.places.archive) as connection:
            return {kept.incident.key for kept in Archive(connection).kept("acme")}


@pytest.fixture
def remote(tmp_path: Path) -> Path:
    """A bare repository whose main has a data folder and no archive yet."""
    bare = tmp_path / "remote.git"
    git(tmp_path, "init", "--quiet", "--bare", "--initial-branch=main", str(bare))
    first = clone(bare, tmp_path / "first")
    (first.folder / "data").mkdir()
    (first.folder / "data" / "site.toml").write_text("")
    git(first.folder, "add", ".")
    git(first.folder, "-c", "user.name=x", "-c", "user.email=x@x", "commit", "-qm", "begin")
    git(first.folder, "push", "-q", "origin", "HEAD:main")
    first.scrape(0, "k0")
    git(first.folder, "add", ".")
    git(first.folder, "-c", "user.name=x", "-c", "user.email=x@x", "commit", "-qm", "archive")
    git(first.folder, "push", "-q", "origin", "HEAD:main")
    return bare


def clone(remote: Path, folder: Path) -> Writer:
    git(remote.parent, "clone", "--quiet", str(remote), str(folder))
    return Writer(folder)


def test_a_commit_says_what_changed_and_holds_the_archive_alone(
    remote: Path, tmp_path: Path
) -> None:
    writer = clone(remote, tmp_path / "a")
    (writer.folder / "data" / "site.toml").write_text("# mine, not to be committed\n")
    writer.scrape(5, "k1", "k2")
    assert commit_archive(writer.places, push=True) == "archive: acme +2"
    assert git(writer.folder, "show", "--name-only", "--format=%s") == (
        "archive: acme +2\n\ndata/outages.db"
    )
    assert git(remote, "log", "-1", "--format=%s", "main") == "archive: acme +2"


def test_without_news_there_is_no_commit(remote: Path, tmp_path: Path) -> None:
    writer = clone(remote, tmp_path / "a")
    before = git(writer.folder, "rev-parse", "HEAD")
    assert commit_archive(writer.places, push=True) is None
    assert git(writer.folder, "rev-parse", "HEAD") == before


def test_a_refused_push_starts_from_the_remotes_archive_and_loses_nothing(
    remote: Path, tmp_path: Path
) -> None:
    one, other = clone(remote, tmp_path / "a"), clone(remote, tmp_path / "b")
    one.scrape(5, "k1")
    other.scrape(6, "k2")
    commit_archive(one.places, push=True)
    commit_archive(other.places, push=True)
    fresh = clone(remote, tmp_path / "c")
    assert fresh.keys() == {"k0", "k1", "k2"}
    assert git(remote, "rev-list", "--count", "main") == "4"


def test_two_writers_racing_lose_and_double_nothing(remote: Path, tmp_path: Path) -> None:
    writers = clone(remote, tmp_path / "a"), clone(remote, tmp_path / "b")
    for number in range(10):
        for name, writer in zip("ab", writers, strict=True):
            writer.scrape(number + 1, f"{name}{number}", f"both{number}")
        for writer in writers:
            commit_archive(writer.places, push=True)
    found = clone(remote, tmp_path / "c").keys()
    names = [f"{name}{number}" for name in ("a", "b", "both") for number in range(10)]
    assert found == {"k0", *names}


def test_a_remote_that_cannot_be_reached_is_an_error_and_the_run_is_kept(
    remote: Path, tmp_path: Path
) -> None:
    writer = clone(remote, tmp_path / "a")
    writer.scrape(5, "k1")
    git(writer.folder, "remote", "set-url", "origin", str(tmp_path / "nowhere.git"))
    with pytest.raises(ArchiveError, match="git push failed"):
        commit_archive(writer.places, push=True)
    assert writer.keys() == {"k0", "k1"}
