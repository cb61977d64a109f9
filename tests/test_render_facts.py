"""The rules: where an incident stands, how long it took, which days it touches."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from generator.model import EndBasis, Impact, Kind, Phase, Revision
from generator.render import facts, links, words
from generator.render.facts import State
from generator.render.frame import moment
from generator.render.strip import DAYS, strip
from tests.render_archive import PYPI, at, incident, keep, update

START = at("2026-11-10 10:00")
END = at("2026-11-10 12:30")


@pytest.mark.parametrize(
    ("kind", "ended", "basis", "phase", "state"),
    [
        ("incident", None, None, "identified", "open"),
        ("incident", None, "unstated", "update", "unstated"),
        ("incident", END, "resolve_time", "resolved", "resolved"),
        ("incident", END, "last_update", "monitoring", "over"),
        ("maintenance", None, None, "scheduled", "planned"),
        ("maintenance", None, None, "in_progress", "under_way"),
        ("maintenance", END, "end_field", "completed", "completed"),
    ],
)
def test_state(
    kind: Kind, ended: datetime | None, basis: EndBasis | None, phase: Phase, state: State
) -> None:
    what = replace(
        incident("x", START, kind=kind, updates=(update("1", START, phase, "x"),)),
        ended_at=ended,
        end_basis=basis,
    )
    assert facts.state_of(what) == state
    assert facts.is_open(keep("acme", "x", what)) == (state == "open")


def test_what_was_withdrawn_is_not_open() -> None:
    kept = keep("acme", "x", incident("x", START, None))
    assert facts.is_open(kept)
    assert not facts.is_open(replace(kept, withdrawn_at=END))


@pytest.mark.parametrize(
    ("span", "exact", "rough", "minutes"),
    [
        (timedelta(minutes=71), "1 h 11 min", "1 h 11 min", "71 min"),
        (timedelta(0), "0 min", "0 min", "0 min"),
        (timedelta(seconds=45), "45 s", "45 s", "0 min 45 s"),
        (timedelta(hours=2), "2 h", "2 h", "120 min"),
        (timedelta(days=2, hours=6, minutes=5, seconds=1), "2 d 6 h 5 min 1 s", "2 d 6 h",
         "3,245 min 1 s"),
        (timedelta(hours=13, seconds=37), "13 h 0 min 37 s", "13 h", "780 min 37 s"),
        (timedelta(days=1, minutes=12), "1 d 0 h 12 min", "1 d", "1,452 min"),
        (timedelta(minutes=-1), "the stated end lies before the start", "", ""),
    ],
)  # fmt: skip
def test_lengths_are_exact(span: timedelta, exact: str, rough: str, minutes: str) -> None:
    assert words.length(span) == exact
    assert words.rough_length(span) == rough
    if minutes:
        assert words.minutes(span) == minutes


def test_moments_show_seconds_only_where_there_are_any() -> None:
    assert moment(at("2022-07-29 15:19")).text == "2022-07-29 15:19 UTC"
    assert moment(at("2022-07-29 15:19") + timedelta(seconds=7)).text == "2022-07-29 15:19:07 UTC"


def test_an_entry_is_as_new_as_the_last_word_until_we_see_a_change() -> None:
    assert facts.updated_at(PYPI) == min(at("2022-07-29 16:30"), PYPI.changed_at)
    edited = replace(PYPI, changed_at=at("2022-08-03 09:00"))
    assert facts.updated_at(edited) == at("2022-08-03 09:00")
    ahead = keep("acme", "x", incident("x", START, updates=(update("1", END, "update", "x"),)))
    assert facts.updated_at(ahead) == ahead.changed_at, "a vendor's clock may be ahead of ours"


def test_every_start_it_ever_had_is_remembered() -> None:
    moved = replace(
        PYPI,
        revisions=(
            Revision(END, "started_at", "2021-12-31T23:00:00Z"),
            Revision(END, "title", "Before"),
            Revision(END, "started_at", "2022-07-29T15:00:00Z"),
        ),
    )
    assert facts.starts(moved) == (
        PYPI.incident.started_at,
        at("2021-12-31 23:00"),
        at("2022-07-29 15:00"),
    )


AS_OF = date(2026, 11, 22)
LAST = DAYS - 1


@pytest.mark.parametrize(
    ("start", "minutes", "basis", "days"),
    [
        ("2026-11-22 10:00", 30, "resolve_time", [LAST]),
        ("2026-11-20 23:00", 120, "resolve_time", [LAST - 2, LAST - 1]),
        ("2026-11-20 23:00", 60, "resolve_time", [LAST - 2]),
        ("2026-11-20 23:00", None, None, [LAST - 2, LAST - 1, LAST]),
        ("2026-11-18 23:00", None, "unstated", [LAST - 4]),
        ("2026-08-24 10:00", 30, "resolve_time", []),
        ("2026-08-24 23:00", 120, "resolve_time", [0]),
        ("2026-11-23 00:00", 30, "resolve_time", []),
        ("2026-11-20 10:00", -30, "resolve_time", [LAST - 2]),
    ],
)
def test_the_strip_marks_the_days_an_incident_touches(
    start: str, minutes: int | None, basis: EndBasis | None, days: list[int]
) -> None:
    what = replace(incident("x", at(start), minutes, impact="major"), end_basis=basis)
    drawn = strip([keep("acme", "x", what)], None, AS_OF)
    assert [bar.x // 10 for bar in drawn.bars] == days
    assert {bar.mark for bar in drawn.bars} <= {"major"}
    assert len(drawn.bad_days) == len(days)


def test_the_strip_shows_the_worst_of_a_day_and_no_maintenance() -> None:
    impacts: list[Impact] = ["minor", "critical", "unknown"]
    kept = [keep("acme", i, incident(i, at("2026-11-22 10:00"), impact=i)) for i in impacts]
    kept.append(keep("acme", "m", incident("m", at("2026-11-21 10:00"), kind="maintenance")))
    kept.append(replace(keep("acme", "w", incident("w", at("2026-11-20 10:00"))), withdrawn_at=END))
    drawn = strip(kept, None, AS_OF)
    assert [(bar.mark, bar.label) for bar in drawn.bars] == [
        ("critical", "2026-11-22: 3 incidents, critical")
    ]
    assert drawn.summary == "Incidents on 1 day"


def test_days_before_the_record_are_told_from_quiet_days() -> None:
    drawn = strip([], date(2026, 11, 21), AS_OF)
    assert (drawn.blank, drawn.quiet) == (f"M0 38h{(DAYS - 2) * 10}", f"M{(DAYS - 2) * 10} 38h20")
    assert strip([], None, AS_OF).quiet == ""
    assert strip([], date(2010, 1, 1), AS_OF).blank == ""
    assert drawn.summary == "No incident recorded"
    assert (drawn.first_day, drawn.last_day) == ("25 August 2026", "22 November 2026")


@pytest.mark.parametrize(
    ("folder", "path", "link"),
    [
        ("", "index.html", "index.html"),
        ("", "acme/index.html", "acme/index.html"),
        ("acme", "acme/2022.html", "2022.html"),
        ("acme", "index.html", "../index.html"),
        ("acme", "beta/index.html", "../beta/index.html"),
        ("acme/parts", "acme/index.html", "../index.html"),
        ("acme/parts", "acme/parts/a.html", "a.html"),
        ("acme", "acme/parts/a.html", "parts/a.html"),
        ("/archive/", "acme/index.html", "/archive/acme/index.html"),
    ],
)
def test_links_are_relative_and_name_the_file(folder: str, path: str, link: str) -> None:
    assert links.relative(folder, path) == link
