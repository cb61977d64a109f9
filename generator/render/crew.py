"""Processes that share work: each is given the next task as soon as it has done one.

They are forked, so that what was laid out before is theirs without being sent, and take nearly no
memory for it. A process dies when who gave it work is no more; when one dies, all end.
"""

import gc
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection, Pipe, wait
from multiprocessing.context import ForkProcess
from select import poll
from typing import Generic, TypeVar

import msgspec

from generator.errors import BuildError, OutagesError

T = TypeVar("T", bound=msgspec.Struct)
# What a process does with a task; opened in it, for a database must not cross a fork.
Begin = Callable[[], AbstractContextManager[Callable[[str], msgspec.Struct]]]


class Crew(Generic[T]):
    """Processes at work. `kind`: what they tell of a task."""

    def __init__(self, hands: int, begin: Begin, kind: type[T]) -> None:
        self._told = msgspec.msgpack.Decoder(kind)
        self._processes: dict[Connection, ForkProcess] = {}
        for _ in range(hands):
            ours, theirs = Pipe()
            # Its own copies of our ends would keep a process from seeing that we are gone.
            mine = (*self._processes, ours)
            process = get_context("fork").Process(
                target=_work, args=(theirs, mine, begin), daemon=True
            )
            process.start()
            theirs.close()
            self._processes[ours] = process

    def do(self, tasks: Iterable[str]) -> Iterator[tuple[str, T]]:
        """Each task and what is told of it, in the order of their ends; the last one ends the crew.

        `tasks`: the largest first. One process begins with those, all others with the smallest: as
        long as few are large, no two are held at a time, and the last ones are of a middling size.
        BuildError where a process failed.
        """
        waiting = deque(tasks)
        doing: dict[Connection, str] = {}
        for hand in self._processes:
            self._give(hand, waiting, doing)
        while doing:
            for ready in wait(list(doing)):
                assert isinstance(ready, Connection)
                task = doing.pop(ready)
                told = self._heard(ready, task)
                self._give(ready, waiting, doing)
                yield task, told
        # The memory they hold is wanted for what comes after.
        self.end()

    def end(self) -> None:
        """End the processes, whatever they are doing."""
        for process in self._processes.values():
            process.terminate()
            process.join()

    def _give(self, hand: Connection, waiting: deque[str], doing: dict[Connection, str]) -> None:
        if waiting:
            task = waiting.popleft() if hand is next(iter(self._processes)) else waiting.pop()
            doing[hand] = task
            try:
                hand.send_bytes(task.encode())
            except OSError:
                raise self._lost(hand, task) from None

    def _heard(self, hand: Connection, task: str) -> T:
        try:
            answer = hand.recv_bytes()
        except (EOFError, OSError):
            raise self._lost(hand, task) from None
        if answer[:1] == b"!":
            raise BuildError(answer[1:].decode())
        return self._told.decode(answer[1:])

    def _lost(self, hand: Connection, task: str) -> BuildError:
        process = self._processes[hand]
        process.join()
        code = process.exitcode or 0
        return BuildError(
            f"A process that was drawing {task} "
            + (f"was killed by {signal.Signals(-code).name}. " if code < 0 else "failed. ")
            + "What stood there before still stands; build again, with --jobs 1 if memory is short."
        )


@contextmanager
def crew_of(hands: int, begin: Begin, kind: type[T]) -> Iterator[Crew[T]]:
    """So many processes, which end with the block."""
    # What is garbage now would be kept twice.
    gc.collect()
    crew = Crew(hands, begin, kind)
    try:
        yield crew
    finally:
        crew.end()


def _work(tasks: Connection, others: Iterable[Connection], begin: Begin) -> None:
    """Do one task after the other until there is nobody to tell."""
    # Ctrl-C is told to all at once; who gave us work ends us.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    for other in others:
        other.close()
    threading.Thread(target=_end_with, args=(tasks,), daemon=True).start()
    # To look for garbage in what we were given would be to copy it.
    gc.freeze()
    try:
        with begin() as do:
            while True:
                task = tasks.recv_bytes().decode()
                tasks.send_bytes(b"." + msgspec.msgpack.encode(do(task)))
    except OutagesError as error:
        tasks.send_bytes(b"!" + str(error).encode())
    except (EOFError, BrokenPipeError, ConnectionResetError):
        return


def _end_with(tasks: Connection) -> None:
    """Stop in the midst of a page once nobody waits for it: the next build may be under way."""
    gone = poll()
    gone.register(tasks, 0)  # that the other end hangs up is told unasked
    gone.poll()
    os._exit(1)
