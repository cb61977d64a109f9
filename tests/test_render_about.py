"""The pages about the archive itself, and the build that has to know when they change."""

import json
from dataclasses import replace
from datetime import date, datetime, timedelta
from html import escape
from pathlib import Path
from typing import get_args

import pytest
from lxml import html

from generator.errors import FaultKind
from generator.exchange import Line
from generator.model import END_BASES, IMPACTS, Health
from generator.render import words
from generator.render.facts import State
from generator.render.outcome import BuildReport
from generator.render.site import build
from tests.render_archive import CONFIG, PYPI, Memory, at, vendor
from tests.test_render_build import contents

AS_OF = date(2026, 11, 22)
VENDORS = {"python": vendor("python"), "acme": vendor("acme", "Acme & <Sons>")}
READ = at("2026-11-22 10:00")


def health(
    slug: str, *, read_at: datetime | None = READ, failing: datetime | None = None
) -> Health:
    fault = "slow" if failing else None
    return Health(VENDORS[slug], read_at, None, failing, fault)


def run(
    out: Path, sources: list[Health] | None = None, archive: Memory | None = None
) -> BuildReport:
    if archive is None:
        archive = Memory()
        archive.run(PYPI)
    return build(archive, VENDORS, CONFIG, out, AS_OF, health=sources)


def page(out: Path, name: str) -> html.HtmlElement:
    return html.document_fromstring((out / name).read_text(encoding="utf-8"))


def text(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def table(out: Path, section: str) -> list[list[str]]:
    (found,) = page(out, "sources.html").xpath(f"//section[h2/@id='{section}']//tbody")
    return [[text(cell) for cell in row] for row in found]


def test_every_page_names_the_pages_about_the_archive(tmp_path: Path) -> None:
    run(tmp_path)
    for file in {*tmp_path.rglob("*.html")} - {*tmp_path.rglob("embed.html")}:
        (foot,) = page(file.parent, file.name).xpath("//footer//nav")
        named = [text(link) for link in foot]
        assert named == ["Method", "Sources", "Feeds", "Data", "About"], file


def test_the_method_explains_every_value(tmp_path: Path) -> None:
    run(tmp_path)
    method = page(tmp_path, "method.html")
    named = {f"end-{basis}": words.END_BASIS[basis] for basis in END_BASES}
    named |= {f"impact-{impact}": words.IMPACT[impact] for impact in IMPACTS}
    for anchor, name in named.items():
        (entry,) = method.xpath(f"//*[@id='{anchor}']/dt")
        assert text(entry) == name
    states = " ".join(text(entry) for entry in method.xpath("//*[starts-with(@id, 'state-')]/dt"))
    for state in get_args(State):
        assert words.STATE[state].lower() in states.lower()


def test_the_method_says_the_numbers_that_the_code_counts_with(tmp_path: Path) -> None:
    run(tmp_path)
    method = text(page(tmp_path, "method.html"))
    for phrase in (
        "method 2, in force since 2026-11",
        "fewer than 5 values",
        "the last 90 days",
        "said for 30 days",
        "more than 1 h after",
    ):
        assert phrase in method


def test_every_fault_has_a_name() -> None:
    assert set(words.FAULT) == set(get_args(FaultKind))
    assert words.fault("of another age") == "of another age"


def test_sources_that_are_read_and_sources_that_fail(tmp_path: Path) -> None:
    run(tmp_path, [health("python"), health("acme", failing=at("2026-11-20 23:59"))])
    assert table(tmp_path, "failing") == [
        ["Acme & <Sons>", "No answer in time its page", "2026-11-20", "2026-11-22"]
    ]
    assert table(tmp_path, "all") == [
        ["Acme & <Sons>", "statuspage", "none recorded", "2026-11-22", "No answer in time"],
        ["Python", "statuspage", "2022-07-29", "2026-11-22", "Read well"],
    ]


def test_a_source_that_was_never_read(tmp_path: Path) -> None:
    run(tmp_path, [health("acme", read_at=None), health("python", read_at=None, failing=READ)])
    assert [row[3:] for row in table(tmp_path, "all")] == [
        ["never", "Not tried yet"],
        ["never", "No answer in time"],
    ]


NOTHING_OPEN = "Nothing is open in this archive"


@pytest.mark.parametrize(
    ("source", "lead", "notice"),
    [
        (health("python"), f"{NOTHING_OPEN}.", ""),
        (
            health("python", failing=at("2026-11-22 14:00")),
            f"{NOTHING_OPEN}, but its page could not be read.",
            "was last read on 2026-11-22 and has failed since 2026-11-22 (no answer in time).",
        ),
        (
            health("python", read_at=None),
            f"{NOTHING_OPEN}, but its page could not be read.",
            "Python's own page has not been read yet.",
        ),
    ],
    ids=["read", "failing", "never read"],
)
def test_an_unread_page_is_never_all_good(
    tmp_path: Path, source: Health, lead: str, notice: str
) -> None:
    run(tmp_path, [source])
    overview = page(tmp_path, "python/index.html")
    assert lead in text(overview)
    (own,) = overview.xpath("//p[@class='notice']") or [None]
    assert notice in (text(own) if own is not None else "")
    assert (own is None) == (not notice)
    vendors = text(page(tmp_path, "vendors.html"))
    (entry,) = page(tmp_path, "vendors.html").xpath("//tr[contains(., 'Python')]/td[2]")
    assert text(entry) == ("could not be read" if notice else "nothing open"), vendors
    assert ("could not be read" in text(page(tmp_path, "index.html"))) == bool(notice)
    category = text(page(tmp_path, "category/cloud.html"))
    assert ("but 1 service could not be read" in category) == bool(notice)


def test_without_a_memory_of_the_runs_nothing_is_claimed(tmp_path: Path) -> None:
    run(tmp_path)
    assert "not known here" in text(page(tmp_path, "sources.html"))
    assert table(tmp_path, "all") == [
        ["Acme & <Sons>", "statuspage", "none recorded"],
        ["Python", "statuspage", "2022-07-29"],
    ]
    for row in page(tmp_path, "vendors.html").xpath("//tbody/tr"):
        assert text(row[2]) == "unknown"


@pytest.mark.parametrize(
    ("after", "redrawn"),
    [
        (health("python", read_at=READ + timedelta(hours=13)), set()),
        (
            health("python", read_at=READ + timedelta(hours=14)),
            {"sources.html", "api/v1/sources.json"},
        ),
        (
            health("python", failing=READ),
            {
                "sources.html",
                "api/v1/sources.json",
                "python/api/v2/status.json",
                "python/api/v2/summary.json",
                "index.html",
                "vendors.html",
                "vendors.json",
                "category/cloud.html",
                *(
                    f"python/badge/{name}.{kind}"
                    for name in ("state", "last", "incidents")
                    for kind in ("svg", "json")
                ),
            },
        ),
    ],
    ids=["the same day", "the next day", "it fails"],
)
def test_sources_are_drawn_again_when_a_day_or_a_fault_changed(
    tmp_path: Path, after: Health, redrawn: set[str]
) -> None:
    archive = Memory()
    archive.run(PYPI)
    run(tmp_path, [health("python")], archive)
    before = contents(tmp_path)
    run(tmp_path, [after], archive)
    changed = {path for path, content in contents(tmp_path).items() if before[path] != content}
    redrawn = redrawn and {*redrawn, "python/index.html"}
    assert changed - {".manifest.json"} == redrawn
    assert build(archive, VENDORS, CONFIG, tmp_path, AS_OF, clean=True, health=[after]).written == 0


def test_the_published_schema_describes_the_published_data(tmp_path: Path) -> None:
    run(tmp_path)
    schema = json.loads((tmp_path / "incident.schema.json").read_bytes())
    assert set(schema["$defs"]["Line"]["properties"]) == set(Line.__struct_fields__)
    kept = Path(__file__).parents[1] / "data" / "incident.schema.json"
    assert schema == json.loads(kept.read_bytes())


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ({}, "Tell us in an issue or through someone@example.org."),
        ({"contact": ""}, "Tell us in an issue."),
        ({"repository": None}, "Tell us through someone@example.org."),
        ({"repository": None, "contact": ""}, "has not yet said how to reach them."),
    ],
)
def test_whom_to_tell(tmp_path: Path, config: dict[str, str | None], expected: str) -> None:
    archive = Memory()
    build(archive, VENDORS, replace(CONFIG, **config), tmp_path, AS_OF)  # type: ignore[arg-type]
    assert expected in text(page(tmp_path, "about.html"))


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Acme", "Acme · Site"),
        ("a" * 66, "a" * 66),
        ("a" * 80 + " · Acme", "a" * 62 + "… · Acme"),
        ("a" * 80, "a" * 69 + "…"),
        ("a · " + "b" * 80, "a · " + "b" * 65 + "…"),
        ("R&D " + "a" * 60, "R&D " + "a" * 60),
        ("R&D " + "a" * 80 + " · R&D", "R&D " + "a" * 51 + "… · R&D"),
    ],
)
def test_a_title_is_cut_to_what_is_shown_of_it(title: str, expected: str) -> None:
    assert words.page_title(title, "Site") == expected
    assert len(escape(expected)) <= words.TITLE_LENGTH
