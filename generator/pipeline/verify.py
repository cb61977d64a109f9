"""Is the archive whole, and does it hold all that it held before?"""

import tempfile
from pathlib import Path

from generator.archive.audit import Audit
from generator.archive.queries import Archive
from generator.archive.store import reading, schema_of
from generator.extension import missing
from generator.gitrepo import Repository
from generator.pipeline.places import Places
from generator.removed import Removed, read_removed

# The schema that the chain began with: an older archive has its records alone to prove.
CHAINED = 2


def verify(places: Places, since: Path | None = None) -> list[str]:
    """Everything that is wrong with the archive, each a sentence; none: all is well.

    It must be whole, agree with its chain, and extend `since`, or else what git has committed.
    Of an incident whose words were removed on request, the record must still be there.
    """
    removed = read_removed(places.removed)
    if since is not None or not places.data.is_dir():
        return proved(places.archive, since, removed)
    with tempfile.TemporaryDirectory() as folder:
        committed = Repository(places.data).committed(places.archive, Path(folder) / "before")
        return proved(places.archive, committed, removed)


def proved(file: Path, since: Path | None, removed: Removed) -> list[str]:
    """The same of an archive wherever it lies; `since`: the one that it must extend, if there."""
    with reading(file) as connection:
        archive, audit = Archive(connection), Audit(connection)
        found = list(audit.faults())
        if since is not None and since.exists():
            found += _beyond(archive, audit, since, removed)
    return found


def _beyond(archive: Archive, audit: Audit, since: Path, removed: Removed) -> list[str]:
    """Where the archive does not extend an earlier one: row by row, then by the chain."""
    with reading(since) as older:
        before, state = Archive(older), Audit(older).head
        found = [
            sentence
            for vendor in before.vendors()
            for sentence in missing(before.kept(vendor), archive.kept(vendor), removed.keys(vendor))
        ]
    if state and schema_of(since) >= CHAINED and not audit.went_through(state):
        found.append(
            "its chain was never where the earlier archive's ends: "
            "this one was not grown from it, whatever it holds"
        )
    return found
