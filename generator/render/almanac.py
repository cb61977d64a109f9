"""All vendors' incidents by time: which stood on a day, which went on around a moment.

An incident stands on each day it went on. One that went on for more than seven days stands on its
first seven and on its last: else a forgotten one would stand on every day for years.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from operator import attrgetter

from generator.model import Impact, Incident, Outline, Update
from generator.render import facts
from generator.times import read

# How many days from its start an incident stands on, besides its last.
FIRST_DAYS = 7
DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


class Almanac:
    """What stands in the archive, by time. `outlines` are by (started_at, vendor, slug).

    Text sorts as the times it says, so times are read only of what is shown: an archive of 100,000
    incidents is laid out in a fraction of a second.
    """

    def __init__(self, outlines: Iterable[Outline], as_of: date) -> None:
        self.as_of = as_of
        self.all: Sequence[Outline] = tuple(outlines)
        self._stands: defaultdict[str, list[Outline]] = defaultdict(list)
        days: set[str] = set()
        for each in self.all:
            touched = days_of(each, as_of)
            for day in touched:
                self._stands[day].append(each)
            if each.kind == "incident":
                days.update(touched)
        self.days = sorted(days)
        self.months = sorted({day[:7] for day in days})

    def on(self, day: str) -> Sequence[Outline]:
        """What stands on a day (`2022-07-29`), maintenance too, by start."""
        return self._stands.get(day, ())

    def incidents_on(self, day: str) -> list[Outline]:
        """The incidents that stand on a day, by start."""
        return [each for each in self.on(day) if each.kind == "incident"]

    def began_on(self, day: str) -> list[Outline]:
        """The incidents that began on a day, by start."""
        return [each for each in self.incidents_on(day) if each.started_at[:10] == day]

    def in_month(self, month: str) -> Sequence[str]:
        """The days with incidents of a month (`2022-07`)."""
        return self.days[bisect_left(self.days, month) : bisect_left(self.days, f"{month}-99")]

    def started(self, first: str, end: str) -> Sequence[Outline]:
        """All that started from one time or day up to, and without, another, as texts."""
        at = attrgetter("started_at")
        return self.all[bisect_left(self.all, first, key=at) : bisect_left(self.all, end, key=at)]

    def latest(self) -> Iterator[Outline]:
        """Incidents, newest start first."""
        return (each for each in reversed(self.all) if each.kind == "incident")


def days_of(outline: Outline, as_of: date) -> Sequence[str]:
    """The days (`2022-07-29`) an incident stands on, in order; an open one at most to `as_of`."""
    first = outline.started_at[:10]
    if outline.ended_at is not None and outline.ended_at[:10] <= first:
        return (first,)
    return days_stood_on(incident_of(outline), as_of)


def days_stood_on(incident: Incident, as_of: date) -> Sequence[str]:
    """The same of the record itself."""
    start = incident.started_at.date()
    count = (_last_day(incident, as_of) - start).days + 1
    found = [(start + DAY * number).isoformat() for number in range(min(count, FIRST_DAYS))]
    if count > FIRST_DAYS and facts.state_of(incident) != "open":
        found.append((start + DAY * (count - 1)).isoformat())
    return found


def incident_of(outline: Outline) -> Incident:
    """As much of the record as the outline holds, for the rules about records."""
    last_at, ended, until = outline.last_at, outline.ended_at, outline.scheduled_until
    last = Update("", read(last_at), outline.last_phase or "unknown", "") if last_at else None
    return Incident(
        key="",
        title=outline.title,
        kind=outline.kind,
        impact=outline.impact,
        started_at=read(outline.started_at),
        ended_at=read(ended) if ended else None,
        end_basis=outline.end_basis,
        scheduled_until=read(until) if until else None,
        updates=(last,) if last else (),
    )


def gravest(outlines: Iterable[Outline]) -> list[Outline]:
    """The gravest first; of equals in the order given."""
    return sorted(outlines, key=lambda each: -facts.SEVERITY[each.impact])


def by_impact(outlines: Iterable[Outline]) -> Mapping[Impact, int]:
    """How many have each impact that occurs, the gravest first."""
    found: dict[Impact, int] = {}
    for each in gravest(outlines):
        found[each.impact] = found.get(each.impact, 0) + 1
    return found


def days_from(day: str, count: int) -> str:
    """The day so many days after another; before it if `count` is negative."""
    return (date.fromisoformat(day) + DAY * count).isoformat()


def _last_day(incident: Incident, as_of: date) -> date:
    """The day of the last second it went on; an end at midnight is the end of the day before."""
    if facts.state_of(incident) == "open":
        return max(as_of, incident.started_at.date())
    until = facts.known_until(incident, incident.started_at)
    return max(incident.started_at, until - SECOND).date()
