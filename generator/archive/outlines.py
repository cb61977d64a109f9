"""All incidents of all vendors in outline: one pass over the table, a row in hand at a time."""

import sqlite3
from collections.abc import Collection, Iterator
from sys import intern
from typing import Any

import msgspec

from generator.model import Outline

# The last update by time; of equal times the one that arrived last. Time and phase in one text,
# so that one lookup serves both.
OUTLINES = """
    SELECT vendor.slug, incident.slug, title, kind, impact, started_at, ended_at, end_basis,
        scheduled_until, changed_at,
        CASE WHEN ended_at IS NULL THEN (
            SELECT at || ' ' || phase FROM incident_update
            WHERE incident_id = incident.id ORDER BY at DESC, number DESC LIMIT 1
        ) END
    FROM incident JOIN vendor ON vendor.id = incident.vendor_id
    WHERE withdrawn_at IS NULL{of} ORDER BY started_at, vendor.slug, incident.slug
"""
ON_DAYS = " AND substr(started_at, 1, 10) IN (SELECT value FROM json_each(?))"
# Most end on the day of their start: of those alone that do not is it asked for how long.
LASTING = """ AND (ended_at IS NULL OR substr(ended_at, 1, 10) > substr(started_at, 1, 10)
    AND julianday(ended_at) - julianday(started_at) > 5)"""


def outlines(
    connection: sqlite3.Connection, days: Collection[str] | None = None
) -> Iterator[Outline]:
    """What stands and started on those days, by (started_at, vendor, slug); None: all of it."""
    if days is None:
        return _told(connection.execute(OUTLINES.format(of="")))
    listed = msgspec.json.encode(sorted(days)).decode()
    return _told(connection.execute(OUTLINES.format(of=ON_DAYS), (listed,)))


def lasting(connection: sqlite3.Connection) -> Iterator[Outline]:
    """What stands and went on for more than five days, or has no end, in the same order."""
    return _told(connection.execute(OUTLINES.format(of=LASTING)))


def _told(rows: Iterator[tuple[Any, ...]]) -> Iterator[Outline]:
    """Words that repeat are kept once."""
    for vendor, slug, title, kind, impact, started, ended, basis, until, changed, last in rows:
        at, _, phase = last.partition(" ") if last else (None, "", None)
        yield Outline(
            vendor=intern(vendor),
            slug=slug,
            title=title,
            kind=_word(kind),
            impact=_word(impact),
            started_at=started,
            ended_at=ended,
            end_basis=basis and _word(basis),
            scheduled_until=until,
            changed_at=intern(changed),
            last_at=at,
            last_phase=phase,
        )


def _word(value: Any) -> Any:
    return intern(value)
