"""The last ninety days of a vendor as a strip of bars: height and colour tell how bad a day was."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from generator.model import Impact, Incident, Kept
from generator.render import facts, words
from generator.render.frame import title_of

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
    mark: str
    label: str


@dataclass(frozen=True, slots=True)
class BadDay:
    """A day with incidents, in words: what stands behind the bars."""

    iso: str
    mark: str
    word: str
    titles: tuple[str, ...]


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
    first = as_of - timedelta(days=DAYS - 1)
    days: list[list[Incident]] = [[] for _ in range(DAYS)]
    now = datetime.combine(as_of, time(23, 59, 59), UTC)
    seen = 0
    for each in kept:
        if each.withdrawn_at is not None or each.incident.kind == "maintenance":
            continue
        span = _days(each.incident, first, now)
        seen += bool(span)
        for index in span:
            days[index].append(each.incident)
    blank = DAYS if recorded_since is None else min(DAYS, max(0, (recorded_since - first).days))
    bad_days = tuple(
        _bad_day(first + timedelta(days=index), incidents)
        for index, incidents in reversed(list(enumerate(days)))
        if incidents
    )
    return Strip(
        bars=tuple(
            _bar(index, first + timedelta(days=index), incidents)
            for index, incidents in enumerate(days)
            if incidents
        ),
        quiet=_lines(index for index in range(blank, DAYS) if not days[index]),
        blank=_lines(index for index in range(blank) if not days[index]),
        summary=words.strip_summary(seen, len(bad_days)),
        first=first,
        first_day=words.short_day(first),
        last=as_of,
        last_day=words.short_day(as_of),
        bad_days=bad_days,
    )


def _days(incident: Incident, first: date, now: datetime) -> range:
    """The indexes of the days that an incident touches."""
    start = (incident.started_at.date() - first).days
    end = (facts.known_until(incident, now).date() - first).days
    return range(max(0, start), min(DAYS - 1, end) + 1)


def _bar(index: int, day: date, incidents: list[Incident]) -> Bar:
    impact = facts.worst(incident.impact for incident in incidents)
    height = HEIGHT[impact]
    label = words.day_label(day, len(incidents), impact)
    return Bar(index * STEP, TALL - height, height, impact, label)


def _lines(indexes: Iterable[int]) -> str:
    return "".join(f"M{index * STEP} {TALL - QUIET}h{WIDTH}v{QUIET}h-{WIDTH}z" for index in indexes)


def _bad_day(day: date, incidents: list[Incident]) -> BadDay:
    impact = facts.worst(incident.impact for incident in incidents)
    titles = tuple(title_of(incident) for incident in incidents)
    return BadDay(day.isoformat(), impact, words.IMPACT[impact], titles)
