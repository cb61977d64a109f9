"""Reading hostile pages: a process that knows neither network nor archive, and can be killed.

`python -m generator.worker` takes orders on its standard input and answers each with a step, until
its input ends. A provider does no input or output, so the same replies lead to the same step in
any process, at any time. The other end, which starts and kills it, is `readers`.
"""

import os
import signal
import struct
import sys
import time
from collections.abc import Generator, Iterable
from dataclasses import dataclass, field
from typing import IO, Literal

import msgspec
from msgspec.structs import replace

from generator.confined import confine
from generator.detect import Detected, detect
from generator.errors import FaultKind, SourceFault
from generator.known import without_known
from generator.model import Fault, Vendor
from generator.providers import history, recent
from generator.reading import Batch, Get, Reply, one_each

Walk = Literal["recent", "history", "detect"]
Course = Generator[list[Get], list[Reply], Batch | Detected]
# How the process ends where memory does.
NO_MEMORY = 71
MOST_FAULTS = 100
# A reason quotes what a page says: as much as anybody reads.
LONGEST_REASON = 500
LENGTH = struct.Struct("!I")


@dataclass(frozen=True, slots=True)
class Task:
    """What to read and how: a vendor's newest, a step of its past, or what its page is.

    `known`: digests of what it listed when it was last read.
    """

    vendor: Vendor
    walk: Walk = "recent"
    watch: frozenset[str] = frozenset()
    cursor: str | None = None
    known: bytes = b""

    def course(self) -> Course | None:
        """Its requests and replies, from the start; None for a past that no platform keeps."""
        if self.walk == "recent":
            return recent(self.vendor, self.watch)
        if self.walk == "history":
            return history(self.vendor, self.cursor)
        return detect(self.vendor.status_page)


class Ask(msgspec.Struct, array_like=True, frozen=True):
    """A `Get` on its way between processes."""

    path: str
    params: dict[str, str]
    absent: tuple[int, ...]
    always: bool

    def get(self) -> Get:
        """The request again."""
        get = Get(self.path, absent=self.absent, always=self.always)
        get.params = self.params
        return get


class Head(msgspec.Struct, array_like=True, frozen=True):
    """A reply whose body, so many bytes, follows the order."""

    url: str
    status: int
    content_type: str
    size: int


class Order(msgspec.Struct, array_like=True, frozen=True):
    """Go on with a course, or begin it if it comes with its task, by rounds of replies.

    It may take so many seconds of processor time. `forget`: courses that nobody goes on with.
    """

    number: int
    task: Task | None
    seconds: float
    rounds: list[list[Head]]
    forget: list[int]


class Step(msgspec.Struct, array_like=True, frozen=True):
    """Where a course has come to: what it asks for next, what it found, or its failure.

    `faults`: all so far. `told`, at the end: of each reply, the keys of the incidents it tells of.
    """

    asked: list[Ask] | None = None
    batch: Batch | None = None
    detected: Detected | None = None
    failure: tuple[FaultKind, str] | None = None
    faults: tuple[Fault, ...] = ()
    told: tuple[frozenset[str], ...] = ()
    seconds: float = 0.0


@dataclass(slots=True)
class _UnderWay:
    """A course, its task, and what its readers noted of each reply, without the bodies."""

    task: Task
    course: Course
    begun: bool = False
    faults: list[list[Fault]] = field(default_factory=list)
    told: list[set[str]] = field(default_factory=list)


class Worker:
    """The courses that are under way in this process."""

    def __init__(self, orders: IO[bytes], steps: IO[bytes]) -> None:
        self._orders = orders
        self._steps = steps
        self._courses: dict[int, _UnderWay] = {}

    def work(self) -> None:
        """Take orders until there are no more."""
        decoder = msgspec.msgpack.Decoder(Order)
        while frame := self._orders.read(LENGTH.size):
            order = decoder.decode(self._orders.read(*LENGTH.unpack(frame)))
            # What runs over its time is ended by the kernel, whatever it is doing.
            signal.setitimer(signal.ITIMER_PROF, order.seconds)
            try:
                answer = self._answer(order)
            except MemoryError:
                os._exit(NO_MEMORY)
            signal.setitimer(signal.ITIMER_PROF, 0)
            self._steps.write(LENGTH.pack(len(answer)))
            self._steps.write(answer)
            self._steps.flush()

    def _answer(self, order: Order) -> bytes:
        begun = time.process_time()
        rounds = [[self._reply(head) for head in heads] for heads in order.rounds]
        for number in order.forget:
            self._courses.pop(number, None)
        under_way = self._under_way(order)
        try:
            step = _step(under_way, rounds)
        except SourceFault as fault:
            step = Step(failure=(fault.kind, fault.reason))
        except UnicodeEncodeError as error:
            step = _not_unicode(error)
        except MemoryError:
            raise
        except Exception as error:
            # A bug in one reader must not stop the others.
            platform = under_way.task.vendor.platform
            reason = f"the {platform} reader broke: {type(error).__name__}: {error}"
            step = Step(failure=("unparseable", reason))
        if step.failure:
            kind, reason = step.failure
            step = replace(step, failure=(kind, _short(reason)))
        faults = _few(fault for noted in under_way.faults for fault in noted)
        told = tuple(map(frozenset, under_way.told)) if step.asked is None else ()
        if step.asked is None:
            self._courses.pop(order.number, None)
        seconds = time.process_time() - begun
        return _encoded(replace(step, faults=faults, told=told, seconds=seconds))

    def _under_way(self, order: Order) -> _UnderWay:
        if order.task is not None:
            course = order.task.course()
            assert course is not None
            self._courses[order.number] = _UnderWay(order.task, course)
        return self._courses[order.number]

    def _reply(self, head: Head) -> Reply:
        return Reply(head.url, head.status, head.content_type, self._orders.read(head.size))


def _step(under_way: _UnderWay, rounds: list[list[Reply]]) -> Step:
    """Go on by so many rounds of replies, the first of a new course among them."""
    asked: list[Get] = []
    try:
        if not under_way.begun:
            under_way.begun = True
            next(under_way.course)
        for replies in rounds:
            under_way.faults += [reply.faults for reply in replies]
            under_way.told += [reply.told for reply in replies]
            asked = under_way.course.send(replies)
    except StopIteration as end:
        found: Batch | Detected = end.value
        if isinstance(found, Batch):
            batch, twice = one_each(found)
            under_way.faults.append(twice)
            batch = without_known(batch, under_way.task.known)
            _clean(batch)
            return Step(batch=batch)
        return Step(detected=found)
    return Step(asked=[Ask(get.path, get.params, get.absent, get.always) for get in asked])


def _clean(batch: Batch) -> None:
    """Make of each post what a page will show: what costs too much does so here, and goes nowhere.

    A build does the same again, of what has been done once within these bounds.
    """
    # Loaded by `confine`; who only talks with this process does without.
    from generator.render.text import cleaned

    for incident in batch.incidents:
        for update in incident.updates:
            cleaned(update.body, update.body_format)


def _few(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    """Each fault once, and of a flood as many as anybody reads."""
    each = tuple(dict.fromkeys(Fault(fault.kind, _short(fault.reason)) for fault in faults))
    if len(each) <= MOST_FAULTS:
        return each
    more = Fault(each[-1].kind, f"and {len(each) - MOST_FAULTS:,} more")
    return (*each[:MOST_FAULTS], more)


def _short(reason: str) -> str:
    return reason if len(reason) <= LONGEST_REASON else f"{reason[:LONGEST_REASON]} …"


def _encoded(step: Step) -> bytes:
    try:
        return msgspec.msgpack.encode(step)
    except UnicodeEncodeError as error:
        return msgspec.msgpack.encode(replace(_not_unicode(error), seconds=step.seconds))


def _not_unicode(error: UnicodeEncodeError) -> Step:
    return Step(failure=("unparseable", f"what it says is not Unicode: {error.reason}"))


def main() -> None:
    """Work for the process that started this one."""
    orders, steps = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    # Whatever a parser may print is no answer.
    os.dup2(2, 1)
    confine(int(sys.argv[1]))
    # Ready: what comes from here on is the cost of what is read.
    steps.write(LENGTH.pack(0))
    steps.flush()
    Worker(orders, steps).work()


if __name__ == "__main__":
    main()
