"""A vendor's record in figures: its calendar, its components, its habits, side by side."""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from generator.model import Impact, Kept, Revision, Update
from generator.render.almanac import Almanac
from generator.render.components import MOST, NEWEST, parts_of, slug_of, slugs_ever, with_page
from generator.render.conduct import conduct
from generator.render.env import Press
from generator.render.feeds.dates import Readings
from generator.render.figures import of_year, overview
from generator.render.heat import heat
from generator.render.pages import vendor_pages
from generator.render.sametime import SameTime
from generator.render.site import build
from generator.render.spans import Window
from generator.render.stats import days, started
from generator.render.words import percent
from tests.render_archive import CONFIG, Memory, at, incident, keep, vendor

AS_OF = date(2026, 11, 22)
START = at("2026-01-01 10:00")
OLD = "2012-05-01 10:00"
VENDORS = {"acme": vendor("acme"), "beta": vendor("beta"), "idle": vendor("idle", category="odd")}
Build = Callable[..., Path]


def some(
    count: int,
    *,
    of: str = "acme",
    start: str = "2025-03-01 10:00",
    components: tuple[str, ...] = (),
) -> list[Kept]:
    """So many incidents a day apart, the n-th of n hours."""
    first = at(start)
    return [
        keep(
            of,
            f"i{n}",
            incident(f"I{n}", first + timedelta(days=n), 60 * n, components=components),
        )
        for n in range(1, count + 1)
    ]


@pytest.fixture
def site(tmp_path: Path) -> Build:
    def built(*records: Kept, as_of: date = AS_OF) -> Path:
        archive = Memory()
        archive.run(*records)
        build(archive, VENDORS, CONFIG, tmp_path / "site", as_of)
        return tmp_path / "site"

    return built


def read(file: Path) -> html.HtmlElement:
    return html.document_fromstring(file.read_text(encoding="utf-8"))


def words(element: html.HtmlElement) -> str:
    return " ".join(" ".join(element.itertext()).split())


def table(page: html.HtmlElement, name: str) -> list[list[str]]:
    return [
        [words(cell) for cell in row] for row in page.xpath(f"//table[@class='{name}']/tbody/tr")
    ]


# The calendar of a year.


def calendar(*kept: Kept, year: int = 2026, since: date | None = date(2020, 1, 1)):  # type: ignore[no-untyped-def]
    return heat(year, days(kept, Window.of_year(year, AS_OF)), since)


@pytest.mark.parametrize(
    ("day", "corner"),
    [
        ("2026-01-01", "M0 30"),  # a Thursday
        ("2026-01-04", "M0 60"),
        ("2026-01-05", "M10 0"),
        ("2026-11-22", "M460 60"),  # the last day so far, a Sunday
    ],
)
def test_a_day_stands_in_the_column_of_its_week(day: str, corner: str) -> None:
    drawn = calendar(keep("acme", "x", incident("x", at(f"{day} 10:00"), impact="critical")))
    (shape,) = drawn.shapes
    assert (shape.mark, shape.outline) == ("critical", f"{corner}h9v9h-9z")


def test_a_calendar_says_what_it_shows_the_gravest_first() -> None:
    impacts: tuple[Impact, ...] = ("none", "minor", "major", "critical", "unknown")
    kept = [
        keep("acme", impact, incident(impact, at(f"2026-02-0{n} 10:00"), impact=impact))
        for n, impact in enumerate(impacts, start=1)
    ]
    work = incident("work", at("2026-03-01 10:00"), kind="maintenance")
    drawn = calendar(*kept, keep("acme", "w", work))
    marks = [shapes.mark for shapes in drawn.shapes]
    assert marks == ["critical", "major", "minor", "unknown", "none", "maintenance"]
    assert len({shapes.outline.partition("h")[2] for shapes in drawn.shapes}) > 1
    assert drawn.summary == (
        "2026, critical: 1 day; Major: 1 day; Minor: 1 day; Impact not stated: 1 day; "
        "No impact: 1 day; Maintenance: 1 day"
    )
    assert calendar().summary == "2026, no incident recorded"


def cells(outline: str) -> set[tuple[int, int]]:
    """The days that an outline of rectangles covers, by week and weekday."""
    found = [
        tuple(map(int, sides)) for sides in re.findall(r"M(\d+) (\d+)h(\d+)v(\d+)H\1z", outline)
    ]
    return {
        (left // 10 + week, top // 10 + day)
        for left, top, width, height in found
        for week in range((width + 1) // 10)
        for day in range((height + 1) // 10)
    }


@pytest.mark.parametrize(
    ("since", "blank"),
    [
        (None, 326),
        (date(2026, 1, 1), 0),
        (date(2026, 1, 2), 1),
        (date(2026, 3, 1), 59),
        (date(2026, 11, 21), 324),
        (date(2027, 1, 1), 326),
    ],
)
def test_days_before_the_record_are_no_quiet_days(since: date | None, blank: int) -> None:
    drawn = calendar(since=since)
    year = [divmod(place, 7) for place in range(3, 3 + 326)]  # from a Thursday on
    assert cells(drawn.blank) == set(year[:blank])
    assert cells(drawn.quiet) == set(year[blank:])


def test_a_day_with_a_shape_lies_on_paper() -> None:
    drawn = calendar(
        *(keep("acme", day, incident("x", at(f"2026-{day} 10:00"))) for day in ("01-05", "01-01"))
    )
    assert drawn.taken == "M0 30h9v9h-9zM10 0h9v9h-9z"


@pytest.mark.parametrize(("year", "columns"), [(2026, 53), (2012, 54), (2018, 53)])
def test_a_calendar_is_as_wide_as_the_weeks_of_its_year(year: int, columns: int) -> None:
    assert calendar(year=year).width == columns * 10 - 1


# Components.


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("API", "api"),
        ("Git Operations", "git-operations"),
        ("git-operations", "git-operations"),
        ("Europe (Frankfurt): API/v2", "europe-frankfurt-api-v2"),
        ("São Paulo", "sao-paulo"),
        ("Customers' pages", "customers-pages"),
    ],
)
def test_a_name_is_its_own_path(name: str, slug: str) -> None:
    assert slug_of(name) == slug


@pytest.mark.parametrize("names", [("C", "C++", "C#"), ("東京", "大阪"), ("x" * 70, "x" * 71)])
def test_what_a_path_would_lose_is_told_apart(names: Sequence[str]) -> None:
    assert len({slug_of(name) for name in names}) == len(names)


NAMES = st.text(st.sampled_from("aAbB1 -+#é東\u200b"), max_size=8)


@given(st.lists(st.lists(NAMES, max_size=3, unique=True), max_size=8), NAMES)
def test_no_component_moves_another(lists: list[list[str]], other: str) -> None:
    kept = [
        keep("acme", f"i{n}", incident("x", at("2026-01-01 10:00"), components=tuple(names)))
        for n, names in enumerate(lists)
    ]
    more = keep("acme", "more", incident("x", at("2025-01-01 10:00"), components=(other,)))
    before = {slug_of(name) for names in lists for name in names}
    assert {part.slug for part in parts_of(kept)} == before
    assert {part.slug for part in parts_of([more, *kept])} == before | {slug_of(other)}
    assert all(re.fullmatch("[a-z0-9-]+", slug) for slug in before)


def test_spellings_are_one_component_under_the_usual_one() -> None:
    spellings = ("api", "API", "API", "Api")
    kept = [
        keep("acme", f"i{n}", incident("x", at("2026-01-01 10:00"), components=(name, "Web")))
        for n, name in enumerate(spellings)
    ]
    gone = replace(kept[0], slug="gone", withdrawn_at=at("2026-01-02 10:00"))
    assert [(part.name, len(part.kept)) for part in parts_of([*kept, gone])] == [
        ("API", 4),
        ("Web", 4),
    ]


def test_pages_are_of_the_most_affected_with_a_history() -> None:
    kept = [
        keep(
            "acme",
            f"i{n}-{again}",
            incident("x", at("2026-01-01 10:00"), components=(f"C{n:02}", f"once-{n}-{again}")),
        )
        for n in range(MOST + 5)
        for again in range(3 if n == MOST else 2)
    ]
    paged = with_page(parts_of(kept))
    assert [part.name for part in paged] == [
        f"C{MOST}",
        *(f"C{n:02}" for n in range(MOST - 1)),
    ]


def test_what_an_incident_named_before_is_remembered() -> None:
    edits = tuple(
        Revision(at("2026-01-01 11:00"), "components", before)
        for before in ('["Web","API"]', "", "not ours", "{}")
    )
    kept = keep("acme", "x", incident("x", at("2026-01-01 10:00"), components=("DNS",)), edits)
    assert slugs_ever(kept) == {"dns", "web", "api"}


def test_a_components_page(site: Build) -> None:
    kept = some(NEWEST + 10, start="2025-10-20 10:00", components=("Git Operations", "Web"))
    out = site(*kept)
    page = read(out / "acme" / "component" / "git-operations.html")
    assert words(page.xpath("//h1")[0]) == "Git Operations"
    assert len(page.xpath("//ul[@class='rows']/li")) == NEWEST
    heads = [words(head) for head in page.xpath("//h2")]
    assert heads == ["In figures", "2025 60 incidents", "Older 10 more"]
    assert page.xpath("//ul[@class='ways']//a/@href") == [
        *(f"git-operations/feed.{kind}" for kind in ("atom", "rss", "json")),
        "../../feeds.html",
        "../2025.html",
    ]
    assert table(page, "figures")[1][1] == "1 d 6 h of 60"
    listed = read(out / "acme" / "index.html").xpath("//table[@class='parts']//a/@href")
    assert listed == ["component/git-operations.html", "component/web.html"]


# Figures.


def test_an_overview_tells_its_windows_and_how_many_stand_behind(site: Build) -> None:
    page = read(site(*some(6, start="2026-11-01 10:00")) / "acme" / "index.html")
    assert table(page, "figures") == [
        ["Incidents", *["6 6 minor"] * 3],
        ["Median length", *["3 h 30 min of 6"] * 3],
        ["90 % no longer than", *["6 h of 6"] * 3],
        ["Longest", *["6 h"] * 3],
        ["Median time from one start to the next", *["1 d of 5"] * 3],
        ["Time with a stated incident", *["21 h"] * 3],
    ]
    assert page.xpath("//table[@class='figures']//a/@href") == ["i6.html"] * 3


def test_too_few_are_not_told() -> None:
    assert [found.median for found in overview(some(4), "acme", AS_OF)] == ["", "", ""]
    assert [found.known for found in overview(some(4), "acme", date(2025, 3, 10))] == ["4"] * 3


def test_a_figure_that_no_window_can_tell_has_no_row(site: Build) -> None:
    few = some(2, start="2026-11-01 10:00")
    old = [replace(each, slug=f"old-{each.slug}") for each in some(3, start="2024-11-01 10:00")]
    told = {row[0]: row[1:] for row in table(read(site(*old, *few) / "acme/index.html"), "figures")}
    assert told["Median length"] == ["too few", "too few", "2 h of 5"]
    assert "Median time from one start to the next" not in told, "of four"


def test_of_a_few_incidents_it_is_told_how_many_and_how_long(site: Build) -> None:
    found = table(read(site(*some(2, start="2026-11-01 10:00")) / "acme/index.html"), "figures")
    assert [row[0] for row in found] == ["Incidents", "Time with a stated incident"]


def test_a_year_that_is_over_does_not_move() -> None:
    kept = [*some(6), keep("acme", "open", incident("open", at("2025-12-31 10:00"), None))]
    assert of_year(kept, 2025, "acme").downtime == "1 d 11 h"
    later = replace(kept[-1], slug="later", incident=incident("y", at("2026-11-01 10:00")))
    assert of_year([*kept, later], 2025, "acme") == of_year(kept, 2025, "acme")


@pytest.mark.parametrize(("as_of", "told"), [("2025-12-31", False), ("2026-01-01", True)])
def test_a_year_tells_its_figures_once_it_is_over(site: Build, as_of: str, told: bool) -> None:
    out = site(*some(6), as_of=date.fromisoformat(as_of))
    page = read(out / "acme" / "2025.html")
    assert bool(table(page, "figures")) == bool(page.xpath("//*[@class='heat']")) == told
    assert read(out / "acme" / "index.html").xpath("//figcaption/text()") == [f"{as_of[:4]} so far"]


@pytest.mark.parametrize(
    ("hits", "of", "said"),
    [(0, 9, "0 %"), (1, 1000, "1 %"), (999, 1000, "99 %"), (9, 9, "100 %"), (1, 3, "33 %")],
)
def test_a_share_is_never_all_or_nothing_by_rounding(hits: int, of: int, said: str) -> None:
    assert percent(hits, of) == said


# Habits.


def test_habits_stand_beside_incidents_that_show_them(site: Build) -> None:
    kept = some(6)
    late = []
    for n, each in enumerate(kept):
        posted = each.incident.started_at + n * timedelta(minutes=1)
        told_late = replace(each.incident, updates=(Update("1", posted, "resolved", ""),))
        late.append(replace(each, incident=told_late))
    page = read(site(*late) / "acme" / "insights.html")
    told = {head.get("id"): head.getparent() for head in page.xpath("//section/h2[@id]")}
    first = told["first-post"]
    assert words(first.xpath("./p[@class='figure']")[0]) == (
        "3 min of 5 incidents with a start stated in hindsight"
    )
    assert first.xpath(".//ul//a/@href") == ["i6.html", "i5.html", "i4.html"]
    only = told["resolved-only"]
    assert words(only.xpath("./p[@class='figure']")[0]) == "100 % 6 of 6 incidents with an update"
    assert "Too few to tell of 0 gaps" in words(told["between-updates"])
    assert not told["between-updates"].xpath(".//ul")
    assert conduct(late, AS_OF).examples["resolved_only"] == ("i6", "i5", "i4")


def test_few_incidents_tell_no_habits(site: Build) -> None:
    out = site(*some(4), *some(5, of="beta"))
    assert not (out / "acme" / "insights.html").exists()
    assert not read(out / "acme" / "index.html").xpath("//a[@href='insights.html']")
    assert read(out / "beta" / "index.html").xpath("//a[@href='insights.html']")


# Side by side.


def test_figures_for_programs_are_of_the_record_alone(site: Build) -> None:
    out = site(*some(6))
    document = json.loads((out / "api/v1/vendors/acme/index.json").read_text(encoding="utf-8"))
    assert document == {
        "vendor": "acme",
        "name": "Acme",
        "category": "cloud",
        "platform": "statuspage",
        "homepage": "https://acme.example",
        "status_page": "https://status.acme.example",
        "url": "https://example.org/archive/acme/",
        "complete_since": None,
        "first_started_at": "2025-03-02T10:00:00Z",
        "incidents": 6,
        "by_impact": {"none": 0, "minor": 6, "major": 0, "critical": 0, "unknown": 0},
        "lengths": {"known": 6, "presumed": 0, "median": 12600, "p90": 21600, "longest": 21600},
        "between_starts": {"known": 5, "median": 86400},
        "open": [],
        "years": [
            {
                "year": 2025,
                "incidents": 6,
                "maintenances": 0,
                "url": "https://example.org/archive/api/v1/vendors/acme/2025.json",
            }
        ],
    }
    assert started(some(6)).incidents == 6


def test_a_category_stands_in_one_table(site: Build) -> None:
    out = site(*some(6), *some(2, of="beta"))
    page = read(out / "compare" / "cloud.html")
    length = ["3 h 30 min", "6 h", "6", "1 d"]
    assert table(page, "compare") == [
        ["Acme", "2025-03-02", "6", "0", "6", "–", *length],
        ["Beta", "2025-03-02", "2", "0", "2", "–", "–", "–", "2", "–"],
    ]
    assert words(page.xpath("//p[@class='lead']/b")[0]) == "not reliability"
    assert page.xpath("//input/@value") == ["acme", "beta"]
    assert table(read(out / "compare" / "other.html"), "compare") == [
        ["Idle", "–", "0", "–", "–", "–", "–", "–", "0", "–"]
    ]
    chooser = read(out / "compare.html")
    assert "needs JavaScript" in words(chooser.xpath("//noscript")[0])
    assert chooser.xpath("//datalist/option/@value") == ["acme", "beta", "idle"]
    assert chooser.xpath("//section//a/@href")[:2] == ["compare/cloud.html", "compare/other.html"]
    (script,) = [name for name in chooser.xpath("//script/@src") if "compare" in name]
    assert len((out / script).read_bytes()) < 3072


def test_a_record_that_is_complete_has_years_without_incidents(tmp_path: Path) -> None:
    archive = Memory(complete={"acme": at("2025-01-01 00:00")})
    archive.run(keep("acme", "x", incident("x", at("2026-03-01 10:00"))))
    build(archive, VENDORS, CONFIG, tmp_path, AS_OF)
    row, *_ = table(read(tmp_path / "compare" / "cloud.html"), "compare")
    assert row[3:6] == ["1", "0", "–"]


# What is drawn again.


def grown(archive: Memory, out: Path, *records: Kept, as_of: date = AS_OF) -> set[str]:
    """What a further run wrote."""
    before = {file: file.read_bytes() for file in out.rglob("*") if file.is_file()}
    archive.run(*records)
    build(archive, VENDORS, CONFIG, out, as_of)
    after = {file for file in out.rglob("*") if file.is_file()}
    return {
        file.relative_to(out).as_posix() for file in after if before.get(file) != file.read_bytes()
    }


def test_a_components_page_changes_with_its_incidents_alone(tmp_path: Path) -> None:
    archive = Memory()
    web, dns = some(3, components=("Web",)), some(3, start="2025-06-01 10:00", components=("DNS",))
    dns = [replace(each, slug=f"dns-{each.slug}") for each in dns]
    archive.run(*web, *dns)
    build(archive, VENDORS, CONFIG, tmp_path, AS_OF)
    edited = replace(web[-1], incident=replace(web[-1].incident, title="Renamed"))
    pages = {path for path in grown(archive, tmp_path, edited) if "/component/" in path}
    feeds = {f"acme/component/web/feed.{kind}" for kind in ("atom", "rss", "json")}
    assert pages == {"acme/component/web.html", *feeds}


def test_a_component_that_gets_a_place_gets_its_page(tmp_path: Path) -> None:
    """A page that comes because another goes is drawn though none of its incidents changed."""
    archive = Memory()
    full = [
        keep("acme", f"i{n}-{again}", incident("x", START, components=(f"C{n:02}",)))
        for n in range(MOST + 1)
        for again in range(3 if n < MOST else 2)
    ]
    archive.run(*full)
    build(archive, VENDORS, CONFIG, tmp_path, AS_OF)
    assert not (tmp_path / "acme" / "component" / f"c{MOST}.html").exists()
    gone = [replace(each, withdrawn_at=archive.now) for each in full[:2]]
    wrote = grown(archive, tmp_path, *gone)
    assert f"acme/component/c{MOST}.html" in wrote
    assert not (tmp_path / "acme" / "component" / "c00.html").exists()


def test_the_turn_of_a_year_completes_its_page(tmp_path: Path) -> None:
    archive = Memory()
    archive.run(*some(6), *some(2, of="beta", start="2024-01-01 10:00"))
    build(archive, VENDORS, CONFIG, tmp_path, date(2025, 12, 31))
    wrote = grown(archive, tmp_path, as_of=date(2026, 1, 1))
    assert {path for path in wrote if path[-9:-5].isdigit()} & {
        "acme/2025.html",
        "beta/2024.html",
    } == {"acme/2025.html"}


def test_an_old_incident_that_ends_at_last_leaves_the_years_it_stood_on(tmp_path: Path) -> None:
    archive = Memory()
    forgotten = keep("acme", "2021-12-30-a", incident("a", at("2021-12-30 10:00"), None))
    rest = [
        keep("acme", f"{y}-06-01-b", incident("b", at(f"{y}-06-01 10:00")))
        for y in (2022, 2023, 2024, 2025)
    ]
    archive.run(forgotten, *rest)
    build(archive, VENDORS, CONFIG, tmp_path / "a", AS_OF)
    ended = replace(forgotten, incident=incident("a", at("2021-12-30 10:00"), 60))
    grown(archive, tmp_path / "a", ended)
    build(archive, VENDORS, CONFIG, tmp_path / "b", AS_OF)
    for year in (2021, 2022, 2023, 2024, 2025):
        name = f"acme/{year}.html"
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
    assert b"Minor: 1 day" in (tmp_path / "a" / "acme" / "2024.html").read_bytes()


def test_a_record_that_becomes_complete_fills_the_calendars_of_all_years(tmp_path: Path) -> None:
    archive = Memory()
    old = [replace(each, slug=f"old-{each.slug}") for each in some(1, start=OLD)]
    read_late = [replace(each, first_seen_at=archive.now) for each in (*some(2), *old)]
    archive.run(*read_late)
    build(archive, VENDORS, CONFIG, tmp_path, AS_OF)
    archive.complete["acme"] = at("2010-01-01 00:00")
    wrote = grown(archive, tmp_path)
    assert {"acme/2012.html", "acme/2025.html"} <= wrote
    assert not {path for path in wrote if path.startswith("acme/old")}


def test_a_vendor_of_thousands_stays_readable() -> None:
    start = at("2016-01-01 00:00")
    kept = [
        keep(
            "acme",
            f"i{n}",
            incident(
                f"Elevated error rates of part {n}",
                start + n * timedelta(hours=19),
                n % 500,
                components=tuple(f"Component {n * k % 97}" for k in (1, 2)),
            ),
        )
        for n in range(5000)
    ]
    press, same_time = Press(CONFIG, VENDORS), SameTime(Almanac(Memory(), AS_OF))
    pages = {
        page.path: page
        for page in vendor_pages(press, "acme", kept, None, AS_OF, same_time, Readings(()))
    }
    component = next(path for path in pages if "/component/" in path)
    for path in (
        "acme/index.html",
        "acme/insights.html",
        "api/v1/vendors/acme/index.json",
        component,
    ):
        assert len(pages[path].draw()) < 60_000, path
