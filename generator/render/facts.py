"""What follows from a record: how long, whether it is over, how bad, where it stood before.

Each rule stands here once; views turn the answers into words, templates print them.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Literal

from generator.model import Impact, Incident, Kept
from generator.times import read

State = Literal["open", "resolved", "over", "unstated", "planned", "under_way", "completed"]

# How bad, least first. An impact that nobody stated is worse than a stated "none".
SEVERITY: dict[Impact, int] = {"none": 0, "unknown": 1, "minor": 2, "major": 3, "critical": 4}


def state_of(incident: Incident) -> State:
    """Where it stands, by the vendor's own word.

    "over": it has an end, but only because nothing was said after it. "unstated": the page
    neither calls it over nor keeps it open.
    """
    maintenance = incident.kind == "maintenance"
    if incident.ended_at is not None:
        if incident.end_basis == "last_update":
            return "over"
        return "completed" if maintenance else "resolved"
    if incident.end_basis == "unstated":
        return "unstated"
    if not maintenance:
        return "open"
    last = incident.updates[-1].phase if incident.updates else "scheduled"
    return "under_way" if last == "in_progress" else "planned"


def is_open(kept: Kept) -> bool:
    """An incident that still goes on as far as the vendor says."""
    return kept.goes_on and kept.incident.kind == "incident"


def length_of(incident: Incident) -> timedelta | None:
    """Start to end; None where it is not known. Negative where a vendor's times contradict."""
    return None if incident.ended_at is None else length_to(incident, incident.ended_at)


def length_to(incident: Incident, end: datetime) -> timedelta | None:
    """Start to an end of it; None where both are one moment.

    Then a single post told of it, when it was over: for how long it had gone on nobody said.
    """
    return end - incident.started_at or None


def last_word_at(incident: Incident) -> datetime:
    """When the vendor last said anything of it."""
    return max((update.at for update in incident.updates), default=incident.started_at)


def known_until(incident: Incident, now: datetime) -> datetime:
    """How far its days reach: to its end, to `now` while open, else to the last word."""
    if incident.ended_at is not None:
        return max(incident.ended_at, incident.started_at)
    if state_of(incident) == "open":
        return max(now, incident.started_at)
    return max(last_word_at(incident), incident.started_at)


def worst(impacts: Iterable[Impact]) -> Impact:
    """The gravest of some impacts; "none" of none."""
    return max(impacts, key=SEVERITY.__getitem__, default="none")


def starts(kept: Kept) -> tuple[datetime, ...]:
    """Every start it ever had here, the present one first: where other pages may name it."""
    earlier = (read(edit.before) for edit in kept.revisions if _is_start(edit.field, edit.before))
    return (kept.incident.started_at, *dict.fromkeys(earlier))


def updated_at(kept: Kept) -> datetime:
    """When its feed entry last changed: our sighting of a change, else the vendor's last word."""
    if kept.changed_at > kept.first_seen_at:
        return kept.changed_at
    return min(last_word_at(kept.incident), kept.changed_at)


def _is_start(field: str, before: str) -> bool:
    return field == "started_at" and bool(before)
