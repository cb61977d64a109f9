"""What an import changes: as a scrape would, and with it what the line knows of its own past."""

from dataclasses import replace
from datetime import datetime

from generator.decide import compared
from generator.exchange import Line, revisions_of
from generator.model import Change, Incident, Kept
from generator.slugs import mint
from generator.times import read


def decide_line(
    line: Line, now: Incident, kept: Kept | None, at: datetime, taken: set[str]
) -> Change | None:
    """The change that the line, imported at `at`, makes to what is held under its key.

    `now`: what it says of the incident. `taken`: the vendor's public paths, with a new one after.
    """
    if kept is None:
        return _first(line, now, at, taken)
    withdrawn_at = _time(line.withdrawn_at) or kept.withdrawn_at
    change = compared(kept, now, at, withdrawn_at=withdrawn_at)
    past = tuple(item for item in revisions_of(line) if item not in kept.revisions)
    if not past:
        return change
    if change is None:
        change = Change("changed", replace(kept, changed_at=at), kept.incident.key)
    after = replace(change.after, revisions=past + change.after.revisions)
    return replace(change, after=after, revisions=past + change.revisions)


def _first(line: Line, now: Incident, at: datetime, taken: set[str]) -> Change:
    slug = line.slug
    if not slug or slug in taken:
        slug = mint(now.started_at, now.title, taken)
    taken.add(slug)
    first_seen_at = _time(line.first_seen_at) or at
    past = revisions_of(line)
    kept = Kept(
        line.vendor,
        slug,
        now,
        first_seen_at,
        changed_at=_time(line.changed_at) or first_seen_at,
        withdrawn_at=_time(line.withdrawn_at),
        revisions=past,
        update_seen_at=(first_seen_at,) * len(now.updates),
    )
    return Change("new", kept, line.key, past)


def _time(text: str | None) -> datetime | None:
    return None if text is None else read(text)
