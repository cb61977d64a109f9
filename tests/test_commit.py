"""The archive into git: against real repositories, with other writers on the way."""

import os
import re
import shutil
import sqlite3
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from generator.alerts.told import Target, Told, unite_told
from generator.archive.queries import Archive
from generator.archive.store import Run, reading, writing
from generator.decide import decide
from generator.errors import ArchiveError
from generator.gitrepo import Repository
from generator.model import REMOVED, Kept
from generator.pipeline.commit import PUSHED_LATE, commit_archive
from generator.pipeline.init import begin
from generator.pipeline.lines import export, import_lines
from generator.pipeline.merge import merge
from generator.pipeline.places import Places
from generator.pipeline.remove import remove
from generator.pipeline.update import backfill, update
from generator.pipeline.verify import proved, verify
from generator.reading import Batch
from generator.removed import Removed, read_removed
from generator.settings import read_site
from tests.records import ACME, at, incident

ROOT = Path(__file__).parents[1]
AS_X = ("-c", "user.name=x", "-c", "user.email=x@x")


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
    share(first.folder, "begin")
    first.scrape(0, "k0")
    share(first.folder, "archive")
    return bare


def share(folder: Path, message: str) -> None:
    """Commit and push all that is there, as a person does."""
    git(folder, "add", "--all")
    git(folder, *AS_X, "commit", "--quiet", "--message", message)
    git(folder, "push", "--quiet", "origin", "HEAD:main")


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
    repository, removed = Repository(found.places.data), Removed({})
    after = found.places.archive
    for commit in repository.commits(after, 10 * rounds):
        before = repository.committed(after, tmp_path / commit.short, commit.name)
        assert proved(after, before, removed) == [], commit.subject
        after = before or after


def test_a_remote_that_cannot_be_reached_is_an_error_and_the_run_is_kept(
    remote: Path, tmp_path: Path
) -> None:
    writer = clone(remote, tmp_path / "a")
    writer.scrape(5, "k1")
    git(writer.folder, "remote", "set-url", "origin", str(tmp_path / "nowhere.git"))
    with pytest.raises(ArchiveError, match="git push failed"):
        commit_archive(writer.places, push=True)
    assert writer.keys() == ["k0", "k1"]
    git(writer.folder, "remote", "set-url", "origin", str(remote))
    assert commit_archive(writer.places, push=True) == PUSHED_LATE
    assert git(remote, "log", "-1", "--format=%s", "main") == "archive: acme +1"
    assert commit_archive(writer.places, push=True) is None


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


def test_whoever_was_first_is_followed_in_all_else_too(remote: Path, tmp_path: Path) -> None:
    """Settings, vendor files, what alerts told: what others pushed stands, what is here stays."""
    one, other = clone(remote, tmp_path / "a"), clone(remote, tmp_path / "b")
    vendors = one.places.vendors
    vendors.mkdir()
    for name in ("kept", "gone", "mine"):
        (vendors / f"{name}.toml").write_text("# before\n")
    share(one.folder, "three files")
    git(other.folder, "pull", "--quiet")
    (vendors / "kept.toml").write_text("# after\n")
    (vendors / "mine.toml").write_text("# after\n")
    (vendors / "gone.toml").unlink()
    (vendors / "new ünd.toml").write_text("# new\n")
    one.places.notified.write_text('{"chat": {"since": "x", "told": {"acme/a": "major"}}}')
    share(one.folder, "changes")
    (other.places.vendors / "mine.toml").write_text("# being edited\n")
    other.scrape(6, "k2")
    commit_archive(other.places, push=True)
    assert {file.name: file.read_text() for file in other.places.vendors.iterdir()} == {
        "kept.toml": "# after\n",
        "mine.toml": "# being edited\n",
        "new ünd.toml": "# new\n",
    }
    assert git(other.folder, "status", "--porcelain") == "M data/vendors/mine.toml"
    assert git(remote, "show", "--name-only", "--format=", "main") == "data/outages.db"


def test_commits_of_people_are_never_dropped(remote: Path, tmp_path: Path) -> None:
    one, other = clone(remote, tmp_path / "a"), clone(remote, tmp_path / "b")
    one.scrape(5, "k1")
    commit_archive(one.places, push=True)
    (other.folder / "README").write_text("mine\n")
    git(other.folder, "add", ".")
    git(other.folder, *AS_X, "commit", "-qm", "mine")
    other.scrape(6, "k2")
    with pytest.raises(ArchiveError, match=r"by more than the archive: README\. Put the two"):
        commit_archive(other.places, push=True)
    assert "mine" in git(other.folder, "log", "--format=%s")
    assert sorted(other.keys()) == ["k0", "k2"]


def test_words_removed_while_a_run_read_stay_removed(remote: Path, tmp_path: Path) -> None:
    owner, job = clone(remote, tmp_path / "a"), clone(remote, tmp_path / "b")
    for minute, writer, key in ((5, owner, "k1"), (6, job, "k2")):
        writer.scrape(minute, "k0", key)
    remove(owner.places, f"acme/{owner.slugs()[0]}", "asked to", at=at("10:07"))
    commit_archive(owner.places, push=True)
    commit_archive(job.places, push=True)
    fresh = clone(remote, tmp_path / "c")
    assert sorted(kept.incident.title for kept in fresh.kept()) == [
        REMOVED, "Trouble k1", "Trouble k2",
    ]  # fmt: skip
    assert b"Trouble k0" not in fresh.places.archive.read_bytes()
    assert read_removed(fresh.places.removed).keys("acme") == {"k0"}
    assert verify(fresh.places) == []


def test_what_both_removed_and_told_is_in_both_lists(remote: Path, tmp_path: Path) -> None:
    one, other = clone(remote, tmp_path / "a"), clone(remote, tmp_path / "b")
    one.scrape(5, "k1", "k2")
    Told(one.places.notified).keep()
    commit_archive(one.places, push=True)
    git(other.folder, "pull", "--quiet")
    for writer, key, told in ((one, "k1", {"a": "major"}), (other, "k2", {"b": "minor"})):
        path = next(kept.slug for kept in writer.kept() if kept.incident.key == key)
        remove(writer.places, f"acme/{path}", "asked to", at=at("10:08"))
        file = Told(writer.places.notified)
        file.targets["chat"] = Target(since="x", told=told)
        file.keep()
        commit_archive(writer.places, push=True)
    fresh = clone(remote, tmp_path / "c")
    assert read_removed(fresh.places.removed).keys("acme") == {"k1", "k2"}
    assert Told(fresh.places.notified).targets["chat"].told == {"a": "major", "b": "minor"}
    assert verify(fresh.places) == []


@pytest.mark.parametrize(
    ("was", "our", "their", "united"),
    [
        ({}, {}, {}, {}),
        ({"k": "minor"}, {"k": "minor"}, {"k": "over"}, {"k": "over"}),
        ({"k": "minor"}, {"k": "major"}, {"k": "minor"}, {"k": "major"}),
        ({"k": "minor"}, {}, {"k": "minor"}, {}),
        ({"k": "minor"}, {"k": "minor"}, {}, {}),
        ({}, {"k": "minor"}, {"l": "over"}, {"k": "minor", "l": "over"}),
        ({}, {"k": "over"}, {"k": "minor"}, {"k": "over"}),
    ],
)
def test_of_what_alerts_told_each_sides_news_counts(
    tmp_path: Path,
    was: dict[str, str],
    our: dict[str, str],
    their: dict[str, str],
    united: dict[str, str],
) -> None:
    files = {name: tmp_path / name for name in ("our", "their", "was")}
    for name, told in (("our", our), ("their", their), ("was", was)):
        made = Told(files[name])
        made.targets["chat"] = Target(since="x", told=told)
        made.keep()
    unite_told(files["our"], files["their"], files["was"])
    assert Told(files["our"]).targets["chat"].told == united


def test_a_union_that_does_not_verify_is_not_pushed(remote: Path, tmp_path: Path) -> None:
    """Somebody altered the remote's archive by hand: a record, and no run that did it."""
    one, other = clone(remote, tmp_path / "a"), clone(remote, tmp_path / "b")
    with closing(sqlite3.connect(one.places.archive)) as connection, connection:
        connection.execute("UPDATE incident SET title = 'All was well'")
    share(one.folder, "by hand")
    before = git(remote, "rev-parse", "main")
    other.scrape(6, "k2")
    with pytest.raises(ArchiveError, match=r"do not go together: .*k0.*Nothing of it was pushed"):
        commit_archive(other.places, push=True)
    assert git(remote, "rev-parse", "main") == before
    assert sorted(other.keys()) == ["k0", "k2"]
    assert verify(other.places) == []


def test_an_archive_begun_anew_does_not_get_back_what_was_put_away(
    remote: Path, tmp_path: Path
) -> None:
    one, other = clone(remote, tmp_path / "a"), clone(remote, tmp_path / "b")
    begin(one.places)
    one.scrape(5, "k1")
    other.scrape(6, "k2")
    commit_archive(other.places, push=True)
    with pytest.raises(ArchiveError, match="was begun anew, and the remote has a newer one"):
        commit_archive(one.places, push=True)
    assert one.keys() == ["k1"]


@pytest.mark.parametrize("left", [None, b""], ids=["gone", "emptied"])
def test_an_archive_that_git_has_is_not_begun_anew_unasked(
    remote: Path, tmp_path: Path, left: bytes | None
) -> None:
    one = clone(remote, tmp_path / "a")
    one.scrape(5, "k1")
    commit_archive(one.places, push=False)
    line = next(export(one.places.archive, ()))
    one.places.archive.unlink()
    if left is not None:
        one.places.archive.write_bytes(left)
    config = read_site(one.places.site, environment={})
    for begin_anew in (
        lambda: update(one.places, [], config),
        lambda: backfill(one.places, [], config),
        lambda: import_lines(one.places, [line], "a test"),
        lambda: merge(one.places.archive, tmp_path / "none.db"),
    ):
        with pytest.raises(ArchiveError, match=r"git has it\. Take it back: git checkout HEAD"):
            begin_anew()
    if left is not None:
        with pytest.raises(ArchiveError, match="is an empty file, and no archive"):
            list(export(one.places.archive, ()))


LOCKS = ("index.lock", "HEAD.lock", "refs/heads/main.lock")


@pytest.mark.parametrize("name", LOCKS)
def test_what_a_killed_git_left_is_named_and_never_removed_unasked(
    remote: Path, tmp_path: Path, name: str
) -> None:
    writer = clone(remote, tmp_path / "a")
    writer.scrape(5, "k1")
    lock = writer.folder / ".git" / name
    lock.write_bytes(b"")
    with pytest.raises(
        ArchiveError, match=rf"killed and left it\..* \(rm {re.escape(str(lock))}\)"
    ):
        commit_archive(writer.places, push=True)
    assert lock.exists(), "it may be another's"
    assert writer.keys() == ["k0", "k1"]
    lock.unlink()
    assert commit_archive(writer.places, push=True) == "archive: acme +1"
    assert git(remote, "log", "-1", "--format=%s", "main") == "archive: acme +1"


KILLING = """#!/bin/sh
echo >> "$CALLS"
[ "$(wc -l < "$CALLS")" -eq "$LAST" ] && kill -9 $PPID && exit 1
PATH=$TRUE_PATH exec git "$@"
"""


@pytest.mark.parametrize("stride", [7, pytest.param(1, marks=pytest.mark.torture)])
def test_killed_between_any_two_words_to_git_the_next_run_finishes(
    remote: Path, tmp_path: Path, stride: int
) -> None:
    """While it takes over what others pushed: an incident, a removal, a vendor file."""
    one, late = clone(remote, tmp_path / "a"), clone(remote, tmp_path / "late")
    one.scrape(5, "k0", "k1")
    remove(one.places, f"acme/{one.slugs()[0]}", "asked to", at=at("10:05"))
    one.places.vendors.mkdir()
    (one.places.vendors / "acme.toml").write_text("# new\n")
    share(one.folder, "first")
    late.scrape(6, "k0", "k2")
    for last in range(1, 1000, stride):
        world = tmp_path / str(last)
        shutil.copytree(remote, world / "remote.git")
        shutil.copytree(late.folder, world / "late")
        writer = Writer(world / "late")
        git(writer.folder, "remote", "set-url", "origin", str(world / "remote.git"))
        killed = killed_at(last, writer, world)
        if killed:
            commit_archive(writer.places, push=True)
        found = clone(world / "remote.git", world / "found")
        assert sorted(found.keys()) == ["k0", "k1", "k2"], last
        assert b"Trouble k0" not in found.places.archive.read_bytes(), last
        assert verify(found.places) == [], last
        assert git(writer.folder, "status", "--porcelain") == "", last
        if not killed:
            return
    pytest.fail("it never came to an end")


def killed_at(last: int, writer: Writer, world: Path) -> bool:
    """Run `outages commit --push`, ended in place of that call of git; whether it came so far."""
    shim = world / "bin" / "git"
    shim.parent.mkdir()
    shim.write_text(KILLING)
    shim.chmod(0o755)
    path = os.environ["PATH"]
    own = {"PATH": f"{shim.parent}:{path}", "TRUE_PATH": path, "LAST": str(last)}
    done = subprocess.run(
        (sys.executable, "-m", "generator", "--data", str(writer.places.data), "commit", "--push"),
        cwd=ROOT, env={**os.environ, **own, "CALLS": str(world / "calls")}, check=False,
        capture_output=True,
    )  # fmt: skip
    assert done.returncode in (0, -9), done.stderr
    return done.returncode == -9
