"""The archive out as NDJSON, and in again."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

from generator.archive.queries import Archive
from generator.archive.store import Run, reading, writing
from generator.exchange import read_lines, write_line
from generator.importing import decide_line
from generator.pipeline.places import Places, now
from generator.removed import read_removed
from generator.report import Row


def export(archive_file: Path, slugs: Iterable[str]) -> Iterator[bytes]:
    """One incident a line, by vendor and start; of all vendors when none is named."""
    with reading(archive_file) as connection:
        archive = Archive(connection)
        for slug in list(slugs) or archive.vendors():
            for kept in archive.kept(slug):
                yield write_line(kept) + b"\n"


def import_lines(
    places: Places, source: Iterable[bytes], name: str, *, at: datetime | None = None
) -> Row:
    """Keep what the lines of `name` say, all of them or, when one is broken, none.

    Of incidents whose words were removed they say nothing that is heard.
    """
    moment = at or now()
    row = Row("", "import")
    lines = list(read_lines(source, name))
    removed = read_removed(places.removed)
    with writing(places.archive) as connection:
        archive, run = Archive(connection), Run(connection, moment, "import")
        for vendor in sorted({line.vendor for line in lines}):
            own = [line for line in lines if line.vendor == vendor]
            held = archive.held(vendor, {line.key for line in own}, None)
            taken = archive.slugs(vendor)
            changes = []
            for line in own:
                change = decide_line(line, held.get(line.key), moment, taken)
                if change and (vendor, line.key) in removed.days:
                    continue
                if change:
                    held[line.key] = change.after
                    changes.append(change)
            row.count(changes)
            run.apply(vendor, changes)
    return row
