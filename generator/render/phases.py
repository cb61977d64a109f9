"""An incident's phases over its duration, as a bar and in words."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from msgspec import Struct

from generator.model import Incident, Phase
from generator.render import facts, words

WIDTH = 1000
TALL = 24
# The less is known or done, the taller: so that the bar reads without its colours.
HEIGHT: dict[Phase | None, int] = {
    None: 3,
    "investigating": 24,
    "identified": 18,
    "in_progress": 18,
    "update": 15,
    "unknown": 15,
    "monitoring": 11,
    "scheduled": 6,
    "resolved": 6,
    "postmortem": 6,
    "completed": 6,
}
SILENT = "silent"


class Segment(Struct, frozen=True):
    """A stretch of the bar, in its own units; `mark` names its look."""

    mark: str
    x: int
    y: int
    width: int


class Share(Struct, frozen=True):
    """How long a phase lasted in all."""

    mark: str
    word: str
    length: str


class PhaseBar(Struct, frozen=True):
    """The bar: its segments, the outline of the ticks that stand for posts, the phases in words."""

    segments: tuple[Segment, ...]
    ticks: str
    shares: tuple[Share, ...]


def phase_bar(incident: Incident) -> PhaseBar | None:
    """The phases from its start to its end or last word; None where that shows nothing.

    A phase lasts from the post that names it to the next. Before the first post is silence.
    """
    start, end = incident.started_at, incident.ended_at or facts.last_word_at(incident)
    posts = [update.at for update in incident.updates if start <= update.at <= end]
    if end <= start:
        return None
    stretches = tuple(_stretches(incident, start, end))
    totals: dict[Phase | None, timedelta] = {}
    for phase, since, until in stretches:
        totals[phase] = totals.get(phase, timedelta(0)) + (until - since)
    if len(totals) < 2 and len(posts) < 3:
        return None
    shares = tuple(
        Share(phase or SILENT, words.PHASE[phase] if phase else words.SILENT, words.length(length))
        for phase, length in totals.items()
    )

    def x(at: datetime) -> int:
        return round(WIDTH * ((at - start) / (end - start)))

    return PhaseBar(
        segments=tuple(_segment(phase, x(since), x(until)) for phase, since, until in stretches),
        ticks="".join(f"M{place} 0v{TALL}" for place in dict.fromkeys(map(x, posts))),
        shares=shares,
    )


def _stretches(
    incident: Incident, start: datetime, end: datetime
) -> Iterator[tuple[Phase | None, datetime, datetime]]:
    """What phase it was in, from when to when."""
    phase: Phase | None = None
    since = start
    for update in incident.updates:
        if update.phase == phase or update.at > end:
            continue
        if update.at > since:
            yield phase, since, update.at
            since = update.at
        phase = update.phase
    if end > since:
        yield phase, since, end


def _segment(phase: Phase | None, left: int, right: int) -> Segment:
    return Segment(phase or SILENT, left, TALL - HEIGHT[phase], right - left)
