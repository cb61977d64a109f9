"""The same incident under another id: found by what it says, however many say the same.

An index, and not a search: a page that gives thousands of incidents one title must not cost the
square of them.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from functools import cached_property

from generator.model import REMOVED, Incident, Kept

# A vendor that moves to another platform gives its incidents new ids and rounds their times; one
# platform tells the start that was found out later, or was announced, where another has the post.
SAME_START = timedelta(minutes=15)
NEAR = timedelta(days=31)

# What two incidents have in common beside kind and title: the minute of a post, or no posts.
Mark = datetime | str
ANY, BARE = "any", "without posts"


def plain(title: str) -> str:
    """A title as it is compared."""
    return " ".join(title.casefold().split())


class Alike:
    """Incidents that are held, each to be taken once."""

    def __init__(self, held: Iterable[Kept]) -> None:
        self._held = held
        self._taken: set[str] = set()

    def take(self, incident: Incident) -> Kept | None:
        """The one of the same kind and title with a post in the same minute.

        Where one of the two has no posts, or no words any more, of about the same start. So what a
        vendor says on another platform, or what was kept by hand, appears once.
        """
        for mark, span in _sought(incident):
            found = self._index.get((mark, *_plain(incident)), [])
            place = bisect_left(found, incident.started_at - span, key=_start)
            while place < len(found) and _start(found[place]) <= incident.started_at + span:
                kept = found.pop(place)
                if kept.incident.key not in self._taken:
                    self._taken.add(kept.incident.key)
                    return kept
        return None

    @cached_property
    def _index(self) -> dict[tuple[object, ...], list[Kept]]:
        index: defaultdict[tuple[object, ...], list[Kept]] = defaultdict(list)
        for kept in sorted(self._held, key=_start):
            words = _plain(kept.incident)
            for mark in _marks(kept.incident):
                index[mark, *words].append(kept)
        return index


def _sought(incident: Incident) -> Iterator[tuple[Mark, timedelta]]:
    if not incident.updates or incident.title == REMOVED:
        yield ANY, SAME_START
        return
    for minute in _minutes(incident):
        yield minute, NEAR
    yield BARE, SAME_START


def _marks(incident: Incident) -> Iterator[Mark]:
    yield ANY
    yield from _minutes(incident)
    if not incident.updates:
        yield BARE


def _minutes(incident: Incident) -> Iterable[datetime]:
    return dict.fromkeys(update.at.replace(second=0, microsecond=0) for update in incident.updates)


def _plain(incident: Incident) -> tuple[str, str]:
    return incident.kind, plain(incident.title)


def _start(kept: Kept) -> datetime:
    return kept.incident.started_at
