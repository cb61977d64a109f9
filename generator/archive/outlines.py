"""All incidents of all vendors in outline: one pass over the table, a row in hand at a time."""

import sqlite3
from collections.abc import Iterator
from sys import intern
from typing import Any

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
    WHERE withdrawn_at IS NULL ORDER BY started_at, vendor.slug, incident.slug
"""


def outlines(connection: sqlite3.Connection) -> Iterator[Outline]:
    """What stands, by (started_at, vendor, slug); words that repeat are kept once."""
    rows: Iterator[tuple[Any, ...]] = connection.execute(OUTLINES)
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
            changed_at=changed,
            last_at=at,
            last_phase=phase,
        )


def _word(value: Any) -> Any:
    return intern(value)
