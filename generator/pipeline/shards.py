"""What one shard of a run sees, in a folder of its own: `merge` brings it into the archive.

The archive is only read, so that shards run side by side, on one machine or on many.
"""

import shutil
from collections.abc import Collection, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import datetime

from generator.archive.queries import Archive
from generator.archive.state import State, remembering
from generator.archive.store import Run, reading, writing
from generator.errors import ArchiveError
from generator.merging import merge_changes
from generator.model import Change
from generator.pipeline.places import Places
from generator.removed import Removed, read_removed
from generator.sharding import Shard


class Apart:
    """A run that writes into an archive of its own, which begins with it: all is new there."""

    def __init__(self, run: Run) -> None:
        self._run = run

    def together(self) -> AbstractContextManager[None]:
        """All that is written within, or none of it."""
        return self._run.together()

    def apply(self, vendor: str, changes: Sequence[Change]) -> None:
        """Write the records that change, each with all of its past."""
        self._run.apply(vendor, [_as_new(change) for change in changes])

    def complete(self, vendor: str, since: datetime) -> None:
        """Note since when the vendor's record is complete."""
        self._run.complete(vendor, since)


@contextmanager
def observing(
    places: Places, shard: Shard, vendors: Collection[str], at: datetime, command: str
) -> Iterator[tuple[Archive, Apart, State]]:
    """The archive to compare with, and where to write what the shard sees and remembers.

    ArchiveError where an earlier run of the shard saw what is in no archive yet.
    """
    own = places.shard(shard)
    with reading(places.archive) as connection:
        archive = Archive(connection)
        _clear(archive, own, read_removed(places.removed))
        with writing(own.archive) as written, remembering(own.state) as state:
            if places.state.exists():
                with remembering(places.state) as known:
                    state.adopt(known, vendors)
            yield archive, Apart(Run(written, at, command)), state


def _clear(archive: Archive, own: Places, removed: Removed) -> None:
    """Remove what an earlier run of the shard left, once all of it is in the archive."""
    if not own.data.exists():
        return
    with reading(own.archive) as connection:
        seen = Archive(connection)
        for vendor in seen.vendors():
            theirs = [removed.kept(kept) for kept in seen.kept(vendor)]
            if merge_changes(archive.kept(vendor), theirs):
                raise ArchiveError(
                    f"{own.data} holds what an earlier run saw of {vendor}, and the archive does "
                    f"not. Bring it in with: outages merge {own.data}"
                )
    shutil.rmtree(own.data)


def _as_new(change: Change) -> Change:
    after = change.after
    return replace(change, what="new", held_as=after.incident.key, revisions=after.revisions)
