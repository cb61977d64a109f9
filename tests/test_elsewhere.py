"""Where the README says that the archive runs, too: its lines, run as they stand there."""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from generator.demo.fleet import Fleet
from generator.demo.server import FleetServer
from tests.test_commit import git, share

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
SAY_WHAT_IS_MISSING = ("generator/alerts/sender.py", "generator/publish/bucket.py")
# `outages` as installed, but that it may read the fleet's pages.
COMMAND = f"""#!/bin/sh
case $1 in update | backfill) set -- "$@" --allow-loopback ;; esac
PYTHONPATH={ROOT} exec {sys.executable} -m generator "$@"
"""


def block(language: str, beginning: str = "") -> str:
    """The README's block of that language that begins so."""
    (found,) = re.findall(rf"```{language}\n({beginning}.*?)```", README, re.DOTALL)
    return str(found)


@pytest.fixture(scope="module")
def fleet() -> Iterator[tuple[Fleet, FleetServer]]:
    fleet = Fleet(platforms=["statuspage"], vendors=1, incidents=10)
    with FleetServer(fleet) as server:
        yield fleet, server


@pytest.fixture
def remote(tmp_path: Path, fleet: tuple[Fleet, FleetServer]) -> Path:
    """A repository with vendor files and no archive; `outages` is in bin/ beside it."""
    command = tmp_path / "bin" / "outages"
    command.parent.mkdir()
    command.write_text(COMMAND)
    command.chmod(0o755)
    bare = tmp_path / "remote.git"
    git(tmp_path, "init", "--quiet", "--bare", "--initial-branch=main", str(bare))
    git(tmp_path, "clone", "--quiet", str(bare), "begin")
    files, server = fleet
    files.write_vendor_files(tmp_path / "begin" / "data" / "vendors", server.address)
    (tmp_path / "begin" / ".gitignore").write_text("data/state.db\nsite/\npublic/\n")
    share(tmp_path / "begin", "begin")
    return bare


def sh(line: str, folder: Path, commands: Path, **environment: str) -> None:
    path = f"{commands}{os.pathsep}{os.environ['PATH']}"
    own = {"HOME": str(folder), "PATH": path, **environment}
    words = ("sh", "-c", line)
    done = subprocess.run(words, cwd=folder, env=own, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{line}: {done.stderr}"


def test_cron_runs_the_lines_of_the_readme(remote: Path, tmp_path: Path) -> None:
    git(tmp_path, "clone", "--quiet", str(remote), "outage-archive")
    rows = block("crontab").splitlines()
    settings = dict(row.split("=", 1) for row in rows if re.match(r"[A-Z_]+=", row))
    assert settings.pop("PATH").startswith("/home/you/outage-archive/.venv/bin:")
    for row in rows[len(settings) + 1 :]:
        *when, line = row.split(maxsplit=5)
        assert all(re.fullmatch(r"[\d,*]+", field) for field in when), row
        sh(line, tmp_path, tmp_path / "bin", **settings)
    page = (tmp_path / "outage-archive" / "site" / "index.html").read_text(encoding="utf-8")
    assert settings["OUTAGES_ADDRESS"] in page
    assert git(remote, "log", "-1", "--format=%s", "main").startswith("archive: ")


def test_gitlab_runs_the_lines_of_the_readme(remote: Path, tmp_path: Path) -> None:
    """On a commit, and no branch, as its runners begin."""
    text = block("yaml", "pages: # .gitlab-ci.yml")
    (tmp_path / "ci.yml").write_text(text)
    lint = ("-m", "check_jsonschema", "--builtin-schema", "vendor.gitlab-ci", "ci.yml")
    subprocess.run((sys.executable, *lint), cwd=tmp_path, check=True, capture_output=True)
    job = yaml.safe_load(text)["pages"]
    assert job["variables"]["OUTAGES_ADDRESS"] == "$CI_PAGES_URL"
    git(tmp_path, "clone", "--quiet", "--depth=20", f"file://{remote}", "job")
    folder = tmp_path / "job"
    git(folder, "switch", "--quiet", "--detach")
    for line in job["script"]:
        if "pip" not in shlex.split(line):
            sh(line, folder, tmp_path / "bin", CI_COMMIT_BRANCH="main")
    assert (folder / job["artifacts"]["paths"][0] / "index.html").exists()
    assert git(remote, "log", "-1", "--format=%s", "main").startswith("archive: ")


def test_what_is_installed_by_hand_is_what_the_workflows_install() -> None:
    """As locked; not this program from an index, where its name is anybody's."""
    workflow = (ROOT / ".github" / "workflows" / "update.yml").read_text(encoding="utf-8")
    meant = {line.replace("--quiet ", "") for line in installs(workflow)}
    meant |= {line.replace("notify", "publish") for line in meant}
    for file in ("README.md", "docs/scale.md", *SAY_WHAT_IS_MISSING):
        found = installs((ROOT / file).read_text(encoding="utf-8"))
        assert found, file
        assert {line.replace("--quiet ", "") for line in found} <= meant, file


def installs(text: str) -> list[str]:
    return re.findall(r"pip install ([^`\"\n]+)", text)
