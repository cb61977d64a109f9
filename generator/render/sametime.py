"""At the same time: which other vendors' incidents an incident's page names.

An incident counts here with its first seven days at most. So one that is left open for years does
not stand on every page, and a change reaches only pages of incidents near it in time.
"""

from collections.abc import Iterable
from datetime import date, datetime

from msgspec.structs import replace

from generator.model import Kept, Outline
from generator.render.almanac import DAY, FIRST_DAYS, SECOND, Almanac, incident_of
from generator.render.overlaps import (
    EPOCH,
    Brief,
    Overlap,
    Overlaps,
    brief,
    brief_of,
    overlap_of,
)
from generator.render.packed import Packed
from generator.times import text_of

COUNTED = FIRST_DAYS * DAY
# Incidents are searched by blocks of so many days, each laid out when first asked for. Half as
# many days took a fifth more memory, for what stands near two blocks is in both.
BLOCK = 32
# How far an incident's block, and what counts in it, reach from its start.
AROUND = FIRST_DAYS + BLOCK


class SameTime:
    """Answers for any incident, of whatever time."""

    def __init__(self, almanac: Almanac) -> None:
        self.almanac = almanac
        self._blocks: dict[int, Overlaps[Outline]] = {}

    def of(self, kept: Kept) -> tuple[Overlap, ...]:
        """The most overlapping; none for planned work and for what was withdrawn."""
        return () if kept.withdrawn_at is not None else self._of(brief(kept))

    def of_outline(self, outline: Outline) -> tuple[Overlap, ...]:
        """The same for an incident known in outline."""
        return self._of(_brief(outline))

    def near(self, starts: Iterable[datetime]) -> list[Outline]:
        """The incidents whose pages may name one that starts, or started, at one of the times."""
        found: dict[tuple[str, str], Outline] = {}
        spans = [(start - COUNTED, start + COUNTED) for start in starts]
        # In one go, with all that those near may overlap.
        self.almanac.read(
            (first.date() + DAY * number).isoformat()
            for first, _ in spans
            for number in range(-AROUND, 2 * FIRST_DAYS + AROUND + 1)
        )
        for first, last in spans:
            for each in self.almanac.started(text_of(first), text_of(last)):
                if each.kind == "incident":
                    found[each.vendor, each.slug] = each
        return list(found.values())

    def _of(self, own: Brief) -> tuple[Overlap, ...]:
        if own.kind != "incident":
            return ()
        found = self._block(own.started_at.date()).of(_cut(own))
        return tuple(overlap_of(own, _brief(other)) for other in found)

    def _block(self, day: date) -> Overlaps[Outline]:
        number = day.toordinal() // BLOCK
        if number not in self._blocks:
            first = date.fromordinal(number * BLOCK)
            known = self.almanac.started(
                (first - COUNTED).isoformat(), (first + DAY * BLOCK + COUNTED).isoformat()
            )
            # Cut, all have an end: how long those last that have none is not asked for.
            self._blocks[number] = Overlaps(known, lambda each: _cut(_brief(each)), EPOCH, Packed)
        return self._blocks[number]

    def lay_out(self) -> None:
        """Lay out all that may be asked for, for processes that are to share it."""
        for day in self.almanac.days:
            self._block(date.fromisoformat(day))

    def forget(self) -> None:
        """Let go of what is laid out: it is as large as the program."""
        self._blocks.clear()


def together(outline: Outline, others: Iterable[Brief]) -> bool:
    """Whether any of the others went on while this one did, as it counts here."""
    start, end = _span(_cut(_brief(outline)))
    return any(
        max(start, began) < min(end, ended) for began, ended in map(_span, map(_cut, others))
    )


def _span(cut: Brief) -> tuple[datetime, datetime]:
    """One without length, or whose end lies before its start, is the second of its start."""
    return cut.started_at, max(cut.ended_at or cut.started_at, cut.started_at + SECOND)


def _brief(outline: Outline) -> Brief:
    return brief_of(outline.vendor, outline.slug, incident_of(outline))


def _cut(whole: Brief) -> Brief:
    end = whole.started_at + COUNTED
    return whole if whole.ended_at and whole.ended_at <= end else replace(whole, ended_at=end)
