"""The picture of a vendor: small, the same everywhere, and drawn again only for a reason."""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from generator.model import Impact, Kept
from generator.render.picture import BARS, BASE, HEIGHT, MARGIN, MONTHS, WIDTH, picture
from generator.render.site import build
from tests.render_archive import CONFIG, Memory, at, incident, keep, vendor

COLOURS = {colour: impact for impact, colour in BARS.items()}
ROOM = (WIDTH - 2 * MARGIN) / MONTHS


def drawn(kept: Iterable[Kept] = (), name: str = "Acme") -> bytes:
    return picture(name, "acme", "Cloud · 1 incident recorded", "Outage Archive", kept)


def image(content: bytes) -> Image.Image:
    return Image.open(BytesIO(content)).convert("RGB")


def kept(month: str, impact: Impact = "minor") -> Kept:
    return keep("acme", f"{month}-01-x", incident("x", at(f"{month}-01 10:00"), impact=impact))


def bars(records: Iterable[Kept]) -> list[tuple[Impact | None, int]]:
    """What stands in each month, oldest first: the impact of its colour, and its height."""
    found = image(drawn(records))
    places = [int(MARGIN + (at + 0.4) * ROOM) for at in range(MONTHS)]
    return [
        (
            COLOURS[found.getpixel((x, BASE))],  # type: ignore[index]
            sum(found.getpixel((x, y)) in COLOURS for y in range(BASE + 1)),
        )
        for x in places
    ]


def test_a_bar_is_as_tall_as_its_months_incidents_and_as_bad_as_the_worst() -> None:
    found = bars([kept("2026-08"), kept("2026-10", "major"), kept("2026-10"), kept("2026-11")])
    assert [impact for impact, _ in found[-4:]] == ["minor", None, "major", "minor"]
    heights = [height for _, height in found[-4:]]
    assert heights[1] < heights[0] == heights[3] < heights[2]
    assert all(impact is None for impact, _ in found[:-4])


def test_maintenance_and_what_was_withdrawn_are_no_bars() -> None:
    planned = replace(
        kept("2026-11"), incident=replace(kept("2026-11").incident, kind="maintenance")
    )
    gone = replace(kept("2026-10"), withdrawn_at=at("2026-11-01 00:00"))
    assert {impact for impact, _ in bars([planned, gone, kept("2026-09")])} == {None, "minor"}


@pytest.mark.parametrize(
    "name", ["Acme", "Café Réseau", "W" * 200, "状态", "статус", "\u202eevil", "🦆", "", "\x00"]
)
def test_every_name_makes_a_picture_of_the_size_that_readers_expect(name: str) -> None:
    content = drawn([kept("2026-11")], name)
    assert image(content).size == (WIDTH, HEIGHT)
    assert len(content) < 16_000


def test_a_name_that_the_font_lacks_is_written_as_its_slug() -> None:
    assert drawn(name="状态") == drawn(name="acme") != drawn(name="Acme")


def test_the_same_record_gives_the_same_bytes() -> None:
    assert drawn([kept("2026-11")]) == drawn([kept("2026-11")])


def test_a_new_day_or_another_vendor_leaves_it_alone(tmp_path: Path) -> None:
    vendors = {"acme": vendor("acme"), "beta": vendor("beta")}
    archive = Memory()
    archive.run(kept("2026-10"), replace(kept("2026-10"), vendor="beta"))
    build(archive, vendors, CONFIG, tmp_path, date(2026, 11, 22))
    card = tmp_path / "acme" / "card.png"
    before = (card.read_bytes(), card.stat().st_mtime_ns)
    archive.run(replace(kept("2026-11"), vendor="beta"))
    build(archive, vendors, CONFIG, tmp_path, date(2027, 1, 22))
    assert (card.read_bytes(), card.stat().st_mtime_ns) == before
    archive.run(kept("2026-11"))
    build(archive, vendors, CONFIG, tmp_path, date(2027, 1, 22))
    assert card.read_bytes() != before[0]


def luminance(colour: str) -> float:
    shares = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (
        share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("impact", ["none", "minor", "major", "critical"])
@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_a_bar_is_told_from_the_paper_as_the_guidelines_ask(impact: str, theme: int) -> None:
    style = (Path(__file__).parents[1] / "templates" / "style.css").read_text(encoding="utf-8")
    colours = dict(re.findall(r"--([a-z-]+): light-dark\((#\w{6}, #\w{6})\)", style))
    paper, bar = (
        luminance(colours[name].split(", ")[theme]) for name in ("paper", f"bar-{impact}")
    )
    # WCAG 2.2, 1.4.11.
    assert (max(paper, bar) + 0.05) / (min(paper, bar) + 0.05) >= 3
    if not theme and impact in BARS:
        assert colours[f"bar-{impact}"].startswith("#" + bytes(BARS[impact]).hex())
