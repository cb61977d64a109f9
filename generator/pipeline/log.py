"""What each commit added to the archive: git's history of the file, read back as records."""

import tempfile
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from generator.archive.queries import Archive
from generator.archive.store import reading
from generator.decide import COMPANIONS, FACTS
from generator.errors import ArchiveError
from generator.gitrepo import Commit, Repository
from generator.model import Kept
from generator.pipeline.lines import held
from generator.pipeline.places import NOTHING, Places
from generator.wording import counted

# A commit that walks through the past adds thousands: so many lines say what it is about.
SHOWN = 20
UNREADABLE = "? cannot be told: the archive of this commit or of the one before cannot be read"


@dataclass(frozen=True, slots=True)
class Entry:
    """A commit, and a line for each incident that it added or changed."""

    commit: Commit
    lines: tuple[str, ...]


def logged(places: Places, count: int, vendors: Collection[str]) -> Iterator[Entry]:
    """The last `count` commits of the archive, newest first; of these vendors, of all if none.

    InputError for a vendor of which the archive holds nothing.
    """
    if vendors:  # else git alone is asked: it tells also of an archive that is broken by now
        with reading(places.archive) as connection:
            held(Archive(connection), vendors)
    repository = Repository(places.data)
    with tempfile.TemporaryDirectory() as folder:
        for commit in repository.commits(places.archive, count):
            here = Path(folder)
            after = repository.committed(places.archive, here / "after", commit.name)
            parents = repository.parents(commit)
            before = parents and repository.committed(places.archive, here / "before", parents[0])
            if after:
                yield Entry(commit, _lines(before or NOTHING, after, vendors))


def lines_of(entry: Entry, *, whole: bool) -> Iterator[str]:
    """The entry as text; the first `SHOWN` lines unless `whole`."""
    commit = entry.commit
    yield f"{commit.short} {commit.at:%Y-%m-%d %H:%M}  {commit.subject}"
    shown = entry.lines if whole else entry.lines[:SHOWN]
    yield from (f"  {line}" for line in shown)
    if len(shown) < len(entry.lines):
        yield f"  and {len(entry.lines) - len(shown):,} more (--all prints them)"


def _lines(before: Path, after: Path, vendors: Collection[str]) -> tuple[str, ...]:
    try:
        return tuple(_added(before, after, vendors))
    except ArchiveError:
        # Git remembers also what was broken, and the drafts of a schema.
        return (UNREADABLE,)


def _added(before: Path, after: Path, vendors: Collection[str]) -> Iterator[str]:
    with reading(before) as was, reading(after) as now:
        old, new = Archive(was), Archive(now)
        since = new.shared_with(old.fingerprint) or 0
        for vendor in sorted(new.changed_since(since)):
            if vendors and vendor not in vendors:
                continue
            changed = new.changed(vendor, since)
            paths = {kept.slug for kept in changed}
            held = {kept.slug: kept for kept in old.kept(vendor) if kept.slug in paths}
            for kept in changed:
                yield _line(held.get(kept.slug), kept)


def _line(before: Kept | None, after: Kept) -> str:
    path = f"{after.vendor}/{after.slug}"
    if before is None:
        return f"+ {path}  {after.incident.title}"
    if after.withdrawn_at and not before.withdrawn_at:
        return f"- {path}  {after.incident.title}"
    return f"~ {path}  {', '.join(_differences(before, after)) or 'as before'}"


def _differences(before: Kept, after: Kept) -> Iterator[str]:
    """`title`, `2 updates more`, `1 update edited`."""
    was, now = before.incident, after.incident
    facts = [name for name in FACTS if getattr(was, name) != getattr(now, name)]
    yield from (name for name in facts if COMPANIONS.get(name) not in facts)
    old = {update.key: update for update in was.updates}
    new = {update.key: update for update in now.updates}
    yield from _counted(len(new.keys() - old.keys()), "more")
    yield from _counted(sum(new[key] != old[key] for key in new.keys() & old.keys()), "edited")
    yield from _counted(len(old.keys() - new.keys()), "taken away")
    if before.withdrawn_at and not after.withdrawn_at:
        yield "back again"


def _counted(number: int, what: str) -> Iterator[str]:
    if number:
        yield f"{counted(number, 'update')} {what}"
