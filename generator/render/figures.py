"""Statistics in words: what `stats` computes, ready for a table."""

from collections.abc import Sequence
from datetime import date, timedelta

from msgspec import Struct

from generator.model import Kept
from generator.render import links, words
from generator.render.frame import Link
from generator.render.spans import Window
from generator.render.stats import Lengths, summary

# The moving windows of an overview, in days; the first is that of the strip.
WINDOWS = (90, 365)


class Figures(Struct, frozen=True):
    """A record in a window. Empty texts: not told, of too few.

    `known`: of how many incidents the length is known, `presumed`: of how many of these only by
    the last update. `gaps`: on how many times between starts `between` rests.
    """

    window: str
    incidents: str
    impacts: str
    known: str
    presumed: str
    median: str
    p90: str
    longest: Link | None
    gaps: str
    between: str
    downtime: str
    graver: str


def overview(kept: Sequence[Kept], folder: str, as_of: date) -> tuple[Figures, ...]:
    """The figures of the last days and of the whole record up to a day."""
    first = min((each.incident.started_at.date() for each in kept), default=as_of)
    spans = [(words.last_days(days), Window.of_days(days, as_of)) for days in WINDOWS]
    spans.append((words.WHOLE_RECORD, Window(min(first, as_of), as_of, as_of)))
    return tuple(figures(name, kept, window, folder) for name, window in spans)


def figures(name: str, kept: Sequence[Kept], window: Window, folder: str) -> Figures:
    """The figures of one vendor's records in a window, for a page in `folder`."""
    whole = summary(kept, window)
    found, time = whole.started, whole.downtime
    lengths = found.lengths
    return Figures(
        window=name,
        incidents=words.number(found.incidents),
        impacts=words.by_impact(found.by_impact),
        known=words.number(lengths.n),
        presumed=words.number(lengths.presumed) if lengths.presumed else "",
        median=told(lengths.median),
        p90=told(lengths.p90),
        longest=_longest(kept, lengths, folder),
        gaps=words.number(found.between.n),
        between=told(found.between.value),
        downtime=words.rough_length(time.any),
        graver=words.rough_length(time.major) if time.major else "",
    )


def of_year(kept: Sequence[Kept], year: int, folder: str) -> Figures:
    """The figures of a year that is over: no later day changes them."""
    return figures(str(year), kept, whole_year(year), folder)


def whole_year(year: int) -> Window:
    """A year, seen from the first day after it."""
    return Window.of_year(year, date(year + 1, 1, 1))


def told(length: timedelta | None) -> str:
    """A length, "" where there are too few to tell."""
    return "" if length is None else words.rough_length(length)


def _longest(kept: Sequence[Kept], lengths: Lengths, folder: str) -> Link | None:
    slug, length = lengths.longest_slug, lengths.longest
    if slug is None or length is None:
        return None
    page = links.incident_page(kept[0].vendor, slug)
    return Link(words.rough_length(length), links.relative(folder, page))
