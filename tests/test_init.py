"""A copy of one's own: begun empty, with settings from the job where its file is silent."""

import json
import re
from pathlib import Path

import pytest

from generator.archive.queries import Archive
from generator.archive.store import reading
from generator.categories import CATEGORIES
from generator.errors import InputError
from generator.pipeline.commit import commit_archive
from generator.pipeline.init import begin
from generator.pipeline.places import Places
from generator.settings import AUTHORITY, DESCRIPTION, TITLE, read_site
from tests.test_cli import outages
from tests.test_commit import Writer, clone, git, remote

__all__ = ["remote"]


def test_in_an_empty_place_it_makes_the_folder_and_all_commands_work(tmp_path: Path) -> None:
    data = tmp_path / "mine" / "data"
    assert outages("--data", data, "init").exit_code == 0
    made = [".gitignore", "outages.db", "site.toml", "vendors"]
    assert sorted(path.name for path in data.iterdir()) == made
    assert "state.db*" in (data / ".gitignore").read_text().splitlines()
    for command in (["vendor", "check"], ["build", "--out", tmp_path / "site"], ["export"]):
        result = outages("--data", data, *command)
        assert result.exit_code == 0, result.output
    assert outages("--data", data, "init").stdout == "It is begun already, and empty.\n"


def test_the_settings_it_writes_leave_all_to_the_job(tmp_path: Path) -> None:
    outages("--data", tmp_path, "init")
    assert read_site(tmp_path / "site.toml", None, {}).title == TITLE


def test_its_vendors_have_the_programs_categories_until_it_names_its_own(tmp_path: Path) -> None:
    outages("--data", tmp_path, "init")
    site = tmp_path / "site.toml"
    assert read_site(site, None, {}).categories == CATEGORIES
    site.write_text(site.read_text() + '[categories]\nzoo = "Zoo"\nai = "AI"\n')
    assert list(read_site(site, None, {}).categories.items()) == [("zoo", "Zoo"), ("ai", "AI")]


def test_a_fork_begins_empty_and_what_upstream_held_stays_in_git(
    remote: Path, tmp_path: Path
) -> None:
    fork = clone(remote, tmp_path / "fork")
    before = fork.places.archive.read_bytes()
    fork.places.state.write_bytes(b"")
    said = outages("--data", fork.places.data, "init").stdout
    assert "1 incident, git still has" in said
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
    ("environment", "authority"),
    [
        ({"GITHUB_REPOSITORY": "Who/Some.archive_2"}, r"some-archive-2\.who\.github\.io"),
        ({"GITHUB_REPOSITORY": "who/who.github.io"}, r"who\.github\.io"),
        ({"OUTAGES_ADDRESS": "https://Outages.example.org:8443/"}, r"outages\.example\.org"),
        ({"OUTAGES_ADDRESS": "http://[2001:db8::1]/a%20b/"}, r"a-20b\.2001-db8-1"),
        ({"OUTAGES_ADDRESS": "http://my_host.lan:8000"}, r"my-host\.lan"),
        ({}, r"[0-9a-f]{8}\.outages\.example"),
    ],
)
def test_an_archive_begun_anew_has_ids_of_its_own_whose_name_stands_in_its_file(
    tmp_path: Path, environment: dict[str, str], authority: str
) -> None:
    places = Places(tmp_path)
    places.site.write_text(f'# ours\nauthority = "{AUTHORITY}" # theirs\n[categories]\nai = "AI"\n')
    begin(places, environment)
    config = read_site(places.site, None, {})
    assert re.fullmatch(authority, config.authority)
    assert config.categories == {"ai": "AI"}
    assert begin(places, {"GITHUB_REPOSITORY": "who/moved"}) == []
    moved = read_site(places.site, None, {"OUTAGES_AUTHORITY": "elsewhere.example"})
    assert moved.authority == config.authority


def test_a_mark_before_the_settings_is_no_part_of_their_first_line(tmp_path: Path) -> None:
    places = Places(tmp_path)
    places.site.write_text(f'\ufeffauthority = "{AUTHORITY}"\n', encoding="utf-8")
    begin(places, {"GITHUB_REPOSITORY": "who/who.github.io"})
    assert read_site(places.site, None, {}).authority == "who.github.io"


def test_a_name_that_somebody_chose_stays_and_a_held_archives_name_goes_with_it(
    remote: Path, tmp_path: Path
) -> None:
    chosen = 'authority = "outages.mine.example"\n'
    mine, fork = Places(tmp_path), clone(remote, tmp_path / "fork").places
    for places in (mine, fork):
        places.site.write_text(chosen)
        begin(places, {})
    assert mine.site.read_text() == chosen
    assert read_site(fork.site, None, {}).authority.endswith(f".{AUTHORITY}")


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


BROKEN = [
    "me.example",
    "ftp://me.example/",
    "https:///archive/",
    "https://me.example/?x=1#y",
    "https://me.example/?",
    "https://me.example/archive/#",
    "https://me.example/my archive/",
    "https://me.example/\n",
    "https://me@me.example/",
    "https://me:word@me.example/",
    "https://me.example//archive/",
    'https://me.example/"/',
    "https://me.example/100%/",
    "https://me.example:port/",
    "https://[::1/",
]


@pytest.mark.parametrize("address", BROKEN)
def test_an_address_that_would_break_links_is_refused_wherever_it_stands(
    tmp_path: Path, address: str
) -> None:
    file = tmp_path / "site.toml"
    file.write_text(f"address = {json.dumps(address)}\n")
    silent = tmp_path / "silent.toml"
    for where, option, environment in (
        (file, None, {}),
        (silent, None, {"OUTAGES_ADDRESS": address}),
        (silent, address, {}),
    ):
        with pytest.raises(InputError, match=r"the site's address is .* expected one like"):
            read_site(where, option, environment)


@pytest.mark.parametrize(
    "address",
    [
        "https://me.example/",
        "https://Me.example:8443/~me/out-ages/%C3%BC/",
        "http://127.0.0.1:8000/",
        "http://[::1]:8000/",
        "http://my_host/",
    ],
)
def test_an_address_that_serves_is_taken_as_it_is(tmp_path: Path, address: str) -> None:
    assert read_site(tmp_path / "site.toml", address.rstrip("/"), {}).address == address


@pytest.mark.parametrize(
    "authority",
    [
        "not a domain",
        "https://me.example",
        "me.example/a",
        "me.example,2026",
        "-me.example",
        "me..example",
        "a@b@me.example",
        "@me.example",
        "m\u00fcller.example",
        "me.example\n",
    ],
)
def test_an_authority_that_makes_no_valid_tag_is_refused(tmp_path: Path, authority: str) -> None:
    file = tmp_path / "site.toml"
    file.write_text(f"authority = {json.dumps(authority)}\n")
    with pytest.raises(InputError, match=r"the authority in site\.toml is .* expected a domain"):
        read_site(file, None, {})


@pytest.mark.parametrize("authority", ["me.example", "who@me.example", "a-1.xn--mller-kva.example"])
def test_a_domain_or_an_address_of_e_mail_is_an_authority(tmp_path: Path, authority: str) -> None:
    file = tmp_path / "site.toml"
    file.write_text(f'authority = "{authority}"\n')
    assert read_site(file, None, {}).authority == authority


def test_the_settings_of_this_repository_leave_the_title_to_the_job_and_all_categories() -> None:
    file = Path(__file__).parents[1] / "data" / "site.toml"
    environment = {"OUTAGES_TITLE": "Mine", "GITHUB_REPOSITORY": "who/copy"}
    found = read_site(file, None, environment)
    assert (found.title, found.address) == ("Mine", "https://who.github.io/copy/")
    assert found.categories == CATEGORIES
