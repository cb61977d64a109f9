"""Two archives into one."""

from datetime import datetime
from pathlib import Path

from generator.archive.adoption import Adoption
from generator.archive.queries import Archive
from generator.archive.store import Run, reading, whole, writing
from generator.merging import merge_changes
from generator.pipeline.places import now
from generator.pipeline.remove import take_out
from generator.removed import Removed, wordless
from generator.report import Row

NONE = Removed({})


def merge(into: Path, other: Path, *, at: datetime | None = None, removed: Removed = NONE) -> Row:
    """Bring all that `other` holds into `into`, or nothing; what is new and changed.

    The run that does it joins the other archive's line of the chain to ours, so that ours extends
    both. Where no record changes nothing is written, and the lines stay apart. Of `removed`, no
    words come along, and none stay.
    """
    moment = at or now()
    row = Row("", "merge")
    with reading(other) as theirs, writing(into) as connection, whole(connection):
        source, archive = Archive(theirs), Archive(connection)
        adoption = Adoption(connection, theirs)
        run = Run(connection, moment, "merge", adoption.runs)
        for (vendor, key), day in removed.days.items():
            for kept in archive.held(vendor, {key}, None).values():
                if kept.incident != wordless(kept.incident, day):
                    take_out(archive, run, kept, day, moment)
        for vendor in source.vendors():
            changes = merge_changes(
                archive.kept(vendor), [removed.kept(kept) for kept in source.kept(vendor)]
            )
            row.count(changes)
            run.apply(vendor, changes)
            since = source.complete_since(vendor)
            if since:
                run.complete(vendor, since)
        if run.has_news:
            adoption.observations()
    return row
