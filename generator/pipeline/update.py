"""Pages in: read every vendor, decide what changed, keep it."""

import asyncio
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from generator.archive.queries import Archive
from generator.archive.state import State, remembering
from generator.archive.store import Run, writing
from generator.errors import SourceFault
from generator.fetch import Fetcher, Limits, Replay
from generator.gitrepo import require_none_lost
from generator.model import Vendor
from generator.pipeline.asking import Asking
from generator.pipeline.groupcommit import GroupCommit
from generator.pipeline.identify import CURIOUS, changed, identified
from generator.pipeline.judging import Judge
from generator.pipeline.keeper import Keeper, Writer
from generator.pipeline.places import Places, now
from generator.pipeline.quarantine import Quarantine
from generator.pipeline.remove import clear
from generator.pipeline.shards import observing
from generator.pipeline.turns import Turns
from generator.raw import recording
from generator.readers import READERS, Readers
from generator.removed import Removed, read_removed
from generator.report import Report, Row
from generator.scrape import Result, read, side_by_side
from generator.settings import SiteConfig
from generator.sharding import Shard
from generator.worker import Task

Progress = Callable[[Row], None]


def update(
    places: Places,
    vendors: Sequence[Vendor],
    config: SiteConfig,
    *,
    at: datetime | None = None,
    allow_loopback: bool = False,
    limits: Limits | None = None,
    readers: Readers = READERS,
    progress: Progress = lambda row: None,
    raw: Path | None = None,
    replay: Replay | None = None,
    shard: Shard | None = None,
    accept: Collection[str] = (),
    written: Sequence[str] = (),
) -> Report:
    """Read every vendor's page and keep what changed. One page's failure is a row, no more.

    `raw`: a folder to keep the replies in. `replay` gives replies in place of the network, and
    `written` says whose changes were written, in which order, when those came.
    `shard`: only its vendors, and what they changed is kept apart, to be merged.
    `accept`: vendors whose pages are believed, however implausible: a person has looked.
    """
    moment = at or now()
    report = Report("update", moment)
    removed = read_removed(places.removed)
    if shard:
        vendors = [vendor for vendor in vendors if vendor.slug in shard]
    turns = Turns(written, vendors)
    with (
        _open(places, moment, "update", removed, shard, vendors) as (archive, run, state),
        recording(raw, moment, "update", accept=" ".join(accept)) as kept,
    ):
        doubted = Quarantine(places.quarantine, moment, "update", kept.keep)
        asking = Asking(archive, state, vendors)
        judge = Judge(archive, state, moment, removed, doubted, accept)
        keeper = Keeper(judge, archive, run, state, moment, kept.sync)
        fetcher = Fetcher(
            config.agent,
            allow_loopback=allow_loopback,
            limits=limits,
            record=doubted.hold,
            replay=replay,
        )
        asker = Fetcher(
            config.agent, allow_loopback=allow_loopback, limits=CURIOUS, replay=replay and _silence
        )

        async def one(vendor: Vendor) -> None:
            known = asking.known(vendor)
            result = await read(fetcher, readers, asking.task(vendor), known, commit.room)
            if asking.is_news(result):
                result.failure = await _explained(asker, readers, result)
            row = Row(vendor.slug, vendor.platform)
            async with turns.of(vendor.slug, row):
                await commit.keep((result, row), result.size)
            turns.done(vendor.slug)
            report.rows.append(row)
            progress(row)

        with GroupCommit(keeper.keep) as commit:
            asyncio.run(side_by_side(vendors, one, _at_once(fetcher, turns, vendors)))
    return report


def backfill(
    places: Places,
    vendors: Sequence[Vendor],
    config: SiteConfig,
    *,
    at: datetime | None = None,
    budget: int = 500,
    allow_loopback: bool = False,
    limits: Limits | None = None,
    readers: Readers = READERS,
    progress: Progress = lambda row: None,
    raw: Path | None = None,
    replay: Replay | None = None,
    accept: Collection[str] = (),
    written: Sequence[str] = (),
) -> Report:
    """Walk on through each vendor's past, until it has cost about `budget` requests a vendor."""
    moment = at or now()
    report = Report("backfill", moment)
    turns = Turns(written, vendors)
    removed = read_removed(places.removed)
    with (
        _open(places, moment, "backfill", removed) as (archive, run, state),
        recording(raw, moment, "backfill", budget=budget, accept=" ".join(accept)) as kept,
    ):
        doubted = Quarantine(places.quarantine, moment, "backfill", kept.keep)
        judge = Judge(archive, state, moment, removed, doubted, accept)
        keeper = Keeper(judge, archive, run, state, moment, kept.sync)
        fetcher = Fetcher(
            config.agent,
            allow_loopback=allow_loopback,
            limits=limits,
            record=doubted.hold,
            replay=replay,
        )

        cursors = state.cursors()
        over = {slug for slug, cursor in cursors.items() if cursor is None}
        walking = {each.slug for each in vendors if judge.leaves_room(each)} - over

        async def walk(vendor: Vendor) -> None:
            row = Row(vendor.slug, vendor.platform)
            task = Task(vendor, "history", cursor=cursors.get(vendor.slug))
            goes_on = vendor.slug in walking and task.course() is not None
            while goes_on and row.requests < budget:
                result = await read(fetcher, readers, task, room=commit.room)
                async with turns.of(vendor.slug, row):
                    goes_on = await commit.keep((result, row), result.size)
                task = replace(task, cursor=result.batch.cursor if result.batch else None)
            turns.done(vendor.slug)
            report.rows.append(row)
            progress(row)

        with GroupCommit(keeper.keep_past) as commit:
            asyncio.run(side_by_side(vendors, walk, _at_once(fetcher, turns, vendors)))
    return report


@contextmanager
def _open(
    places: Places,
    at: datetime,
    command: str,
    removed: Removed,
    shard: Shard | None = None,
    vendors: Sequence[Vendor] = (),
) -> Iterator[tuple[Archive, Writer, State]]:
    if shard:
        with observing(places, shard, {vendor.slug for vendor in vendors}, at, command) as opened:
            yield opened
        return
    require_none_lost(places.archive)
    with writing(places.archive) as connection, remembering(places.state) as state:
        archive, run = Archive(connection), Run(connection, at, command)
        clear(archive, run, removed, at)
        yield archive, run, state


def _at_once(fetcher: Fetcher, turns: Turns, vendors: Sequence[Vendor]) -> int:
    """How many are read at once: all, where some wait for others' turns."""
    return len(vendors) if turns.any else fetcher.limits.in_flight


def _silence(vendor: str, url: str) -> None:
    """A replay asks nobody what else may be there."""


async def _explained(asker: Fetcher, readers: Readers, result: Result) -> SourceFault | None:
    """The failure, or that another platform answers at the address by now."""
    try:
        found = await identified(asker, readers, result.vendor.status_page)
    except SourceFault:
        return result.failure
    return changed(result.vendor, found) or result.failure
