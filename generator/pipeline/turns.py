"""The order in which a run wrote what it read: a replay keeps it, and comes to the same chain."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager

from generator.model import Vendor
from generator.report import Row


class Turns:
    """Whose changes are `written`, one after the other. Who is not named waits for nobody.

    `vendors`: all that write now. Nobody waits for others, which will never have their turn.
    """

    def __init__(self, written: Sequence[str], vendors: Iterable[Vendor]) -> None:
        slugs = {vendor.slug for vendor in vendors}
        self._left = deque(slug for slug in written if slug in slugs)
        self._moved = asyncio.Event()

    @property
    def any(self) -> bool:
        """Whether there is an order to keep."""
        return bool(self._left)

    @asynccontextmanager
    async def of(self, vendor: str, row: Row) -> AsyncIterator[None]:
        """The vendor's turn to write, over if its row says that something changed."""
        while vendor in self._left and self._left[0] != vendor:
            await self._moved.wait()
        before = _changes(row)
        yield
        if self._left and self._left[0] == vendor and _changes(row) != before:
            self._left.popleft()
            self._move()

    def done(self, vendor: str) -> None:
        """The vendor writes no more, whatever it did the first time."""
        if vendor in self._left:
            self._left = deque(each for each in self._left if each != vendor)
            self._move()

    def _move(self) -> None:
        self._moved.set()
        self._moved = asyncio.Event()


def _changes(row: Row) -> tuple[int, ...]:
    return (row.new, row.changed, row.withdrawn, row.restored)
