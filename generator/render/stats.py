"""The statistics of one vendor's record. Every figure of the site comes from here.

Counted are incidents: no maintenance, and nothing that the vendor withdrew. An incident has the
impact that the vendor states now, for its whole length.

Downtime is time with a stated incident of impact minor or worse. Incidents whose impact is
"none" or not stated never count as downtime, and time without an incident is time of which the
vendor said nothing, which is not the same as uptime. An incident goes on from its start up to,
and without, its end; outside the window it does not count, time covered by several incidents
counts once, and an end before the start makes no time at all. An incident that is still open
counts to the vendor's last word or to the beginning of the day of the figures, whichever is
later: never for hours that nobody has seen. One whose page says neither that it goes on nor that
it is over counts to the last word.

Lengths, and times between starts, are of the incidents that start in the window. A length is the
whole time from start to end, of any impact, known only where there is an end; an end that is only
the time of the last update is counted in and told apart; an end before the start, or at the very
moment of it, gives no length: of such an incident nobody said for how long it went on.
The median of an even number of values is the middle of the two in the middle, to the second
below; the 90th percentile is by nearest rank, the smallest value that at least 90 % of all do
not exceed. There is no mean. A median, percentile, longest or share of fewer than five values is
not told; counts and downtime always are.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache
from itertools import accumulate, pairwise
from typing import Literal

from msgspec import Struct

from generator.model import IMPACTS, Impact, Incident, Kept
from generator.render import facts
from generator.render.spans import (
    NOTHING,
    Downtime,
    Window,
    by_day,
    counted,
    downtime,
    goes_on_until,
    spans,
)

FEWEST = 5
SECOND = timedelta(seconds=1)

Mark = Impact | Literal["maintenance"]
MARKS: tuple[Mark, ...] = (*IMPACTS, "maintenance")


class Median(Struct, frozen=True):
    """The median of `n` values; None of fewer than five."""

    n: int
    value: timedelta | None


class Lengths(Struct, frozen=True):
    """How long incidents took; all None of fewer than five.

    `n`: how many lengths are known, `presumed` of them only by the last update. `longest_slug`:
    the public path of the longest, the first of equals.
    """

    n: int
    presumed: int
    median: timedelta | None = None
    p90: timedelta | None = None
    longest: timedelta | None = None
    longest_slug: str | None = None


class Started(Struct, frozen=True):
    """Some incidents by their starts. `between`: the time from one start to the next."""

    incidents: int
    by_impact: Mapping[Impact, int]
    lengths: Lengths
    between: Median


class Summary(Struct, frozen=True):
    """A record in a window: what starts in it, and the downtime there."""

    started: Started
    downtime: Downtime


class Day(Struct, frozen=True):
    """A day: what went on at any time of it. `worst` is None on a day without incidents."""

    day: date
    worst: Impact | None
    incidents: int
    maintenances: int
    downtime: Downtime

    @property
    def is_maintenance_only(self) -> bool:
        """Nothing but planned work."""
        return self.maintenances > 0 and self.incidents == 0


def summary(kept: Iterable[Kept], window: Window) -> Summary:
    """A record, or a part of it, in a window."""
    found = counted(kept)
    first, end = window.start, window.end
    own = [each for each in found if first <= each.incident.started_at < end]
    return Summary(started(own), downtime(found, window))


def started(kept: Iterable[Kept]) -> Started:
    """A record, or a part of it, by all its starts: no day changes these figures."""
    found = counted(kept)
    impacts = Counter(each.incident.impact for each in found)
    starts = sorted(each.incident.started_at for each in found)
    return Started(
        incidents=len(found),
        by_impact={impact: impacts[impact] for impact in IMPACTS},
        lengths=_lengths(found),
        between=median(later - earlier for earlier, later in pairwise(starts)),
    )


def days(kept: Iterable[Kept], window: Window) -> tuple[Day, ...]:
    """Every day of the window in order, quiet ones too.

    An incident stands on each day it went on, an open one up to the window's last; one without
    length on the day of its start.
    """
    standing = [
        each for each in kept if each.withdrawn_at is None and _reaches(each.incident, window)
    ]
    touched = _touched((each.incident for each in standing), window)
    any_time = by_day(spans(standing, window, "minor"), window)
    major_time = by_day(spans(standing, window, "major"), window)
    # Most days of most years are quiet, and a quiet day says the same of every vendor.
    first = window.first.toordinal()
    found = [_quiet(first + index) for index in range(window.size)]
    for index in _busy(touched.values(), window.size):
        impacts = [impact for impact in IMPACTS if touched[impact][index]]
        found[index] = Day(
            day=window.first + timedelta(days=index),
            worst=facts.worst(impacts) if impacts else None,
            incidents=sum(touched[impact][index] for impact in impacts),
            maintenances=touched["maintenance"][index],
            downtime=Downtime(any_time[index], major_time[index]),
        )
    return tuple(found)


def _reaches(incident: Incident, window: Window) -> bool:
    """Whether the incident may stand on a day of the window: a long record has few that do."""
    ended = incident.ended_at
    return incident.started_at < window.end and (
        ended is None or ended >= window.start or incident.started_at >= window.start
    )


def _busy(touched: Iterable[Sequence[int]], size: int) -> set[int]:
    return {index for counts in touched for index in range(size) if counts[index]}


@lru_cache(maxsize=20_000)
def _quiet(ordinal: int) -> Day:
    return Day(date.fromordinal(ordinal), None, 0, 0, Downtime(NOTHING, NOTHING))


def median(values: Iterable[timedelta]) -> Median:
    """The median to the second below, and of how many; without a value of fewer than five."""
    ordered = sorted(values)
    return Median(len(ordered), _middle(ordered) if len(ordered) >= FEWEST else None)


def _lengths(found: Iterable[Kept]) -> Lengths:
    known = [
        (length, each)
        for each in found
        if (length := facts.length_of(each.incident)) is not None and length >= NOTHING
    ]
    presumed = sum(each.incident.end_basis == "last_update" for _, each in known)
    if len(known) < FEWEST:
        return Lengths(len(known), presumed)
    ordered = sorted(length for length, _ in known)
    return Lengths(
        n=len(ordered),
        presumed=presumed,
        median=_middle(ordered),
        p90=nearest_rank(ordered, 90),
        longest=ordered[-1],
        longest_slug=min(each.slug for length, each in known if length == ordered[-1]),
    )


def nearest_rank(ordered: Sequence[timedelta], percent: int) -> timedelta:
    """The smallest of some ascending values that at least so many percent do not exceed."""
    return ordered[max(0, -(-percent * len(ordered) // 100) - 1)]


def _middle(ordered: Sequence[timedelta]) -> timedelta:
    half = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[half]
    return (ordered[half - 1] + ordered[half]) // (2 * SECOND) * SECOND


def _touched(incidents: Iterable[Incident], window: Window) -> Mapping[Mark, list[int]]:
    """How many went on, day by day.

    Only where they begin and end is noted, then summed up: an incident that is open for years
    costs no more than any other.
    """
    steps: dict[Mark, list[int]] = {mark: [0] * (window.size + 1) for mark in MARKS}
    for incident in incidents:
        first = max(0, (incident.started_at.date() - window.first).days)
        last = min(window.size - 1, (_last_day(incident, window) - window.first).days)
        if first <= last:
            mark: Mark = "maintenance" if incident.kind == "maintenance" else incident.impact
            steps[mark][first] += 1
            steps[mark][last + 1] -= 1
    return {mark: list(accumulate(each)) for mark, each in steps.items()}


def _last_day(incident: Incident, window: Window) -> date:
    if facts.state_of(incident) == "open":
        return window.as_of
    end = goes_on_until(incident, window.today)
    return max(incident.started_at, end - SECOND).date()
