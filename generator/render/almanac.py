"""All vendors' incidents by time: which stood on a day, which went on around a moment.

An incident stands on each day it went on. One that went on for more than seven days stands on its
first seven and on its last: else a forgotten one would stand on every day for years.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import groupby
from operator import attrgetter
from typing import Protocol

from generator.model import Impact, Incident, Outline, Update
from generator.render import facts
from generator.render.packed import Packed
from generator.times import read

# How many days from its start an incident stands on, besides its last.
FIRST_DAYS = 7
DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
ORDER = attrgetter("started_at", "vendor", "slug")


class Outlines(Protocol):
    """Where it reads: of what was not withdrawn, by (started_at, vendor, slug)."""

    def outlines(self, days: Collection[str] | None = None) -> Iterator[Outline]:
        """What started on those days; None: all."""
        ...

    def lasting(self) -> Iterator[Outline]:
        """What went on for more than five days, or has no end."""
        ...


class Almanac:
    """What stands in the archive, by time, read day by day as it is asked for.

    `standing`: the days that had incidents when the site was last built; all but the `touched` ones
    still do. None: that is not known, and all is read. So a build after ten changes lays out what
    stands near those ten. Text sorts as the times it says, so times are read only of what is shown.
    """

    def __init__(
        self,
        source: Outlines,
        as_of: date,
        standing: Iterable[str] | None = None,
        touched: Collection[str] = (),
    ) -> None:
        self.as_of = as_of
        self._source = source
        # By day, each in order: what began on it, and what stands on it from days before.
        self._began: dict[str, Packed] = {}
        self._carried: dict[str, Packed] = {}
        self._endless: list[Outline] = []
        self._read: set[str] | None = None if standing is None else set()
        if standing is None:
            self._lay_out(source.outlines())
            days = {day for day in self._began.keys() | self._carried if self.incidents_on(day)}
        else:
            lasting = list(source.lasting())
            self._lasting = {(each.vendor, each.slug) for each in lasting}
            self._lay_out(lasting)
            self.read(day for each in touched for day in _before(each, FIRST_DAYS))
            come = {day for day in touched if self.incidents_on(day)}
            days = (set(standing) - set(touched)) | come
        self.days = sorted(days)
        self.months = sorted({day[:7] for day in days})

    def read(self, days: Iterable[str]) -> None:
        """Read what started on those days, unless it was: in one go it costs one pass."""
        if self._read is None or not (missing := set(days) - self._read):
            return
        self._read |= missing
        found = self._source.outlines(missing)
        self._lay_out(each for each in found if (each.vendor, each.slug) not in self._lasting)

    def on(self, day: str) -> list[Outline]:
        """What stands on a day (`2022-07-29`), maintenance too, by start."""
        self.read(_before(day, FIRST_DAYS))
        return [*self._carried.get(day, ()), *self._began.get(day, ())]

    def incidents_on(self, day: str) -> list[Outline]:
        """The incidents that stand on a day, by start."""
        return [each for each in self.on(day) if each.kind == "incident"]

    def began_on(self, day: str) -> list[Outline]:
        """The incidents that began on a day, by start."""
        self.read((day,))
        return [each for each in self._began.get(day, ()) if each.kind == "incident"]

    def in_month(self, month: str) -> Sequence[str]:
        """The days with incidents of a month (`2022-07`)."""
        days = self.days[bisect_left(self.days, month) : bisect_left(self.days, f"{month}-99")]
        self.read(each for day in days for each in _before(day, FIRST_DAYS))
        return days

    def started(self, first: str, end: str) -> list[Outline]:
        """All that started from one time or day up to, and without, another, as texts."""
        days = _between(first, end)
        self.read(days)
        found = (each for day in days for each in self._began.get(day, ()))
        return [each for each in found if first <= each.started_at < end]

    def recent(self, since: str) -> list[Outline]:
        """All that started since a day, and all that has no end, by start."""
        lately = self.started(since, f"{self.as_of}~")
        known = {(each.vendor, each.slug) for each in lately}
        endless = (each for each in self._endless if (each.vendor, each.slug) not in known)
        return sorted((*endless, *lately), key=ORDER)

    def latest(self) -> Iterator[Outline]:
        """Incidents, newest start first; the days are read as far back as it is asked for."""
        end, count = len(self.days), FIRST_DAYS
        while end > 0:
            days = self.days[max(0, end - count) : end]
            self.read(days)
            for day in reversed(days):
                yield from reversed(self.began_on(day))
            end, count = end - count, 2 * count

    def read_from(self, source: Outlines) -> None:
        """Read what is asked from now on there: another process has the archive open by itself."""
        self._source = source

    def forget(self) -> None:
        """Let go of all that was read, when nothing more will be asked."""
        self._began.clear()
        self._carried.clear()
        self._endless.clear()

    def _lay_out(self, outlines: Iterable[Outline]) -> None:
        """Take in what comes by start; a day at a time, for all at once would be large."""
        carried: defaultdict[str, list[Outline]] = defaultdict(list)
        for day, group in groupby(outlines, key=lambda each: each.started_at[:10]):
            began = list(group)
            _add(self._began, day, began)
            self._endless += (each for each in began if each.ended_at is None)
            for each in began:
                for later in days_of(each, self.as_of)[1:]:
                    carried[later].append(each)
        for day, found in carried.items():
            _add(self._carried, day, found)


def _add(days: dict[str, Packed], day: str, outlines: list[Outline]) -> None:
    standing = days.get(day)
    days[day] = Packed(sorted((*standing, *outlines), key=ORDER) if standing else outlines)


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


def _before(day: str, count: int) -> Iterator[str]:
    """So many days up to one, that one included."""
    return (days_from(day, -back) for back in range(count))


def _between(first: str, end: str) -> list[str]:
    """The days from one day or time to another, both included."""
    begins, ends = date.fromisoformat(first[:10]), date.fromisoformat(end[:10])
    return [(begins + DAY * number).isoformat() for number in range((ends - begins).days + 1)]


def days_from(day: str, count: int) -> str:
    """The day so many days after another; before it if `count` is negative."""
    return (date.fromisoformat(day) + DAY * count).isoformat()


def _last_day(incident: Incident, as_of: date) -> date:
    """The day of the last second it went on; an end at midnight is the end of the day before."""
    if facts.state_of(incident) == "open":
        return max(as_of, incident.started_at.date())
    until = facts.known_until(incident, incident.started_at)
    return max(incident.started_at, until - SECOND).date()
