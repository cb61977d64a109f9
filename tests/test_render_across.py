"""The pages over all vendors: days, months, categories, services, maintenance, the same time."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree, html

from generator.model import KINDS, Kept, Kind
from generator.render.almanac import Almanac, days_of
from generator.render.overlaps import Brief, Overlap
from generator.render.sametime import SameTime
from generator.render.site import build
from generator.slugs import RESERVED
from tests.render_archive import (
    CONFIG,
    PYPI,
    Memory,
    at,
    incident,
    keep,
    outline,
    update,
    vendor,
)

AS_OF = date(2026, 11, 22)
VENDORS = {
    "python": vendor("python", "Python", "package-registry"),
    "acme": vendor("acme", "Acme"),
    "zeta": vendor("zeta", "Éta"),
    "quiet": vendor("quiet", "Quiet"),
}
Build = Callable[..., Path]
NOON = at("2026-11-10 12:00")
HOUR = 60
DAY = 24 * HOUR
ALL_DAYS = [f"{NOON + timedelta(days=day):%Y-%m-%d}" for day in range(-20, 40)]


@pytest.fixture
def site(tmp_path: Path) -> Build:
    def built(*records: Kept) -> Path:
        archive = Memory()
        archive.run(*records)
        build(archive, VENDORS, CONFIG, tmp_path / "site", AS_OF)
        return tmp_path / "site"

    return built


def read(file: Path) -> html.HtmlElement:
    return html.document_fromstring(file.read_text(encoding="utf-8"))


def words(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def listed(page: html.HtmlElement, section: str) -> list[str]:
    rows = page.xpath("//section[h2/@id=$name]//ul[@class='rows']/li", name=section)
    return [words(row) for row in rows]


def some(slug: str, start: datetime, minutes: int | None = HOUR, of: str = "acme") -> Kept:
    """An incident whose title is its slug's."""
    return keep(of, f"{start:%Y-%m-%d}-{slug}", incident(slug.title(), start, minutes))


@pytest.mark.parametrize(
    ("case", "minutes", "days"),
    [
        ("an hour", HOUR, ["10"]),
        ("over midnight", 13 * HOUR, ["10", "11"]),
        ("to midnight, which is no part of the next day", 12 * HOUR, ["10"]),
        ("an end before its start", -2 * DAY, ["10"]),
        ("seven days", 6 * DAY, ["10", "11", "12", "13", "14", "15", "16"]),
        ("more: the first seven, and the last", 9 * DAY, [*map(str, range(10, 17)), "19"]),
        ("open: to the day of the figures, at most seven", None, [*map(str, range(10, 17))]),
    ],
)
def test_the_days_an_incident_stands_on(case: str, minutes: int | None, days: list[str]) -> None:
    found = days_of(outline(some("x", NOON, minutes)), AS_OF)
    assert [day.removeprefix("2026-11-") for day in found] == days, case


def test_an_open_incident_stands_on_no_day_to_come() -> None:
    opened = outline(some("x", at("2026-11-21 12:00"), None))
    assert days_of(opened, AS_OF) == ["2026-11-21", "2026-11-22"]
    assert days_of(opened, date(2026, 11, 1)) == ["2026-11-21"]


def test_an_end_that_nobody_states_is_the_last_word() -> None:
    what = incident("X", NOON, None, updates=(update("1", at("2026-11-12 09:00"), "update", ""),))
    silent = keep("acme", "x", replace(what, end_basis="unstated"))
    assert days_of(outline(silent), AS_OF) == ["2026-11-10", "2026-11-11", "2026-11-12"]


def test_what_broke_on_a_day(site: Build) -> None:
    planned = keep("zeta", "upgrade", incident("Upgrade", NOON, kind="maintenance", impact="none"))
    gone = replace(some("gone", NOON), withdrawn_at=at("2026-11-11 08:00"))
    out = site(
        some("overnight", at("2026-11-09 23:00"), 14 * HOUR),
        some("whole", at("2026-11-08 10:00"), 3 * DAY, of="zeta"),
        some("short", NOON),
        some("late", at("2026-11-10 23:30"), of="zeta"),
        planned,
        gone,
    )
    page = read(out / "days" / "2026-11-10.html")
    assert words(page.xpath("//h1")[0]) == "What broke on Tuesday 10 November 2026"
    assert words(page.xpath("//p[@class='lead']")[0]).startswith("4 incidents of 2 services:")
    assert words(page.xpath("//p[@class='tallies']")[0]) == "4 Minor"
    assert listed(page, "began") == [
        "12:00–13:00 ShortAcme Minor 1 h",
        "from 23:30 LateÉta Minor 1 h",
    ]
    assert listed(page, "continued") == [
        "all day WholeÉta Minor 3 d",
        "until 13:00 OvernightAcme Minor 14 h",
    ]
    assert listed(page, "maintenance") == ["12:00–13:00 UpgradeÉta Maintenance 1 h"]
    assert page.xpath("//a[@rel='prev']/@href") == ["2026-11-09.html"]
    assert page.xpath("//a[@rel='next']/@href") == ["2026-11-11.html"]
    crumbs = page.xpath("//nav[@class='crumbs']//a/@href")
    assert crumbs == ["../index.html", "index.html", "2026-11.html"]


def test_a_day_with_maintenance_alone_has_no_page(site: Build) -> None:
    out = site(PYPI, keep("acme", "x", incident("Upgrade", NOON, kind="maintenance")))
    assert sorted(file.name for file in (out / "days").iterdir()) == [
        "2022-07-29.html",
        "2022-07.html",
        "index.html",
    ]


def test_a_month_is_a_calendar_and_a_list(site: Build) -> None:
    many = [some(f"n{number}", at("2026-11-30 10:00"), 2 * DAY) for number in range(7)]
    out = site(*many, PYPI)
    page = read(out / "days" / "2026-11.html")
    weeks = page.xpath("//table[@class='calendar']/tbody/tr")
    assert [len(week.xpath("td")) for week in weeks] == [7] * 6
    assert words(weeks[0]) == "1"
    (day,) = page.xpath("//table[@class='calendar']//a")
    assert day.get("href") == "2026-11-30.html"
    assert day.xpath("normalize-space(span[@class='aloud'])") == "2026-11-30: 7 incidents, minor"
    seen = day.xpath("span[@aria-hidden]")
    assert [words(part) for part in seen] == ["30", "7"]
    assert [words(head) for head in page.xpath("//h2")] == ["30 November 2026 7 incidents began"]
    assert len(page.xpath("//ul[@class='rows']/li")) == 5
    assert "2 more on 30 November 2026" in words(page.xpath("//main")[0])
    assert "each day's gravest come first" in words(page.xpath("//p[@class='lead']")[0])
    # What began in November still goes on: December has a page, and nothing began in it.
    later = read(out / "days" / "2026-12.html")
    assert words(later.xpath("//p[@class='lead']")[0]).startswith("0 incidents began.")
    assert not later.xpath("//h2")
    index = read(out / "days" / "index.html")
    assert [words(head) for head in index.xpath("//h2")] == ["2026 7 incidents", "2022 1 incident"]


def test_a_category_shows_its_services(site: Build) -> None:
    out = site(some("api", NOON, None), some("old", at("2026-10-01 10:00"), of="zeta"), PYPI)
    page = read(out / "category" / "cloud.html")
    assert words(page.xpath("//p[@class='lead']")[0]) == "1 open. 3 services, 2 incidents recorded."
    assert len(page.xpath("//article")) == 1
    rows = [[words(cell) for cell in row] for row in page.xpath("//table/tbody/tr")]
    assert rows == [
        ["Acme", "1 open", "1", "2026-11-10"],
        ["Éta", "unknown", "1", "2026-10-01"],
        ["Quiet", "unknown", "0", "none"],
    ]
    assert [row.split()[2] for row in listed(page, "latest")] == ["UTC", "UTC"]
    assert "PyPI" not in words(page)


def test_all_services_from_a_to_z(site: Build) -> None:
    page = read(site(keep("127", "x", incident("X", NOON))) / "vendors.html")
    assert [words(head) for head in page.xpath("//h2")] == ["#", "A", "E", "P", "Q"]
    assert page.xpath("//a[@href='#letter-other']")
    assert page.xpath("//td/a/@href")[1] == "category/cloud.html"


def test_maintenance_ahead_under_way_and_behind(site: Build) -> None:
    def planned(slug: str, start: str, minutes: int | None, phase: str = "") -> Kept:
        told = update("1", at("2026-11-01 10:00"), "in_progress" if phase else "scheduled", "")
        what = incident(slug, at(start), minutes, kind="maintenance", updates=(told,))
        return keep("acme", slug, replace(what, scheduled_until=at("2026-12-02 04:00")))

    out = site(
        planned("Ahead", "2026-12-01 02:00", None),
        planned("Today", "2026-11-22 23:00", None),
        planned("Silent", "2026-11-20 02:00", None),
        planned("Done", "2026-11-19 02:00", 90),
        planned("Working", "2026-11-18 02:00", None, "in_progress"),
        planned("Forgotten", "2026-09-18 02:00", None),
        planned("Ancient", "2026-09-18 02:00", 60),
    )
    page = read(out / "maintenance.html")
    titles = {
        section: page.xpath("//section[h2/@id=$name]//li//a/text()", name=section)
        for section in ("now", "ahead", "behind")
    }
    assert titles == {"now": ["Working"], "ahead": ["Today", "Ahead"], "behind": ["Silent", "Done"]}
    assert "planned until 2026-12-02 04:00 UTC" in listed(page, "ahead")[1]


def test_the_first_page_puts_what_is_grave_first_and_what_is_forgotten_last(site: Build) -> None:
    grave = keep(
        "zeta", "2026-11-20-grave", incident("Grave", at("2026-11-20 10:00"), None, impact="major")
    )
    newest = some("newest", at("2026-11-22 10:00"), None)
    forgotten = some("forgotten", at("2026-01-01 10:00"), None)
    page = read(site(grave, newest, forgotten, PYPI) / "index.html")
    assert page.xpath("//article//h3/a/text()") == ["Grave", "Newest"]
    assert re.search(
        r"Open now 3, as of \d{4}-\d\d-\d\d \d\d:\d\d", words(page.xpath("//*[@id='open']")[0])
    )
    assert words(page.xpath("//details/summary")[0]) == "1 left open for more than 30 days"
    assert words(page.xpath("//*[@id='latest']")[0]) == "The last days each day's gravest first"
    assert [words(head) for head in page.xpath("//section[h2/@id='latest']//h3")] == [
        "22 November 2026 1 incident began",
        "21 November 2026",
        "20 November 2026 1 incident began",
        "Before that",
    ]
    assert listed(page, "latest")[2:] == [
        "2026-01-01 10:00 UTC ForgottenAcme Minor Open",
        "2022-07-29 15:19 UTC Notice: PyPI Mass CDN PurgePython Minor 1 h 11 min",
    ]


@given(
    st.lists(
        st.tuples(
            st.integers(-400, 200),
            st.none() | st.integers(-50, 500),
            st.sampled_from(["acme", "zeta"]),
            st.sampled_from(KINDS),
        ),
        max_size=40,
    )
)
def test_an_almanac_tells_what_the_archive_holds(
    told: list[tuple[int, int | None, str, Kind]],
) -> None:
    archive = Memory()
    for place, (hours, lasted, of, kind) in enumerate(told):
        start = NOON + timedelta(hours=hours)
        made = some(f"x{place}", start, lasted and lasted * HOUR, of)
        archive.run(replace(made, incident=replace(made.incident, kind=kind)))
    held = list(archive.outlines())
    stands = {day: [each for each in held if day in days_of(each, AS_OF)] for day in ALL_DAYS}
    begin = {day for day in ALL_DAYS if any(each.kind == "incident" for each in stands[day])}
    whole = Almanac(archive, AS_OF)
    # A site of another past: it had incidents on one day more, and on the first none.
    touched = {max(ALL_DAYS), *sorted(begin)[:1]}
    for almanac in (whole, Almanac(archive, AS_OF, (begin - touched) | {max(ALL_DAYS)}, touched)):
        assert almanac.days == sorted(begin)
        for day in ALL_DAYS:
            assert almanac.on(day) == stands[day]
            began = [each for each in stands[day] if each.started_at[:10] == day]
            assert almanac.began_on(day) == [each for each in began if each.kind == "incident"]
        assert almanac.started("2026-11-09T12", "2026-11-12T12") == [
            each for each in held if "2026-11-09T12" <= each.started_at < "2026-11-12T12"
        ]
        endless_or_late = [e for e in held if e.ended_at is None or e.started_at >= "2026-11-15"]
        assert almanac.recent("2026-11-15") == endless_or_late
        latest = [each for each in held[::-1] if each.kind == "incident"]
        assert list(almanac.latest()) == latest


def test_at_the_same_time(site: Build) -> None:
    own = some("own", NOON, 2 * HOUR)
    out = site(own, some("other", NOON + timedelta(hours=1), 9 * HOUR, of="zeta"))
    page = read(out / "acme" / f"{own.slug}.html")
    (other,) = page.xpath("//h2[@id='meanwhile']/following-sibling::ul[1]/li")
    assert words(other) == "Éta Other Minorboth for 1 h"
    assert other.xpath("a/@href") == ["../zeta/2026-11-10-other.html"]


def together(own: Kept, *others: Kept) -> Sequence[Overlap]:
    records = sorted([own, *others], key=lambda kept: kept.incident.started_at)
    held = Memory()
    held.run(*records)
    return SameTime(Almanac(held, AS_OF)).of(own)


@pytest.mark.parametrize(
    ("case", "own", "other", "hours"),
    [
        ("both are over", 2 * HOUR, (-1, 2), [1]),
        ("one still goes on", 2 * HOUR, (-1, None), [2]),
        ("both still going on", None, (-1, None), [None]),
        ("open for eight days before", 2 * HOUR, (-8 * 24, None), []),
        ("open for almost seven days before", 2 * HOUR, (-7 * 24 + 1, None), [2]),
        ("twenty days, of which seven count", 2 * HOUR, (-24, 20 * 24), [2]),
        ("both for twenty days", 20 * DAY, (0, 20 * 24), [480]),
    ],
)
def test_an_incident_counts_with_its_first_seven_days(
    case: str, own: int | None, other: tuple[int, int | None], hours: list[int | None]
) -> None:
    after, lasts = other
    beside = some(
        "b", NOON + timedelta(hours=after), None if lasts is None else lasts * HOUR, of="zeta"
    )
    found = [each.length for each in together(some("a", NOON, own), beside)]
    expected = [None if hour is None else timedelta(hours=hour) for hour in hours]
    assert found == expected, case


def test_planned_and_withdrawn_have_nothing_at_the_same_time() -> None:
    beside = some("b", NOON, of="zeta")
    assert not together(keep("acme", "a", incident("A", NOON, kind="maintenance")), beside)
    assert not together(replace(some("a", NOON), withdrawn_at=NOON), beside)
    assert not together(some("a", NOON), replace(beside, vendor="acme"))


def test_blocks_of_days_have_no_seams() -> None:
    """Two incidents a minute apart overlap wherever in the year they lie."""
    start = at("2026-01-01 23:59")
    for day in range(130):
        begin = start + timedelta(days=day)
        (found,) = together(some("a", begin), some("b", begin + timedelta(minutes=2), of="zeta"))
        assert isinstance(found.other, Brief)
        assert found.length == timedelta(minutes=58)


def test_sitemaps_of_lists_say_when_a_category_changed(site: Build) -> None:
    out = site(PYPI, some("x", at("2022-07-30 10:00")))
    name = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}
    tree = etree.parse(out / "sitemap-lists.xml")
    changed = {
        str(url.findtext("s:loc", "", name)): str(url.findtext("s:lastmod", "", name))
        for url in tree.findall(".//s:url", name)
    }
    # What left a day is not on it any more, and would be missed.
    assert changed[f"{CONFIG.address}days/2022-07-29.html"] == ""
    assert changed[f"{CONFIG.address}category/package-registry.html"] == "2022-07-29T15:24:00Z"


def test_no_vendor_can_have_the_name_of_a_page_of_the_site(site: Build) -> None:
    folders = {entry.name for entry in site(PYPI).iterdir() if entry.is_dir()}
    assert folders - set(VENDORS) <= RESERVED
