"""The archive among git's own commands: merged by its records, shown as text, told by commit."""

import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from generator.archive.queries import Archive
from generator.archive.store import Run, writing
from generator.decide import decide
from generator.model import Incident
from generator.pipeline.commit import commit_archive
from generator.reading import Batch
from tests.records import ACME, at, incident, post
from tests.test_cli import outages
from tests.test_commit import Writer, clone, git

ROOT = Path(__file__).parents[1]
HERE = f"env PYTHONPATH={ROOT} {sys.executable} -m generator"


@pytest.fixture
def remote(tmp_path: Path) -> Path:
    """A bare repository with the attributes that ours has, and one incident."""
    bare = tmp_path / "remote.git"
    git(tmp_path, "init", "--quiet", "--bare", "--initial-branch=main", str(bare))
    first = set_up(clone(bare, tmp_path / "first"))
    (first.folder / "data").mkdir()
    (first.folder / ".gitattributes").write_bytes((ROOT / ".gitattributes").read_bytes())
    git(first.folder, "add", ".")
    git(first.folder, "commit", "-qm", "begin")
    first.scrape(0, "k0")
    commit_archive(first.places, push=True)
    return bare


def documented() -> list[list[str]]:
    """The lines of git config that CONTRIBUTING tells people to set."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line.startswith("git config ")]
    return [[*line.split('"')[0].split(), line.split('"')[1]] for line in lines]


def set_up(writer: Writer) -> Writer:
    """A clone as its owner would set it up."""
    for _, *words, value in documented():
        git(writer.folder, *words, value.replace("outages ", f"{HERE} ", 1))
    git(writer.folder, "config", "user.name", "x")
    git(writer.folder, "config", "user.email", "x@x")
    return writer


def page(writer: Writer, minute: int, *incidents: Incident) -> None:
    """What the page says at that minute; its list vouches for the day."""
    moment = at(f"10:{minute:02}")
    with writing(writer.places.archive) as connection:
        archive, run = Archive(connection), Run(connection, moment, "update")
        batch = Batch(incidents, {"incident": at("08:30")})
        held = archive.held("acme", {item.key for item in incidents}, at("08:30"))
        run.apply("acme", decide(ACME, held, batch, moment, archive.slugs("acme")))


def test_a_fork_pulls_from_upstream_without_a_conflict(remote: Path, tmp_path: Path) -> None:
    upstream, fork = (set_up(clone(remote, tmp_path / name)) for name in ("up", "fork"))
    upstream.scrape(5, "k1", "both")
    commit_archive(upstream.places, push=True)
    fork.scrape(6, "k2", "both")
    commit_archive(fork.places, push=False)
    git(fork.folder, "pull", "--quiet", "--no-rebase", "--no-edit", "origin", "main")
    assert sorted(fork.keys()) == ["both", "k0", "k1", "k2"]
    assert git(fork.folder, "status", "--porcelain") == ""


def test_a_clone_without_the_driver_is_told_of_a_conflict_and_nothing_is_overwritten(
    remote: Path, tmp_path: Path
) -> None:
    upstream, fork = (clone(remote, tmp_path / name) for name in ("up", "fork"))
    upstream.scrape(5, "k1")
    commit_archive(upstream.places, push=True)
    fork.scrape(6, "k2")
    commit_archive(fork.places, push=False)
    git(fork.folder, "fetch", "--quiet")
    words = ("-c", "user.name=x", "-c", "user.email=x@x", "merge", "--quiet", "origin/main")
    with pytest.raises(Exception, match="returned non-zero"):
        git(fork.folder, *words)
    assert fork.keys() == ["k0", "k2"]


def test_a_diff_of_the_archive_is_one_of_its_lines(remote: Path, tmp_path: Path) -> None:
    writer = set_up(clone(remote, tmp_path / "a"))
    writer.scrape(5, "k1")
    added = [
        line
        for line in git(writer.folder, "diff", "--", "data/outages.db").splitlines()
        if line.startswith(("+{", "-{"))
    ]
    assert len(added) == 1
    assert added[0].startswith('+{"vendor":"acme","key":"k1"')


def test_log_says_what_each_commit_added_changed_and_lost(remote: Path, tmp_path: Path) -> None:
    writer = clone(remote, tmp_path / "a")
    one = incident("k1", "09:00", post("p1", "09:00"), title="Slow")
    page(writer, 5, incident("k0", "09:00"), one)
    commit_archive(writer.places, push=False)
    after = replace(
        one,
        title="Down",
        updates=(post("p1", "09:00", "Edited."), post("p2", "09:20")),
        ended_at=at("09:30"),
        end_basis="resolve_time",
    )
    page(writer, 6, incident("k0", "09:00"), after)
    commit_archive(writer.places, push=False)
    page(writer, 7, after)
    commit_archive(writer.places, push=False)
    names = git(writer.folder, "log", "--format=%h").splitlines()
    assert outages("--data", writer.places.data, "log", "-n", 3).stdout.splitlines() == [
        f"{names[0]} {when(writer, names[0])}  archive: acme ~1",
        "  - acme/2026-11-20-trouble-k0  Trouble k0",
        f"{names[1]} {when(writer, names[1])}  archive: acme ~1",
        "  ~ acme/2026-11-20-slow  title, ended_at, 1 update more, 1 update edited",
        f"{names[2]} {when(writer, names[2])}  archive: acme +1",
        "  + acme/2026-11-20-slow  Slow",
    ]


def test_log_goes_on_past_an_archive_that_cannot_be_read(remote: Path, tmp_path: Path) -> None:
    writer = clone(remote, tmp_path / "a")
    good = writer.places.archive.read_bytes()
    for content in (b"not a database, but long enough for one " * 100, good):
        writer.places.archive.write_bytes(content)
        git(writer.folder, "-c", "user.name=x", "-c", "user.email=x@x", "commit", "-qam", "by hand")
    rows = outages("--data", writer.places.data, "log").stdout.splitlines()
    assert [row.strip()[0] for row in rows[1::2]] == ["?", "?", "+"]


def when(writer: Writer, name: str) -> str:
    """The commit's time as `log` writes it."""
    seconds = int(git(writer.folder, "log", "-1", "--format=%ct", name))
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M}"


def test_log_cuts_a_long_commit_and_says_so_and_refuses_a_vendor_of_whom_nothing_is_held(
    remote: Path, tmp_path: Path
) -> None:
    writer = clone(remote, tmp_path / "a")
    writer.scrape(5, *(f"many{number:02}" for number in range(30)))
    commit_archive(writer.places, push=False)
    data = ("--data", writer.places.data, "log", "-n", 1)
    lines = outages(*data).stdout.splitlines()
    assert len(lines) == 22
    assert lines[-1] == "  and 10 more (--all prints them)"
    assert len(outages(*data, "--all").stdout.splitlines()) == 31
    refused = outages(*data, "other")
    assert refused.exit_code == 2
    assert "The archive holds nothing of a vendor 'other'" in refused.stderr
    writer.places.archive.write_bytes(b"broken")
    assert len(outages(*data, "--all").stdout.splitlines()) == 31, "git tells it all the same"
