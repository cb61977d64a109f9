"""The last ninety days of a vendor as a strip of bars: height and colour tell how bad a day was."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from generator.model import Impact, Kept
from generator.render import words
from generator.render.spans import Window
from generator.render.stats import Day, days

DAYS = 90
STEP = 10
WIDTH = 8
TALL = 40
# The bar of a day, by the gravest incident on it; a quiet day is a low line.
HEIGHT: dict[Impact, int] = {"none": 8, "unknown": 14, "minor": 18, "major": 29, "critical": 40}
QUIET = 4


@dataclass(frozen=True, slots=True)
class Bar:
    """The bar of a day with incidents."""

    x: int
    y: int
    height: int
    mark: Impact
    label: str


@dataclass(frozen=True, slots=True)
class BadDay:
    """A day with incidents, in words: what stands behind the bars."""

    iso: str
    mark: Impact
    word: str
    incidents: str
    downtime: str


@dataclass(frozen=True, slots=True)
class Strip:
    """The strip and its text.

    `quiet`, `blank`: outlines of the days without incidents, since and before the record begins.
    """

    bars: tuple[Bar, ...]
    quiet: str
    blank: str
    summary: str
    first: date
    first_day: str
    last: date
    last_day: str
    bad_days: tuple[BadDay, ...]


def strip(kept: Iterable[Kept], recorded_since: date | None, as_of: date) -> Strip:
    """The days up to and with `as_of`. Maintenance and what was withdrawn do not count."""
    window = Window.of_days(DAYS, as_of)
    found = days(kept, window)
    blank = DAYS if recorded_since is None else (recorded_since - window.first).days
    without = [index for index, day in enumerate(found) if day.worst is None]
    bad_days = tuple(_bad_day(day, day.worst) for day in reversed(found) if day.worst)
    return Strip(
        bars=tuple(_bar(index, day, day.worst) for index, day in enumerate(found) if day.worst),
        quiet=_lines(index for index in without if index >= blank),
        blank=_lines(index for index in without if index < blank),
        summary=words.strip_summary(len(bad_days)),
        first=window.first,
        first_day=words.short_day(window.first),
        last=as_of,
        last_day=words.short_day(as_of),
        bad_days=bad_days,
    )


def _bar(index: int, day: Day, worst: Impact) -> Bar:
    height = HEIGHT[worst]
    label = words.day_label(day.day, day.incidents, worst)
    return Bar(index * STEP, TALL - height, height, worst, label)


def _lines(indexes: Iterable[int]) -> str:
    return "".join(f"M{index * STEP} {TALL - QUIET}h{WIDTH}v{QUIET}h-{WIDTH}z" for index in indexes)


def _bad_day(day: Day, worst: Impact) -> BadDay:
    return BadDay(
        iso=day.day.isoformat(),
        mark=worst,
        word=words.IMPACT[worst],
        incidents=words.number(day.incidents),
        downtime=words.rough_length(day.downtime.any) if day.downtime.any else "",
    )
