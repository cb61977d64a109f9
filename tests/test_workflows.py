"""The workflows: pinned, with the least rights, and their steps run in order on this machine."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from generator.archive.queries import Archive
from generator.archive.store import reading
from generator.demo.fleet import Fleet
from generator.demo.server import FleetServer

WORKFLOWS = Path(__file__).parents[1] / ".github" / "workflows"
FILES = sorted(WORKFLOWS.glob("*.yml"))
# What a host offers in place of the network: `outages` is installed already.
SKIPPED = ("python -m pip install",)


def read(file: Path) -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return document


def steps(file: Path) -> list[dict[str, Any]]:
    return [step for job in read(file)["jobs"].values() for step in job["steps"]]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_action_is_pinned_and_no_right_is_given_by_default(file: Path) -> None:
    document = read(file)
    assert document["permissions"] == {}
    for step in steps(file):
        if "uses" in step:
            assert re.fullmatch(r"[\w.-]+/[\w.-]+@[0-9a-f]{40}", step["uses"]), step["uses"]
        assert "${{" not in step.get("run", ""), "no text of an event in a shell line"


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_step_holds_no_logic(file: Path) -> None:
    for step in steps(file):
        run = step.get("run", "").strip()
        assert "\n" not in run, run
        assert not run or run.split()[0] in ("outages", "git", "python", ".ci/run"), run


def test_the_archives_writers_wait_for_each_other() -> None:
    for name in ("update", "backfill"):
        group = read(WORKFLOWS / f"{name}.yml")["concurrency"]
        assert group == {"group": "archive", "cancel-in-progress": False}


def git(folder: Path, *words: str) -> str:
    done = subprocess.run(("git", *words), cwd=folder, capture_output=True, check=True, text=True)
    return done.stdout.strip()


@pytest.fixture
def remote(tmp_path: Path) -> Path:
    bare = tmp_path / "remote.git"
    git(tmp_path, "init", "--quiet", "--bare", "--initial-branch=main", str(bare))
    return bare


def begin(remote: Path, fleet: Fleet, address: str) -> None:
    """A repository as a fork begins it: vendor files and no archive."""
    folder = remote.parent / "begin"
    git(remote.parent, "clone", "--quiet", str(remote), str(folder))
    fleet.write_vendor_files(folder / "data" / "vendors", address)
    (folder / ".gitignore").write_text("data/state.db\nsite/\nreport.json\n")
    git(folder, "add", "--all")
    git(folder, "-c", "user.name=x", "-c", "user.email=x@x", "commit", "-qm", "begin")
    git(folder, "push", "--quiet", "origin", "HEAD:main")


def outages(folder: Path, line: str, text: str | None = None) -> dict[str, str]:
    """Run a step's line as a host's shell would; what it told the job."""
    told = folder.parent / "outputs"
    told.write_text("")
    words = shlex.split(line)
    if words[0] == "outages":
        words = [sys.executable, "-m", "generator", *words[1:]]
    if (words[-1] not in ("--push",) and "update" in words) or "backfill" in words:
        words.append("--allow-loopback")
    root = str(Path(__file__).parents[1])
    environment = {**os.environ, "GITHUB_OUTPUT": str(told), "PYTHONPATH": root}
    done = subprocess.run(
        words, cwd=folder, env=environment, capture_output=True, text=True, input=text, check=False
    )
    assert done.returncode == 0, f"{line}: {done.stderr}"
    return dict(row.split("=", 1) for row in told.read_text().splitlines())


def run(name: str, remote: Path, folder: Path) -> dict[str, str]:
    """A whole job in a fresh clone."""
    git(remote.parent, "clone", "--quiet", str(remote), str(folder))
    told: dict[str, str] = {}
    for step in steps(WORKFLOWS / f"{name}.yml"):
        line = step.get("run", "")
        if line and not line.startswith(SKIPPED):
            told |= outages(folder, line)
    return told


def test_update_and_backfill_run_from_an_empty_fork_to_a_site(remote: Path, tmp_path: Path) -> None:
    fleet = Fleet(platforms=["statuspage", "google"], vendors=2, incidents=60)
    with FleetServer(fleet) as server:
        begin(remote, fleet, server.address)
        server.at = fleet.moments()[0]
        assert int(run("update", remote, tmp_path / "one")["written"]) > 20
        assert (tmp_path / "one" / "site" / "index.html").exists()
        assert git(remote, "log", "-1", "--format=%s", "main").startswith("archive: ")
        before = git(remote, "rev-parse", "main")
        run("update", remote, tmp_path / "two")
        assert git(remote, "rev-parse", "main") == before, "no news, no commit"
        run("backfill", remote, tmp_path / "three")
        server.at = fleet.until
        run("update", remote, tmp_path / "four")
        git(tmp_path, "clone", "--quiet", str(remote), "five")
        with reading(tmp_path / "five" / "data" / "outages.db") as connection:
            archive = Archive(connection)
            for slug in fleet.slugs:
                meant = {item.key for item in fleet.carried(slug, fleet.until, server.address)}
                held = {kept.incident.key for kept in archive.kept(slug) if not kept.withdrawn_at}
                assert held <= meant
                assert len(held) > len(meant) * 0.8
