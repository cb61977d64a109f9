"""Vendor files as strangers may propose them: a sentence each, or a vendor whose pages are safe."""

import json
import random
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from generator.errors import VendorFileError
from generator.model import Vendor
from generator.pipeline.build import build_site
from generator.pipeline.lines import import_lines
from generator.pipeline.places import Places
from generator.pipeline.preview import previewed
from generator.pipeline.update import update
from generator.preview import markdown
from generator.settings import SiteConfig, read_site
from generator.vendors import read_vendor
from generator.vendors.writing import write_text
from tests.test_commit import git

SHORT, LONG = 400, 20_000
FEW, MANY = 6, 120
CATEGORIES = ("ai", "cloud")
# Nobody answers there.
PAGE = "http://127.0.0.1:9"
FILE = """\
name = "Acme"
homepage = "{page}"
status_page = "{page}/status"
platform = "cachet"
category = "ai"
language = "de"

[options]
time_zone = "Europe/Paris"
api = "api/v1"

[[previous]]
status_page = "{page}/before"
platform = "cachet"
until = 2026-11-22
"""
TEXTS = (
    "", " ", "\t", "\n", "\x00", "\x07", "\x1b[2J", "\x7f", "\x85", "\u2028", "\u202e", "\ufeff",
    "\ufffe", "\u200d", "e" + "\u0301" * 300, "x" * 5000, "<script>alert(1)</script>", "]]>", "&",
    '"', "'", "{{ 7 * 7 }}", "{% raw %}", "%s", "../../etc", "a/b", "\\", "-", "=1+1", "@everyone",
    "[x](http://evil.example)", "-->", "data:text/html,x", "javascript:alert(1)", "null", "0",
    "ſ", "İ", "\U0001f469\u200d\U0001f4bb", "\U000e0041", "de", "pt-BR", "x-klingon",
    *(f"{PAGE}{end}" for end in ("", "/", "/a b", "/%", "/%00", "/\x00", "/\r\nX: y", "/?#", "/<")),
    "http://127.0.0.1:99999/", "http://127.0.0.1:x/", "http://a:b@127.0.0.1:9/", "https://[::1/",
    "https://[::1]:9/", "https://..", "https://.", "https:///x", "https://%00/", "http://127.1:9/",
    f"http://{'a' * 70}.invalid/", "http://xn--/", "http://ä\u3002invalid/", "HTTP://127.0.0.1:9",
    "ftp://127.0.0.1/", "//127.0.0.1:9",
)  # fmt: skip
TOKENS = (
    "0", "-1", "9" * 5000, "1e999", "nan", "true", "2026-11-22", "2026-11-22T10:00:00Z",
    "10:00:00", "[]", "{}", '["x"]', '{a = "b"}', "[[[]]]", "[" * 3000, "[" * 3000 + "]" * 3000,
    '"', "'", '"""', '"\\ud800"', "", "=", "0x", "1_", '{a = ' * 2000,
)  # fmt: skip
VALUE = re.compile(r"(?<== ).*$", re.MULTILINE)


def proposed(dice: random.Random) -> bytes:
    """A vendor file with one to three things wrong, or only strange."""
    text = FILE.format(page=PAGE)
    for _ in range(dice.randint(1, 3)):
        text = dice.choice(DEEDS)(text, dice)
    content = text.encode()
    if dice.random() < 0.05:
        at = dice.randrange(len(content))
        content = content[:at] + bytes([dice.randrange(256)]) + content[at + dice.randrange(3) :]
    return content


def _strange_text(text: str, dice: random.Random) -> str:
    """A text of the file is another, or has another in it."""
    strange = dice.choice(TEXTS)
    if dice.random() < 0.5:
        strange = f"Acme{strange}Inc"
    # What is JSON text is TOML text too, but for the one character that JSON does not escape.
    return _in_place(text, json.dumps(strange).replace("\x7f", "\\u007f"), dice)


def _strange_token(text: str, dice: random.Random) -> str:
    return _in_place(text, dice.choice(TOKENS), dice)


def _in_place(text: str, value: str, dice: random.Random) -> str:
    place = dice.choice([*VALUE.finditer(text)] or [re.match("", text)])
    return text if place is None else text[: place.start()] + value + text[place.end() :]


def _other_lines(text: str, dice: random.Random) -> str:
    """A line is gone, twice there, elsewhere, or another key's."""
    lines = text.splitlines()
    place = dice.randrange(len(lines))
    line = lines.pop(place)
    deed = dice.randrange(4)
    if deed == 1:
        lines += [line, line]
    elif deed == 2:
        lines.insert(dice.randrange(len(lines) + 1), line)
    elif deed == 3:
        lines.insert(place, f"{dice.choice(('x', 'slug', 'a.b', '[x]', '[[options]]'))} {line[5:]}")
    return "\n".join(lines) + "\n"


DEEDS = (_strange_text, _strange_text, _strange_text, _strange_token, _other_lines)


def accepted(folder: Path, numbers: range) -> Iterator[Vendor]:
    """Those of the files that are vendors; of each other one, that it is refused in sentences."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in numbers:
        file = folder / f"acme-{number}.toml"
        file.write_bytes(proposed(random.Random(number)))
        try:
            vendor = read_vendor(file, CATEGORIES)
        except VendorFileError as error:
            file.unlink()
            for line in str(error).splitlines():
                assert line.startswith(f"{file}:"), (number, line)
                assert line.isprintable(), (number, line)
                assert len(line) < 1000, (number, line)
            continue
        except Exception as error:
            raise AssertionError(f"{number}: {type(error).__name__}: {error}") from error
        yield vendor


def check(folder: Path, numbers: range) -> None:
    for vendor in accepted(folder, numbers):
        file = folder / f"{vendor.slug}.toml"
        file.write_text(write_text(vendor), encoding="utf-8")
        assert read_vendor(file, CATEGORIES) == vendor, "what is mended is what was meant"
        file.unlink()


def test_any_vendor_file_is_a_vendor_or_a_sentence(tmp_path: Path) -> None:
    check(tmp_path, range(SHORT))


@pytest.mark.torture
def test_so_it_is_with_tens_of_thousands(
    tmp_path: Path, record_property: pytest.FixtureRequest
) -> None:
    check(tmp_path, range(SHORT, LONG))
    record_property("tried", ["vendor files", LONG])  # type: ignore[operator]


def gathered(places: Places, wanted: int, first: int) -> list[Vendor]:
    """So many vendors, a page each."""
    found: dict[str, Vendor] = {}
    for vendor in accepted(places.vendors, range(first, first + 200 * wanted)):
        file = places.vendors / f"{vendor.slug}.toml"
        if vendor.status_page == f"{PAGE}/status":
            vendor = replace(vendor, status_page=f"{PAGE}/{len(found)}")
            file.write_text(write_text(vendor), encoding="utf-8")
        if vendor.status_page in found or vendor.name == "Acme":
            file.unlink()
            continue
        found[vendor.status_page] = vendor
        if len(found) == wanted:
            break
    assert len(found) == wanted
    return list(found.values())


def setting(places: Places) -> SiteConfig:
    places.site.write_text(
        "[categories]\n" + "".join(f'{name} = "{name}"\n' for name in CATEGORIES)
    )
    return read_site(places.site)


def line(vendor: Vendor) -> bytes:
    facts = {
        "vendor": vendor.slug,
        "key": "1",
        "title": "Down",
        "kind": "incident",
        "impact": "major",
        "started_at": "2026-11-20T10:00:00Z",
    }
    return json.dumps(facts).encode() + b"\n"


def lived(tmp_path: Path, wanted: int, first: int) -> None:
    """Strange vendors read, kept and drawn: failures in the report, sound files in the site."""
    places, out = Places(tmp_path / "data"), tmp_path / "site"
    vendors = gathered(places, wanted, first)
    places.site.write_text(
        "[categories]\n" + "".join(f'{name} = "{name}"\n' for name in CATEGORIES)
    )
    config = read_site(places.site)
    report = update(places, vendors, config, allow_loopback=True)
    assert {row.outcome for row in report.rows} == {"failed"}
    import_lines(places, [line(vendor) for vendor in vendors], "lines")
    build_site(places, config, out, as_of=date(2026, 11, 22))
    for file in (each for each in out.rglob("*") if each.is_file()):
        judge(file)


def marked_up(told: Any) -> Iterator[str]:
    """All that a document holds under names that say it is HTML."""
    if isinstance(told, dict):
        yield from (text for name, text in told.items() if name.endswith("_html"))
        told = list(told.values())
    for each in told if isinstance(told, list) else ():
        yield from marked_up(each)


def judge(file: Path) -> None:
    """A file that its readers can read, in which nothing of the name is more than text."""
    content = file.read_bytes()
    # In calendars and JSON a name is plain text, whatever it looks like; what is HTML says so.
    if file.suffix == ".ics":
        content = b""
    elif file.suffix == ".json":
        content = "".join(marked_up(json.loads(content))).encode()
    assert b"<script>alert" not in content, file
    assert b'href="javascript' not in content, file
    if file.suffix in (".xml", ".atom", ".rss", ".svg", ".opml"):
        etree.fromstring(content, etree.XMLParser(resolve_entities=False, huge_tree=True))
    elif file.suffix == ".html":
        assert not re.search(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", content), file


def test_a_strange_vendor_is_read_and_drawn(tmp_path: Path) -> None:
    lived(tmp_path, FEW, 0)


@pytest.mark.torture
def test_so_are_many_strange_vendors(tmp_path: Path) -> None:
    lived(tmp_path, MANY, SHORT)


def tried_out(tmp_path: Path, numbers: range) -> None:
    """A pull request of these files, as its job looks at it."""
    base, proposal = tmp_path / "base", tmp_path / "proposal"
    (base / "data" / "vendors").mkdir(parents=True)
    for root in (base, proposal):
        root.mkdir(exist_ok=True)
    git(proposal, "init", "--quiet", "--initial-branch=main")
    for message, files in (("begin", range(0)), ("propose", numbers)):
        folder = proposal / "data" / "vendors"
        folder.mkdir(parents=True, exist_ok=True)
        for number in files:
            (folder / f"acme-{number}.toml").write_bytes(proposed(random.Random(number)))
        git(proposal, "add", "--all")
        words = ("-c", "user.name=x", "-c", "user.email=x@x", "commit", "--allow-empty", "-qm")
        git(proposal, *words, message)
    places = Places(base / "data")
    seen = previewed(proposal, places, setting(places), tmp_path / "out", allow_loopback=True)
    assert len(seen.files) == len(numbers)
    assert all(one.wrong or one.fault for one in seen.files)
    assert "\x00" not in markdown(seen)


def test_a_proposal_of_strange_files_is_told(tmp_path: Path) -> None:
    tried_out(tmp_path, range(12))


@pytest.mark.torture
def test_so_are_many_proposals(tmp_path: Path) -> None:
    for first in range(SHORT, SHORT + 1000, 50):
        tried_out(tmp_path / str(first), range(first, first + 50))
