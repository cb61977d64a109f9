"""What has to be said beside an incident's length, or in its place."""

from collections.abc import Iterable
from datetime import timedelta

from generator.model import ENDING, Incident
from generator.render import words
from generator.render.turns import Turn


def pauses(incident: Incident, taken: Iterable[Turn]) -> str:
    """That its length spans ends that did not last, from each to the reading that saw it open."""
    last = incident.ended_at or incident.started_at
    found = [(turn.at, min(turn.until, last)) for turn in taken if turn.at and turn.until]
    over = sum((max(until - at, timedelta(0)) for at, until in found), timedelta(0))
    return words.over_between(over) if over else ""


def untold(incident: Incident, span: timedelta | None) -> str:
    """Why it is not known how long it took; "" where it is, or where it has no end."""
    if span is not None:
        return words.length(span) if span < timedelta(0) else ""
    if incident.ended_at is None:
        return ""
    told_after = incident.updates and incident.updates[0].phase in ENDING
    return words.TOLD_AFTERWARDS if told_after else words.ONE_MOMENT
