"""The Statuspage face: our own reader of Statuspage reads a vendor back from it."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from generator.model import IMPACTS, Health, Incident, Kept, Phase, Update
from generator.providers.statuspage import recent
from generator.reading import Batch, Get, Reply
from generator.render.site import build
from generator.render.statuspage_face import NEWEST
from tests.render_archive import CONFIG, Memory, at, incident, keep, update, vendor

AS_OF = date(2026, 11, 22)
ACME = vendor("acme", "Acme")
READ = Health(ACME, read_at=at("2026-11-22 09:00"))
START = at("2026-11-20 10:00")
HOUR = timedelta(hours=1)


def face(out: Path, *kept: Kept, health: Health | None = READ) -> Path:
    archive = Memory()
    archive.run(*kept)
    told = None if health is None else [health]
    build(archive, {"acme": ACME}, CONFIG, out, AS_OF, health=told)
    return out / "acme" / "api" / "v2"


def document(folder: Path, name: str) -> Any:
    return json.loads((folder / name).read_bytes())


def read_back(folder: Path) -> Batch:
    """What our reader makes of the face, as if it were a vendor's page."""
    page = replace(ACME, status_page=f"{CONFIG.address}acme/")

    def reply(get: Get) -> Reply:
        file = folder.parents[1] / get.path
        is_there = file.is_file()
        body = file.read_bytes() if is_there else b""
        url = get.url(page.status_page)
        return Reply(url, 200 if is_there else 404, "application/json", body)

    walk = recent(page, frozenset())
    asked = next(walk)
    while True:
        replies = [reply(get) for get in asked]
        assert not [fault for each in replies for fault in each.faults]
        try:
            asked = walk.send(replies)
        except StopIteration as end:
            batch: Batch = end.value
            return batch


def as_carried(what: Incident) -> Incident:
    """What Statuspage has a place for: no regions, basis of an end, other words or formats."""
    said: list[Update] = []
    for each in what.updates:
        before: Phase = said[-1].phase if said else "unknown"
        phase = before if each.phase == "update" else each.phase
        said.append(Update(each.key, each.at, phase, each.body))
    return replace(
        what,
        impact_raw=None,
        url=None,
        end_basis="resolve_time" if what.ended_at else what.end_basis,
        regions=(),
        updates=tuple(said),
    )


def without_words(what: Incident) -> Incident:
    """As read, without the words of the page it was read from."""
    updates = tuple(replace(each, phase_raw=None) for each in what.updates)
    return replace(what, impact_raw=None, url=None, updates=updates)


def posts(*phases: Phase, start: datetime = START) -> tuple[Update, ...]:
    return tuple(
        update(f"u{number}", start + number * HOUR, phase, f"<b>{phase}</b> & so on")
        for number, phase in enumerate(phases)
    )


def told(key: str, minutes: int | None = 60, start: datetime = START, **facts: Any) -> Kept:
    what = replace(incident(f"Trouble “{key}”", start, minutes, key=key), **facts)
    return keep("acme", f"{start:%Y-%m-%d}-{key}", what)


EVERYTHING = [
    *(told(f"impact-{impact}", impact=impact) for impact in IMPACTS),
    told("all-phases", updates=posts("investigating", "identified", "monitoring", "resolved")),
    told("explained", updates=posts("investigating", "resolved", "postmortem")),
    told("no-word", updates=posts("update", "update", "unknown", "identified", "update")),
    told("open", None, updates=posts("investigating", "identified", "update")),
    told("open-without-word", None, updates=posts("unknown")),
    told("opened-again", None, updates=posts("investigating", "resolved", "update")),
    told("nobody-says", None, end_basis="unstated"),
    told("presumed", end_basis="last_update", updates=posts("monitoring")),
    told("parts", components=("API", "Web · eu-1", "api"), regions=("eu",)),
    told("no-posts-title", title="  "),
    told("planned", None, at("2026-12-01 10:00"), kind="maintenance", impact="none"),
    told(
        "under-way",
        None,
        kind="maintenance",
        impact="none",
        scheduled_until=START + 9 * HOUR,
        components=("API",),
        updates=posts("scheduled", "in_progress"),
    ),
    told(
        "work-done",
        kind="maintenance",
        impact="minor",
        scheduled_until=START + HOUR,
        updates=posts("scheduled", "in_progress", "monitoring", "completed"),
    ),
]


def test_our_own_reader_reads_every_record_back(tmp_path: Path) -> None:
    batch = read_back(face(tmp_path, *EVERYTHING))
    found = {each.key: without_words(each) for each in batch.incidents}
    for kept in EVERYTHING:
        expected = as_carried(kept.incident)
        if not expected.title.strip():
            expected = replace(expected, title="Untitled incident")
        assert found.pop(expected.key) == expected
    assert not found


def test_the_newest_by_their_last_post_are_listed(tmp_path: Path) -> None:
    long = told("long", None, at("2025-01-01 10:00"), updates=posts("investigating"))
    many = [told(f"n{n:02}", 10, at("2026-01-01 10:00") + n * HOUR) for n in range(NEWEST + 5)]
    batch = read_back(face(tmp_path, *many, long))
    assert [each.key for each in batch.incidents] == [
        "long",
        *(kept.incident.key for kept in many[:-NEWEST:-1]),
    ]
    # Nothing that slid off is taken for withdrawn.
    since = batch.listed_since["incident"]
    assert all(kept.incident.started_at <= since for kept in many[: 5 + 1])


def test_what_was_withdrawn_is_not_told(tmp_path: Path) -> None:
    gone = replace(told("gone", None), withdrawn_at=at("2026-11-21 10:00"))
    folder = face(tmp_path, gone)
    assert not document(folder, "incidents.json")["incidents"]
    assert not document(folder, "incidents/unresolved.json")["incidents"]


FAILING = replace(READ, failing_since=at("2026-11-22 09:15"), fault="slow")
OLD = replace(READ, read_at=at("2026-11-20 23:59"))
YESTERDAY = replace(READ, read_at=at("2026-11-21 00:01"))


@pytest.mark.parametrize(
    ("impacts", "health", "indicator", "description"),
    [
        ([], READ, "none", "No incident open on record"),
        ([], YESTERDAY, "none", "No incident open on record"),
        ([], FAILING, "unknown", "No incident open on record when last read on 2026-11-22"),
        ([], OLD, "unknown", "No incident open on record when last read on 2026-11-20"),
        ([], Health(ACME), "unknown", "No incident open on record; its page has not been read"),
        ([], None, "unknown", "No incident open on record; its page has not been read"),
        (["minor"], READ, "minor", "1 incident open"),
        (["minor", "critical", "unknown"], READ, "critical", "3 incidents open"),
        (["unknown"], READ, "unknown", "1 incident open"),
        (["none"], READ, "none", "1 incident open"),
        (["none"], OLD, "unknown", "1 incident open when last read on 2026-11-20"),
        (["major"], FAILING, "major", "1 incident open when last read on 2026-11-22"),
    ],
)
def test_all_is_well_is_never_said_without_knowing(
    tmp_path: Path,
    impacts: Sequence[Any],
    health: Health | None,
    indicator: str,
    description: str,
) -> None:
    kept = [told(f"n{n}", None, impact=impact) for n, impact in enumerate(impacts)]
    folder = face(tmp_path, *kept, health=health)
    for name in ("status.json", "summary.json"):
        light = document(folder, name)["status"]
        assert light == {"indicator": indicator, "description": description}


def test_a_source_that_fails_changes_the_light_without_news(tmp_path: Path) -> None:
    archive = Memory()
    archive.run(told("over"))
    lights = []
    for health in (READ, FAILING, READ):
        build(archive, {"acme": ACME}, CONFIG, tmp_path, AS_OF, health=[health])
        lights.append(document(tmp_path / "acme/api/v2", "status.json")["status"]["indicator"])
    assert lights == ["none", "unknown", "none"]


@pytest.mark.parametrize(
    ("kept", "expected"),
    [
        ([told("over", components=("API",))], "unknown"),
        ([told("minor", None, components=("API",))], "degraded_performance"),
        (
            [
                told("minor", None, components=("API",)),
                told("worse", None, components=("api",), impact="critical"),
            ],
            "major_outage",
        ),
        ([told("mute", None, components=("API",), impact="unknown")], "unknown"),
        ([told("gone", None, components=("Web",))], None),
        ([EVERYTHING[-2]], "under_maintenance"),
        (
            [EVERYTHING[-2], told("x", None, components=("API",), impact="major")],
            "partial_outage",
        ),
    ],
)
def test_a_component_is_never_called_operational(
    tmp_path: Path, kept: list[Kept], expected: str | None
) -> None:
    found = document(face(tmp_path, *kept), "components.json")["components"]
    states = {each["id"]: each["status"] for each in found}
    assert states.get("api") == expected


def test_the_lists_of_what_goes_on(tmp_path: Path) -> None:
    folder = face(tmp_path, *EVERYTHING)

    def keys(name: str, kind: str) -> set[str]:
        return {each["id"] for each in document(folder, name)[kind]}

    unresolved = {"open", "open-without-word", "opened-again"}
    planned = "scheduled_maintenances"
    assert keys("incidents/unresolved.json", "incidents") == unresolved
    assert keys("summary.json", "incidents") == unresolved
    assert keys("summary.json", planned) == {"planned", "under-way"}
    assert keys("scheduled-maintenances/upcoming.json", planned) == {"planned"}
    assert keys("scheduled-maintenances/active.json", planned) == {"under-way"}
    assert len(keys("scheduled-maintenances.json", planned)) == 3


def test_addresses_are_whole(tmp_path: Path) -> None:
    summary = document(face(tmp_path, *EVERYTHING), "summary.json")
    assert summary["page"]["url"] == "https://example.org/archive/acme/"
    assert {each["shortlink"] for each in summary["incidents"]} == {
        f"https://example.org/archive/acme/2026-11-20-{key}.html"
        for key in ("open", "open-without-word", "opened-again")
    }
