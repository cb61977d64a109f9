"""When an incident began, was over, was open again, and over again: its turns, from its revisions.

An end that its vendor moves is the same turn. One that was taken back, by a page that shows the
incident as open again, is a turn of its own, and so is the next end.
"""

from collections.abc import Iterator
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Literal

from msgspec import Struct

from generator import times
from generator.model import Kept


class Turn(Struct, frozen=True):
    """`at`: the end, as it was stated last; None for a beginning. `seen`: not before this reading.

    `until`: the reading that saw the next turn; None for the last one. `number`: the first
    beginning and the first end are 1.
    """

    what: Literal["opened", "resolved"]
    number: int
    at: datetime | None
    seen: datetime
    until: datetime | None = None

    @property
    def name(self) -> str:
        """In ids and anchors: `opened`, `resolved`, `opened-2`, `resolved-2`."""
        return self.what if self.number == 1 else f"{self.what}-{self.number}"


def turns(kept: Kept) -> Iterator[Turn]:
    """The turns of an incident, first to last."""
    yield Turn("opened", 1, None, kept.first_seen_at)
    number, runs = 1, _runs(kept)
    for place, (end, seen) in enumerate(runs):
        until = runs[place + 1][1] if place + 1 < len(runs) else None
        if end is not None:
            yield Turn("resolved", number, end, seen, until)
        elif place:
            number += 1
            yield Turn("opened", number, None, seen, until)


def _runs(kept: Kept) -> list[tuple[datetime | None, datetime]]:
    """Whether it was over, by turns: the last end of each, and when it was first seen."""
    moved = [edit for edit in kept.revisions if _is_end(edit.field, edit.update_key)]
    ends = [*(times.kept(edit.before, None) for edit in moved), kept.incident.ended_at]
    seen = [kept.first_seen_at, *(edit.seen_at for edit in moved)]
    states = ((end is not None, end, at) for end, at in zip(ends, seen, strict=True))
    found = []
    for _, run in groupby(states, key=itemgetter(0)):
        (_, _, first), *_ = held = list(run)
        found.append((held[-1][1], first))
    return found


def _is_end(field: str, update_key: str | None) -> bool:
    return field == "ended_at" and update_key is None
