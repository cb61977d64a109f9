"""Group commit: one thread writes what many have read, all that has come at once.

To reach the disk costs a write much the same, whether one vendor's changes or fifty are in it. And
while that waits, pages go on being read.
"""

import asyncio
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")
# Bytes that may wait to be written: beyond, who brings more waits for room.
MOST = 16_000_000


class GroupCommit(Generic[T, R]):
    """`commit` is given what has come, in its order, in a thread that nothing else runs in.

    It returns an answer for each once all of it is safe. The end of the block waits for it.

    `room`: set while no more than `most` bytes wait. A slow disk is not to fill the memory, so
    that whoever makes large items waits for it before each.
    """

    def __init__(self, commit: Callable[[Sequence[T]], Sequence[R]], most: int = MOST) -> None:
        self.room = threading.Event()
        self.room.set()
        self._commit = commit
        self._most = most
        self._bytes = 0
        self._waiting: list[tuple[T, asyncio.Future[R]]] = []
        self._turn = asyncio.Lock()
        self._thread = ThreadPoolExecutor(1, "commit")

    def __enter__(self) -> "GroupCommit[T, R]":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._thread.shutdown()
        # Nobody is to wait for what comes no more.
        self.room.set()

    async def keep(self, item: T, size: int = 0) -> R:
        """The answer to the item of so many bytes, when it is safe."""
        answer: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, answer))
        self._grow(size)
        try:
            async with self._turn:
                # Whoever had the turn before may have taken it along.
                if not answer.done():
                    await self._keep_all()
        finally:
            self._grow(-size)
        return answer.result()

    def _grow(self, size: int) -> None:
        self._bytes += size
        if self._bytes > self._most:
            self.room.clear()
        else:
            self.room.set()

    async def _keep_all(self) -> None:
        group, self._waiting = self._waiting, []
        items = [item for item, _ in group]
        try:
            answers = await asyncio.get_running_loop().run_in_executor(
                self._thread, self._commit, items
            )
        except BaseException:
            for _, answer in group:
                answer.cancel()
            raise
        for (_, answer), said in zip(group, answers, strict=True):
            answer.set_result(said)
