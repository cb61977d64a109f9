"""What pages say of themselves to machines: JSON-LD, canonical addresses, cards for links."""

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from lxml import html

from generator.render.linked import address_of, coverage, record
from generator.render.site import build
from tests.render_archive import CONFIG, PYPI, Memory, at, incident, keep, vendor

HOME = CONFIG.address
PAGE = f"{HOME}python/2022-07-29-pypi-mass-cdn-purge.html"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("site")
    evil = "</script><script>alert(1)</script>&'"
    archive = Memory(complete={"python": at("2014-03-01 00:00")})
    archive.run(PYPI, keep("acme", "2026-11-20-evil", incident(evil, at("2026-11-20 10:00"), None)))
    vendors = {"python": vendor("python", "Python"), "acme": vendor("acme")}
    build(archive, vendors, CONFIG, out, date(2026, 11, 22))
    return out


def read(file: Path) -> html.HtmlElement:
    return html.document_fromstring(file.read_bytes())


def nodes(file: Path) -> Mapping[str, dict[str, Any]]:
    """The nodes of a page's graph, by type."""
    (script,) = read(file).xpath("//script[@type='application/ld+json']")
    document = json.loads(script.text)
    assert document["@context"] == "https://schema.org"
    del document["@context"]
    way = document.pop("breadcrumb", None)
    return {node["@type"]: node for node in (document, way) if node}


def test_an_incidents_page_has_a_date_and_a_way_to_it(site: Path) -> None:
    found = nodes(site / "python" / f"{PYPI.slug}.html")
    assert found["WebPage"] == {"@type": "WebPage", "datePublished": "2022-07-29T15:24:00Z"}
    way = found["BreadcrumbList"]["itemListElement"]
    assert [(step["position"], step["name"], step["item"]) for step in way] == [
        (1, "Python", f"{HOME}python/"),
        (2, "2022", f"{HOME}python/2022.html"),
    ]


def test_a_vendors_record_is_a_dataset_with_its_files(site: Path) -> None:
    page = nodes(site / "python" / "index.html")["WebPage"]
    record = page["mainEntity"]
    assert (record["@type"], record["name"]) == ("Dataset", "Incidents of Python")
    assert record["temporalCoverage"] == "2014-03-01T00:00:00Z/.."
    (file,) = record["distribution"]
    assert (site / file["contentUrl"].removeprefix(HOME)).is_file()
    assert "temporalCoverage" not in nodes(site / "acme" / "index.html")["WebPage"]["mainEntity"]


def test_the_first_page_speaks_of_the_site(site: Path) -> None:
    found = nodes(site / "index.html")
    assert list(found) == ["WebSite"]
    assert found["WebSite"]["url"] == HOME
    assert found["WebSite"]["mainEntity"]["@type"] == "Dataset"


def test_every_page_names_itself_once_and_has_a_card(site: Path) -> None:
    for file in site.rglob("*.html"):
        page = read(file)
        cards = {tag.get("property"): tag.get("content") for tag in page.xpath("//meta[@property]")}
        if file.name == "embed.html":
            (home,) = page.xpath("//link[@rel='canonical']/@href")
            assert home == f"{HOME}{file.parent.name}/"
            continue
        if file.name == "404.html":
            assert not cards
            assert not page.xpath("//link[@rel='canonical'] | //script[@type]")
            continue
        path = file.relative_to(site).as_posix().removesuffix("index.html")
        assert page.xpath("//link[@rel='canonical']/@href") == [HOME + path]
        assert cards["og:title"]
        assert cards["og:description"] == page.xpath("//meta[@name='description']/@content")[0]
        assert (site / cards["og:image"].removeprefix(HOME)).is_file()
        found = nodes(file)
        assert found.keys() & {"WebPage", "WebSite", "BreadcrumbList"}
        for step in found.get("BreadcrumbList", {"itemListElement": []})["itemListElement"]:
            there = site / step["item"].removeprefix(HOME).partition("#")[0]
            assert there.is_file() or (there / "index.html").is_file(), step


def test_no_title_ends_the_script(site: Path) -> None:
    text = (site / "acme" / "2026-11-20-evil.html").read_text(encoding="utf-8")
    assert "<script>alert" not in text
    (script,) = read(site / "acme" / "2026-11-20-evil.html").xpath("//script[not(@src)]")
    assert "datePublished" in json.loads(script.text)


@pytest.mark.parametrize(
    ("until", "expected"),
    [
        ("2026-11-20 11:00", "2026-11-20T10:00:00Z/2026-11-20T11:00:00Z"),
        (None, "2026-11-20T10:00:00Z/.."),
        ("2026-11-20 09:00", "2026-11-20T10:00:00Z/.."),
    ],
)
def test_a_span_without_a_sound_end_is_open(until: str | None, expected: str) -> None:
    assert coverage(at("2026-11-20 10:00"), at(until) if until else None) == expected


@pytest.mark.parametrize(
    ("href", "expected"),
    [
        ("2022.html", f"{HOME}python/2022.html"),
        ("index.html", f"{HOME}python/"),
        ("../index.html#open", f"{HOME}#open"),
    ],
)
def test_links_as_public_addresses(href: str, expected: str) -> None:
    assert address_of(PAGE, href) == expected


def test_a_record_that_changed_says_when() -> None:
    seen, changed = at("2026-11-20 10:00"), at("2026-11-21 09:30")
    assert record(seen, seen) == {"datePublished": "2026-11-20T10:00:00Z"}
    assert record(seen, changed)["dateModified"] == "2026-11-21T09:30:00Z"
