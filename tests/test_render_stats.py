"""The figures: what counts, for how long, what is not told; against counting the minutes."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.model import IMPACTS, EndBasis, Impact, Kept, Kind
from generator.render.facts import SEVERITY
from generator.render.spans import Downtime, Window, downtime, merged
from generator.render.stats import (
    Lengths,
    Median,
    days,
    median,
    nearest_rank,
    summary,
)
from tests.render_archive import at, incident, keep, update

MINUTE = timedelta(minutes=1)
TODAY = date(2026, 11, 22)
# Friday to Sunday, as of the Sunday.
WINDOW = Window(date(2026, 11, 20), TODAY, TODAY)
BEFORE = WINDOW.start - timedelta(days=1)


def held(
    start: str,
    minutes: int | None = 60,
    impact: Impact = "minor",
    *,
    basis: EndBasis | None = None,
    kind: Kind = "incident",
    last_word: str = "",
) -> Kept:
    """An incident of so many minutes; None: without an end, said last of at `last_word`."""
    posts = (update("1", at(last_word or start), "update", "x"),)
    what = incident(start, at(start), minutes, impact=impact, kind=kind, updates=posts)
    return keep("acme", start, replace(what, end_basis=basis or what.end_basis))


@pytest.mark.parametrize(
    ("case", "record", "minutes", "of_major"),
    [
        ("minor", [held("2026-11-21 10:00", 30)], 30, 0),
        ("major", [held("2026-11-21 10:00", 30, "major")], 30, 30),
        ("critical", [held("2026-11-21 10:00", 30, "critical")], 30, 30),
        ("none", [held("2026-11-21 10:00", 30, "none")], 0, 0),
        ("not stated", [held("2026-11-21 10:00", 30, "unknown")], 0, 0),
        ("maintenance", [held("2026-11-21 10:00", 30, "major", kind="maintenance")], 0, 0),
        ("withdrawn", [replace(held("2026-11-21 10:00"), withdrawn_at=at("2026-11-22 10:00"))],
         0, 0),
        ("the end before the start", [held("2026-11-21 10:00", -30)], 0, 0),
        ("a contradiction shortens nothing",
         [held("2026-11-21 10:00", 60), held("2026-11-21 11:00", -60)], 60, 0),
        ("overlapping", [held("2026-11-21 10:00", 60), held("2026-11-21 10:30", 60)], 90, 0),
        ("one within the other",
         [held("2026-11-21 10:00", 60), held("2026-11-21 10:10", 10, "major")], 60, 10),
        ("adjoining", [held("2026-11-21 10:00", 60), held("2026-11-21 11:00", 60)], 120, 0),
        ("across the first moment", [held("2026-11-19 23:00", 90)], 30, 0),
        ("before the window", [held("2026-11-19 23:00", 60)], 0, 0),
        ("announced for later", [held("2026-11-23 00:00", 60)], 0, 0),
        ("open, last word today",
         [held("2026-11-21 23:00", None, last_word="2026-11-22 08:00")], 540, 0),
        ("open, said today only", [held("2026-11-22 07:00", None, last_word="2026-11-22 07:20")],
         20, 0),
        ("open, last word long ago",
         [held("2026-11-01 00:00", None, last_word="2026-11-02 08:00")], 2880, 0),
        ("open, the vendor's clock ahead",
         [held("2026-11-22 23:00", None, last_word="2026-11-24 08:00")], 60, 0),
        ("not said whether over",
         [held("2026-11-21 10:00", None, basis="unstated", last_word="2026-11-21 10:45")], 45, 0),
        ("over by the last update", [held("2026-11-21 10:00", 45, basis="last_update")], 45, 0),
    ],
)  # fmt: skip
def test_downtime(case: str, record: list[Kept], minutes: int, of_major: int) -> None:
    down = downtime(record, WINDOW)
    assert (down.any, down.major) == (minutes * MINUTE, of_major * MINUTE), case
    assert down.minor == (minutes - of_major) * MINUTE


def test_windows_end_with_the_day_of_the_figures() -> None:
    assert Window.of_days(3, TODAY) == WINDOW
    assert (WINDOW.start, WINDOW.end) == (at("2026-11-20 00:00"), at("2026-11-23 00:00"))
    assert Window.of_year(2026, TODAY).last == TODAY
    assert Window.of_year(2025, TODAY).last == date(2025, 12, 31)
    ahead = Window.of_year(2027, TODAY)
    assert ahead.size == 0
    assert days([held("2026-11-22 10:00", None)], ahead) == ()
    assert downtime([held("2026-11-22 10:00", None)], ahead).any == timedelta(0)


def test_what_is_open_fills_a_closed_year() -> None:
    record = [held("2025-12-31 00:00", None)]
    assert downtime(record, Window.of_year(2025, TODAY)).any == timedelta(days=1)
    assert days(record, Window.of_year(2025, TODAY))[-1].worst == "minor"


def test_a_summary_counts_what_starts_in_the_window() -> None:
    record = [
        held("2026-11-19 23:59", 30, "critical"),
        held("2026-11-20 00:00", 30, "major"),
        held("2026-11-22 23:59", 30, "unknown"),
        held("2026-11-23 00:00", 30),
        held("2026-11-21 10:00", 30, "minor", kind="maintenance"),
        replace(held("2026-11-21 11:00", 30), withdrawn_at=at("2026-11-21 12:00")),
    ]
    found = summary(record, WINDOW)
    began = found.started
    assert began.incidents == 2
    assert began.by_impact == {
        "none": 0,
        "minor": 0,
        "major": 1,
        "critical": 0,
        "unknown": 1,
    }
    assert found.downtime == Downtime(30 * MINUTE, 30 * MINUTE)


def test_lengths_are_whole_of_any_impact_and_only_where_there_is_an_end() -> None:
    record = [
        held("2026-11-20 01:00", 10, "none"),
        held("2026-11-20 02:00", 20, "unknown"),
        held("2026-11-20 03:00", 30, basis="last_update"),
        held("2026-11-20 04:00", 5000),
        held("2026-11-20 05:00", -30),
        held("2026-11-20 06:00", None),
        held("2026-11-20 07:00", None, basis="unstated"),
        held("2026-11-19 07:00", 9000),
    ]
    assert summary(record, WINDOW).started.lengths == Lengths(4, 1), "four are too few"
    record.append(held("2026-11-21 04:00", 5000, basis="last_update"))
    assert summary(record, WINDOW).started.lengths == Lengths(
        n=5,
        presumed=2,
        median=30 * MINUTE,
        p90=5000 * MINUTE,
        longest=5000 * MINUTE,
        longest_slug="2026-11-20 04:00",
    )


def test_the_time_between_starts_takes_six_starts() -> None:
    starts = ["01:00", "01:10", "01:30", "02:00", "02:40"]
    record = [held(f"2026-11-20 {start}", None) for start in reversed(starts)]
    assert summary(record, WINDOW).started.between == Median(4, None)
    record.append(held("2026-11-20 03:30", None))
    assert summary(record, WINDOW).started.between == Median(5, 30 * MINUTE)


@pytest.mark.parametrize(
    ("seconds", "middle"),
    [
        ([], None),
        ([1, 2, 3, 4], None),
        ([9, 1, 5, 2, 3], 3),
        ([1, 2, 3, 6, 7, 8], 4),
        ([5, 5, 5, 5, 5, 5], 5),
    ],
)
def test_a_median_of_fewer_than_five_is_not_told(seconds: list[int], middle: int | None) -> None:
    told = median(timedelta(seconds=each) for each in seconds)
    assert told == Median(len(seconds), None if middle is None else timedelta(seconds=middle))


@pytest.mark.parametrize(("many", "rank"), [(1, 1), (5, 5), (9, 9), (10, 9), (11, 10), (100, 90)])
def test_the_90th_percentile_is_by_nearest_rank(many: int, rank: int) -> None:
    assert nearest_rank([n * MINUTE for n in range(1, many + 1)], 90) == rank * MINUTE


def test_days_tell_the_worst_and_maintenance_apart() -> None:
    record = [
        held("2026-11-20 23:30", 60, "major"),
        held("2026-11-20 10:00", 10, "unknown"),
        held("2026-11-21 00:00", 0, "none"),
        held("2026-11-22 10:00", 60, kind="maintenance"),
    ]
    friday, saturday, sunday = days(record, WINDOW)
    assert (friday.worst, friday.incidents, friday.downtime.major) == ("major", 2, 30 * MINUTE)
    assert (saturday.worst, saturday.incidents, saturday.downtime.any) == ("major", 2, 30 * MINUTE)
    assert (sunday.worst, sunday.incidents, sunday.maintenances) == (None, 0, 1)
    assert [day.is_maintenance_only for day in (friday, saturday, sunday)] == [False, False, True]


@pytest.mark.parametrize(
    ("case", "record", "touched"),
    [
        ("an end at midnight is not of the next day", held("2026-11-20 23:00", 60), [20]),
        ("a second later it is", held("2026-11-20 23:00", 61), [20, 21]),
        ("a moment", held("2026-11-21 00:00", 0), [21]),
        ("a contradiction", held("2026-11-21 00:00", -90), [21]),
        ("open until today, whatever was said last", held("2026-11-21 10:00", None), [21, 22]),
        ("to the last word where the end is not stated",
         held("2026-11-20 10:00", None, basis="unstated", last_word="2026-11-21 10:00"), [20, 21]),
        ("from before", held("2026-11-18 10:00", 3 * 1440), [20, 21]),
        ("ahead", held("2026-11-23 10:00", None), []),
    ],
)  # fmt: skip
def test_an_incident_stands_on_the_days_it_went_on(
    case: str, record: Kept, touched: list[int]
) -> None:
    found = [each.day.day for each in days([record], WINDOW) if each.incidents]
    assert found == touched, case


# Minutes from the day before the window, up to the day after it.
MOMENTS = st.integers(0, 5 * 1440).map(lambda minute: BEFORE + minute * MINUTE)
ENDS: list[EndBasis | None] = ["resolve_time", "last_update", "unstated", None]


@st.composite
def records(draw: st.DrawFn) -> list[Kept]:
    """A few incidents of every sort in and about the window."""
    found = []
    for number in range(draw(st.integers(0, 8))):
        start = draw(MOMENTS)
        basis = draw(st.sampled_from(ENDS))
        minutes = draw(st.integers(-60, 3000)) if basis in ENDS[:2] else None
        what = replace(
            incident(str(number), start, minutes, impact=draw(st.sampled_from(IMPACTS))),
            kind=draw(st.sampled_from(["incident", "incident", "maintenance"])),
            end_basis=basis,
            updates=(update("1", start, "update", "x"), update("2", draw(MOMENTS), "update", "x")),
        )
        gone = at("2026-11-22 12:00") if draw(st.integers(0, 5)) == 0 else None
        found.append(replace(keep("acme", str(number), what), withdrawn_at=gone))
    return found


def goes_on(kept: Kept, minute: datetime) -> bool:
    """Whether it goes on in the minute: the definition, said once more in other words."""
    what = kept.incident
    said = max(each.at for each in what.updates)
    if minute < what.started_at:
        return False
    if what.ended_at is not None:
        return minute < what.ended_at
    return minute < said or (what.end_basis is None and minute < WINDOW.today)


def minutes_down(record: Sequence[Kept], least: Impact, first: datetime, end: datetime) -> int:
    bad = [
        kept
        for kept in record
        if kept.withdrawn_at is None
        and kept.incident.kind == "incident"
        and kept.incident.impact in ("minor", "major", "critical")
        and SEVERITY[kept.incident.impact] >= SEVERITY[least]
    ]
    size = (end - first) // MINUTE
    return sum(any(goes_on(kept, first + n * MINUTE) for kept in bad) for n in range(size))


@given(records())
def test_downtime_is_what_counting_the_minutes_gives(record: list[Kept]) -> None:
    down = downtime(record, WINDOW)
    assert down.any == minutes_down(record, "minor", WINDOW.start, WINDOW.end) * MINUTE
    assert down.major == minutes_down(record, "major", WINDOW.start, WINDOW.end) * MINUTE


@given(records())
def test_days_are_what_counting_the_minutes_gives(record: list[Kept]) -> None:
    found = days(record, WINDOW)
    for day in found:
        first = at(f"{day.day} 00:00")
        end = first + timedelta(days=1)
        assert day.downtime.any == minutes_down(record, "minor", first, end) * MINUTE
        assert day.downtime.major == minutes_down(record, "major", first, end) * MINUTE
        standing = [
            kept
            for kept in record
            if kept.withdrawn_at is None and kept.incident.kind == "incident"
            and (
                first <= kept.incident.started_at < end
                or any(goes_on(kept, first + n * MINUTE) for n in range(1440))
                or (kept.incident.end_basis is None and kept.incident.started_at < end)
            )
        ]  # fmt: skip
        assert day.incidents == len(standing)
        impacts = [kept.incident.impact for kept in standing]
        assert day.worst == max(impacts, key=SEVERITY.__getitem__, default=None)
    assert sum((day.downtime.any for day in found), timedelta(0)) == downtime(record, WINDOW).any


@given(records(), st.randoms(use_true_random=False))
def test_the_order_of_a_record_and_repetition_change_no_time(
    record: list[Kept], chance: Random
) -> None:
    shuffled = record + record
    chance.shuffle(shuffled)
    assert downtime(shuffled, WINDOW) == downtime(record, WINDOW)
    chance.shuffle(record)
    assert (
        summary(record, WINDOW).started.lengths
        == summary(sorted(record, key=_slug), WINDOW).started.lengths
    )


@given(st.lists(st.tuples(MOMENTS, MOMENTS)))
def test_merged_spans_are_apart_in_order_and_cover_the_same(
    spans: list[tuple[datetime, datetime]],
) -> None:
    whole = merged(spans)
    assert all(start < end for start, end in whole)
    assert all(one[1] < other[0] for one, other in pairwise(whole))
    edges = sorted({edge for span in spans for edge in span})
    for edge in edges:
        assert any(start <= edge < end for start, end in spans) == any(
            start <= edge < end for start, end in whole
        )


def _slug(kept: Kept) -> str:
    return kept.slug
