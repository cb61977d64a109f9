"""The doctor: what a copy of the archive needs to run by itself, said in words."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from generator.archive.state import remembering
from generator.archive.store import Run, writing
from generator.decide import new
from tests.host import Host
from tests.records import incident, post
from tests.test_cli import add_vendor, outages
from tests.test_commit import git

NOW = datetime.now(UTC).replace(microsecond=0)


def workflow(number: int, name: str, state: str = "active") -> dict[str, Any]:
    return {"id": number, "name": name, "state": state}


WELL = {
    "": {"permissions": {"push": True}},
    "pages": {"build_type": "workflow", "html_url": "https://who.github.io/archive/"},
    "actions/workflows": {"workflows": [workflow(1, "update"), workflow(2, "backfill")]},
}


@pytest.fixture
def host() -> Iterator[Host]:
    with Host(answers=dict(WELL)) as host:
        yield host


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A copy in which nothing is amiss."""
    root = tmp_path / "copy"
    git(tmp_path, "init", "--quiet", "--initial-branch=main", str(root))
    git(root, "remote", "add", "origin", "https://github.com/who/archive")
    folder = root / "data"
    (folder / "vendors").mkdir(parents=True)
    add_vendor(folder, "acme", "https://status.acme.example")
    held(folder, NOW)
    read(folder, NOW)
    return folder


def held(data: Path, at: datetime) -> None:
    with writing(data / "outages.db") as connection:
        Run(connection, at, "update").apply("acme", [new("acme", incident(f"k{at}"), at, set())])


def read(data: Path, at: datetime) -> None:
    with remembering(data / "state.db") as state:
        state.note_read("acme", at, "", "", {})


def doctor(data: Path, host: Host | None = None, *words: str, **more: str) -> Result:
    environment = host.environment if host else {"GITHUB_REPOSITORY": None}
    return outages("--data", data, "doctor", *words, env={**environment, **more})


def complaints(result: Result) -> list[str]:
    return [line for line in result.stdout.splitlines() if not line.startswith("ok ")]


def test_where_nothing_is_amiss_all_is_ok(data: Path, host: Host, tmp_path: Path) -> None:
    summary = tmp_path / "summary.md"
    result = doctor(data, host, GITHUB_STEP_SUMMARY=str(summary))
    assert (result.exit_code, complaints(result)) == (0, []), result.output
    assert len(summary.read_text().splitlines()) == len(result.stdout.splitlines()) + 2
    assert doctor(data).exit_code == 0, "nor on a machine of its own, where no host is asked"


@pytest.mark.parametrize(
    ("path", "answer", "said"),
    [
        ("pages", 404, "Pages are off"),
        ("pages", {"build_type": "legacy"}, "is taken from a branch, not from the job"),
        ("actions/workflows", {"workflows": []}, "Actions are off"),
        (
            "actions/workflows",
            {"workflows": [workflow(1, "update", "disabled_inactivity")]},
            "stopped by the host, after sixty days",
        ),
        (
            "actions/workflows",
            {"workflows": [workflow(1, "update", "disabled_fork")]},
            "is off, as schedules of fresh forks are",
        ),
        ("", {"permissions": {"push": False}}, "the token may not push"),
        ("", {"archived": True}, "is archived"),
    ],
)
def test_what_the_host_has_otherwise_is_said_with_what_to_do(
    data: Path, host: Host, path: str, answer: Any, said: str
) -> None:
    host.answers[path] = answer
    result = doctor(data, host)
    assert result.exit_code == 1
    (line,) = complaints(result)
    assert line.startswith("NO ")
    assert said in line
    assert re.search(r"Settings|Actions page|keep-alive|permissions:", line), "what to do"


def test_what_the_token_may_not_ask_is_unknown_and_no_failure(data: Path, host: Host) -> None:
    host.refused = {"pages", "actions/workflows"}
    result = doctor(data, host)
    assert result.exit_code == 0
    assert [line[:2] for line in complaints(result)] == ["??", "??"]


def test_a_host_that_does_not_answer_is_a_finding_and_the_rest_is_looked_at(
    data: Path, host: Host
) -> None:
    result = doctor(data, host, GITHUB_API_URL="http://127.0.0.1:9")
    assert result.exit_code == 1
    assert "ok 1 vendor file in" in result.stdout


def test_what_is_amiss_here_is_said(data: Path) -> None:
    def line(part: str) -> str:
        (found,) = (line for line in complaints(doctor(data)) if part in line)
        return found

    git(data, "remote", "remove", "origin")
    assert "git remote add origin" in line("nowhere to push")
    read(data, NOW - timedelta(days=3))
    assert line("the last page was read").startswith("NO ")
    (data / "state.db").unlink()
    assert line("no run is remembered").startswith("?? ")
    held(data, NOW + timedelta(hours=5))
    assert "set it before the next run" in line("clock of this machine is behind")
    (data / "vendors" / "acme.toml").write_text("name")
    assert line("acme.toml:").startswith("NO ")
    (data / "vendors" / "acme.toml").unlink()
    assert "outages vendor new" in line("0 vendor files")
    (data / "outages.db").write_bytes(b"no database" * 100)
    assert "git checkout HEAD" in line("is corrupt")


def test_a_page_that_fills_the_archive_is_named(data: Path) -> None:
    posts = tuple(post(f"{number}", "10:00", "x" * 200_000) for number in range(105))
    with writing(data / "outages.db") as connection:
        Run(connection, NOW, "update").apply(
            "flood", [new("flood", incident("k", "10:00", *posts), NOW, set())]
        )
    (line,) = complaints(result := doctor(data))
    assert result.exit_code == 0
    assert line.startswith("?? of 21.0 MB that came in 30 days, most are from flood: 21.0 MB")
    assert line.endswith("outages log flood")


def test_keep_alive_tells_the_host_that_the_schedules_are_meant(data: Path, host: Host) -> None:
    states = ("active", "disabled_inactivity", "disabled_manually")
    names = ("update", "sources", "backfill")
    rows = [
        workflow(n, name, state) for n, (name, state) in enumerate(zip(names, states, strict=True))
    ]
    host.answers["actions/workflows"] = {"workflows": [*rows, workflow(9, "check")]}
    result = doctor(data, host, "--keep-alive")
    assert host.said == [
        ("PUT", "actions/workflows/0/enable"),
        ("PUT", "actions/workflows/1/enable"),
    ], "what a person switched off stays off"
    assert "meant: update, sources." in result.stdout


def test_keep_alive_without_the_right_is_an_error_in_words(data: Path, host: Host) -> None:
    host.refused = {"actions/workflows/1/enable"}
    result = doctor(data, host, "--keep-alive")
    assert result.exit_code == 2
    assert "actions/workflows/1/enable answers 403" in result.output
