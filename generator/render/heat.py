"""A year as a calendar: a column a week, Monday on top, a shape for every day with incidents."""

from collections.abc import Iterable, Mapping
from datetime import date

from msgspec import Struct

from generator.model import IMPACTS
from generator.render import facts, words
from generator.render.stats import Day, Mark

STEP = 10
CELL = STEP - 1
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

    `quiet`, `blank`: outlines of the days without anything, since and before the record begins;
    days that have not come are not drawn. `lines` part the days of a column.
    """

    year: int
    width: int
    height: int
    shapes: tuple[Shapes, ...]
    quiet: str
    blank: str
    lines: str
    months: tuple[str, ...]
    summary: str


def heat(year: int, days: Iterable[Day], recorded_since: date | None) -> Heat:
    """The calendar of a year by its days, from 1 January on."""
    first = date(year, 1, 1)
    offset = first.weekday()
    places: dict[Mark | None, list[int]] = {}
    blank = []
    for place, day in enumerate(days, start=offset):
        mark = mark_of_day(day)
        if mark is None and (recorded_since is None or day.day < recorded_since):
            blank.append(place)
        else:
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
        quiet=_runs(places.get(None, ())),
        blank=_runs(blank),
        lines="".join(f"M0 {row * STEP - 0.5}h{columns * STEP}" for row in range(1, 7)),
        months=tuple(name[:3] for name in words.MONTHS),
        summary=words.heat_summary(year, seen),
    )


def mark_of_day(day: Day) -> Mark | None:
    """The gravest of a day, maintenance where there is nothing else; None: nothing at all."""
    return "maintenance" if day.is_maintenance_only else day.worst


def _outline(places: Iterable[int], shape: str) -> str:
    return "".join(f"M{place // 7 * STEP} {place % 7 * STEP}{shape}" for place in places)


def _runs(places: Iterable[int]) -> str:
    """Neighbouring days of a week as one rectangle."""
    runs: list[list[int]] = []
    for place in places:
        if runs and place % 7 and runs[-1][-1] == place - 1:
            runs[-1].append(place)
        else:
            runs.append([place])
    return "".join(
        f"M{run[0] // 7 * STEP} {run[0] % 7 * STEP}h{CELL}v{len(run) * STEP - 1}h-{CELL}z"
        for run in runs
    )
