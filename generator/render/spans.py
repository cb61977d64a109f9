"""Time with a stated incident: which incidents count, how long each goes on, what they cover."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta

from msgspec import Struct

from generator.model import Impact, Incident, Kept, Kind
from generator.render import facts
from generator.render.facts import SEVERITY

NOTHING = timedelta(0)
DAY = timedelta(days=1)

# From a start up to, and without, an end.
Span = tuple[datetime, datetime]


class Window(Struct, frozen=True):
    """Whole days in UTC, `first` and `last` included, of the record as of a day."""

    first: date
    last: date
    as_of: date

    @classmethod
    def of_days(cls, count: int, as_of: date) -> "Window":
        """The last `count` days, the day of the figures included."""
        return cls(as_of - timedelta(days=count - 1), as_of, as_of)

    @classmethod
    def of_year(cls, year: int, as_of: date) -> "Window":
        """A year, as far as it has come; without a day if it lies ahead."""
        return cls(date(year, 1, 1), min(date(year, 12, 31), as_of), as_of)

    @property
    def start(self) -> datetime:
        """Its first moment."""
        return _midnight(self.first)

    @property
    def end(self) -> datetime:
        """The first moment after it."""
        return _midnight(self.last) + DAY

    @property
    def size(self) -> int:
        """How many days it has."""
        return max(0, (self.last - self.first).days + 1)

    @property
    def today(self) -> datetime:
        """The beginning of the day of the figures."""
        return _midnight(self.as_of)


class Downtime(Struct, frozen=True):
    """Merged time with a stated incident: of impact minor or worse, and of that major or worse."""

    any: timedelta
    major: timedelta

    @property
    def minor(self) -> timedelta:
        """The time in which nothing worse than minor was stated."""
        return self.any - self.major


def counted(kept: Iterable[Kept], kind: Kind = "incident") -> list[Kept]:
    """What counts in totals: incidents that stand, no maintenance and nothing withdrawn.

    Or, of another `kind`, the maintenance that stands.
    """
    return [each for each in kept if each.withdrawn_at is None and each.incident.kind == kind]


def downtime(kept: Iterable[Kept], window: Window) -> Downtime:
    """The time in the window with a stated incident."""
    found = counted(kept)
    return Downtime(_total(spans(found, window, "minor")), _total(spans(found, window, "major")))


def spans(kept: Iterable[Kept], window: Window, least: Impact) -> list[Span]:
    """When incidents of at least that impact went on: within the window, merged, in order."""
    first, end, today = window.start, window.end, window.today
    found = []
    for each in counted(kept):
        incident = each.incident
        if SEVERITY[incident.impact] >= SEVERITY[least] and incident.started_at < end:
            until = goes_on_until(incident, today)
            # Of a long record few reach into a window.
            if until > first:
                found.append((max(incident.started_at, first), min(until, end)))
    return merged(found)


def merged(spans: Iterable[Span]) -> list[Span]:
    """The same time with every moment once, in order; spans without length vanish."""
    whole: list[Span] = []
    for start, end in sorted(spans):
        if start >= end:
            continue
        if whole and start <= whole[-1][1]:
            whole[-1] = (whole[-1][0], max(whole[-1][1], end))
        else:
            whole.append((start, end))
    return whole


def goes_on_until(incident: Incident, today: datetime) -> datetime:
    """Its end, or how far an open one counts; `today` is the beginning of the day of the figures.

    Never before its start.
    """
    if incident.ended_at is None:
        today = max(today, facts.last_word_at(incident))
    return facts.known_until(incident, today)


def by_day(spans: Iterable[Span], window: Window) -> list[timedelta]:
    """The time of merged spans on each day of the window, cut at midnight."""
    found = [NOTHING] * window.size
    for start, end in spans:
        while start < end:
            cut = min(end, _midnight(start.date()) + DAY)
            found[(start.date() - window.first).days] += cut - start
            start = cut
    return found


def _total(spans: Iterable[Span]) -> timedelta:
    return sum((end - start for start, end in spans), NOTHING)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
