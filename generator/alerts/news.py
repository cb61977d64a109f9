"""What a target has to be told: how things stand in the archive, less what it knows. Pure.

An incident is news when it was first seen within `FRESH` of the archive's last change, and had
begun at most `RECENT` before that; what a backfill digs up, or a vendor back-dates, is history.
Whatever a target was told of is followed until its end. An incident that is taken back
after it asks nobody to act; the feeds of updates tell that.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from generator.alerts.rules import GRAVITY, Rule, What
from generator.alerts.told import OVER, Target
from generator.model import Impact, Kept
from generator.times import read, text_of

FRESH = timedelta(days=2)
RECENT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Event:
    """One thing to tell. `state` is what the target knows afterwards.

    `id` is made of the incident's path and the time of the run that saw it so: the same on every
    attempt, so that a receiver can drop what it has.
    """

    what: What
    kept: Kept
    state: str

    @property
    def incident(self) -> str:
        """`github/2026-11-20-pages-down`."""
        return name_of(self.kept)

    @property
    def id(self) -> str:
        """`github/2026-11-20-pages-down:new@2026-11-20T10:07:00Z`."""
        return f"{self.incident}:{self.what}@{text_of(self.kept.changed_at)}"


def name_of(kept: Kept) -> str:
    """By which a target knows an incident."""
    return f"{kept.vendor}/{kept.slug}"


def news(
    rule: Rule,
    target: Target,
    found: Iterable[Kept],
    archive_at: datetime,
    categories: dict[str, str],
) -> Iterator[Event]:
    """What the target is to learn, oldest sighting first, whether or not its rule tells it.

    `found`: what changed lately or was told; `archive_at`: when the archive last changed;
    `categories`: of the vendors.
    """
    since = max(read(target.since), archive_at - FRESH)
    for kept in sorted(found, key=lambda kept: (kept.changed_at, kept.vendor, kept.slug)):
        known = target.told.get(name_of(kept))
        if known is not None:
            yield from _followed(kept, known)
        elif rule.concerns(kept.vendor, categories.get(kept.vendor)) and rule.minds(kept.incident):
            yield from _noticed(kept, since)


def _followed(kept: Kept, known: str) -> Iterator[Event]:
    """What became of an incident that the target knows."""
    incident = kept.incident
    if known == OVER:
        if kept.goes_on:
            yield Event("reopened", kept, incident.impact)
    elif kept.withdrawn_at is not None:
        yield Event("withdrawn", kept, OVER)
    elif incident.ended_at is not None:
        yield Event("resolved", kept, OVER)
    elif _is_graver(incident.impact, known):
        yield Event("escalated", kept, incident.impact)


def _noticed(kept: Kept, since: datetime) -> Iterator[Event]:
    """An incident that the target does not know, if it, or its gravity, is news."""
    incident = kept.incident
    if incident.kind != "incident" or kept.withdrawn_at is not None:
        return
    if kept.first_seen_at > since:
        if kept.first_seen_at - incident.started_at <= RECENT:
            yield Event("new", kept, incident.impact if kept.goes_on else OVER)
    elif kept.goes_on and _rose(kept, since):
        yield Event("escalated", kept, incident.impact)


def _rose(kept: Kept, since: datetime) -> bool:
    """Whether its impact was lower until a moment ago."""
    return any(
        revision.seen_at > since and _is_graver(kept.incident.impact, revision.before)
        for revision in kept.revisions
        if revision.field == "impact"
    )


def _is_graver(impact: Impact, before: str) -> bool:
    return GRAVITY[impact] > next((n for word, n in GRAVITY.items() if word == before), 0)


def forget(target: Target, found: Iterable[Kept], archive_at: datetime) -> None:
    """Drop what the target knows the end of and is too old to be news again."""
    dropped = {name_of(kept) for kept in found if kept.changed_at <= archive_at - 2 * FRESH}
    target.told = {
        name: state for name, state in target.told.items() if state != OVER or name not in dropped
    }
