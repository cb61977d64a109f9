"""When an entry appeared: dates that readers of feeds can rely on, from the archive alone.

Many readers and most chat tools pass over an entry that is older than one they have seen. So what
a vendor dates back to before our last reading takes the date of the reading that brought it; all
that a reading brings is then later than all that was there before. What was history already when
we first saw it is no news: it keeps the vendor's date, and floods nobody.
"""

from bisect import bisect_left
from collections.abc import Sequence
from datetime import datetime, timedelta

from generator.times import read, text_of

# What a vendor posted so long before we first saw it is history.
HISTORY = timedelta(days=7)
# A feed holds all of its last hours, however much that is: who asks now and then misses nothing.
BURST = timedelta(hours=6)
SECOND = timedelta(seconds=1)


class Readings:
    """The runs that brought something, by time. `texts`: their times, ascending."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = texts

    def before(self, seen: datetime) -> datetime | None:
        """The last one before the one at that time; None: that was the first."""
        at = bisect_left(self._texts, text_of(seen))
        return read(self._texts[at - 1]) if at else None

    def date(self, told: datetime, seen: datetime) -> datetime:
        """The date of what the vendor dates `told` and a reading first saw at `seen`."""
        if told >= seen or is_history(told, seen):
            return min(told, seen)
        last = self.before(seen)
        return told if last is None or told > last else seen

    def whole_since(self, newest: datetime) -> datetime:
        """Since when a feed with that newest date holds all: hours, and all of its last reading."""
        last = self.before(newest)
        return min(newest - BURST, last) if last else newest - BURST


def is_history(told: datetime, seen: datetime) -> bool:
    """Whether it was an old story when we first saw it."""
    return seen - told >= HISTORY


def distinct(dates: Sequence[datetime]) -> list[datetime]:
    """Dates, newest first, of which no two are equal: a second or more before the one above.

    Later readings add newer dates alone, so that these stay.
    """
    found: list[datetime] = []
    for date in dates:
        found.append(min(date, found[-1] - SECOND) if found else date)
    return found
