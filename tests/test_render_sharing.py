"""Badges, the list for other pages, and the page that offers what can be taken of a vendor."""

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from lxml import etree, html

from generator.model import Health, Kept
from generator.render.badges import COLOURS, width
from generator.render.site import build
from generator.settings import SiteConfig
from tests.described import described, faults_of
from tests.render_archive import CONFIG, Memory, at, incident, keep, vendor

AS_OF = date(2026, 11, 22)
ACME = vendor("acme", "R&D [x]")
READ = Health(ACME, read_at=at("2026-11-22 09:00"))
FAILING = replace(READ, failing_since=at("2026-11-22 09:15"), fault="slow")
OLD = replace(READ, read_at=at("2026-11-20 23:59"))
PAGE = "https://example.org/archive/acme/"


def told(day: str, minutes: int | None = 60, **facts: Any) -> Kept:
    return keep("acme", f"{day}-x", incident("X", at(f"{day} 10:00"), minutes, **facts))


def site(out: Path, *kept: Kept, health: Health | None = READ, config: SiteConfig = CONFIG) -> Path:
    archive = Memory()
    archive.run(*kept)
    build(archive, {"acme": ACME}, config, out, AS_OF, health=None if health is None else [health])
    return out / "acme"


def badge(folder: Path, name: str) -> tuple[str, str]:
    """What it says to programs, and its title; both of its forms say the same."""
    document = json.loads((folder / "badge" / f"{name}.json").read_bytes())
    picture = etree.fromstring((folder / "badge" / f"{name}.svg").read_bytes())
    title, *texts = picture.xpath("//*[local-name()='title' or local-name()='text']")
    assert [text.text for text in texts] == [document["label"], document["message"]]
    assert title.text == picture.get("aria-label")
    assert picture.get("role") == "img"
    return document["message"], title.text.removeprefix("R&D [x]: ")


OPEN = told("2026-11-20", None, impact="major")
AGO = told("2026-08-25")  # the first of ninety days
BEFORE = told("2026-08-24")


@pytest.mark.parametrize(
    ("kept", "health", "name", "message", "title"),
    [
        ([AGO], READ, "state", "nothing open", "nothing open, as of 2026-11-22"),
        ([OPEN, AGO], READ, "state", "1 open, major", "1 open, major, as of 2026-11-22"),
        ([AGO], READ, "last", "last incident 2026-08-25", "last incident 2026-08-25, as of"),
        ([], READ, "last", "no incident recorded", "no incident recorded, as of 2026-11-22"),
        ([AGO, BEFORE], READ, "incidents", "1 incident in 90 days", "1 incident in 90 days, as of"),
        ([BEFORE], READ, "incidents", "0 incidents in 90 days", "0 incidents in 90 days, as of"),
        ([AGO], FAILING, "state", "not read since 2026-11-22", "not read since 2026-11-22, as of"),
        ([AGO], OLD, "state", "not read since 2026-11-20", "not read since 2026-11-20, as of"),
        ([AGO], None, "state", "not read yet", "not read yet, as of 2026-11-22"),
        ([AGO], Health(ACME), "state", "not read yet", "not read yet, as of 2026-11-22"),
        ([BEFORE], OLD, "incidents", "not read since 2026-11-20", "not read since 2026-11-20, as"),
        ([], OLD, "last", "not read since 2026-11-20", "not read since 2026-11-20, as of"),
        (
            [OPEN],
            OLD,
            "state",
            "1 open, major",
            "1 open, major; its page was last read on 2026-11-20",
        ),
    ],
)
def test_what_a_badge_says(
    tmp_path: Path,
    kept: Sequence[Kept],
    health: Health | None,
    name: str,
    message: str,
    title: str,
) -> None:
    said, whole = badge(site(tmp_path, *kept, health=health), name)
    assert said == message
    assert whole.startswith(title)
    assert list(faults_of(tmp_path)) == []


@pytest.mark.parametrize("health", [FAILING, OLD, Health(ACME), None])
def test_a_badge_of_an_unread_page_is_grey(tmp_path: Path, health: Health | None) -> None:
    folder = site(tmp_path, OPEN, health=health)
    for name in ("state", "last", "incidents"):
        document = json.loads((folder / "badge" / f"{name}.json").read_bytes())
        assert (document["color"], document["isError"]) == (COLOURS["unknown"], True)


def luminance(colour: str) -> float:
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("colour", COLOURS.values(), ids=COLOURS)
def test_white_text_is_readable_on_every_colour(colour: str) -> None:
    assert 1.05 / (luminance(colour) + 0.05) >= 4.5


def test_a_text_takes_room_by_its_letters() -> None:
    assert width("iii") < width("eee") < width("MMM") < width("三三三")
    assert width("é") == width("e\u0301")


def page(folder: Path, name: str) -> html.HtmlElement:
    return html.document_fromstring((folder / name).read_bytes())


def test_the_list_for_other_pages_shows_the_newest_and_runs_nothing(tmp_path: Path) -> None:
    many = [told(f"2026-11-{day:02}") for day in range(1, 10)]
    gone = replace(told("2026-11-19"), withdrawn_at=at("2026-11-19 12:00"))
    found = page(site(tmp_path, *many, gone, OPEN), "embed.html")
    assert found.xpath("//ul[@class='rows']//a/@href") == [
        f"2026-11-{day:02}-x.html" for day in (20, 9, 8, 7, 6)
    ]
    assert not found.xpath("//script")
    assert found.xpath("//base/@target") == ["_blank"]
    (policy,) = found.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    assert policy.startswith("default-src 'none'; style-src 'self'")


def test_the_lines_to_copy_are_whole(tmp_path: Path) -> None:
    found = page(site(tmp_path, AGO), "data.html")
    lines = [text.text_content() for text in found.xpath("//pre")]
    assert lines[0] == PAGE
    assert f"[![R&D (x): What is open]({PAGE}badge/state.svg)]({PAGE})" in lines
    assert f"{PAGE}badge/last.json" in lines
    (frame,) = html.fragment_fromstring(lines[-1], create_parent=True).xpath("iframe")
    assert (frame.get("src"), frame.get("title")) == (
        f"{PAGE}embed.html",
        "R&D [x]: latest incidents",
    )
    (picture, *_) = found.xpath("//img")
    assert picture.get("alt") == "R&D [x]: What is open"
    assert "data.html" in page(tmp_path / "acme", "index.html").xpath("//a/@href")


@pytest.mark.parametrize(
    ("part", "gone", "stays"),
    [("badges", "badge/state.svg", "api/v2/status.json"), ("statuspage", "api/v2", "badge")],
)
def test_what_a_site_does_without(tmp_path: Path, part: str, gone: str, stays: str) -> None:
    config = replace(CONFIG, parts={part: False})
    site(tmp_path, AGO)
    folder = site(tmp_path, AGO, config=config)
    assert not (folder / gone).exists()
    assert (folder / stays).exists()
    assert gone.partition("/")[0] not in " ".join(described(tmp_path)["paths"]).split("/{vendor}/")
    assert not re.search(rf"/{gone}", (folder / "data.html").read_text(encoding="utf-8"))
    assert list(faults_of(tmp_path)) == []


def test_a_badge_moves_with_the_day(tmp_path: Path) -> None:
    archive = Memory()
    archive.run(AGO)
    said = []
    for days in (0, 1):
        health = [replace(READ, read_at=at("2026-11-22 09:00") + timedelta(days=days))]
        as_of = AS_OF + timedelta(days=days)
        build(archive, {"acme": ACME}, CONFIG, tmp_path, as_of, health=health)
        said.append(badge(tmp_path / "acme", "incidents")[0])
    assert said == ["1 incident in 90 days", "0 incidents in 90 days"]
