"""Which run grew from which: the runs of an archive as the tree with joins that they are."""

import sqlite3
from collections.abc import Iterable
from graphlib import CycleError, TopologicalSorter

from generator.errors import ArchiveError


class Ancestry:
    """The runs that are held, by their numbers. Parents that are not held are as if none were."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        numbers: dict[bytes, int] = {}
        named = []
        for number, parent, merged, sealed in connection.execute(
            "SELECT id, parent, merged, hash FROM run ORDER BY id"
        ):
            numbers[sealed] = number
            named.append((number, (parent, merged)))
        self._parents: dict[int, list[int]] = {
            number: [numbers[name] for name in names if name in numbers] for number, names in named
        }
        self._depth: dict[int, int] = {}
        for number in _parents_first(self._parents):
            before = (self._depth[parent] for parent in self._parents[number])
            self._depth[number] = 1 + max(before, default=0)
        self._line = self._main_line()

    def ends(self) -> list[int]:
        """The runs that none follows: one, unless lines were laid together and not yet joined."""
        followed = {parent for parents in self._parents.values() for parent in parents}
        return [number for number in self._parents if number not in followed]

    def precedes(self, earlier: int, later: int) -> bool:
        """Whether the one grew from the other, over however many between."""
        floor = self._depth[earlier]
        if earlier in self._line and later in self._line:
            return floor < self._depth[later]
        found, waiting = {later}, [later]
        while waiting:
            above = {one for one in self._parents[waiting.pop()] if self._depth[one] >= floor}
            if earlier in above:
                return True
            waiting += above - found
            found |= above
        return False

    def latest(self, runs: Iterable[int]) -> list[int]:
        """Those of the runs that none of the others grew from."""
        last: list[int] = []
        for run in sorted(set(runs), key=lambda run: (-self._depth[run], run)):
            if not any(self.precedes(run, one) for one in last):
                last.append(run)
        return last

    def in_order(self, run: int) -> int:
        """What runs are sorted by, for each to stand behind those it grew from."""
        return self._depth[run]

    def _main_line(self) -> set[int]:
        """The longest line: on it, who is deeper came later, and nothing needs to be walked."""
        line: set[int] = set()
        run = max(self._depth, key=self._depth.__getitem__, default=None)
        while run is not None:
            line.add(run)
            run = max(self._parents[run], key=self._depth.__getitem__, default=None)
        return line


def _parents_first(parents: dict[int, list[int]]) -> Iterable[int]:
    try:
        return tuple(TopologicalSorter(parents).static_order())
    except CycleError:
        raise ArchiveError(
            "the archive's runs follow each other in a circle: something other than this program "
            "wrote it. git has the last good one."
        ) from None
