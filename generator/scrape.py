"""Driving the providers: many vendors at once, each answer handed on as it comes."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import NamedTuple, TypeVar

from generator.errors import SourceFault
from generator.fetch import Fetcher, Session
from generator.model import Fault, Vendor
from generator.reading import Batch, Reading, Reply, Validator

T = TypeVar("T")


@dataclass
class Task:
    """A vendor to read: how, and what its page gave us to recognise an unchanged reply by."""

    vendor: Vendor
    reading: Reading
    known: Mapping[str, Validator] = field(default_factory=dict)


class Read(NamedTuple):
    """A reply that was read: its address, SHA-256 of its body, the keys that it tells of."""

    url: str
    sha256: bytes
    told: set[str]


@dataclass
class Result:
    """What came of it. Without a batch and without a fatal fault: nothing has changed.

    `read`: the replies behind the batch, in order, without their bodies.
    """

    vendor: Vendor
    batch: Batch | None = None
    failure: SourceFault | None = None
    read: list[Read] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    validators: dict[str, Validator] = field(default_factory=dict)
    requests: int = 0
    received: int = 0

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


async def read(fetcher: Fetcher, task: Task) -> Result:
    """One vendor, to its end or its fault: whatever goes wrong stays here."""
    result = Result(task.vendor)
    async with fetcher.session(task.vendor, task.known) as session:
        try:
            result.batch = await _drive(task.reading, session, result)
        except SourceFault as failure:
            result.failure = failure
        except Exception as error:
            # A bug in one reader must not stop the others.
            reason = f"the {task.vendor.platform} reader broke: {type(error).__name__}: {error}"
            result.failure = SourceFault("unparseable", reason)
        result.validators = session.seen
        result.requests = session.requests
        result.received = session.received
    return result


async def _drive(reading: Reading, session: Session, result: Result) -> Batch | None:
    """Carry requests out and replies in. None when nothing that was first asked has changed."""
    asked = next(reading)
    replies = await session.get(asked, fresh=False)
    # Where nothing is there, the reader has more to ask: only a page can be unchanged.
    if all(reply is None for reply in replies) and session.found_something:
        reading.close()
        return None
    if None in replies:
        replies = await session.get(asked, fresh=True)
    while True:
        known = [reply for reply in replies if reply is not None]
        result.read += [_noted(reply) for reply in known if not reply.absent]
        try:
            asked = reading.send(known)
        except StopIteration as end:
            batch: Batch = end.value
            return batch
        finally:
            for reply in known:
                result.faults += [fault for fault in reply.faults if fault not in result.faults]
        replies = await session.get(asked, fresh=True)


def _noted(reply: Reply) -> Read:
    # Its body may go; what it tells of is found while it is read.
    return Read(reply.url, sha256(reply.body).digest(), reply.told)
