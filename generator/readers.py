"""The processes that read what pages answered: started once, bounded, killed when they must be.

A page that costs too much costs itself alone: the others of a killed process go on in a new one,
from the replies that they were given so far.
"""

import asyncio
import atexit
import signal
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import count
from time import monotonic

import msgspec

from generator.bodies import Held
from generator.child import LEAST, Child
from generator.errors import SourceFault
from generator.worker import NO_MEMORY, Head, Order, Step, Task

# Codes of processes that took too long.
SPENT = (-signal.SIGPROF, -signal.SIGKILL)
# As many pages are read while a process starts.
START = 20
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
    """A `worker`, with what it was asked and told so far."""

    def __init__(self, memory: int) -> None:
        self.forget: list[int] = []
        self._numbers = count()
        self._decoder = msgspec.msgpack.Decoder(Step)
        self._child = Child("generator.worker", str(memory))
        try:
            self._child.receive(monotonic() + STARTED)
        except EOFError:
            raise _Died(self._child.end()) from None

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
        bodies = (piece for replies in rounds for held in replies for piece in held.body.pieces())
        try:
            self._child.send(msgspec.msgpack.encode(order), bodies)
            answer = self._child.receive(deadline)
            course.size += len(answer)
            return self._decoder.decode(answer)
        except (BrokenPipeError, EOFError, msgspec.DecodeError):
            raise _Died(self._child.kill()) from None

    def end(self) -> None:
        """Kill it, if it is still there; _why tells by the code that it was us."""
        self._child.end()


def _head(held: Held) -> Head:
    return Head(held.url, held.status, held.content_type, held.body.size)


# Of every run in this process.
READERS = Readers()
atexit.register(READERS.close)
