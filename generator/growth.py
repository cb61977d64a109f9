"""How much one page adds to the archive, and how much it may.

Each text and each list of a page has its bound in `sanity`. Whoever stays just below all of them,
run after run, would still fill the file that everybody clones.
"""

from collections.abc import Iterable, Mapping
from datetime import timedelta

from generator.errors import SourceFault
from generator.model import Change, Incident, Kept

# Ten thousand incidents, at least; the liveliest page adds some thousands of bytes a day.
MOST = 20_000_000
LATELY = timedelta(days=7)
# What a row costs besides its text: numbers, times, and its share of the pages of the file.
ROW = 100


def added(changes: Iterable[Change], held: Mapping[str, Kept]) -> int:
    """About how many bytes the changes add. `held`: what they change, by the key it was held by."""
    total = 0
    for change in changes:
        before = held.get(change.held_as) if change.what != "new" else None
        total += ROW + sum(ROW + _bytes(revision.before) for revision in change.revisions)
        # What a shorter text frees is in the revision.
        total += max(
            0, _weight(change.after.incident) - (_weight(before.incident) if before else 0)
        )
    return total


def check(more: int, lately: int) -> None:
    """SourceFault when so many bytes, with those added lately, are more than a page has to say."""
    if more + lately > MOST:
        said = f"{more:,} bytes of news" + (f" after {lately:,}" if lately else "")
        raise SourceFault(
            "implausible", f"{said} within {LATELY.days} days; {MOST:,} are more than any page has"
        )


def leaves_room(lately: int) -> bool:
    """Whether the past may still be walked through: half of the room is for what is news."""
    return lately < MOST // 2


def _weight(incident: Incident) -> int:
    texts = (incident.key, incident.title, incident.url or "", incident.impact_raw or "")
    names = (*incident.components, *incident.regions)
    posts = sum(
        ROW + _bytes(update.key) + _bytes(update.phase_raw or "") + _bytes(update.body)
        for update in incident.updates
    )
    return ROW + posts + sum(map(_bytes, texts)) + sum(3 + _bytes(name) for name in names)


def _bytes(text: str) -> int:
    return len(text.encode())
