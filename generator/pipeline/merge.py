"""Two archives into one, and what a shard of a run saw into the archive."""

from datetime import datetime
from pathlib import Path

from generator.archive import union
from generator.archive.queries import Archive
from generator.archive.state import remembering
from generator.archive.store import Run, reading, writing
from generator.archive.transaction import whole
from generator.errors import InputError
from generator.gitrepo import require_none_lost
from generator.pipeline.places import Places, now
from generator.pipeline.remove import clear
from generator.removed import Removed, read_removed
from generator.report import Row

NONE = Removed({})
# How a file of SQLite begins.
MARK = b"SQLite format 3\x00"


def merge(into: Path, other: Path, *, at: datetime | None = None, removed: Removed = NONE) -> Row:
    """Bring all that `other` holds into `into`, or nothing; what is new and changed.

    Ours extends both then. Of `removed`, no words come along, and none stay.
    """
    moment = at or now()
    row = Row("", "merge")
    require_none_lost(into)
    _require_archive(other)
    with reading(other) as theirs, writing(into) as connection, whole(connection):
        clear(Archive(connection), Run(connection, moment, "remove"), removed, moment)
        row.add(union.merge(connection, theirs, removed.kept))
    return row


def _require_archive(file: Path) -> None:
    if not file.exists():
        return  # an empty one
    with file.open("rb") as opened:
        if opened.read(len(MARK)) not in (MARK, b""):
            raise InputError(
                f"{file} is no archive. Lines of NDJSON come in with: outages import {file}"
            )


def merge_shard(places: Places, shard: Places, *, at: datetime | None = None) -> Row:
    """Bring in what a shard saw, and then what it remembers of the pages it read.

    A page is known to be unchanged only as long as what was last read from it is in the archive:
    in the order of these two, and by the fingerprint that the archive has then.
    """
    with remembering(shard.state) as theirs:
        with reading(places.archive) as connection:
            archive = Archive(connection)
            held = {name for name in theirs.archives() if archive.extends(name)}
        removed = read_removed(places.removed)
        row = merge(places.archive, shard.archive, at=at, removed=removed)
        with reading(places.archive) as connection:
            grown = Archive(connection).fingerprint
        with remembering(places.state) as state:
            state.adopt(theirs, standing=lambda name: grown if name in held else name)
    return row
