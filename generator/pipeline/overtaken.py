"""Another writer's push was first: what it brought is taken over, and ours brought into it."""

import shutil
from pathlib import Path

from generator.alerts.told import unite_told
from generator.archive import years
from generator.archive.queries import Archive
from generator.archive.store import reading
from generator.durable import replace_by_copy
from generator.errors import ArchiveError
from generator.gitrepo import REMOTE, Repository
from generator.pipeline.merge import merge
from generator.pipeline.places import Places
from generator.pipeline.verify import proved
from generator.removed import read_removed, unite_removed


def catch_up(places: Places, repository: Repository, folder: Path) -> None:
    """Stand on what the remote has now, with all that ours holds brought in, keyed and idempotent.

    ArchiveError, with the archive as it was, where that cannot be done or does not verify.
    `folder` is for what is only needed on the way.
    """
    repository.fetch()
    base = repository.common(REMOTE)
    before, theirs = Places(folder / "before"), Places(folder / "theirs")
    repository.export(places.kept, before.data, base)
    repository.export(places.kept, theirs.data, REMOTE)
    others = repository.changed_paths(base, places.kept) if base else []
    if others:
        raise ArchiveError(
            "the remote has moved on, and so has this branch, by more than the archive: "
            f"{others[0]}. Put the two together (git pull), then run `outages commit --push` again."
        )
    _refuse_one_begun_anew(places.archive, before.archive)
    _unite_lists(places, before, theirs)
    union = _union(places, before, theirs, folder / "union")
    # First the archive, then git: whoever is killed between holds more than git knows of.
    _take(union, places.archive)
    repository.start_from(REMOTE, places.kept)


def _refuse_one_begun_anew(archive: Path, before: Path) -> None:
    """A union would bring back all that was put away."""
    with reading(before) as older, reading(archive) as ours:
        if Archive(ours).extends(Archive(older).fingerprint):
            return
    raise ArchiveError(
        f"{archive} was begun anew, and the remote has a newer one of those before. "
        "Take it over (git pull), then begin anew once more (outages init)."
    )


def _unite_lists(places: Places, before: Places, theirs: Places) -> None:
    """What alerts told and what was removed, on either side."""
    if not _took_theirs(places.removed, before.removed, theirs.removed):
        unite_removed(places.removed, theirs.removed)
    if not _took_theirs(places.notified, before.notified, theirs.notified):
        unite_told(places.notified, theirs.notified, before.notified)


def _took_theirs(ours: Path, before: Path, theirs: Path) -> bool:
    """Whether nothing was ours in the file, so that it is theirs now."""
    was, now, their = (
        file.read_bytes() if file.exists() else None for file in (before, ours, theirs)
    )
    if now != was:
        return False
    if their is None:
        ours.unlink(missing_ok=True)
    elif their != now:
        replace_by_copy(ours, theirs)
    return True


def _union(places: Places, before: Places, theirs: Places, folder: Path) -> Path:
    """The remote's archive with ours brought in: proved, as what is brought in is."""
    removed = read_removed(places.removed)
    union = Places(folder).archive
    shutil.copytree(theirs.data, folder)
    merge(union, places.archive, removed=removed)
    # Theirs first: in the union, a record that was altered by hand could pass for one that we saw.
    faults = proved(theirs.archive, before.archive, removed)
    faults += proved(union, theirs.archive, removed)
    if faults:
        raise ArchiveError(
            f"what the remote has and what we saw do not go together: {faults[0]}. Nothing of it "
            f"was pushed. {places.archive} holds all of this run: keep it."
        )
    return union


def _take(union: Path, archive: Path) -> None:
    """Put another archive, with the years that it has closed, in ours' place."""
    closed = years.files(union)
    for name, file in closed.items():
        (archive.parent / years.FOLDER).mkdir(exist_ok=True)
        replace_by_copy(archive.parent / years.FOLDER / f"{name}.db", file)
    replace_by_copy(archive, union)
    for name, file in years.files(archive).items():
        if name not in closed:
            file.unlink()
    if not closed:
        shutil.rmtree(archive.parent / years.FOLDER, ignore_errors=True)
