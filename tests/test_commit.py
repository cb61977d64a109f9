"""The archive into git: against real repositories, with other writers on the way."""

import subprocess
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from generator.archive.queries import Archive
from generator.archive.store import Run, reading, writing
from generator.decide import decide
from generator.errors import ArchiveError
from generator.model import Kept
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

    def keys(self) -> list[str]:
        return [kept.incident.key for kept in self.kept()]

    def slugs(self) -> list[str]:
        return [kept.slug for kept in self.kept()]

    def kept(self) -> list[Kept]:
        with reading(self.places.archive) as connection:
            return Archive(connection).kept("acme")


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


def test_what_alerts_told_goes_with_the_news_or_by_itself(remote: Path, tmp_path: Path) -> None:
    writer, other = clone(remote, tmp_path / "a"), clone(remote, tmp_path / "b")
    other.scrape(4, "k0", "k9")
    commit_archive(other.places, push=True)
    writer.scrape(5, "k0", "k1")
    writer.places.notified.write_text("{}")
    commit_archive(writer.places, push=True)
    assert git(remote, "show", "--name-only", "--format=", "main").split() == [
        "data/notified.json",
        "data/outages.db",
    ]
    writer.places.notified.write_text('{"later": {}}')
    assert commit_archive(writer.places, push=True) == "archive: alerts of earlier news"
    assert git(remote, "show", "main:data/notified.json") == '{"later": {}}'
    assert commit_archive(writer.places, push=True) is None


def test_a_refused_push_starts_from_the_remotes_archive_and_loses_nothing(
    remote: Path, tmp_path: Path
) -> None:
    one, other = clone(remote, tmp_path / "a"), clone(remote, tmp_path / "b")
    one.scrape(5, "k1")
    other.scrape(6, "k2")
    commit_archive(one.places, push=True)
    commit_archive(other.places, push=True)
    fresh = clone(remote, tmp_path / "c")
    assert sorted(fresh.keys()) == ["k0", "k1", "k2"]
    assert git(remote, "rev-list", "--count", "main") == "4"


@pytest.mark.parametrize("rounds", [5, pytest.param(50, marks=pytest.mark.torture)])
def test_two_writers_racing_lose_and_double_nothing(
    remote: Path, tmp_path: Path, rounds: int
) -> None:
    writers = {name: clone(remote, tmp_path / name) for name in "ab"}
    together = threading.Barrier(len(writers), timeout=60)

    def race(name: str) -> None:
        for number in range(rounds):
            writers[name].scrape(number + 1, f"{name}{number}", f"both{number}")
            together.wait()
            commit_archive(writers[name].places, push=True)

    with ThreadPoolExecutor() as pool:
        list(pool.map(race, writers))
    found = clone(remote, tmp_path / "c")
    names = [f"{name}{number}" for name in (*writers, "both") for number in range(rounds)]
    assert sorted(found.keys()) == sorted(["k0", *names])
    assert len(found.slugs()) == len(set(found.slugs())) == 1 + 3 * rounds


def test_a_remote_that_cannot_be_reached_is_an_error_and_the_run_is_kept(
    remote: Path, tmp_path: Path
) -> None:
    writer = clone(remote, tmp_path / "a")
    writer.scrape(5, "k1")
    git(writer.folder, "remote", "set-url", "origin", str(tmp_path / "nowhere.git"))
    with pytest.raises(ArchiveError, match="git push failed"):
        commit_archive(writer.places, push=True)
    assert writer.keys() == ["k0", "k1"]


def test_a_push_that_a_rule_of_the_remote_refuses_is_not_tried_again(
    remote: Path, tmp_path: Path
) -> None:
    hook = remote / "hooks" / "pre-receive"
    hook.write_text("#!/bin/sh\necho protected >&2\necho x >> asked\nexit 1\n")
    hook.chmod(0o755)
    writer = clone(remote, tmp_path / "a")
    writer.scrape(5, "k1")
    with pytest.raises(ArchiveError, match="protected"):
        commit_archive(writer.places, push=True)
    assert (remote / "asked").read_text() == "x\n"
    assert writer.keys() == ["k0", "k1"]


def test_the_message_counts_as_new_what_the_last_commit_did_not_hold(
    remote: Path, tmp_path: Path
) -> None:
    """Also what another writer had seen before our last run."""
    one, other = clone(remote, tmp_path / "a"), clone(remote, tmp_path / "b")
    one.scrape(5, "k1")
    other.scrape(9, "k2")
    commit_archive(other.places, push=True)
    assert commit_archive(one.places, push=True) == "archive: acme +1"
