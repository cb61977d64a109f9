"""The last ninety days of a vendor as a strip of bars: height and colour tell how bad a day was."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date

from msgspec import Struct

from generator.model import Impact, Incident, Kept
from generator.render import links, words
from generator.render.almanac import days_stood_on
from generator.render.spans import Window
from generator.render.stats import Day, days

DAYS = 90
STEP = 10
TALL = 40
# The bar of a day, by the gravest incident on it; a quiet day is a low line.
HEIGHT: dict[Impact, int] = {"none": 8, "unknown": 14, "minor": 18, "major": 29, "critical": 40}
QUIET = 4


class Bar(Struct, frozen=True):
    """The bar of a day with incidents."""

    x: int
    y: int
    height: int
    mark: Impact
    label: str


class BadDay(Struct, frozen=True):
    """A day with incidents, in words: what stands behind the bars.

    `href`: "" where it may have no page.
    """

    iso: str
    href: str
    mark: Impact
    word: str
    incidents: str
    downtime: str


class Strip(Struct, frozen=True):
    """The strip and its text.

    `quiet`, `blank`: lines below the days since and before the record begins, which the style sheet
    dashes into days.
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


def strip(kept: Sequence[Kept], recorded_since: date | None, as_of: date) -> Strip:
    """The days up to and with `as_of`. Maintenance and what was withdrawn do not count.

    On a page in a vendor's folder.
    """
    window = Window.of_days(DAYS, as_of)
    found = days(kept, window)
    blank = DAYS if recorded_since is None else (recorded_since - window.first).days
    begins = min(max(blank, 0), DAYS)
    paged = _paged(kept, window, as_of)
    bad_days = tuple(_bad_day(day, day.worst, paged) for day in reversed(found) if day.worst)
    return Strip(
        bars=tuple(_bar(index, day, day.worst) for index, day in enumerate(found) if day.worst),
        quiet=_line(begins, DAYS),
        blank=_line(0, begins),
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


def _line(first: int, end: int) -> str:
    return f"M{first * STEP} {TALL - QUIET // 2}h{(end - first) * STEP}" if first < end else ""


def _paged(kept: Iterable[Kept], window: Window, as_of: date) -> frozenset[str]:
    """The days that surely have a page: one that went on for long has none on most of its days."""
    standing = (
        each.incident
        for each in kept
        if each.withdrawn_at is None and each.incident.kind == "incident"
    )
    lately = (each for each in standing if _reaches(each, window))
    return frozenset(day for each in lately for day in days_stood_on(each, as_of))


def _reaches(incident: Incident, window: Window) -> bool:
    return incident.ended_at is None or incident.ended_at.date() >= window.first


def _bad_day(day: Day, worst: Impact, paged: Collection[str]) -> BadDay:
    iso = day.day.isoformat()
    return BadDay(
        iso=iso,
        href=f"../{links.day_page(iso)}" if iso in paged else "",
        mark=worst,
        word=words.IMPACT[worst],
        incidents=words.number(day.incidents),
        downtime=words.rough_length(day.downtime.any) if day.downtime.any else "",
    )
