"""The API: every document is described, and says what the archive holds."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from generator.exchange import read_lines
from generator.model import Health, Kept
from generator.render.site import build
from tests.described import described, documents, faults_of
from tests.render_archive import CONFIG, PYPI, Memory, at, incident, keep, vendor

AS_OF = date(2026, 11, 22)
VENDORS = {slug: vendor(slug) for slug in ("acme", "python", "quiet")}
OPEN = keep("acme", "2026-11-20-api", incident("API", at("2026-11-20 23:00"), None, impact="major"))
WORK = keep(
    "acme",
    "2026-11-20-work",
    replace(
        incident("Work", at("2026-11-20 08:00"), kind="maintenance", impact="none"),
        scheduled_until=at("2026-11-20 10:00"),
    ),
)
LATE = keep("python", "2025-12-31-late", incident("Late", at("2025-12-31 23:30")))
GONE = replace(
    keep("acme", "2026-01-01-gone", incident("Gone", at("2026-01-01 10:00"))),
    withdrawn_at=at("2026-01-02 10:00"),
    changed_at=at("2026-01-02 10:00"),
)
STRAY = keep("stray", "2026-02-02-x", incident("X", at("2026-02-02 10:00"), impact="unknown"))
HEALTH = [
    Health(VENDORS["acme"], read_at=at("2026-11-22 10:00")),
    Health(
        VENDORS["python"],
        read_at=at("2026-11-19 23:59"),
        failing_since=at("2026-11-20 00:15"),
        fault="slow",
    ),
    Health(VENDORS["quiet"]),
]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("site")
    archive = Memory()
    archive.run(PYPI, OPEN, WORK, LATE, GONE, STRAY)
    archive.complete["python"] = at("2020-01-01 00:00")
    build(archive, VENDORS, CONFIG, out, AS_OF, health=HEALTH)
    return out


def read(site: Path, path: str) -> Any:
    return json.loads((site / "api/v1" / path).read_bytes())


def slugs(site: Path, path: str) -> list[str]:
    return [each["slug"] for each in read(site, path)["incidents"]]


def test_the_description_is_openapi(site: Path) -> None:
    assert not list(OpenAPIV31SpecValidator(described(site)).iter_errors())


def test_every_document_is_as_it_is_described(site: Path) -> None:
    assert list(faults_of(site)) == []


def test_every_path_that_is_described_has_a_document(site: Path) -> None:
    names = {"{vendor}": "python", "{year}": "2022", "{day}": "2022-07-29", "{badge}": "last"}
    for path in described(site)["paths"]:
        for part, value in names.items():
            path = path.replace(part, value)
        assert (site / path.removeprefix("/")).is_file(), path
    assert len(documents(site)) > 20


def test_a_field_that_is_not_described_is_a_fault(site: Path, tmp_path: Path) -> None:
    for path in ("api/v1/openapi.json", "api/v1/open.json"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes((site / path).read_bytes())
    (tmp_path / "api/v1/more.json").write_bytes(b"{}")
    document = read(site, "open.json")
    document["incidents"][0]["when"] = 1
    document["incidents"][0]["impact"] = "dire"
    (tmp_path / "api/v1/open.json").write_text(json.dumps(document), encoding="utf-8")
    more, *others = faults_of(tmp_path)
    assert more == "api/v1/more.json is described 0 times"
    assert sorted(each.split(": ")[1] for each in others) == [
        "$.incidents[0]",
        "$.incidents[0].impact",
    ]


def test_the_index_leads_to_every_document(site: Path) -> None:
    index = read(site, "index.json")
    paths = {f"{CONFIG.address}{path[1:]}" for path in described(site)["paths"]}
    own = {f"{CONFIG.address}api/v1/index.json"}
    assert {path for path in paths - own if "/api/v2/" not in path} <= set(index.values())


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("vendors/python/2022.json", [PYPI]),
        ("vendors/acme/2026.json", [GONE, WORK, OPEN]),
        ("open.json", [OPEN]),
        ("days/2026-11-20.json", [WORK, OPEN]),
        ("days/2026-11-22.json", [OPEN]),
        ("days/2026-01-01.json", [LATE]),
        ("days/2026-01-02.json", None),
        ("vendors/quiet/2026.json", None),
    ],
)
def test_where_an_incident_stands(site: Path, path: str, expected: list[Kept] | None) -> None:
    if expected is None:
        assert not (site / "api/v1" / path).exists()
    else:
        assert slugs(site, path) == [kept.slug for kept in expected]
        lines = (site / "api/v1" / path).read_text(encoding="utf-8").splitlines()
        assert len(lines) == 2 + len(expected)


def test_what_was_withdrawn_is_in_its_year_and_counts_nowhere(site: Path) -> None:
    vendors = {each["vendor"]: each for each in read(site, "vendors.json")["vendors"]}
    assert [(slug, vendors[slug]["incidents"], vendors[slug]["open"]) for slug in vendors] == [
        ("acme", 1, 1),
        ("python", 2, 0),
        ("quiet", 0, 0),
        ("stray", 1, 0),
    ]
    acme = read(site, "vendors/acme/index.json")
    assert (acme["incidents"], acme["years"][0]["incidents"]) == (1, 1)
    assert acme["open"] == [OPEN.slug]
    statistics = read(site, "statistics.json")
    assert (statistics["incidents"], statistics["maintenances"]) == (4, 1)
    assert [(each["year"], each["incidents"]) for each in statistics["years"]] == [
        (2022, 1),
        (2025, 1),
        (2026, 2),
    ]
    assert {each["category"]: each["incidents"] for each in statistics["categories"]} == {
        "cloud": 3,
        "other": 1,
    }


def test_how_sources_fare_is_told_by_days(site: Path) -> None:
    acme, python, quiet = read(site, "sources.json")["sources"]
    told = ("read_on", "failing_since", "fault")
    assert [acme[name] for name in told] == ["2026-11-22", None, None]
    assert [python[name] for name in told] == ["2026-11-19", "2026-11-20", "slow"]
    assert [quiet[name] for name in told] == [None, None, None]


def test_who_does_not_know_how_sources_fare_says_so(tmp_path: Path) -> None:
    build(Memory(), VENDORS, CONFIG, tmp_path, AS_OF)
    document = read(tmp_path, "sources.json")
    assert document["known"] is False
    assert [each["vendor"] for each in document["sources"]] == ["acme", "python", "quiet"]


def test_a_years_incidents_are_lines_to_import_without_what_is_empty(site: Path) -> None:
    for kept, path in ((PYPI, "python/2022.json"), (WORK, "acme/2026.json")):
        (told,) = (x for x in read(site, f"vendors/{path}")["incidents"] if x["slug"] == kept.slug)
        held = [*told.items(), *(item for each in told.get("updates", ()) for item in each.items())]
        assert not [name for name, value in held if value in (None, [], "text")]
        ((_, found),) = read_lines([json.dumps(told).encode()], path)
        assert found == kept.incident


def test_a_day_names_what_it_has_no_end_or_other_kind_of(site: Path) -> None:
    work, opened = read(site, "days/2026-11-20.json")["incidents"]
    assert (work["kind"], work["scheduled_until"]) == ("maintenance", "2026-11-20T10:00:00Z")
    assert opened.keys() == {"vendor", "slug", "title", "impact", "started_at"}
