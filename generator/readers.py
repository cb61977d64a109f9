"""The processes that read what pages answered: started once, bounded, killed when they must be.

A page that costs too much costs itself alone: the others of a killed process go on in a new one,
from the replies that they were given so far.
"""

import asyncio
import atexit
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from select import POLLIN, poll
from time import monotonic
from typing import IO

import msgspec

from generator.bodies import Held
from generator.errors import SourceFault
from generator.worker import LENGTH, NO_MEMORY, Head, Order, Step, Task

ROOT = Path(__file__).resolve().parents[1]
# Less than this is not told apart from nothing by the clock that ends a process.
LEAST = 0.05
# Codes of processes that took too long.
SPENT = (-signal.SIGPROF, -signal.SIGKILL)
# As many pages are read while a process starts.
START = 20
# No step is longer: it is made from less.
LARGEST = 64_000_000
# As much as a pipe holds.
PIECE = 65_536
# Seconds until a process is ready, at most. On a busy machine it takes its time, which is ours.
STARTED = 60.0


@dataclass(frozen=True, slots=True)
class Bounds:
    """What reading one source may cost: seconds of processor and of clock; bytes of a process."""

    cpu: float = 5.0
    wall: float = 9.0
    memory: int = 80_000_000
    processes: int = 2


@dataclass
class Course:
    """A task on its way: the replies it was given, what it has cost, and the process it is in.

    `room`: waited for before each step. `size`: of what its steps told, in bytes.
    """

    task: Task
    room: threading.Event | None = None
    size: int = 0
    rounds: list[Sequence[Held]] = field(default_factory=list)
    cpu: float = 0.0
    wall: float = 0.0
    number: int = 0
    within: "_Process | None" = None


class Readers:
    """Started when first needed. They outlive a run: to start one costs more than most pages."""

    def __init__(self, bounds: Bounds | None = None) -> None:
        bounds = bounds or Bounds()
        self._readers = [_Reader(bounds) for _ in range(bounds.processes)]

    async def step(self, course: Course, replies: Sequence[Held]) -> Step:
        """What the course makes of these replies; SourceFault when that costs too much."""
        course.rounds.append(replies)
        reader = next((each for each in self._readers if each.has(course)), None)
        reader = reader or min(self._readers, key=lambda each: each.busy)
        reader.waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(
                reader.thread, reader.step, course
            )
        finally:
            reader.waiting -= 1

    def leave(self, course: Course) -> None:
        """Nobody goes on with the course: whoever holds it may forget it."""
        if course.within is not None:
            course.within.forget.append(course.number)
            course.within = None

    def close(self) -> None:
        """End the processes; a later step starts new ones."""
        for reader in self._readers:
            reader.end()


class _Reader:
    """A place for one process, and the thread that alone talks with it."""

    def __init__(self, bounds: Bounds) -> None:
        self.waiting = 0
        self.thread = ThreadPoolExecutor(1, "reader")
        self._bounds = bounds
        self._process: _Process | None = None

    @property
    def busy(self) -> int:
        """How many wait for it, and for its start."""
        return self.waiting + (0 if self._process else START)

    def has(self, course: Course) -> bool:
        """Whether the course is under way here."""
        return course.within is not None and course.within is self._process

    def step(self, course: Course) -> Step:
        """The next step of a course, here or, if its process is no more, from its beginning."""
        if course.room:
            course.room.wait()
        crowded = self._process is not None
        try:
            return self._step(course)
        except _Died as death:
            # Where others had taken the room, the course is owed one of its own. Want of memory
            # ends a process in many ways: msgspec 0.22 may crash where it is refused some.
            if death.code in SPENT or not crowded:
                raise SourceFault("too heavy", self._why(course, death)) from None
        try:
            return self._step(course)
        except _Died as death:
            raise SourceFault("too heavy", self._why(course, death)) from None

    def end(self) -> None:
        """End the process, if there is one."""
        if self._process is not None:
            self._process.end()
            self._process = None

    def _step(self, course: Course) -> Step:
        if self._process is None:
            self._process = _Process(self._bounds.memory)
        if course.within is not self._process:
            course.cpu = course.wall = 0.0
        begun = monotonic()
        try:
            step = self._process.step(
                course, self._bounds.cpu - course.cpu, self._bounds.wall - course.wall
            )
        except BaseException:
            course.within = None
            self.end()
            raise
        course.cpu += step.seconds
        course.wall += monotonic() - begun
        if step.asked is None:
            course.within = None
        return step

    def _why(self, course: Course, death: "_Died") -> str:
        page = course.rounds[-1][0].url if course.rounds[-1] else course.task.vendor.status_page
        if death.code == -signal.SIGPROF:
            cost = f"takes over {self._bounds.cpu:g} s of processor time"
        elif death.code == -signal.SIGKILL:
            cost = f"takes over {self._bounds.wall:g} s"
        elif death.code == NO_MEMORY:
            cost = f"takes over {self._bounds.memory:,} bytes of memory"
        else:
            cost = f"ended the process that did it ({death.code}), as want of memory does"
        return f"reading what {page} answers {cost}"


class _Died(Exception):  # noqa: N818 - what became of a process
    """The process is no more, and how it ended."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class _Process:
    """A `worker`: given nothing of our environment, for it may hold secrets."""

    def __init__(self, memory: int) -> None:
        self.forget: list[int] = []
        self._numbers = count()
        self._decoder = msgspec.msgpack.Decoder(Step)
        self._popen = subprocess.Popen(  # noqa: S603 - this very interpreter, and nothing of theirs
            [sys.executable, "-P", "-B", "-m", "generator.worker", str(memory)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "PATH": os.defpath},
            start_new_session=True,
        )
        try:
            self._receive(monotonic() + STARTED)
        except EOFError:
            self.end()
            raise _Died(self._popen.returncode) from None

    def step(self, course: Course, cpu: float, wall: float) -> Step:
        """Give the order and wait for its step; _Died when none comes in time."""
        deadline = monotonic() + wall
        begins = course.within is not self
        if begins:
            course.number, course.within = next(self._numbers), self
        rounds = course.rounds if begins else course.rounds[-1:]
        forget, self.forget = self.forget, []
        order = Order(
            course.number,
            course.task if begins else None,
            max(cpu, LEAST),
            [[_head(held) for held in replies] for replies in rounds],
            forget,
        )
        try:
            self._send(msgspec.msgpack.encode(order), rounds)
            answer = self._receive(deadline)
            course.size += len(answer)
            return self._decoder.decode(answer)
        except (BrokenPipeError, EOFError, msgspec.DecodeError):
            self._popen.kill()
            raise _Died(self._popen.wait()) from None

    def end(self) -> None:
        """Kill it, if it is still there; _why tells by the code that it was us."""
        self._popen.kill()
        self._popen.wait()
        for pipe in (self._popen.stdin, self._popen.stdout):
            if pipe:
                try:
                    pipe.close()
                except BrokenPipeError:
                    continue

    def _send(self, order: bytes, rounds: Sequence[Sequence[Held]]) -> None:
        # It is idle now and reads at once: nothing hostile runs before it has all.
        pipe = self._pipe(self._popen.stdin)
        pipe.write(LENGTH.pack(len(order)))
        pipe.write(order)
        for replies in rounds:
            for held in replies:
                for piece in held.body.pieces():
                    pipe.write(piece)
        pipe.flush()

    def _receive(self, deadline: float) -> bytearray:
        (length,) = LENGTH.unpack(self._read(LENGTH.size, deadline))
        if length > LARGEST:
            raise EOFError
        return self._read(length, deadline)

    def _read(self, size: int, deadline: float) -> bytearray:
        """So many bytes; EOFError where they do not all come by then, and the process is killed."""
        pipe = self._pipe(self._popen.stdout)
        ready = poll()
        ready.register(pipe, POLLIN)
        found = bytearray()
        while len(found) < size:
            if not ready.poll(1000 * max(deadline - monotonic(), LEAST)):
                self._popen.kill()
                raise EOFError
            piece = os.read(pipe.fileno(), min(size - len(found), PIECE))
            if not piece:
                raise EOFError
            found += piece
        return found

    @staticmethod
    def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
        assert pipe is not None
        return pipe


def _head(held: Held) -> Head:
    return Head(held.url, held.status, held.content_type, held.body.size)


# Of every run in this process.
READERS = Readers()
atexit.register(READERS.close)
