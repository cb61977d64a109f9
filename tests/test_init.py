"""A copy of one's own: begun empty, with settings from the job where its file is silent."""

from pathlib import Path

import pytest

from generator.archive.queries import Archive
from generator.archive.store import reading
from generator.pipeline.commit import commit_archive
from generator.settings import AUTHORITY, DESCRIPTION, TITLE, read_site
from tests.test_cli import outages
from tests.test_commit import Writer, clone, git, remote

__all__ = ["remote"]


def test_in_an_empty_place_it_makes_the_folder_and_all_commands_work(tmp_path: Path) -> None:
    data = tmp_path / "mine" / "data"
    assert outages("--data", data, "init").exit_code == 0
    assert sorted(path.name for path in data.iterdir()) == ["outages.db", "site.toml", "vendors"]
    for command in (["vendor", "check"], ["build", "--out", tmp_path / "site"], ["export"]):
        result = outages("--data", data, *command)
        assert result.exit_code == 0, result.output
    assert outages("--data", data, "init").stdout == "It is begun already, and empty.\n"


def test_the_settings_it_writes_leave_all_to_the_job(tmp_path: Path) -> None:
    outages("--data", tmp_path, "init")
    assert read_site(tmp_path / "site.toml", None, {}).title == TITLE


def test_a_fork_begins_empty_and_what_upstream_held_stays_in_git(
    remote: Path, tmp_path: Path
) -> None:
    fork = clone(remote, tmp_path / "fork")
    before = fork.places.archive.read_bytes()
    fork.places.state.write_bytes(b"")
    said = outages("--data", fork.places.data, "init").stdout
    assert "1 incidents, git still has" in said
    assert fork.keys() == []
    assert not fork.places.state.exists()
    git(fork.folder, "checkout", "--quiet", "HEAD", "--", "data/outages.db")
    assert fork.places.archive.read_bytes() == before


def test_what_git_does_not_have_is_not_thrown_away(remote: Path, tmp_path: Path) -> None:
    fork = clone(remote, tmp_path / "fork")
    fork.scrape(5, "k1")
    result = outages("--data", fork.places.data, "init")
    assert result.exit_code == 2
    assert "holds 2 incidents that git does not have" in result.output
    outside = Writer(tmp_path / "outside")
    outside.scrape(5, "k1")
    assert outages("--data", outside.places.data, "init").exit_code == 2
    assert outside.keys() == ["k1"]


def test_what_an_archive_begun_anew_finds_is_committed(remote: Path, tmp_path: Path) -> None:
    """Its runs count from one again; the archive that git has may be at the thousandth."""
    fork = clone(remote, tmp_path / "fork")
    for minute in range(1, 5):
        fork.scrape(minute, f"k{minute}")
    commit_archive(fork.places, push=False)
    outages("--data", fork.places.data, "init")
    fork.scrape(9, "k9")
    assert commit_archive(fork.places, push=False) == "archive: acme +1"
    with reading(fork.places.archive) as connection:
        assert Archive(connection).totals().incidents == 1


@pytest.mark.parametrize(
    ("file", "environment", "title", "address"),
    [
        ("", {}, TITLE, "http://localhost:8000/"),
        ("", {"GITHUB_REPOSITORY": "Who/archive"}, TITLE, "https://who.github.io/archive/"),
        ("", {"OUTAGES_TITLE": "", "OUTAGES_ADDRESS": ""}, TITLE, "http://localhost:8000/"),
        (
            "",
            {"OUTAGES_TITLE": "Mine", "OUTAGES_ADDRESS": "https://mine.example"},
            "Mine",
            "https://mine.example/",
        ),
        ('title = "File"', {"OUTAGES_TITLE": "Mine"}, "File", "http://localhost:8000/"),
    ],
)
def test_the_file_goes_before_the_job_and_the_job_before_the_default(
    tmp_path: Path, file: str, environment: dict[str, str], title: str, address: str
) -> None:
    (tmp_path / "site.toml").write_text(file)
    found = read_site(tmp_path / "site.toml", None, environment)
    assert (found.title, found.address) == (title, address)
    assert (found.description, found.authority) == (DESCRIPTION, AUTHORITY)


def test_the_settings_of_this_repository_leave_the_title_to_the_job() -> None:
    file = Path(__file__).parents[1] / "data" / "site.toml"
    environment = {"OUTAGES_TITLE": "Mine", "GITHUB_REPOSITORY": "who/copy"}
    found = read_site(file, None, environment)
    assert (found.title, found.address) == ("Mine", "https://who.github.io/copy/")
