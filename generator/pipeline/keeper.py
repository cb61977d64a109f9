"""Where what was read goes: believed or not, compared with what is held, written, remembered."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import datetime

from generator import __version__, growth, sanity
from generator.alike import NEAR
from generator.archive.queries import Archive
from generator.archive.state import State
from generator.archive.store import Run
from generator.decide import decide
from generator.errors import SourceFault
from generator.fetch import Fetcher
from generator.growth import LATELY
from generator.model import Change, Fault, Kept, Origin, Vendor
from generator.pipeline.quarantine import Quarantine
from generator.pipeline.shards import Apart
from generator.readers import Readers
from generator.reading import Batch, Validator
from generator.removed import Removed
from generator.report import Row, unknown_words
from generator.scrape import Result, read
from generator.worker import Task

Writer = Run | Apart
# Faults behind which another platform may stand.
OTHERWISE = ("gone", "not what it says", "unparseable")


class Keeper:
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
        """One step through the vendor's past; False at its end, or where it cannot go on.

        Nor does it where the page has added much of late: another day it goes on from here.
        """
        begun, cursor = self._state.cursor(vendor.slug)
        if begun and cursor is None:
            return False
        grown = self._state.grown(vendor.slug, self._at - LATELY)
        if vendor.slug not in self._accept and not growth.leaves_room(grown):
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
        try:
            changes, size = self._believed(vendor, batch, row, is_news=is_news)
        except SourceFault as failure:
            row.outcome = "failed"
            doubt = self._doubted.keep(vendor.slug, failure)
            row.faults.append(Fault(doubt.kind, doubt.reason))
            return False
        row.count(changes)
        row.added += size
        if changes:
            # What they rest on cannot be asked for again.
            self._before()
        self._run.apply(vendor.slug, [self._sourced(change, result) for change in changes])
        if changes and vendor.slug not in self._accept:
            self._state.note_growth(vendor.slug, self._at, size, self._at - LATELY)
        return True

    def _believed(
        self, vendor: Vendor, batch: Batch, row: Row, *, is_news: bool
    ) -> tuple[list[Change], int]:
        """What the batch changes and about how many bytes that adds; SourceFault when implausible.

        The row gets what of the batch was left out, and the words that nobody knows.
        """
        held = self._held(vendor, batch)
        taken = self._archive.slugs(vendor.slug)
        accepted = vendor.slug in self._accept
        known = is_news and bool(taken)
        batch, implausible = sanity.sift(
            batch, held, vendor.platform, self._at, known=known, accepted=accepted
        )
        bare = (self._removed.incident(vendor.slug, one) for one in batch.incidents)
        batch = replace(batch, incidents=tuple(bare))
        changes = decide(vendor, held, batch, self._at, taken)
        size = growth.added(changes, held)
        if not accepted:
            growth.check(size, self._state.grown(vendor.slug, self._at - LATELY))
        row.faults += implausible
        row.unknown = unknown_words(batch.incidents)
        return changes, size

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


def _reader(vendor: Vendor) -> str:
    """What a page was read by: when that changes, what it last answered says nothing."""
    return f"{__version__} {vendor.platform} {vendor.status_page}"
