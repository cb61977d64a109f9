"""At the same time: the most overlapping of other vendors, against looking at each of them."""

import sys
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from random import Random
from types import FrameType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.model import Kind
from generator.render.overlaps import MOST, Brief, Overlap, Overlaps, brief, overlap_of
from tests.render_archive import PYPI, at, incident, keep

MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)
NOON = at("2026-11-20 12:00")
NOW = at("2026-11-21 00:00")


def short(
    vendor: str,
    start: int,
    minutes: int | None = 60,
    *,
    slug: str = "",
    kind: Kind = "incident",
    withdrawn: bool = False,
    unit: timedelta = MINUTE,
) -> Brief:
    """An incident from so many minutes after noon; None: it still goes on."""
    begin = NOON + start * unit
    ended = None if minutes is None else begin + minutes * unit
    return Brief(vendor, slug or vendor, vendor, kind, "minor", begin, ended, withdrawn)


def crowded(briefs: Iterable[Brief], now: datetime = NOW) -> Overlaps[Brief]:
    return Overlaps(briefs, lambda each: each, now)


def found_by(overlaps: Overlaps[Brief], own: Brief, most: int = MOST) -> Sequence[Overlap]:
    return [overlap_of(own, other) for other in overlaps.of(own, most)]


def lengths(found: Sequence[Overlap]) -> list[tuple[str, int]]:
    return [(each.other.vendor, (each.length or timedelta(0)) // MINUTE) for each in found]


HERE = short("here", 0, 60)


@pytest.mark.parametrize(
    ("case", "other", "minutes"),
    [
        ("the same hour", short("a", 0, 60), [60]),
        ("before and into it", short("a", -30, 60), [30]),
        ("into it and beyond", short("a", 30, 60), [30]),
        ("around it", short("a", -60, 600), [60]),
        ("within it", short("a", 10, 20), [20]),
        ("ends as it begins", short("a", -60, 60), []),
        ("begins as it ends", short("a", 60, 60), []),
        ("still goes on", short("a", -600, None), [60]),
        ("a moment within it", short("a", 30, 0), [0]),
        ("an end before its start", short("a", 30, -20), [0]),
        ("begins after the last reading", short("a", 900, None), []),
        ("of the same vendor", short("here", 0, 60, slug="b"), []),
        ("maintenance", short("a", 0, 60, kind="maintenance"), []),
        ("withdrawn", short("a", 0, 60, withdrawn=True), []),
    ],
)
def test_what_overlaps_and_for_how_long(case: str, other: Brief, minutes: list[int]) -> None:
    found = found_by(crowded([HERE, other]), HERE)
    assert [(each.length or timedelta(0)) // MINUTE for each in found] == minutes, case


def test_the_most_overlapping_come_first_and_of_equals_the_one_that_began_last() -> None:
    others = [short("a", -600, 1200), short("b", -60, 600), short("c", 20, 30), short("d", 0, None)]
    overlaps = crowded([HERE, *others])
    assert lengths(found_by(overlaps, HERE)) == [("d", 60), ("b", 60), ("a", 60), ("c", 30)]
    assert lengths(found_by(overlaps, HERE, 2)) == [("d", 60), ("b", 60)]
    assert overlaps.of(HERE, 0) == []


def test_how_long_both_went_on_is_not_known_while_both_still_do() -> None:
    one, other = short("a", 0, None), short("b", 30, None)
    assert overlap_of(one, other) == Overlap(other, None)
    assert overlap_of(one, short("b", 30, 60)).length == 60 * MINUTE


def test_it_may_be_asked_of_what_it_does_not_hold() -> None:
    stranger = short("stranger", 0, 60, kind="maintenance")
    assert lengths(found_by(crowded([HERE]), stranger)) == [("here", 60)]
    assert crowded([]).of(HERE) == []


def test_a_moment_overlaps_what_goes_on_around_it() -> None:
    others = [short("a", -30, 60), short("b", 0, 60), short("c", -60, 60), short("d", 0, 0)]
    moment = short("here", 0, 0)
    assert lengths(found_by(crowded(others), moment)) == [("d", 0), ("b", 0), ("a", 0)]


def test_a_record_in_brief() -> None:
    assert brief(PYPI) == Brief(
        vendor="python",
        slug="2022-07-29-pypi-mass-cdn-purge",
        title="Notice: PyPI Mass CDN Purge",
        kind="incident",
        impact="minor",
        started_at=at("2022-07-29 15:19"),
        ended_at=at("2022-07-29 16:30"),
    )
    opened = keep("acme", "x", incident("x", NOON, None))
    assert brief(opened).ended_at is None
    contradicts = keep("acme", "x", incident("x", NOON, -30))
    assert brief(contradicts).ended_at == NOON


@st.composite
def crowds(draw: st.DrawFn) -> list[Brief]:
    """Incidents of few vendors, short and long and open, within minutes, to the second."""
    found = []
    for number in range(draw(st.integers(0, 40))):
        minutes = draw(st.none() | st.integers(-5, 30) | st.integers(-5, 900))
        found.append(
            short(
                draw(st.sampled_from("abc")),
                draw(st.integers(-300, 300)),
                minutes,
                slug=f"{number:02}",
                kind=draw(st.sampled_from(["incident", "incident", "incident", "maintenance"])),
                withdrawn=draw(st.integers(0, 7)) == 0,
                unit=SECOND,
            )
        )
    return found


def seconds(one: Brief, now: datetime) -> set[int]:
    """The seconds of an incident; one without length has that of its start."""
    begin = (one.started_at - NOON) // SECOND
    end = ((one.ended_at or now) - NOON) // SECOND
    return set(range(begin, max(end, begin + 1)))


@given(crowds(), st.integers(1, 9))
def test_it_finds_what_looking_at_each_finds(crowd: list[Brief], most: int) -> None:
    now = NOON + 1000 * SECOND
    overlaps = crowded(crowd, now)
    whole = {each.slug: seconds(each, now) for each in crowd}
    for one in crowd:
        shared = [
            (len(whole[one.slug] & whole[other.slug]), other.started_at, other.vendor, other.slug)
            for other in crowd
            if other.vendor != one.vendor and other.kind == "incident" and not other.withdrawn
        ]
        expected = sorted((row for row in shared if row[0]), reverse=True)[:most]
        found = overlaps.of(one, most)
        assert [each.slug for each in found] == [slug for *_, slug in expected]


def steps(overlaps: Overlaps[Brief], one: Brief) -> int:
    """How many functions are called to answer."""
    count = 0

    def note(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(note)
    try:
        overlaps.of(one)
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("case", ["ordinary", "open for long", "all of one other vendor's"])
def test_asking_costs_little_however_many_overlap(case: str) -> None:
    chance = Random(7)
    starts = [-chance.randrange(1_000_000) for _ in range(20_000)]
    crowd = [
        short(f"v{n % 200}", start, chance.randrange(1, 300)) for n, start in enumerate(starts)
    ]
    if case == "open for long":
        crowd += [short(f"v{n % 200}", start, None) for n, start in enumerate(starts[:5_000])]
    if case == "all of one other vendor's":
        crowd += [short("v0", start, None) for start in starts[:5_000]]
    overlaps = crowded(crowd)
    asked = [one for one in crowd if one.vendor in ("v0", "v1")][::20]
    assert len(asked) >= 10
    counts = sorted(steps(overlaps, one) for one in asked)
    assert counts[len(counts) // 2] < 1_000
    assert sum(counts) / len(counts) < 4_000
