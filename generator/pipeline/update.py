"""Pages in: read every vendor, decide what changed, keep it, a transaction a vendor."""

import asyncio
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from generator import __version__, sanity
from generator.archive.queries import Archive
from generator.archive.state import State, remembering
from generator.archive.store import Run, writing
from generator.decide import NEAR, decide
from generator.errors import SourceFault
from generator.fetch import Fetcher, Limits, Replay
from generator.model import Change, Fault, Kept, Origin, Vendor
from generator.pipeline.identify import CURIOUS, changed, identified
from generator.pipeline.places import Places, now
from generator.pipeline.quarantine import Quarantine
from generator.pipeline.shards import Apart, observing
from generator.raw import recording
from generator.readers import READERS, Readers
from generator.reading import Batch, Validator
from generator.removed import Removed, read_removed
from generator.report import Report, Row, unknown_words
from generator.scrape import Result, read, side_by_side
from generator.settings import SiteConfig
from generator.sharding import Shard
from generator.worker import Task

Progress = Callable[[Row], None]
Writer = Run | Apart
# Faults behind which another platform may stand.
OTHERWISE = ("gone", "not what it says", "unparseable")


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
) -> Report:
    """Read every vendor's page and keep what changed. One page's failure is a row, no more.

    `raw`: a folder to keep the replies in. `replay` gives replies in place of the network.
    `shard`: only its vendors, and what they changed is kept apart, to be merged.
    `accept`: vendors whose pages are believed, however implausible: a person has looked.
    """
    moment = at or now()
    report = Report("update", moment)
    removed = read_removed(places.removed)
    if shard:
        vendors = [vendor for vendor in vendors if vendor.slug in shard]
    with (
        _open(places, moment, "update", shard, vendors) as (archive, run, state),
        recording(raw, moment, "update", accept=" ".join(accept)) as kept,
    ):
        doubted = Quarantine(places.quarantine, moment, "update", kept.keep)
        keeper = _Keeper(archive, run, state, moment, kept.sync, removed, doubted, accept)

        def take(result: Result) -> None:
            row = keeper.keep(result)
            report.rows.append(row)
            progress(row)

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
            result = await read(fetcher, readers, keeper.task(vendor), keeper.known(vendor))
            if keeper.is_news(result):
                result.failure = await _explained(asker, readers, result)
            take(result)

        asyncio.run(side_by_side(vendors, one, fetcher.limits.in_flight))
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
) -> Report:
    """Walk on through each vendor's past, until it has cost about `budget` requests a vendor."""
    moment = at or now()
    report = Report("backfill", moment)
    removed = read_removed(places.removed)
    with (
        _open(places, moment, "backfill") as (archive, run, state),
        recording(raw, moment, "backfill", budget=budget, accept=" ".join(accept)) as kept,
    ):
        doubted = Quarantine(places.quarantine, moment, "backfill", kept.keep)
        keeper = _Keeper(archive, run, state, moment, kept.sync, removed, doubted, accept)
        fetcher = Fetcher(
            config.agent,
            allow_loopback=allow_loopback,
            limits=limits,
            record=doubted.hold,
            replay=replay,
        )

        async def walk(vendor: Vendor) -> None:
            row = Row(vendor.slug, vendor.platform)
            while row.requests < budget and await keeper.step(fetcher, readers, vendor, row):
                pass
            report.rows.append(row)
            progress(row)

        asyncio.run(side_by_side(vendors, walk, fetcher.limits.in_flight))
    return report


class _Keeper:
    """Takes what was read to where it is kept. `before`: done before anything is."""

    def __init__(
        self,
        archive: Archive,
        run: Writer,
        state: State,
        at: datetime,
        before: Callable[[], None],
        removed: Removed,
        doubted: Quarantine,
        accept: Collection[str],
    ) -> None:
        self._before = before
        self._archive = archive
        self._run = run
        self._state = state
        self._at = at
        self._removed = removed
        self._doubted = doubted
        self._accept = accept

    def task(self, vendor: Vendor) -> Task:
        """How to read the vendor: what is held open is looked after."""
        return Task(vendor, watch=frozenset(self._archive.open_keys(vendor.slug)))

    def known(self, vendor: Vendor) -> Mapping[str, Validator]:
        """By what the page is known not to have changed, if this archive is the one read into."""
        last = self._state.archive_of(vendor.slug)
        if last is None or not self._archive.extends(last):
            return {}
        return self._state.validators(vendor.slug, _reader(vendor))

    def is_news(self, result: Result) -> bool:
        """Whether a page that could be read last time serves something else now."""
        failure = result.failure
        return (
            failure is not None
            and failure.kind in OTHERWISE
            and self._state.was_good(result.vendor.slug)
        )

    def keep(self, result: Result) -> Row:
        """Write what the result changes and remember how to ask next time."""
        vendor = result.vendor
        row = Row(vendor.slug, vendor.platform)
        self._count(row, result)
        if result.batch is not None and row.outcome != "failed":
            self._apply(result, result.batch, row, is_news=True)
        if row.outcome == "failed":
            self._state.note_failure(vendor.slug, self._at, row.faults[-1].kind)
        else:
            self._state.note_read(
                vendor.slug,
                self._at,
                _reader(vendor),
                self._archive.fingerprint,
                result.validators,
            )
        self._doubted.release(vendor.slug)
        return row

    async def step(self, fetcher: Fetcher, readers: Readers, vendor: Vendor, row: Row) -> bool:
        """One step through the vendor's past; False at its end, or where it cannot go on."""
        begun, cursor = self._state.cursor(vendor.slug)
        if begun and cursor is None:
            return False
        task = Task(vendor, "history", cursor=cursor)
        if task.course() is None:
            return False
        result = await read(fetcher, readers, task)
        self._count(row, result)
        batch = result.batch
        believed = (
            batch is not None
            and row.outcome != "failed"
            and self._apply(result, batch, row, is_news=False)
        )
        self._doubted.release(vendor.slug)
        if batch is None or not believed:
            return False
        if batch.complete_since:
            self._run.complete(vendor.slug, batch.complete_since)
        self._state.note_cursor(vendor.slug, batch.cursor)
        return batch.cursor is not None

    def _count(self, row: Row, result: Result) -> None:
        row.requests += result.requests
        row.bytes += result.received
        row.faults += result.faults
        if result.failure:
            row.outcome = "failed"
            row.faults.append(Fault(result.failure.kind, result.failure.reason))

    def _apply(self, result: Result, batch: Batch, row: Row, *, is_news: bool) -> bool:
        """Whether the batch could be believed; then its changes are in the archive."""
        vendor = result.vendor
        # A record that could not be read may be one that is held: nothing is missing then.
        if row.faults:
            batch = replace(batch, listed_since={}, lists_open=frozenset())
        held = self._held(vendor, batch)
        taken = self._archive.slugs(vendor.slug)
        try:
            batch, implausible = sanity.sift(
                batch,
                held,
                vendor.platform,
                self._at,
                known=is_news and bool(taken),
                accepted=vendor.slug in self._accept,
            )
        except SourceFault as failure:
            row.outcome = "failed"
            doubt = self._doubted.keep(vendor.slug, failure)
            row.faults.append(Fault(doubt.kind, doubt.reason))
            return False
        row.faults += implausible
        row.unknown = unknown_words(batch.incidents)
        bare = (self._removed.incident(vendor.slug, one) for one in batch.incidents)
        batch = replace(batch, incidents=tuple(bare))
        changes: list[Change] = decide(vendor, held, batch, self._at, taken)
        row.count(changes)
        if changes:
            # What they rest on cannot be asked for again.
            self._before()
        self._run.apply(vendor.slug, [self._sourced(change, result) for change in changes])
        return True

    def _sourced(self, change: Change, result: Result) -> Change:
        """The change with the reply that it came from."""
        source = result.source_of(change.after.incident.key)
        origin = source and Origin(source.url, self._at, source.sha256)
        return replace(change, origin=origin)

    def _held(self, vendor: Vendor, batch: Batch) -> dict[str, Kept]:
        """What is held of all that the batch names or covers, or may name under a new id."""
        keys = {incident.key for incident in batch.incidents}
        if batch.lists_open:
            keys |= self._archive.open_keys(vendor.slug)
        since = min(batch.listed_since.values(), default=None)
        held = self._archive.held(vendor.slug, keys, since)
        starts = [item.started_at for item in batch.incidents if item.key not in held]
        if starts:
            near = self._archive.started_between(
                vendor.slug, min(starts) - NEAR, max(starts) + NEAR
            )
            held = near | held
        return held


@contextmanager
def _open(
    places: Places,
    at: datetime,
    command: str,
    shard: Shard | None = None,
    vendors: Sequence[Vendor] = (),
) -> Iterator[tuple[Archive, Writer, State]]:
    if shard:
        with observing(places, shard, {vendor.slug for vendor in vendors}, at, command) as opened:
            yield opened
        return
    with writing(places.archive) as connection, remembering(places.state) as state:
        yield Archive(connection), Run(connection, at, command), state


def _silence(vendor: str, url: str) -> None:
    """A replay asks nobody what else may be there."""


async def _explained(asker: Fetcher, readers: Readers, result: Result) -> SourceFault | None:
    """The failure, or that another platform answers at the address by now."""
    try:
        found = await identified(asker, readers, result.vendor.status_page)
    except SourceFault:
        return result.failure
    return changed(result.vendor, found) or result.failure


def _reader(vendor: Vendor) -> str:
    """What a page was read by: when that changes, what it last answered says nothing."""
    return f"{__version__} {vendor.platform} {vendor.status_page}"
