"""Driving the providers: many vendors at once, each answer handed on as it comes."""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, TypeVar

from generator.addresses import address_of
from generator.errors import OutagesError, SourceFault
from generator.fetch import Fetcher, Session
from generator.model import Fault, Vendor
from generator.readers import Course, Readers
from generator.reading import Batch, Get, Validator
from generator.worker import Step, Task

T = TypeVar("T")


class Read(NamedTuple):
    """A reply that was read: its address, SHA-256 of its body, the keys that it tells of."""

    url: str
    sha256: bytes
    told: frozenset[str]


@dataclass
class Result:
    """What came of it. Without a batch and without a fatal fault: nothing has changed.

    `read`: the replies behind the batch, in order, without their bodies. `size`: of all that its
    reader told, in bytes.
    """

    vendor: Vendor
    batch: Batch | None = None
    failure: SourceFault | None = None
    read: list[Read] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    validators: dict[str, Validator] = field(default_factory=dict)
    requests: int = 0
    received: int = 0
    size: int = 0

    def source_of(self, key: str) -> Read | None:
        """The reply that an incident was read from: the last that tells of it, or else the first.

        A page that is read in one reply does not say so of each incident; and what has gone from
        a list, that list tells.
        """
        first = self.read[0] if self.read else None
        return next((read for read in reversed(self.read) if key in read.told), first)


async def side_by_side(
    items: Iterable[T], work: Callable[[T], Awaitable[None]], at_once: int
) -> None:
    """Work on every item, so many at once; the first error ends it all and is raised as it is."""
    waiting = iter(list(items))

    async def worker() -> None:
        for item in waiting:
            await work(item)

    try:
        async with asyncio.TaskGroup() as group:
            for _ in range(at_once):
                group.create_task(worker())
    except ExceptionGroup as errors:
        raise errors.exceptions[0] from None


async def read(
    fetcher: Fetcher,
    readers: Readers,
    task: Task,
    known: Mapping[str, Validator] | None = None,
    room: threading.Event | None = None,
) -> Result:
    """One vendor, to its end or its fault: whatever goes wrong stays here.

    `known`: what its page gave us to recognise an unchanged reply by. `room`: waited for before
    what was asked for is looked into.
    """
    result = Result(task.vendor)
    course = Course(task, room)
    async with fetcher.session(task.vendor, known) as session:
        try:
            result.batch = await _drive(readers, course, session, result)
        except SourceFault as failure:
            result.failure = failure
        except OutagesError:
            raise  # what ends every reading
        except Exception as error:
            # A bug in one reader must not stop the others.
            reason = f"the {task.vendor.platform} reader broke: {type(error).__name__}: {error}"
            result.failure = SourceFault("unparseable", reason)
        finally:
            readers.leave(course)
        result.validators = session.seen
        result.requests = session.requests
        result.received = session.received
        result.size = course.size
    return result


async def _drive(
    readers: Readers, course: Course, session: Session, result: Result
) -> Batch | None:
    """Carry requests out and replies in. None when nothing that was first asked has changed."""
    asked = first_asked(course.task)
    replies = await session.get(asked, fresh=False)
    # Where nothing is there, the reader has more to ask: only a page can be unchanged.
    if all(reply is None for reply in replies) and session.found_something:
        return None
    if None in replies:
        replies = await session.get(asked, fresh=True)
    while True:
        step = await readers.step(course, [reply for reply in replies if reply is not None])
        result.faults = list(step.faults)
        if step.failure:
            raise SourceFault(*step.failure)
        if step.asked is None:
            result.read = _read(course, step)
            return step.batch
        replies = await session.get([ask.get() for ask in step.asked], fresh=True)


def first_asked(task: Task) -> list[Get]:
    """What a course asks first. It has heard nothing hostile yet, so we may ask it ourselves.

    Nothing, where the address alone tells all.
    """
    course = task.course()
    assert course is not None
    asked = next(course, [])
    course.close()
    return asked


def refused(vendor: Vendor, *, allow_loopback: bool) -> SourceFault | None:
    """Why the vendor's page would not even be asked, as its file is; nobody is asked for this."""
    try:
        for get in first_asked(Task(vendor)):
            address_of(get, vendor.status_page, allow_loopback=allow_loopback)
    except SourceFault as fault:
        return fault
    return None


def _read(course: Course, last: Step) -> list[Read]:
    """The replies of a course, with what it told of each in the end."""
    replies = [held for replies in course.rounds for held in replies]
    return [
        Read(held.url, held.body.sha256, told)
        for held, told in zip(replies, last.told, strict=True)
        if held.status < 400
    ]
