"""Vendor files: what may stand in one, and what is said of one that is wrong."""

import json
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import jsonschema
import pytest

from generator.alerts.rules import read_rules
from generator.errors import VendorFileError
from generator.model import Vendor
from generator.removed import read_removed
from generator.settings import read_site
from generator.slugs import RESERVED
from generator.vendors import Previous, read_previous, read_vendor, read_vendors, same_page
from generator.vendors.problems import LONGEST, OTHERS, slug_problem
from generator.vendors.writing import schema, write_text

DATA = Path(__file__).parents[1] / "data"
CATEGORIES = ("cloud", "email")
WHOLE = {
    "name": "Acme",
    "homepage": "https://acme.example",
    "status_page": "https://status.acme.example",
    "platform": "statuspage",
    "category": "cloud",
}


def text(**facts: str) -> str:
    return "".join(f'{key} = "{value}"\n' for key, value in (WHOLE | facts).items())


def acme(options: dict[str, str] | None = None, name: str = "Acme") -> Vendor:
    page, home = WHOLE["status_page"], WHOLE["homepage"]
    return Vendor("acme", name, home, page, "statuspage", "cloud", options or {})


def write(folder: Path, content: str, slug: str = "acme") -> Path:
    file = folder / f"{slug}.toml"
    file.write_text(content, encoding="utf-8")
    return file


def complaint(file: Path) -> list[str]:
    """What is said of a file, a line each, without where the file is."""
    with pytest.raises(VendorFileError) as caught:
        read_vendor(file, CATEGORIES)
    return [line.removeprefix(f"{file}:") for line in str(caught.value).splitlines()]


def test_six_lines_are_a_vendor(tmp_path: Path) -> None:
    file = write(tmp_path, text(name=" Acme "))
    assert read_vendor(file, CATEGORIES) == acme()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (text().replace('name = "Acme"\n', ""), '1: name is missing. Add a line: name = "..."'),
        (text(name=" "), """1: name is ' ', expected a text: name = "...\""""),
        (
            text().replace('"https://acme.example"', "7"),
            '2: homepage is 7, expected a text: homepage = "..."',
        ),
        (
            text(status_page="status.acme.example"),
            (
                "3: status_page is 'status.acme.example', expected an address like "
                "https://status.example.com"
            ),
        ),
        (
            text(category="nonsense"),
            f"5: category is 'nonsense', expected one of cloud, email. {OTHERS}",
        ),
        (
            text() + 'language = "German"\n',
            "6: language is 'German', expected a tag (BCP 47) such as de or pt-BR",
        ),
        (
            text() + "language = 7\n",
            "6: language is 7, expected a tag (BCP 47) such as de or pt-BR",
        ),
        (
            text() + "[options]\nsize = 7\n",
            '6: expected [options] with texts: key = "..."',
        ),
        (
            text() + '[options]\nlanquage = "de"\n',
            "7: 'lanquage' is no option of statuspage, which knows none. Is language meant?",
        ),
        (
            text() + '[options]\nlanguage = "de"\n',
            "7: language stands below [options], expected above. Move the line up.",
        ),
        (
            text(platform="cachet") + '[options]\ntimezone = "UTC"\n',
            (
                "7: 'timezone' is no option of cachet, which knows time_zone, api. "
                "Is time_zone meant?"
            ),
        ),
        (
            text(platform="feed") + '[options]\nfeed = "rss"\ncolor = "red"\n',
            "8: 'color' is no option of feed, which knows feed. Take it away.",
        ),
        (
            text(platform="cachet") + '[options]\ntime_zone = "Paris"\n',
            (
                "7: time_zone is 'Paris', expected a zone (IANA) such as Europe/Paris. "
                "Is Europe/Paris meant?"
            ),
        ),
        (
            text() + 'categry = "cloud"\n',
            (
                "6: unknown key 'categry'; expected name, homepage, status_page, platform, "
                "category, language, [options] and [[previous]]. Is category meant?"
            ),
        ),
        (
            text(category="clod"),
            f"5: category is 'clod', perhaps cloud, expected one of cloud, email. {OTHERS}",
        ),
        (
            text() + 'color = "red"\n',
            (
                "6: unknown key 'color'; expected name, homepage, status_page, platform, category, "
                "language, [options] and [[previous]]. Take it away."
            ),
        ),
        (
            text() + '[previous]\nstatus_page = "https://a.example"\n',
            (
                "6: expected [[previous]] tables with status_page, platform, until. "
                "Write the brackets twice."
            ),
        ),
        (
            text() + '[[previous]]\nplatform = "feed"\n',
            "6: expected [[previous]] tables with status_page, platform, until; it has platform",
        ),
        (
            text() + '[[previous]]\nstatus_page = "a"\nplatform = "feed"\nuntil = 2026-01-02\n',
            "6: status_page is 'a', expected an address",
        ),
        (
            text()
            + '[[previous]]\nstatus_page = "https://a.example"\nplatform = "feed"\n'
            + 'until = 2026-01-02\n[[previous]]\nstatus_page = "https://b.example"\n'
            + 'platform = "feed"\nuntil = "yesterday"\n',
            "10: until is 'yesterday', expected the last day: 2026-11-22",
        ),
    ],
    ids=lambda value: value.splitlines()[-1][:40],
)
def test_a_wrong_file_is_told_by_line_what_was_expected_and_how_to_mend_it(
    tmp_path: Path, content: str, said: str
) -> None:
    assert complaint(write(tmp_path, content)) == [said]


def test_all_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    file = write(tmp_path, text(homepage="acme", platform="abacus", category="x"))
    lines = [sentence.partition(":")[0] for sentence in complaint(file)]
    assert lines == ["2", "4", "5"]
    write(tmp_path, text(category="y"), "bolt")
    with pytest.raises(VendorFileError, match=r"acme\.toml:2[\s\S]*bolt\.toml:5"):
        read_vendors(tmp_path, CATEGORIES)


def test_an_unknown_platform_is_answered_with_those_there_are(tmp_path: Path) -> None:
    (sentence,) = complaint(write(tmp_path, text(platform="abacus")))
    assert "expected one of " in sentence
    assert "statuspage" in sentence


@pytest.mark.parametrize(
    ("slug", "said"),
    [
        ("Acme Corp", "Rename it, say to acme-corp.toml"),
        ("acme_corp", "Rename it, say to acme-corp.toml"),
        ("a" * (LONGEST + 1), f"at most {LONGEST} letters"),
        ("feeds", "Rename the file, say to feeds-status.toml"),
        ("aux", "is a device to Windows. Rename the file, say to aux-status.toml"),
    ],
)
def test_a_file_name_is_a_slug_and_no_page_of_the_site(slug: str, said: str) -> None:
    assert said in (slug_problem(slug) or "")


def test_no_page_of_the_site_is_left_for_a_vendor() -> None:
    assert {"index", "search", "feeds", "categories", "api", "sources"} <= RESERVED
    assert slug_problem("acme-2") is None


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b'name = "Acme', "Expected lines like name"),
        (b"\xff\xfe", "is not UTF-8. Save it as UTF-8"),
    ],
)
def test_a_file_that_is_no_toml_says_so(tmp_path: Path, content: bytes, said: str) -> None:
    file = tmp_path / "acme.toml"
    file.write_bytes(content)
    with pytest.raises(VendorFileError, match=re.escape(said)):
        read_vendor(file)
    with pytest.raises(VendorFileError, match="Expected a vendor file"):
        read_vendor(tmp_path / "nowhere.toml")


def test_the_mark_that_an_editor_put_before_the_text_is_no_part_of_it(tmp_path: Path) -> None:
    mark = "\ufeff"
    file = write(tmp_path, mark + text())
    assert read_vendor(file, CATEGORIES) == acme()
    site = write(tmp_path, mark + '[categories]\ncloud = "Cloud"\n', "site")
    assert read_site(site, None, {}).categories == {"cloud": "Cloud"}
    rules = write(tmp_path, mark + '[hook]\nvendors = ["acme"]\n', "notify")
    assert list(read_rules(rules, {"acme": acme()}, {})) == ["hook"]
    row = '[[removed]]\nvendor = "acme"\nkey = "k1"\non = 2026-01-02\n'
    removed = write(tmp_path, mark + row, "removed")
    assert list(read_removed(removed).days) == [("acme", "k1")]


@pytest.mark.parametrize(
    "name",
    ["bolt.yaml", "bolt.yml", "bolt.TOML", "bolt.toml.txt", "bolt.json", "more/bolt.toml"],
)
def test_a_file_that_is_meant_to_be_read_and_is_not_is_told(tmp_path: Path, name: str) -> None:
    write(tmp_path, text())
    file = tmp_path / name
    file.parent.mkdir(exist_ok=True)
    file.write_text(text(), encoding="utf-8")
    with pytest.raises(VendorFileError) as caught:
        read_vendors(tmp_path, CATEGORIES)
    assert str(caught.value) == (
        f"{file}: is not read: vendor files are TOML, called <slug>.toml, and stand in {tmp_path} "
        f"itself. Make it {tmp_path / 'bolt.toml'}, or take it away."
    )
    if file.parent == tmp_path:
        assert complaint(file)[0].startswith(" is not read: ")


@pytest.mark.parametrize(
    "name",
    [
        *(".acme.toml.swp", ".acme.toml", "acme.toml~", "#acme.toml#", ".#acme.toml"),
        *("acme.toml.orig", "acme.toml.BAK", "README.md", "notes", ".git/acme.toml"),
    ],
)
def test_what_is_hidden_or_left_by_an_editor_is_nobodys_vendor_file(
    tmp_path: Path, name: str
) -> None:
    write(tmp_path, text())
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text("no vendor", encoding="utf-8")
    assert set(read_vendors(tmp_path, CATEGORIES)) == {"acme"}


@pytest.mark.parametrize(
    ("page", "is_shared"),
    [
        ("https://status.acme.example/", True),
        ("http://WWW.Status.Acme.Example", True),
        ("https://status.acme.example:443", True),
        ("https://status.acme.example/eu", False),
        ("https://status.acme.example?page=2", False),
    ],
)
def test_two_files_cannot_read_one_page(tmp_path: Path, page: str, is_shared: bool) -> None:
    write(tmp_path, text())
    file = write(tmp_path, text(status_page=page), "bolt")
    if not is_shared:
        assert set(read_vendors(tmp_path)) == {"acme", "bolt"}
        return
    with pytest.raises(VendorFileError, match=f"{re.escape(str(file))}:3: .* of acme.toml too"):
        read_vendors(tmp_path)


def test_one_page_may_be_read_twice_with_other_settings(tmp_path: Path) -> None:
    whole = text(platform="meta")
    write(tmp_path, whole + '[options]\norgs = "one"\n')
    write(tmp_path, whole + '[options]\norgs = "two"\n', "bolt")
    vendors = read_vendors(tmp_path)
    assert same_page(vendors["acme"], vendors.values()) is None


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    vendor = replace(acme({"slug": "a b"}, 'Ünï "quoted" \\ パ'), platform="checkly", language="de")
    past = (
        Previous("https://old.example", "feed", date(2025, 2, 3)),
        Previous("https://older.example", "google", date(2024, 1, 2)),
    )
    file = write(tmp_path, write_text(vendor, past))
    assert read_vendor(file, CATEGORIES) == vendor
    assert read_previous(file) == past


def test_the_past_may_be_written_with_days_of_toml(tmp_path: Path) -> None:
    row = '[[previous]]\nstatus_page = "https://a.example"\nplatform = "feed"\nuntil = 2026-01-02\n'
    file = write(tmp_path, text() + row)
    assert read_previous(file) == (Previous("https://a.example", "feed", date(2026, 1, 2)),)


def test_the_schema_for_editors_is_that_of_the_program() -> None:
    kept = json.loads((DATA / "vendor.schema.json").read_text(encoding="utf-8"))
    ours = schema(read_site(DATA / "site.toml").categories)
    assert kept == ours, "regenerate it: outages vendor schema > data/vendor.schema.json"


@pytest.mark.parametrize(
    "facts",
    [
        {},
        {"platform": "feed", "options": {"feed": "rss"}},
        {"options": {}},
        {"language": "de"},
        {"language": "zh-Hant-TW"},
        {"previous": [{"status_page": "https://a", "platform": "feed", "until": "2026-01-02"}]},
    ],
)
def test_the_schema_takes_what_the_program_takes(facts: dict[str, object]) -> None:
    jsonschema.validate(WHOLE | facts, schema(CATEGORIES))


@pytest.mark.parametrize(
    "facts",
    [
        {"name": ""},
        {"homepage": "acme.example"},
        {"platform": "abacus"},
        {"category": "nonsense"},
        {"color": "red"},
        {"platform": "feed", "options": {"feed": 7}},
        {"platform": "feed", "options": {"api": "rss"}},
        {"options": {"feed": "rss"}},
        {"language": "German"},
        {"language": ""},
        {"previous": [{"platform": "feed"}]},
    ],
)
def test_the_schema_refuses_what_the_program_refuses(facts: dict[str, object]) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(WHOLE | facts, schema(CATEGORIES))


def test_every_vendor_of_ours_is_whole() -> None:
    vendors = read_vendors(DATA / "vendors", read_site(DATA / "site.toml").categories)
    assert "python" in vendors
