"""Group commit: one thread writes what many have read, all that has come at once.

To reach the disk costs a write much the same, whether one vendor's changes or fifty are in it. And
while that waits, pages go on being read.
"""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")


class GroupCommit(Generic[T, R]):
    """`commit` is given what has come, in its order, in a thread that nothing else runs in.

    It returns an answer for each once all of it is safe. The end of the block waits for it.
    """

    def __init__(self, commit: Callable[[Sequence[T]], Sequence[R]]) -> None:
        self._commit = commit
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

    async def keep(self, item: T) -> R:
        """The answer to the item, when it is safe."""
        answer: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, answer))
        async with self._turn:
            # Whoever had the turn before may have taken it along.
            if not answer.done():
                await self._keep_all()
        return answer.result()

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
