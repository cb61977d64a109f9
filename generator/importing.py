"""What an import changes: as a scrape would, and with it what the line knows of its own past."""

from dataclasses import replace
from datetime import datetime

from generator.decide import compared, new
from generator.exchange import Line, incident_of, revisions_of
from generator.model import Change, Kept
from generator.times import read


def decide_line(line: Line, kept: Kept | None, at: datetime, taken: set[str]) -> Change | None:
    """The change that the line, imported at `at`, makes to what is held under its key."""
    if kept is None:
        return _first(line, at, taken)
    withdrawn_at = _time(line.withdrawn_at) or kept.withdrawn_at
    change = compared(kept, incident_of(line), at, withdrawn_at=withdrawn_at)
    past = tuple(item for item in revisions_of(line) if item not in kept.revisions)
    if not past:
        return change
    if change is None:
        change = Change("changed", replace(kept, changed_at=at), kept.incident.key)
    after = replace(change.after, revisions=past + change.after.revisions)
    return replace(change, after=after, revisions=past + change.revisions)


def _first(line: Line, at: datetime, taken: set[str]) -> Change:
    change = new(line.vendor, incident_of(line), at, taken)
    first_seen_at = _time(line.first_seen_at) or at
    past = revisions_of(line)
    slug = change.after.slug
    if line.slug and line.slug not in taken:
        taken.remove(slug)
        taken.add(slug := line.slug)
    after = replace(
        change.after,
        slug=slug,
        first_seen_at=first_seen_at,
        changed_at=_time(line.changed_at) or first_seen_at,
        withdrawn_at=_time(line.withdrawn_at),
        revisions=past,
        update_seen_at=(first_seen_at,) * len(change.after.incident.updates),
    )
    return replace(change, after=after, revisions=past)


def _time(text: str | None) -> datetime | None:
    return None if text is None else read(text)
