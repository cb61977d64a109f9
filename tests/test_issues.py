"""Sources that fail for long: one issue each, kept up to date, closed when they mend."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import Result

from generator.archive.state import remembering
from generator.demo.fleet import Fleet
from generator.demo.server import FleetServer
from generator.pipeline.issues import AT_ONCE, LABEL
from tests.host import Host
from tests.pages import Pages
from tests.test_cli import add_vendor, outages

NOW = datetime.now(UTC).replace(microsecond=0)
GOOD = tuple(f"good{number}" for number in range(AT_ONCE + 4))


@pytest.fixture
def host() -> Iterator[Host]:
    with Host() as host:
        yield host


@pytest.fixture
def pages() -> Iterator[Pages]:
    with Pages() as pages:
        yield pages


@pytest.fixture
def data(tmp_path: Path, pages: Pages) -> Path:
    """An archive of pages that are well, but for those that a test says more of."""
    folder = tmp_path / "data"
    (folder / "vendors").mkdir(parents=True)
    for slug in GOOD:
        add(folder, pages, slug)
        well(folder, slug)
    return folder


def add(data: Path, pages: Pages, slug: str) -> None:
    add_vendor(data, slug, f"{pages.address}/{slug}")


def well(data: Path, slug: str) -> None:
    with remembering(data / "state.db") as state:
        state.note_read(slug, NOW, "", "", {})


def fails(data: Path, slug: str, days: int, fault: str = "gone") -> None:
    with remembering(data / "state.db") as state:
        state.note_failure(slug, NOW - timedelta(days=days), fault)


def tend(data: Path, host: Host) -> Result:
    words = ("sources", "--issues", "--allow-loopback")
    return outages("--data", data, *words, env=host.environment)


def test_a_source_that_fails_for_a_week_gets_one_issue(
    data: Path, pages: Pages, host: Host
) -> None:
    for slug, days in (("long", 8), ("short", 6)):
        add(data, pages, slug)
        fails(data, slug, days)
    assert "1 opened: long" in tend(data, host).output
    (issue,) = host.issues
    assert issue["title"] == "long: the status page cannot be read"
    assert [label["name"] for label in issue["labels"]] == [LABEL]
    since = f"{NOW - timedelta(days=8):%Y-%m-%d}"
    assert f"`{pages.address}/long` cannot be read since {since}" in issue["body"]
    assert "`data/vendors/long.toml`" in issue["body"]
    assert "gone: " in issue["body"]


def test_an_issue_is_not_repeated_and_unchanged_it_is_left_alone(
    data: Path, pages: Pages, host: Host
) -> None:
    add(data, pages, "long")
    fails(data, "long", 8)
    tend(data, host)
    host.said.clear()
    assert "0 opened\n0 brought up to date\n0 closed" in tend(data, host).output
    assert host.said == []


def test_the_file_as_it_should_be_is_proposed_once_the_page_tells(data: Path, host: Host) -> None:
    fleet = Fleet(vendors=1, incidents=5, platforms=["statuspage"])
    (slug,) = fleet.slugs
    with FleetServer(fleet, faults={slug: "missing"}) as server:
        add_vendor(data, "moved", f"{server.address}/{slug}", platform="google")
        fails(data, "moved", 8)
        tend(data, host)
        assert "could not be told" in host.issues[0]["body"]
        server.faults.clear()
        assert "1 brought up to date: moved" in tend(data, host).output
    assert 'platform = "statuspage"' in host.issues[0]["body"]
    assert len(host.issues) == 1


def test_an_issue_is_closed_when_its_source_mends_or_is_no_more(
    data: Path, pages: Pages, host: Host
) -> None:
    for slug in ("mends", "leaves", "stays"):
        add(data, pages, slug)
        fails(data, slug, 9)
    tend(data, host)
    well(data, "mends")
    (data / "vendors" / "leaves.toml").unlink()
    assert "2 closed: leaves, mends" in tend(data, host).output
    states = {row["title"].partition(":")[0]: row["state"] for row in host.issues}
    assert states == {"mends": "closed", "leaves": "closed", "stays": "open"}
    assert sorted(row["body"] for rows in host.comments.values() for row in rows) == [
        "Its vendor file is no more.",
        "The page can be read again.",
    ]


def test_a_lost_memory_closes_nothing(data: Path, pages: Pages, host: Host) -> None:
    add(data, pages, "long")
    fails(data, "long", 8)
    tend(data, host)
    (data / "state.db").unlink()
    assert "0 closed" in tend(data, host).output
    assert host.issues[0]["state"] == "open"


def test_an_issue_of_a_persons_own_is_not_ours_whatever_it_says(
    data: Path, pages: Pages, host: Host
) -> None:
    add(data, pages, "long")
    fails(data, "long", 8)
    theirs = {"number": 1, "state": "open", "labels": [], "body": "<!-- outages:source:long -->"}
    host.issues.append(dict(theirs))
    tend(data, host)
    assert host.issues[0] == theirs
    assert len(host.issues) == 2


def test_the_first_week_brings_no_avalanche(data: Path, pages: Pages, host: Host) -> None:
    for number in range(AT_ONCE + 2):
        add(data, pages, f"long{number:02}")
        fails(data, f"long{number:02}", 30 - number)
    assert "2 left to the next run: long10, long11" in tend(data, host).output
    assert len(host.issues) == AT_ONCE
    tend(data, host)
    assert len(host.issues) == AT_ONCE + 2


def test_where_most_fail_nothing_is_touched(data: Path, pages: Pages, host: Host) -> None:
    for slug in GOOD[: len(GOOD) // 2 + 1]:
        fails(data, slug, 8)
    result = tend(data, host)
    assert result.exit_code == 2
    assert "more than half" in result.output
    assert host.said == []


def test_outside_a_job_it_says_what_it_needs(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GITHUB_REPOSITORY", raising=False)
    result = outages("--data", data, "sources", "--issues")
    assert result.exit_code == 2
    assert "GITHUB_REPOSITORY=owner/name" in result.output
