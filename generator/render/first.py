"""What was said first: a vendor's later edits do not change what was published."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from itertools import chain, repeat
from operator import attrgetter
from typing import Any

from generator import times
from generator.model import PHASES, Kept, Update

POSTED = ("at", "phase", "phase_raw", "body", "body_format")


def first_start(kept: Kept) -> datetime:
    """The start that the vendor stated first."""
    moved = (edit.before for edit in kept.revisions if edit.field == "started_at" and edit.before)
    return times.kept(next(moved, ""), kept.incident.started_at)


def title_at(kept: Kept, moment: datetime) -> str:
    """The title as it stood after the reading at that moment."""
    later = (
        edit.before
        for edit in kept.revisions
        if edit.field == "title" and edit.update_key is None and edit.seen_at > moment
    )
    return next(later, kept.incident.title)


def sightings(kept: Kept) -> Iterator[tuple[Update, datetime]]:
    """Each update as it stands, and when we first saw it."""
    seen = chain(kept.update_seen_at, repeat(kept.first_seen_at))
    return zip(kept.incident.updates, seen, strict=False)


def first_posted(kept: Kept, update: Update, seen: datetime) -> Update:
    """The update as it stood when it was first seen, at `seen`."""
    said: dict[str, Any] = {}
    for edit in kept.revisions:
        if edit.update_key == update.key and edit.seen_at > seen and edit.field in POSTED:
            said.setdefault(edit.field, edit.before)
    if "at" in said:
        said["at"] = times.kept(said["at"], update.at)
    if said.get("phase") not in PHASES:  # as it stands: an import may have brought anything
        said.pop("phase", None)
    return replace(update, **said) if said else update


def as_first_told(kept: Kept) -> tuple[Update, ...]:
    """The updates by time, each whose time was another when it was first seen as it was then.

    A vendor that dates its first post back later did not speak any sooner, and one that writes over
    it spoke before: of such a post both are told. A time that cannot have been was a slip.
    """
    # Hardly any incident has one.
    if not any(edit.field == "at" for edit in kept.revisions):
        return kept.incident.updates
    told = []
    for update, seen in sightings(kept):
        first = first_posted(kept, update, seen)
        if first.at == update.at or not kept.incident.started_at <= first.at <= seen:
            told.append(update)
            continue
        told.append(first)
        if first.at < update.at:
            told.append(replace(update, key=f"{update.key} now"))
    return tuple(sorted(told, key=attrgetter("at")))
