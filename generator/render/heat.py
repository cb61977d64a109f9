"""A year as a calendar: a column a week, Monday on top, a shape for every day with incidents."""

from collections.abc import Iterable, Mapping
from datetime import date
from itertools import chain

from msgspec import Struct

from generator.model import IMPACTS
from generator.render import facts, words
from generator.render.stats import Day, Mark

STEP = 10
GRAVEST_FIRST: tuple[Mark, ...] = (
    *sorted(IMPACTS, key=lambda impact: -facts.SEVERITY[impact]),
    "maintenance",
)
# The shape of a day, drawn from the corner of its cell: the same shapes as the marks of impact.
SHAPE: Mapping[Mark, str] = {
    "none": "m4.5.5a4 4 0 1 0 .1 0zm0 2a2 2 0 1 1-.1 0z",
    "unknown": "m0 3h9v3h-9z",
    "minor": "m4.5 0 4.5 9h-9z",
    "major": "m4.5 0 4.5 4.5-4.5 4.5-4.5-4.5z",
    "critical": "h9v9h-9z",
    "maintenance": "m1 1h7v7h-7zm2 2v3h3v-3z",
}


class Shapes(Struct, frozen=True):
    """All days of one mark as one outline, and how many they are, in words."""

    mark: Mark
    outline: str
    label: str


class Heat(Struct, frozen=True):
    """A year's calendar.

    `quiet`, `blank`: outlines of the days since and before the record begins; days that have not
    come are not drawn. `taken`: of those that have a shape, which lies on paper.
    """

    year: int
    width: int
    height: int
    shapes: tuple[Shapes, ...]
    quiet: str
    blank: str
    taken: str
    months: tuple[str, ...]
    summary: str


def heat(year: int, days: Iterable[Day], recorded_since: date | None) -> Heat:
    """The calendar of a year by its days, from 1 January on."""
    first = date(year, 1, 1)
    offset = first.weekday()
    places: dict[Mark, list[int]] = {}
    begins = end = offset
    for place, day in enumerate(days, start=offset):
        end = place + 1
        if recorded_since is None or day.day < recorded_since:
            begins = end
        if mark := mark_of_day(day):
            places.setdefault(mark, []).append(place)
    columns = (offset + (date(year + 1, 1, 1) - first).days + 6) // 7
    seen = {mark: len(places[mark]) for mark in GRAVEST_FIRST if mark in places}
    return Heat(
        year=year,
        width=columns * STEP - 1,
        height=7 * STEP - 1,
        shapes=tuple(
            Shapes(mark, _outline(places[mark], SHAPE[mark]), words.days_of(mark, count))
            for mark, count in seen.items()
        ),
        quiet=_run(begins, end),
        blank=_run(offset, begins),
        taken=_outline(sorted(chain(*places.values())), SHAPE["critical"]),
        months=tuple(name[:3] for name in words.MONTHS),
        summary=words.heat_summary(year, seen),
    )


def mark_of_day(day: Day) -> Mark | None:
    """The gravest of a day, maintenance where there is nothing else; None: nothing at all."""
    return "maintenance" if day.is_maintenance_only else day.worst


def _outline(places: Iterable[int], shape: str) -> str:
    return "".join(f"M{place // 7 * STEP} {place % 7 * STEP}{shape}" for place in places)


def _run(first: int, end: int) -> str:
    """Days on end as three rectangles at most: a week begun, whole weeks, a week broken off.

    Lines of the style sheet part them into days.
    """
    whole = min(-(-first // 7) * 7, end)
    rest = max(end // 7 * 7, whole)
    pieces = ((first, whole, 1), (whole, rest, (rest - whole) // 7), (rest, end, 1))
    return "".join(_rectangle(*piece) for piece in pieces if piece[0] < piece[1])


def _rectangle(first: int, end: int, weeks: int) -> str:
    left, top = first // 7 * STEP, first % 7 * STEP
    height = (end - first) // weeks * STEP - 1
    return f"M{left} {top}h{weeks * STEP - 1}v{height}H{left}z"
