"""The pages: what a reader finds on them, and that every link leads somewhere."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin

import msgspec
import pytest
from lxml import etree, html

from generator.errors import BuildError
from generator.exchange import spare_line_of
from generator.model import Kept, Revision
from generator.render.env import Press
from generator.render.site import build
from generator.render.sitemaps import sitemap_index, vendor_sitemap, year_sitemap
from generator.render.years import by_year
from tests.render_archive import (
    CONFIG,
    PYPI,
    Memory,
    at,
    incident,
    keep,
    update,
    vendor,
)

AS_OF = date(2026, 11, 22)
VENDORS = {
    "python": vendor("python", "Python", "package-registry"),
    "acme": vendor("acme", "Acme & <Sons>"),
}
Build = Callable[..., Path]


@pytest.fixture
def site(tmp_path: Path) -> Build:
    def built(*records: Kept, complete: str = "") -> Path:
        archive = Memory(complete={"python": at(complete)} if complete else {})
        archive.run(*records)
        build(archive, VENDORS, CONFIG, tmp_path / "site", AS_OF)
        return tmp_path / "site"

    return built


def read(file: Path) -> html.HtmlElement:
    return html.document_fromstring(file.read_text(encoding="utf-8"))


def words(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def page_of(out: Path, kept: Kept) -> html.HtmlElement:
    return read(out / kept.vendor / f"{kept.slug}.html")


def facts(page: html.HtmlElement) -> dict[str, str]:
    return {
        words(fact.find("dt")): words(fact.find("dd"))
        for fact in page.xpath("//dl[@class='facts']/div")
    }


def test_the_incident_that_began_the_archive(site: Build) -> None:
    page = page_of(site(PYPI), PYPI)
    assert words(page.xpath("//h1")[0]) == "Notice: PyPI Mass CDN Purge"
    assert words(page.xpath("//p[@class='lead']")[0]) == (
        "Minor on Friday 29 July 2022, for 1 h 11 min. "
        "No update says it was resolved; the end is the time of the last update."
    )
    assert facts(page) == {
        "Started": "2022-07-29 15:19 UTCbasis: the time of the first post",
        "Ended": "2022-07-29 16:30 UTCbasis: last update",
        "Duration": "1 h 11 min71 min",
        "Status": "Taken as overlast phase: Monitoring",
    }
    times = page.xpath("//dl//time/@datetime")
    assert times == ["2022-07-29T15:19Z", "2022-07-29T16:30Z"]
    assert words(page.xpath("//ul[@aria-label='Components']")[0]) == "PyPI"
    assert [item.get("id") for item in page.xpath("//ol[@class='timeline']/li")] == [
        "u4", "u3", "u2", "u1",
    ]  # fmt: skip
    assert page.xpath("//ol[@class='timeline']/li//a/@href")[-1] == "#u1"
    source = page.xpath("//aside//a")[0]
    assert (words(source), source.get("href")) == (
        "Python's own page",
        "https://status.python.example",
    )
    assert "First seen here 2022-07-29 15:24 UTC" in words(page.xpath("//aside")[0])


def test_an_open_incident(site: Build) -> None:
    kept = keep("acme", "2026-11-20-api", incident("API", at("2026-11-20 10:00"), None))
    out = site(kept)
    page = page_of(out, kept)
    assert "still open" in words(page.xpath("//p[@class='lead']")[0])
    assert facts(page)["Last word"] == "2026-11-20 10:00 UTCno end stated"
    assert "Duration" not in facts(page)
    for overview in (read(out / "index.html"), read(out / "acme" / "index.html")):
        (card,) = overview.xpath("//article")
        assert "since 2026-11-20 10:00 UTC" in words(card)
        assert words(card).endswith("We are looking into it.")


def test_an_end_that_nobody_states(site: Build) -> None:
    what = replace(incident("API", at("2026-11-20 10:00"), None), end_basis="unstated")
    kept = keep("acme", "2026-11-20-api", what)
    out = site(kept)
    lead = words(page_of(out, kept).xpath("//p[@class='lead']")[0])
    assert lead.endswith("The vendor's page does not say whether it has ended.")
    assert not read(out / "acme" / "index.html").xpath("//article")


def test_times_that_contradict_each_other_give_no_length(site: Build) -> None:
    kept = keep("acme", "2026-11-20-api", incident("API", at("2026-11-20 10:00"), -30))
    page = page_of(site(kept), kept)
    assert facts(page)["Duration"] == "Not knownthe stated end lies before the start"
    assert "for" not in words(page.xpath("//p[@class='lead']")[0])


def test_maintenance_is_kept_apart(site: Build) -> None:
    what = replace(
        incident(
            "Upgrade",
            at("2026-12-01 02:00"),
            None,
            kind="maintenance",
            impact="none",
            updates=(update("1", at("2026-11-20 09:00"), "scheduled", "We will upgrade."),),
        ),
        scheduled_until=at("2026-12-01 04:00"),
    )
    kept = keep("acme", "2026-12-01-upgrade", what)
    out = site(kept, PYPI)
    page = page_of(out, kept)
    assert words(page.xpath("//p[@class='lead']")[0]).startswith("Maintenance planned for Tuesday")
    assert facts(page)["Planned end"] == "2026-12-01 04:00 UTCas announced"
    assert facts(page)["Last word"] == "2026-11-20 09:00 UTC"
    assert facts(page)["Status"] == "Plannedlast phase: Scheduled"
    overview = read(out / "acme" / "index.html")
    assert "Maintenance ahead" in words(overview)
    assert "Latest incidents" not in words(overview)
    assert "Maintenance 1 maintenance window" in words(read(out / "acme" / "2026.html"))
    assert b"Upgrade" not in (out / "acme" / "feed.atom").read_bytes()


def test_an_incident_without_a_title_has_one(site: Build) -> None:
    kept = keep("acme", "2026-11-20-x", incident(" \u202e\n", at("2026-11-20 10:00")))
    out = site(kept)
    assert words(page_of(out, kept).xpath("//h1")[0]) == "Untitled incident"
    assert "Untitled incident" in words(read(out / "acme" / "2026.html"))


def test_what_was_withdrawn_stays_with_a_notice(site: Build) -> None:
    first = keep("acme", "2026-11-10-a", incident("First", at("2026-11-10 10:00")))
    gone = replace(
        keep("acme", "2026-11-11-b", incident("Gone", at("2026-11-11 10:00"))),
        withdrawn_at=at("2026-11-12 08:00"),
    )
    last = keep("acme", "2026-11-12-c", incident("Last", at("2026-11-12 10:00")))
    out = site(first, gone, last)
    notice = words(page_of(out, gone).xpath("//p[@class='notice']")[0])
    assert notice.startswith("Withdrawn. Acme & <Sons> has taken this off its page")
    assert "2026-11-12 08:00 UTC" in notice
    assert "withdrawn" in words(read(out / "acme" / "2026.html"))
    assert beside(page_of(out, last)) == (["First"], [])
    assert beside(page_of(out, first)) == ([], ["Last"])
    assert beside(page_of(out, gone)) == (["First"], ["Last"])


def test_what_was_withdrawn_counts_in_no_total(site: Build) -> None:
    records = [
        keep(
            "acme",
            f"2026-11-{day}-{kind}",
            incident(str(day), at(f"2026-11-{day} 10:00"), kind=kind),
        )
        for day in (10, 11)
        for kind in ("incident", "maintenance")
    ]
    gone = [replace(each, withdrawn_at=at("2026-11-12 08:00")) for each in records[:2]]
    old = keep("acme", "2020-01-01-x", incident("Old", at("2020-01-01 10:00")))
    out = site(replace(old, withdrawn_at=at("2026-11-12 08:00")), *gone, *records[2:])

    def lead(path: str) -> str:
        return words(read(out / path).xpath("//p[@class='lead']")[0])

    assert "on 1 incident since 2026" in lead("index.html")
    assert "1 incident recorded" in lead("category/cloud.html")
    assert "1 incident recorded" in lead("acme/index.html")
    assert lead("acme/2026.html") == (
        "1 incident and 1 maintenance window, newest first, by their start. "
        "2 more listed here, withdrawn by the vendor."
    )
    months = read(out / "acme" / "2026.html").xpath("//h2[@id='m11']/small")
    assert [words(each) for each in months] == ["1 incident"]
    years = read(out / "acme" / "index.html").xpath("//table[@class='years']/tbody/tr")
    assert [[words(cell) for cell in row[:3]] for row in years] == [
        ["2026", "1", "1"],
        ["2020", "0", "0"],
    ]
    (row,) = read(out / "vendors.html").xpath("//tr[th/a/@href='acme/index.html']")
    assert words(row[3]) == "1"
    listed = json.loads((out / "vendors.json").read_bytes())
    assert [each["incidents"] for each in listed] == [1, 0]


def beside(page: html.HtmlElement) -> tuple[list[str], list[str]]:
    before = page.xpath("//h2[@id='before']/following-sibling::ul[1]//a")
    after = page.xpath("//h2[@id='after']/following-sibling::ul[1]//a")
    return [words(link) for link in before], [words(link) for link in after]


def test_the_three_outages_before_and_the_one_after(site: Build) -> None:
    kept = [
        keep("acme", f"2026-11-0{day}-x", incident(f"Day {day}", at(f"2026-11-0{day} 10:00")))
        for day in range(1, 7)
    ]
    out = site(*kept)
    assert beside(page_of(out, kept[4])) == (["Day 4"], ["Day 6"])
    assert beside(page_of(out, kept[0])) == ([], ["Day 2"])
    assert beside(page_of(out, kept[5])) == (["Day 5"], [])


def test_the_words_of_a_vendor_stand_beside_ours_where_they_differ(site: Build) -> None:
    what = replace(
        incident(
            "API",
            at("2026-11-20 10:00"),
            updates=(
                update("1", at("2026-11-20 10:00"), "unknown", "", "verifying"),
                update("2", at("2026-11-20 11:00"), "in_progress", "x", "in_progress"),
            ),
        ),
        impact="unknown",
        impact_raw="SEV-0",
    )
    kept = keep("acme", "2026-11-20-api", what)
    page = page_of(site(kept), kept)
    assert "Impact not stated (“SEV-0”)" in words(page.xpath("//p[@class='lead']")[0])
    assert "“verifying”" in words(page.xpath("//li[@id='u1']/h3")[0])
    assert "“" not in words(page.xpath("//li[@id='u2']/h3")[0])
    assert "No text." in words(page.xpath("//li[@id='u1']")[0])


def test_hostile_words_stay_words(site: Build) -> None:
    evil = "<script>alert(1)</script>"
    what = replace(
        incident(f"\u202e{evil}", at("2026-11-20 10:00"), None, components=(evil,)),
        impact_raw=evil,
        url="javascript:alert(1)",
        regions=(evil,),
    )
    kept = keep("acme", "2026-11-20-evil", what, (Revision(at("2026-11-21 10:00"), "title", evil),))
    out = site(kept)
    for file in out.rglob("*.html"):
        page = read(file)
        assert not page.xpath("//script[not(@src or @type='application/ld+json')]")
        assert not page.xpath("//*[@onerror or @onload or @style]")
        assert not page.xpath("//a[starts-with(@href, 'javascript')]")
    assert words(page_of(out, kept).xpath("//h1")[0]) == evil
    source = page_of(out, kept).xpath("//aside//a/@href")[0]
    assert source == "https://status.acme.example"


def test_a_vendors_overview(site: Build) -> None:
    older = keep("python", "2021-01-02-a", incident("Old", at("2021-01-02 10:00")))
    out = site(PYPI, older, complete="2014-03-01 00:00")
    page = read(out / "python" / "index.html")
    lead = words(page.xpath("//p[@class='lead']")[0])
    assert lead.startswith("Nothing is open in this archive. 2 incidents recorded")
    assert lead.endswith("complete since 2014-03-01, last changed on 2022-07-29.")
    rows = page.xpath("//table[@class='years']/tbody/tr")
    years = [[words(cell) for cell in row] for row in rows]
    assert years == [["2022", "1", "0", "–", "JSON"], ["2021", "1", "0", "–", "JSON"]]
    assert page.xpath("//svg[@role='img']/@aria-label") == [
        "No incident recorded from 25 August 2026 to 22 November 2026",
        "2026, no incident recorded",
    ]
    assert "https://status.python.example" in page.xpath("//a/@href")


def test_a_vendor_without_incidents_and_one_without_a_file(site: Build) -> None:
    stray = keep("stray", "2026-11-20-x", incident("Lost", at("2026-11-20 10:00")))
    out = site(stray)
    assert "Nothing is recorded yet." in words(read(out / "acme" / "index.html"))
    assert words(read(out / "stray" / "index.html").xpath("//h1")[0]) == "stray"
    home = read(out / "index.html")
    assert [words(name) for name in home.xpath("//h3[@id]")] == [
        "Cloud 1", "Package registries 1", "Other 1",
    ]  # fmt: skip


def test_an_empty_archive_is_a_site(tmp_path: Path) -> None:
    build(Memory(), {}, CONFIG, tmp_path, AS_OF)
    assert "Nothing is open" in words(read(tmp_path / "index.html"))
    assert "No incident is recorded yet." in words(read(tmp_path / "index.html"))


def test_years_are_documents(site: Build) -> None:
    later = keep("python", "2022-12-31-b", incident("Later", at("2022-12-31 23:59"), None))
    next_year = keep("python", "2023-01-01-c", incident("Next", at("2023-01-01 00:00")))
    out = site(PYPI, later, next_year)
    text = (out / "api/v1/vendors/python/2022.json").read_text(encoding="utf-8")
    document = json.loads(text)
    assert {key: document[key] for key in ("vendor", "year")} == {"vendor": "python", "year": 2022}
    expected = [spare_line_of(kept) for kept in (PYPI, later)]
    assert document["incidents"] == json.loads(msgspec.json.encode(expected))
    assert len(text.splitlines()) == 2 + len(expected)
    page = read(out / "python" / "2022.html")
    assert [words(head) for head in page.xpath("//h2")] == [
        "December 1 incident",
        "July 1 incident",
        "In figures",
    ]
    assert page.xpath("//a[@rel='next']/@href") == ["2023.html"]
    assert not page.xpath("//a[@rel='prev']")


def test_status_is_the_archives_own(site: Build) -> None:
    kept = keep("acme", "2026-11-20-api", incident("API", at("2026-11-20 10:00"), None))
    status = json.loads((site(kept, PYPI) / "status.json").read_text(encoding="utf-8"))
    assert status["sequence"] == 1
    assert status["changed_at"] == "2026-11-01T13:00:00Z"
    assert status["as_of"] == "2026-11-22"
    assert status["totals"]["incidents"] == 2
    assert list(status["open"]) == ["acme"]
    assert status["open"]["acme"][0]["slug"] == "2026-11-20-api"


def test_sitemaps_name_every_page(site: Build) -> None:
    out = site(PYPI)
    name = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}
    index = etree.parse(out / "sitemap.xml").xpath("//s:loc/text()", namespaces=name)
    found = set()
    for address in index:
        file = out / str(address).removeprefix(CONFIG.address)
        found |= set(map(str, etree.parse(file).xpath("//s:loc/text()", namespaces=name)))
    pages = {file.relative_to(out).as_posix() for file in out.rglob("*.html")}
    pages -= {"404.html", "acme/embed.html", "python/embed.html"}
    assert found == {CONFIG.address + page.removesuffix("index.html") for page in pages}
    robots = (out / "robots.txt").read_text(encoding="utf-8")
    assert f"Sitemap: {CONFIG.address}sitemap.xml" in robots


def test_a_vendor_of_very_many_incidents_has_a_sitemap_a_year() -> None:
    held = Memory()
    held.run(
        keep("acme", "2024-03-01-a", incident("A", at("2024-03-01 10:00"))),
        keep("acme", "2025-03-01-b", incident("B", at("2025-03-01 10:00"))),
        keep("beta", "2025-03-01-c", incident("C", at("2025-03-01 10:00"))),
    )
    site, years = Press(CONFIG, VENDORS).site, by_year(held.kept("acme"))
    index = sitemap_index(site, ("acme", "beta"), held.counts(), full=1).decode()
    assert "/acme/sitemap-2024.xml" in index
    assert "/acme/sitemap-2025.xml" in index
    assert "/beta/sitemap.xml" in index
    assert "/beta/sitemap-2025.xml" not in index
    assert "/acme/2024-03-01-a.html" not in vendor_sitemap(site, "acme", years, {}, 1).decode()
    assert "/acme/2024-03-01-a.html" in vendor_sitemap(site, "acme", years, {}, 2).decode()
    assert "/acme/2024-03-01-a.html" in year_sitemap(site, "acme", years[2024]).decode()


@pytest.fixture
def busy(site: Build) -> Path:
    many = [
        keep("acme", f"2026-0{month}-01-x", incident(f"M{month}", at(f"2026-0{month}-01 10:00")))
        for month in range(1, 9)
    ]
    return site(PYPI, *many)


def test_every_link_leads_to_a_page_and_an_anchor(busy: Path) -> None:
    """Followed as a browser follows them, once from a disk and once below the base path."""
    for root in (busy.as_uri() + "/", CONFIG.address):
        for file in busy.rglob("*.html"):
            here = root + file.relative_to(busy).as_posix()
            page = read(file)
            for link in page.xpath("//@href"):
                address, anchor = urldefrag(urljoin(here, link))
                if not address.startswith(root):
                    continue
                path = unquote(address.removeprefix(root)).partition("?")[0]
                target = busy / (path or "index.html")
                target = target / "index.html" if target.is_dir() else target
                assert target.is_file(), f"{file.name} links to {link}"
                if anchor:
                    assert read(target).xpath("//*[@id=$name]", name=anchor), f"{here} {link}"


def test_the_page_for_lost_readers_works_at_any_depth(busy: Path) -> None:
    page = read(busy / "404.html")
    style = page.xpath("//link[@rel='stylesheet']/@href")[0]
    assert style.startswith("/archive/style.")
    assert page.xpath("//h1/following::a/@href")[0] == "/archive/index.html"
    assert page.xpath("//meta[@name='robots']/@content") == ["noindex"]


def test_every_page_is_well_formed_for_readers_of_all_kinds(busy: Path) -> None:
    for file in busy.rglob("*.html"):
        page = read(file)
        assert len(page.xpath("//h1")) == 1, file
        assert len(page.xpath("//main")) == 1
        assert page.get("lang") == "en"
        assert page.xpath("//title/text()")[0]
        has_nothing_to_skip = file.name == "embed.html"
        assert has_nothing_to_skip or page.xpath("//a[@class='skip']/@href") == ["#content"]
        ids = page.xpath("//@id")
        assert len(ids) == len(set(ids)), f"{file} names an anchor twice"
        policy = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert not page.xpath("//style | //@style")
        assert not page.xpath("//script[not(@src or @type='application/ld+json')]")
        assert file.read_bytes().index(b"charset") < 1024


def test_two_pages_at_one_address_are_refused(tmp_path: Path) -> None:
    archive = Memory()
    twin = keep("acme", "2022", incident("Twin", at("2022-05-01 10:00"), key="twin"))
    archive.run(twin)
    with pytest.raises(BuildError, match=r"acme/2022\.html: acme in 2022 and incident twin"):
        build(archive, VENDORS, CONFIG, tmp_path, AS_OF)


def test_nothing_knows_the_hour_of_the_build(busy: Path) -> None:
    """The records end in 2026-12; the machine's year is on no page."""
    today = date.today().isoformat()  # noqa: DTZ011 - whatever the machine thinks
    for file in busy.rglob("*"):
        if file.is_file() and today != AS_OF.isoformat():
            assert today.encode() not in file.read_bytes(), file
