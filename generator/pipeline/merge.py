"""Two archives into one."""

from datetime import datetime
from pathlib import Path

from generator.archive.queries import Archive
from generator.archive.store import Run, reading, writing
from generator.merging import merge_changes
from generator.pipeline.places import now
from generator.report import Row


def merge(into: Path, other: Path, *, at: datetime | None = None) -> Row:
    """Bring all that `other` holds into `into`, a transaction a vendor; what is new and changed."""
    row = Row("", "merge")
    with reading(other) as theirs, writing(into) as connection:
        source, archive = Archive(theirs), Archive(connection)
        run = Run(connection, at or now(), "merge")
        for vendor in source.vendors():
            changes = merge_changes(archive.kept(vendor), source.kept(vendor))
            row.count(changes)
            run.apply(vendor, changes)
            since = source.complete_since(vendor)
            if since:
                run.complete(vendor, since)
    return row
