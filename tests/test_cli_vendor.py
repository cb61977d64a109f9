"""`outages vendor` as a person meets it: a page's address in, a vendor file out, sentences."""

import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from generator.demo.fleet import Fleet
from generator.demo.server import FleetServer
from generator.model import Vendor
from generator.vendors import read_previous, read_vendor
from tests.pages import Answer, Pages
from tests.test_cli import outages

PLATFORMS = ("statuspage", "google", "hund", "feed", "cachet")
SITE = '[categories]\ncloud = "Cloud"\npayments = "Payments"\n'


@pytest.fixture(scope="module")
def fleet() -> Iterator[FleetServer]:
    with FleetServer(Fleet(vendors=len(PLATFORMS), incidents=100, platforms=PLATFORMS)) as server:
        yield server


@pytest.fixture
def pages() -> Iterator[Pages]:
    with Pages() as server:
        yield server


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    (folder / "vendors").mkdir(parents=True)
    (folder / "site.toml").write_text(SITE, encoding="utf-8")
    return folder


def vendor_of(fleet: FleetServer, platform: str) -> Vendor:
    vendors = fleet.fleet.vendors(fleet.address)
    return next(vendor for vendor in vendors if vendor.platform == platform)


def files(data: Path) -> list[str]:
    return sorted(file.name for file in (data / "vendors").iterdir())


def write(data: Path, slug: str, **facts: str) -> Path:
    known = {
        "name": slug.title(),
        "homepage": f"https://{slug}.example",
        "status_page": f"https://status.{slug}.example",
        "platform": "statuspage",
        "category": "cloud",
    } | facts
    file = data / "vendors" / f"{slug}.toml"
    lines = [f'{key} = "{value}"' for key, value in known.items()]
    file.write_text("\n".join(lines), encoding="utf-8")
    return file


# new


def test_new_asks_the_page_shows_what_it_says_and_writes_its_file(
    fleet: FleetServer, data: Path
) -> None:
    vendor = vendor_of(fleet, "statuspage")
    words = ("vendor", "new", vendor.status_page, "--category", "cloud", "--allow-loopback")
    result = outages("--data", data, *words)
    assert result.exit_code == 0, result.output
    lines = result.stdout.splitlines()
    assert lines[0].startswith(
        f"{vendor.status_page} is statuspage: api/v2/summary.json has page.id"
    )
    newest = sorted(
        fleet.fleet.published(vendor.slug, fleet.at), key=lambda one: one.started_at, reverse=True
    )
    for incident in newest[:3]:
        assert f"{incident.started_at:%Y-%m-%d %H:%M}" in result.stdout
    assert f"{newest[3].started_at:%Y-%m-%d %H:%M}" not in result.stdout
    file = data / "vendors" / f"{vendor.slug}.toml"
    read = read_vendor(file)
    assert (read.name, read.status_page, read.platform) == (
        vendor.name,
        vendor.status_page,
        "statuspage",
    )
    assert file.read_text(encoding="utf-8").strip() in result.stdout
    assert lines[-1] == "Look it over, above all its homepage."


def test_what_new_wrote_is_what_update_reads(fleet: FleetServer, data: Path) -> None:
    page = vendor_of(fleet, "hund").status_page
    new = ("vendor", "new", page, "--slug", "acme", "--category", "cloud", "--allow-loopback")
    assert outages(*new, "--data", data).exit_code == 0
    result = outages("update", "acme", "--allow-loopback", "--data", data)
    assert result.exit_code == 0, result.output
    assert outages("--data", data, "export", "acme").stdout.count("\n") > 3


def test_new_guesses_the_category_from_what_the_page_says(pages: Pages, data: Path) -> None:
    serve_acme(pages, "Card Payments")
    result = outages("--data", data, "vendor", "new", f"{pages.address}/acme", "--allow-loopback")
    assert result.exit_code == 0, result.output
    assert read_vendor(data / "vendors" / "acme.toml").category == "payments"
    assert result.stdout.endswith("Look it over, above all its homepage, category.\n")


def test_new_wants_a_category_where_the_page_tells_none(pages: Pages, data: Path) -> None:
    serve_acme(pages, "Things")
    words = ("--data", data, "vendor", "new", f"{pages.address}/acme", "--allow-loopback")
    result = outages(*words)
    assert (result.exit_code, files(data)) == (2, [])
    assert "the page tells no category. Give one: --category with one of cloud" in result.stderr
    result = outages(*words, "--category", "nonsense")
    assert (result.exit_code, files(data)) == (2, [])
    assert "'nonsense' is no category. Give one: --category" in result.stderr
    assert "no category, perhaps payments." in outages(*words, "--category", "payment").stderr


def test_new_refuses_to_write_over_a_file_or_beside_one_of_the_same_page(
    fleet: FleetServer, data: Path
) -> None:
    page = vendor_of(fleet, "google").status_page
    words = ("--data", data, "vendor", "new", page, "--category", "cloud", "--allow-loopback")
    assert outages(*words, "--slug", "acme").exit_code == 0
    before = (data / "vendors" / "acme.toml").read_bytes()
    result = outages(*words, "--slug", "acme")
    assert result.exit_code == 2
    assert "acme.toml exists. Mend it, or give another name" in result.stderr
    result = outages(*words, "--slug", "bolt")
    assert result.exit_code == 2
    assert f"{page} is read already, by" in result.stderr
    assert files(data) == ["acme.toml"]
    assert (data / "vendors" / "acme.toml").read_bytes() == before


@pytest.mark.parametrize(
    ("slug", "said"),
    [
        ("feeds", "is a page of the site. Rename the file, say to feeds-status.toml."),
        ("Acme Corp", "expected lower-case words joined by hyphens"),
    ],
)
def test_new_refuses_names_that_no_vendor_can_have(
    fleet: FleetServer, data: Path, slug: str, said: str
) -> None:
    page = vendor_of(fleet, "google").status_page
    words = ("vendor", "new", page, "--slug", slug, "--category", "cloud", "--allow-loopback")
    result = outages("--data", data, *words)
    assert (result.exit_code, files(data)) == (2, [])
    assert said in result.stderr


def test_new_takes_settings_that_the_page_does_not_tell(fleet: FleetServer, data: Path) -> None:
    page = vendor_of(fleet, "cachet").status_page
    words = ("--data", data, "vendor", "new", page, "--category", "cloud", "--allow-loopback")
    result = outages(*words)
    assert (result.exit_code, files(data)) == (2, [])
    assert "Nothing is written. A setting that the page does not tell" in result.stderr
    result = outages(*words, "-o", "time_zone=Etc/UTC", "--slug", "acme")
    assert result.exit_code == 0, result.output
    assert read_vendor(data / "vendors" / "acme.toml").options["time_zone"] == "Etc/UTC"
    assert outages(*words, "-o", "time_zone").exit_code == 2


def test_new_writes_no_file_that_check_refuses(fleet: FleetServer, data: Path) -> None:
    page = vendor_of(fleet, "cachet").status_page
    words = ("--data", data, "vendor", "new", page, "--category", "cloud", "--allow-loopback")
    result = outages(*words, "-o", "timezone=Etc/UTC")
    assert (result.exit_code, files(data)) == (2, [])
    assert "'timezone' is no option of cachet, which knows time_zone, api. Is" in result.stderr
    result = outages(*words, "-o", "time_zone=Paris")
    assert (result.exit_code, files(data)) == (2, [])
    assert "Is Europe/Paris meant? Nothing is written." in result.stderr


def test_new_says_what_is_wrong_with_an_address(pages: Pages, data: Path) -> None:
    def said(address: str, *words: str) -> str:
        result = outages("--data", data, "vendor", "new", address, *words)
        assert (result.exit_code, files(data)) == (2, [])
        return result.stderr

    assert "which is not public" in said("https://127.0.0.1")
    assert "unreachable" in said("http://127.0.0.1:1", "--allow-loopback")
    assert "shows no platform that we know" in said(f"{pages.address}/acme", "--allow-loopback")


# check


def test_check_is_content_with_files_that_are_as_they_should_be(data: Path) -> None:
    write(data, "acme")
    file = write(data, "bolt")
    assert (
        outages("--data", data, "vendor", "check").stdout
        == "Nothing is wrong with 2 vendor files.\n"
    )
    result = outages("--data", data, "vendor", "check", file)
    assert result.stdout == "Nothing is wrong with 1 vendor file.\n"


def test_check_says_file_and_line_and_how_to_mend(data: Path) -> None:
    file = write(data, "acme", category="nonsense", homepage="acme")
    other = write(data, "bolt", platform="abacus")
    for words in ((), (file, other)):
        result = outages("--data", data, "vendor", "check", *words)
        assert result.exit_code == 2
        assert f"{file}:2: homepage is 'acme', expected an address like" in result.stderr
        assert f"{file}:5: category is 'nonsense', expected one of cloud, payments" in result.stderr
        assert f"{other}:4: platform is 'abacus', expected one of" in result.stderr


def test_check_takes_a_slug_for_the_file_that_may_be_meant(data: Path) -> None:
    file = write(data, "acme")
    result = outages("--data", data, "vendor", "check", data / "vendors" / "acm.toml")
    assert result.exit_code == 2
    assert "Is acme meant?" in result.stderr
    assert f"Is {file} meant?" in outages("--data", data, "vendor", "check", "acme").stderr


def test_check_of_one_file_sees_that_another_reads_its_page(data: Path) -> None:
    write(data, "acme")
    file = write(data, "bolt", status_page="https://status.acme.example/")
    write(data, "broken", platform="abacus")
    result = outages("--data", data, "vendor", "check", file)
    assert result.exit_code == 2
    assert "is read already, by" in result.stderr
    assert "Keep one of the files." in result.stderr


@pytest.mark.parametrize(
    ("page", "why"),
    [
        ("https://status.acme.example:8443", "names a port other than 80 or 443"),
        ("https://me:word@status.acme.example", "carries a user name or password"),
        ("https://10.0.0.1/status", "is on 10.0.0.1, which is not public"),
        ("https://[fd00::1]/status", "is on fd00::1, which is not public"),
        ("https://127.0.0.1", "is on 127.0.0.1, which is not public"),
        ("http://pages.localhost", "is on 127.0.0.1, which is not public"),
        ("http://2130706433", "has a number for a host"),
    ],
)
def test_check_refuses_the_addresses_that_update_refuses_and_asks_nobody(
    data: Path, page: str, why: str
) -> None:
    file = write(data, "acme", status_page=page)
    for words in ((), (file,)):
        result = outages("--data", data, "vendor", "check", *words)
        assert result.exit_code == 2
        assert f"{file}:3: {page}" in result.stderr
        assert why in result.stderr
        assert "give the page's address on the public internet" in result.stderr
    updated = outages("--data", data, "update")
    assert updated.exit_code == 1
    told = " ".join(updated.stderr.split())
    assert f"acme: refused: {page}" in told
    assert why in told


def test_check_takes_pages_of_this_machine_with_leave_as_update_does(
    pages: Pages, data: Path
) -> None:
    write(data, "acme", status_page=f"{pages.address}/acme")
    assert outages("--data", data, "vendor", "check").exit_code == 2
    allowed = outages("--data", data, "vendor", "check", "--allow-loopback")
    assert allowed.exit_code == 0, allowed.output
    assert pages.log.total() == 0


def test_check_looks_at_addresses_among_the_settings_and_for_settings_that_are_needed(
    data: Path,
) -> None:
    file = write(data, "acme", platform="feed")
    with file.open("a", encoding="utf-8") as more:
        more.write('\n[options]\nfeed = "https://acme.example:8080/rss"\n')
    other = write(data, "bolt", platform="statusio")
    third = write(data, "core", platform="cachet")
    with third.open("a", encoding="utf-8") as more:
        more.write('\n[options]\ntime_zone = "Europe/Paris"\napi = "api/v9"\n')
    result = outages("--data", data, "vendor", "check")
    assert result.exit_code == 2
    assert f"{file}:7: https://acme.example:8080/rss names a port" in result.stderr
    assert f"{other}:3: bolt needs options.page_id" in result.stderr
    assert f"{third}:8: the option api of core is 'api/v9', expected api/v1 or api" in result.stderr


def test_a_live_check_reads_the_page(fleet: FleetServer, data: Path) -> None:
    vendor = vendor_of(fleet, "statuspage")
    write(data, "acme", status_page=vendor.status_page)
    feed = vendor_of(fleet, "feed")
    write(data, "bolt", status_page=feed.status_page, platform="feed")
    result = outages("--data", data, "vendor", "check", "--live", "--allow-loopback")
    assert result.exit_code == 0, result.output
    acme, bolt = sorted(result.stdout.splitlines())
    assert acme.startswith("acme: ")
    assert "incidents, api/v2/summary.json has page.id" in acme
    assert bolt == f"bolt: {len(fleet.fleet.published(feed.slug, fleet.at))} incidents"


def mended(output: str) -> str:
    """The file that a live check proposes."""
    return output[output.index("name = ") :]


def test_a_page_that_answers_as_another_platform_gets_its_mended_file(
    fleet: FleetServer, data: Path
) -> None:
    page = vendor_of(fleet, "hund").status_page
    file = write(data, "acme", status_page=page)
    before = file.read_bytes()
    result = outages("--data", data, "vendor", "check", "--live", "--allow-loopback")
    assert result.exit_code == 1
    assert f"acme: platform changed: {page} is hund, the file says statuspage" in result.stdout
    assert file.read_bytes() == before, "a check only proposes"
    file.write_text(mended(result.stdout), encoding="utf-8")
    assert read_vendor(file).platform == "hund"
    (row,) = read_previous(file)
    assert (row.status_page, row.platform) == (page, "statuspage")
    again = outages("--data", data, "vendor", "check", "--live", "--allow-loopback")
    assert again.exit_code == 0, again.output


def test_a_page_that_moved_gets_its_mended_file(pages: Pages, data: Path) -> None:
    there = pages.address.replace("127.0.0.1", "localhost")
    gone = Answer(status=301, headers={"Location": f"{there}/acme"})
    pages.answers |= {"/old": gone, "/old/incidents.json": gone}
    row = '{"id": "a", "begin": "2026-11-20T08:00:00+00:00", "external_desc": "Slow"}'
    pages.json("/acme/incidents.json", f"[{row}]".encode())
    write(data, "acme", status_page=f"{pages.address}/old", platform="google")
    result = outages("--data", data, "vendor", "check", "--live", "--allow-loopback")
    assert result.exit_code == 1
    assert f"acme: moved: {pages.address}/old is now {there}/acme" in result.stdout
    table = tomllib.loads(mended(result.stdout))
    assert (table["status_page"], table["platform"]) == (f"{there}/acme", "google")
    assert table["previous"][0]["status_page"] == f"{pages.address}/old"


def test_a_page_that_cannot_be_read_is_said_to_be_so(pages: Pages, data: Path) -> None:
    write(data, "acme", status_page=f"{pages.address}/acme")
    result = outages("--data", data, "vendor", "check", "--live", "--allow-loopback")
    assert result.exit_code == 1
    assert result.stdout.startswith("acme: gone: ")


# list


def test_the_list_goes_into_other_programs_as_lines_with_tabs(data: Path) -> None:
    write(data, "acme", name="Ünï [bold]")
    write(data, "bolt")
    rows = [
        line.split("\t") for line in outages("--data", data, "vendor", "list").stdout.split("\n")
    ]
    assert rows == [
        ["acme", "Ünï [bold]", "statuspage", "cloud", "https://status.acme.example"],
        ["bolt", "Bolt", "statuspage", "cloud", "https://status.bolt.example"],
        [""],
    ]


def test_the_command_answers_at_once() -> None:
    """No command is imported before it runs: httpx, rich and the archive cost a second."""
    code = (
        "import sys, generator.cli; "
        "print(sorted({'httpx', 'rich', 'sqlite3', 'feedparser', 'jinja2'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def serve_acme(pages: Pages, component: str) -> None:
    """A Statuspage page at /acme, without incidents."""
    page = '"page": {"id": "abcdefghijkl", "name": "Acme Status"}'
    status = '"status": {"indicator": "none"}'
    parts = f'"components": [{{"name": "{component}"}}]'
    pages.json("/acme/api/v2/summary.json", f"{{{page}, {status}, {parts}}}".encode())
    pages.json("/acme/api/v2/incidents.json", f'{{{page}, "incidents": []}}'.encode())
    body = f'{{{page}, "scheduled_maintenances": []}}'
    pages.json("/acme/api/v2/scheduled-maintenances.json", body.encode())
