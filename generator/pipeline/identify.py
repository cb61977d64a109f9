"""Carrying a detection to the network: requests out, replies in, faults as good as no answer."""

import asyncio
import re

from generator.detect import Detected, Detection, detect
from generator.errors import SourceFault
from generator.fetch import Fetcher, Limits, Session
from generator.model import Vendor
from generator.reading import Get, Reply
from generator.settings import SiteConfig

# A detection asks one page many things: more patience in all, no second try for any.
CURIOUS = Limits(deadline=90.0, attempts=1)
MOVES = 3
MOVED_TO = re.compile(r" redirects to (https?://\S+)$")


def identify(
    address: str, config: SiteConfig, *, allow_loopback: bool, limits: Limits | None = None
) -> Detected:
    """The platform behind an address, also where that has moved; SourceFault when none shows."""
    fetcher = Fetcher(config.agent, allow_loopback=allow_loopback, limits=limits or CURIOUS)
    return asyncio.run(identified(fetcher, address))


async def identified(fetcher: Fetcher, address: str) -> Detected:
    """The same, inside a run of many."""
    for _ in range(MOVES):
        try:
            return await _detected(fetcher, address)
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


async def _detected(fetcher: Fetcher, address: str) -> Detected:
    page = Vendor("", "", "", address, "", "")
    async with fetcher.session(page) as session:
        return await _drive(detect(address), session)


async def _drive(detection: Detection, session: Session) -> Detected:
    """Carry the requests out; one that fails is an answer as good as none.

    Unless all do: then its fault is what there is to say.
    """
    faults: list[SourceFault] = []
    replies: list[Reply] | None = None
    answered = False
    while True:
        try:
            asked = next(detection) if replies is None else detection.send(replies)
        except StopIteration as end:
            found: Detected = end.value
            return found
        replies = [await _reply(get, session, faults) for get in asked]
        answered = answered or any(reply.status for reply in replies)
        if not answered:
            raise faults[0]


async def _reply(get: Get, session: Session, faults: list[SourceFault]) -> Reply:
    try:
        (reply,) = await session.get([get], fresh=True)
    except SourceFault as fault:
        if fault.kind == "moved" and not get.path:
            raise
        faults.append(fault)
        reply = None
    return reply or Reply(get.url(session.vendor.status_page), 0, "", b"")
