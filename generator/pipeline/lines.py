"""The archive out as NDJSON, and in again."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import chain, islice
from pathlib import Path

from generator.archive.queries import Archive
from generator.archive.store import Run, reading, writing
from generator.archive.transaction import whole
from generator.errors import InputError
from generator.exchange import Line, read_lines, write_line
from generator.gitrepo import require_none_lost
from generator.importing import decide_line
from generator.model import Incident
from generator.pipeline.places import Places, now
from generator.removed import read_removed
from generator.report import Row
from generator.wording import meant

Said = tuple[Line, Incident]
# So many lines are in memory, however many there are.
AT_ONCE = 15_000


def export(archive_file: Path, slugs: Iterable[str]) -> Iterator[bytes]:
    """One incident a line, by vendor and start; of all vendors when none is named."""
    with reading(archive_file) as connection:
        archive = Archive(connection)
        for slug in held(archive, slugs) or archive.vendors():
            for kept in archive.kept(slug):
                yield write_line(kept) + b"\n"


def held(archive: Archive, slugs: Iterable[str]) -> list[str]:
    """The vendors asked for. InputError for one of which the archive has nothing."""
    wanted, known = list(slugs), set(archive.vendors())
    for slug in wanted:
        if slug not in known:
            raise InputError(
                f"The archive holds nothing of a vendor {slug!r}; it knows {len(known)}."
                f"{meant(slug, known)}"
            )
    return wanted


def vendors_in(places: Places) -> set[str]:
    """The vendors of which the archive holds anything."""
    with reading(places.archive) as connection:
        return set(Archive(connection).vendors())


def import_lines(
    places: Places, source: Iterable[bytes], name: str, *, at: datetime | None = None
) -> Row:
    """Keep what the lines of `name` say, all of them or, when one is broken, none.

    Of incidents whose words were removed they say nothing that is heard.
    """
    moment = at or now()
    row = Row("", "import")
    removed = read_removed(places.removed)
    taken: dict[str, set[str]] = {}
    told = _by_vendor(read_lines(source, name))
    ahead = list(islice(told, 1))  # what is broken from the start makes no archive
    require_none_lost(places.archive)
    with writing(places.archive) as connection, whole(connection):
        archive, run = Archive(connection), Run(connection, moment, "import")
        for vendor, said in chain(ahead, told):
            if vendor not in taken:
                taken[vendor] = archive.slugs(vendor)
            held = archive.held(vendor, {line.key for line, _ in said}, None)
            changes = []
            for line, incident in said:
                known = held.get(line.key)
                if removed.day(vendor, line.key) or (known and removed.day_of(known)):
                    continue
                change = decide_line(line, incident, known, moment, taken[vendor])
                if change:
                    held[line.key] = change.after
                    changes.append(change)
            row.count(changes)
            run.apply(vendor, changes)
    return row


def _by_vendor(lines: Iterable[Said]) -> Iterator[tuple[str, list[Said]]]:
    """Lines of one vendor, in their order, as many as are worth a look at what is held."""
    lines = iter(lines)
    while True:
        found: defaultdict[str, list[Said]] = defaultdict(list)
        for said in islice(lines, AT_ONCE):
            found[said[0].vendor].append(said)
        if not found:
            return
        yield from found.items()
