"""The archive into git: a commit that says what changed, and a push that loses nothing."""

import tempfile
from pathlib import Path

from generator.archive import years
from generator.archive.queries import Archive
from generator.archive.store import reading
from generator.errors import ArchiveError
from generator.gitrepo import Repository
from generator.pipeline.overtaken import catch_up
from generator.pipeline.places import NOTHING, Places
from generator.wording import counted

# A commit message names so many vendors, those with the most news first.
NAMED = 12
TRIES = 5
YEARS_ALONE = "archive: years that are over in files of their own"
PUSHED_LATE = "archive: what an earlier run committed and could not push"
ALERTS_ALONE = "archive: alerts of earlier news"


def commit_archive(places: Places, *, push: bool) -> str | None:
    """Commit the archive, and what alerts told of it, if there is news; the message, or None.

    `push` also brings to the remote what an earlier run could not.

    When the remote has moved on, its archive is the one to build on: ours is merged into it, which
    is proved to be whole and pushed again. After `TRIES` refusals: ArchiveError, nothing lost.
    """
    repository = Repository(places.data)
    # What a killed run has written is not to be committed in part.
    if places.archive.with_name(years.WHOLE).exists():
        years.settle(places.archive)
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(TRIES):
            before = repository.committed(places.archive, Path(folder) / "before")
            message = news(before, places.archive)
            files = [places.archive] if message else []
            if repository.differs(places.years):
                files = [places.archive, places.years]
                message = message or YEARS_ALONE
            if message and repository.differs(places.removed):
                files.append(places.removed)
            # What alerts told of the news goes with it, or by itself where they were late.
            if repository.differs(places.notified):
                files.append(places.notified)
                message = message or ALERTS_ALONE
            if message is not None:
                repository.commit(files, message)
            elif not push or not repository.is_ahead():
                return None
            if not push or repository.push():
                return message or PUSHED_LATE
            with tempfile.TemporaryDirectory() as beside:
                catch_up(places, repository, Path(beside))
    raise ArchiveError(
        f"the remote refused {TRIES} pushes, each time with newer commits of its own. "
        f"{places.archive} holds all of this run: keep it, and run `outages commit --push` again."
    )


def news(before: Path | None, after: Path) -> str | None:
    """`archive: github +1, slack ~2`: what `after` holds that `before` did not; None: nothing."""
    with reading(before or NOTHING) as was, reading(after) as connection:
        old, new = Archive(was), Archive(connection)
        # One that was begun anew counts its runs from the start.
        changed = new.changed_since(new.shared_with(old.fingerprint) or 0)
        fresh = {vendor: changed[vendor] - old.slugs(vendor) for vendor in changed}
    if not changed:
        return None
    sizes = sorted(changed, key=lambda vendor: (-len(changed[vendor]), vendor))
    words = [_words(vendor, len(changed[vendor]), len(fresh[vendor])) for vendor in sizes]
    more = len(words) - NAMED
    rest = [f"and {counted(more, 'vendor')} more"] if more > 0 else []
    return f"archive: {', '.join(words[:NAMED] + rest)}"


def _words(vendor: str, changed: int, fresh: int) -> str:
    """`github +1 ~2`: one new, two changed."""
    parts = [f"+{fresh}"] if fresh else []
    if changed > fresh:
        parts.append(f"~{changed - fresh}")
    return " ".join([vendor, *parts])
