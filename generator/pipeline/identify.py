"""Carrying a detection to the network: requests out, replies in, faults as good as no answer."""

import asyncio
import re

from generator.bodies import Held, nothing
from generator.detect import Detected
from generator.errors import SourceFault
from generator.fetch import Fetcher, Limits, Session
from generator.model import Vendor
from generator.readers import READERS, Course, Readers
from generator.reading import Get
from generator.scrape import first_asked
from generator.settings import SiteConfig
from generator.worker import Task

# A detection asks one page many things: more patience in all, no second try for any.
CURIOUS = Limits(deadline=90.0, attempts=1)
MOVES = 3
MOVED_TO = re.compile(r" redirects to (https?://\S+)$")


def identify(
    address: str,
    config: SiteConfig,
    *,
    allow_loopback: bool,
    limits: Limits | None = None,
    readers: Readers = READERS,
) -> Detected:
    """The platform behind an address, also where that has moved; SourceFault when none shows."""
    fetcher = Fetcher(config.agent, allow_loopback=allow_loopback, limits=limits or CURIOUS)
    return asyncio.run(identified(fetcher, readers, address))


async def identified(fetcher: Fetcher, readers: Readers, address: str) -> Detected:
    """The same, inside a run of many."""
    for _ in range(MOVES):
        try:
            return await _detected(fetcher, readers, address)
        except SourceFault as fault:
            moved = MOVED_TO.search(fault.reason) if fault.kind == "moved" else None
            if moved is None:
                raise
            address = moved[1]
    raise SourceFault("moved", f"{address} is the {MOVES}rd address in a row that redirects")


def changed(vendor: Vendor, found: Detected) -> SourceFault | None:
    """That another platform answers, or that the page is somewhere else."""
    if found.platform not in (vendor.platform, "feed"):
        reason = f"{found.status_page} is {found.platform}, the file says {vendor.platform}"
        return SourceFault("platform changed", reason)
    if found.status_page.rstrip("/") != vendor.status_page.rstrip("/"):
        return SourceFault("moved", f"{vendor.status_page} is now {found.status_page}")
    return None


async def _detected(fetcher: Fetcher, readers: Readers, address: str) -> Detected:
    course = Course(Task(Vendor("", "", "", address, "", ""), "detect"))
    async with fetcher.session(course.task.vendor) as session:
        try:
            return await _drive(readers, course, session)
        finally:
            readers.leave(course)


async def _drive(readers: Readers, course: Course, session: Session) -> Detected:
    """Carry the requests out; one that fails is an answer as good as none.

    Unless all do: then its fault is what there is to say.
    """
    faults: list[SourceFault] = []
    answered = False
    asked = first_asked(course.task)
    while True:
        replies = [await _reply(get, session, faults) for get in asked]
        answered = answered or any(reply.status for reply in replies)
        if asked and not answered:
            raise faults[0]
        step = await readers.step(course, replies)
        if step.failure:
            raise SourceFault(*step.failure)
        if step.detected:
            return step.detected
        asked = [ask.get() for ask in step.asked or ()]


async def _reply(get: Get, session: Session, faults: list[SourceFault]) -> Held:
    try:
        (reply,) = await session.get([get], fresh=True)
    except SourceFault as fault:
        if fault.kind == "moved" and not get.path:
            raise
        faults.append(fault)
        reply = None
    return reply or nothing(get.url(session.vendor.status_page))
