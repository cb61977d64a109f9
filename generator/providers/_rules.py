"""Rules that readers share: when something began and ended, and what a list vouches for."""

from collections.abc import Container, Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from generator.model import KINDS, EndBasis, Incident, Kind, Update


def start_of(updates: Sequence[Update], kind: Kind, first: datetime) -> datetime:
    """Its first sign, `first` or a post; of a maintenance, once one says so, when it was begun."""
    # A text that is rewritten in place is as old as its last change, and tells no beginning.
    if kind == "maintenance" and len(updates) > 1:
        begun = next((update.at for update in updates if update.phase == "in_progress"), None)
        if begun:
            return begun
    return min(first, *(update.at for update in updates))


def end_of(updates: Sequence[Update], otherwise: datetime) -> tuple[datetime, EndBasis]:
    """When something that is closed ended, by its updates, oldest first.

    The first of the posts that say so, if nothing else was said after them; or else the last
    word; or else, where there is no update, the time that the page gives `otherwise`.
    """
    end: Update | None = None
    for update in reversed(updates):
        if update.phase in ("resolved", "completed"):
            end = update
        elif update.phase != "postmortem":
            break
    if end is not None:
        return end.at, "resolving_update"
    return updates[-1].at if updates else otherwise, "last_update"


def listed_since(incidents: Iterable[Incident]) -> datetime | None:
    """Since when a list that keeps what is over is complete, if only its newest items are shown.

    It may be cut by start, by end or by last post: nothing that began after the last sign of life
    of its oldest item can have slid out of it.
    """
    lives = (
        max(
            incident.started_at,
            incident.ended_at or incident.started_at,
            *(update.at for update in incident.updates[-1:]),
        )
        for incident in incidents
    )
    return min(lives, default=None)


def vouched_since(
    incidents: Iterable[Incident], last_signs: Iterable[datetime], *, whole: bool
) -> dict[Kind, datetime]:
    """The same of a feed, by when each entry was last touched (`last_signs`).

    Nothing if it may list open ones only, or could not be read to its end (`whole`).
    """
    ends = [incident.ended_at for incident in incidents]
    if not whole or sum(end is not None for end in ends) * 2 <= len(ends):
        return {}
    return dict.fromkeys(KINDS, min(last_signs))


def unless_listed(
    told: Iterable[Incident], now: Container[str], kinds: Container[Kind]
) -> list[Incident]:
    """What a history tells beside a whole list of what is open `now`, by key, of these `kinds`.

    An end that it tells is one. What it has no end for and the list has not is not called open
    any more, whatever its last post says: pages forget to post that it is over.
    """
    return [
        replace(one, end_basis="unstated")
        if one.ended_at is None and one.kind in kinds and one.key not in now
        else one
        for one in told
    ]
