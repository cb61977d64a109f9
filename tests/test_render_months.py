"""A vendor's year of too many incidents: its months have pages, and a build keeps them up."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from lxml import html

from generator.model import Kept
from generator.render.months import FULL
from generator.render.site import build
from tests.render_archive import CONFIG, Memory, at, incident, keep, vendor

VENDORS = {"acme": vendor("acme", "Acme")}


def some(number: int, day: str, **said: str) -> Kept:
    start = at(f"{day} 00:00") + timedelta(minutes=number)
    slug = f"{day}-n{number}"
    return keep("acme", slug, incident(f"N{number}", start, 1, **said))  # type: ignore[arg-type]


def page(out: Path, name: str) -> html.HtmlElement:
    return html.document_fromstring((out / "acme" / name).read_text(encoding="utf-8"))


def cells(found: html.HtmlElement) -> list[list[str]]:
    return [
        [" ".join(cell.text_content().split()) for cell in row]
        for row in found.xpath("//table[@class='years']/tbody/tr")
    ]


@pytest.fixture
def archive() -> Memory:
    """As many in 2025 as one page holds, and one in 2024."""
    held = Memory()
    held.run(
        *(some(number, "2025-03-01") for number in range(FULL - 2)),
        some(0, "2025-01-09"),
        some(1, "2025-12-31", kind="maintenance"),
        some(0, "2024-06-01"),
    )
    return held


def test_a_full_year_is_one_page_and_one_more_is_a_page_a_month(
    archive: Memory, tmp_path: Path
) -> None:
    out, clean = tmp_path / "site", tmp_path / "clean"
    as_of = date(2026, 11, 22)
    build(archive, VENDORS, CONFIG, out, as_of)
    assert len(page(out, "2025.html").xpath("//ul[@class='rows']/li")) == FULL
    assert not list(out.glob("acme/2025-[0-9][0-9].html"))
    archive.run(some(5, "2025-01-09"))
    build(archive, VENDORS, CONFIG, out, as_of)
    year = page(out, "2025.html")
    assert not year.xpath("//ul[@class='rows']")
    assert cells(year) == [
        ["December", "0", "1"],
        ["March", str(FULL - 2), "0"],
        ["January", "2", "0"],
    ]
    assert year.xpath("//table[@class='years']//a/@href")[0] == "2025-12.html"
    march = page(out, "2025-03.html")
    assert march.xpath("//h1/text()") == ["Acme, March 2025"]
    assert len(march.xpath("//ul[@class='rows']/li")) == FULL - 2
    assert march.xpath("//ul[@class='ways']//a/@href") == ["2025-01.html", "2025-12.html"]
    assert "/acme/2025-03.html</loc>" in (out / "acme/sitemap.xml").read_text(encoding="utf-8")
    assert not list(out.glob("acme/2024-[0-9][0-9].html"))
    build(archive, VENDORS, CONFIG, clean, as_of)
    files = [file.relative_to(out) for file in out.rglob("*") if file.is_file()]
    assert {file: (out / file).read_bytes() for file in files} == {
        file: (clean / file).read_bytes() for file in files
    }
