"""What a result comes to: believed or not, compared with what is held. Writes nothing."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from generator import growth, sanity
from generator.alike import NEAR, plain
from generator.archive.queries import Archive
from generator.archive.state import State
from generator.decide import decide
from generator.errors import SourceFault
from generator.growth import LATELY
from generator.model import Change, Fault, Incident, Kept, Kind, Origin, Vendor
from generator.pipeline.quarantine import Quarantine
from generator.reading import Batch
from generator.removed import Removed, wordless
from generator.report import Row, unknown_words
from generator.scrape import Result


class Judged(NamedTuple):
    """Whether a result could be read and believed, what of it was, and what that changes.

    `size`: about how many bytes the changes add to the archive.
    """

    believed: bool
    batch: Batch | None = None
    changes: Sequence[Change] = ()
    size: int = 0


class Judge:
    """Compares results, as they were read at a moment, with the archive. `accept`: a person has."""

    def __init__(
        self,
        archive: Archive,
        state: State,
        at: datetime,
        removed: Removed,
        doubted: Quarantine,
        accept: Collection[str],
    ) -> None:
        self._archive = archive
        self._state = state
        self._at = at
        self._removed = removed
        self._doubted = doubted
        self._accept = accept

    def leaves_room(self, vendor: Vendor) -> bool:
        """Whether the past of the vendor may be walked through: not after a week of much news."""
        return vendor.slug in self._accept or growth.leaves_room(self._grown(vendor))

    def counts(self, vendor: Vendor) -> bool:
        """Whether what the vendor adds counts for how much it may."""
        return vendor.slug not in self._accept

    def judge(self, result: Result, row: Row, *, is_news: bool) -> Judged:
        """What the result changes, if it can be believed. The row gets what there is to tell."""
        _count(row, result)
        judged = Judged(result.failure is None)
        if result.batch is not None:
            try:
                judged = self._believed(result, result.batch, row, is_news=is_news)
            except SourceFault as failure:
                row.outcome = "failed"
                doubt = self._doubted.keep(result.vendor.slug, failure)
                row.faults.append(Fault(doubt.kind, doubt.reason))
                judged = Judged(believed=False)
        row.count(judged.changes)
        row.added += judged.size
        self._doubted.release(result.vendor.slug)
        return judged

    def _believed(self, result: Result, batch: Batch, row: Row, *, is_news: bool) -> Judged:
        """What the batch comes to; SourceFault when it is implausible."""
        vendor = result.vendor
        # A record that could not be read may be one that is held: nothing is missing then.
        if row.faults:
            batch = replace(batch, listed_since={}, lists_open=frozenset())
        held = self._held(vendor, batch)
        taken = self._archive.slugs(vendor.slug)
        accepted = vendor.slug in self._accept
        known = is_news and bool(taken)
        batch, implausible = sanity.sift(
            batch, held, vendor.platform, self._at, known=known, accepted=accepted
        )
        if words := self._removed.keys(vendor.slug):
            batch = self._without(words, vendor.slug, batch, held)
        changes = decide(vendor, held, batch, self._at, taken)
        size = growth.added(changes, held)
        if not accepted:
            growth.check(size, self._grown(vendor))
        row.faults += implausible
        row.unknown = unknown_words(batch.incidents)
        return Judged(True, batch, [self._sourced(change, result) for change in changes], size)

    def _without(
        self, removed: Collection[str], vendor: str, batch: Batch, held: dict[str, Kept]
    ) -> Batch:
        """The batch without words that were removed, under whatever id they come.

        Where one has gone from what the list vouches for, and another has come with the minutes of
        its start and its posts, that is the same. It is held then.
        """
        bare = {kept.incident.key: kept for kept in self._archive.ever_named(vendor, removed)}
        listed = batch.unchanged | {incident.key for incident in batch.incidents}
        lost = {
            _minutes(kept.incident): kept
            for key, kept in bare.items()
            if key not in listed and _vouches(batch, kept.incident)
        }
        incidents = []
        for one in batch.incidents:
            day = self._removed.day(vendor, one.key)
            known = bare.get(one.key) or (one.key not in held and lost.get(_minutes(one))) or None
            if known:
                held[known.incident.key] = known
                day = self._removed.day_of(known)
            incidents.append(wordless(one, day) if day else one)
        return replace(batch, incidents=tuple(incidents))

    def _sourced(self, change: Change, result: Result) -> Change:
        """The change with the reply that it came from."""
        source = result.source_of(change.after.incident.key)
        origin = source and Origin(source.url, self._at, source.sha256)
        return replace(change, origin=origin)

    def _held(self, vendor: Vendor, batch: Batch) -> dict[str, Kept]:
        """What is held of all that the batch tells anew or covers, or may name under a new id."""
        unchanged = batch.unchanged
        keys = {incident.key for incident in batch.incidents}
        if batch.lists_open and (stands := self._archive.standing([vendor.slug])):
            keys |= stands[vendor.slug].open
        since = min(batch.listed_since.values(), default=None)
        held = self._archive.held(vendor.slug, keys, since, besides=unchanged)
        gone, _ = sanity.count_gone(batch, held, vendor.platform)
        if unchanged and gone > sanity.FEW:
            # How many are there is asked only where that many are not.
            held |= self._archive.held(vendor.slug, unchanged)
        new = [incident for incident in batch.incidents if incident.key not in held]
        return self._namesakes(vendor.slug, new, unchanged | held.keys()) | held if new else held

    def _namesakes(
        self, vendor: str, new: Sequence[Incident], besides: Collection[str]
    ) -> dict[str, Kept]:
        """What is held under other ids, of about the time and with the titles of what is new."""
        starts = [incident.started_at for incident in new]
        names = {plain(incident.title) for incident in new}
        near = self._archive.titles(vendor, min(starts) - NEAR, max(starts) + NEAR)
        same = {key for key, title in near.items() if plain(title) in names} - set(besides)
        return self._archive.held(vendor, same) if same else {}

    def _grown(self, vendor: Vendor) -> int:
        return self._state.grown(vendor.slug, self._at - LATELY)


def _vouches(batch: Batch, incident: Incident) -> bool:
    since = batch.listed_since.get(incident.kind)
    return since is not None and incident.started_at > since


def _minutes(incident: Incident) -> tuple[Kind | datetime, ...]:
    """By which an incident is known that has no words: its kind, start and first post."""
    times = [incident.started_at, *(update.at for update in incident.updates[:1])]
    return (incident.kind, *(at.replace(second=0, microsecond=0) for at in times))


def _count(row: Row, result: Result) -> None:
    row.requests += result.requests
    row.bytes += result.received
    row.faults += result.faults
    if result.failure:
        row.outcome = "failed"
        row.faults.append(Fault(result.failure.kind, result.failure.reason))
