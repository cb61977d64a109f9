"""What was said first: a vendor's later edits do not change what was published."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from itertools import chain, repeat
from typing import Any

from generator.model import Kept, Update
from generator.times import read

POSTED = ("at", "phase", "phase_raw", "body", "body_format")


def first_start(kept: Kept) -> datetime:
    """The start that the vendor stated first."""
    moved = (edit.before for edit in kept.revisions if edit.field == "started_at" and edit.before)
    return _time(next(moved, ""), kept.incident.started_at)


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
        said["at"] = _time(said["at"], update.at)
    return replace(update, **said) if said else update


def _time(text: str, otherwise: datetime) -> datetime:
    """A time as a revision keeps it; an import may have brought anything."""
    try:
        return read(text)
    except ValueError:
        return otherwise
