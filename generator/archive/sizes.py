"""How much of the archive is whose."""

import sqlite3
from datetime import datetime
from typing import NamedTuple

from generator.times import text_of

# A row is counted as about a hundred bytes, as in `growth`.
SIZES = """
    WITH text (incident_id, seen_at, size) AS (
        SELECT id, first_seen_at,
            100 + length(key || title || components || regions) + coalesce(length(url), 0)
        FROM incident
        UNION ALL SELECT incident_id, seen_at, 100 + length(body) FROM incident_update
        UNION ALL SELECT incident_id, seen_at, 100 + length(before) FROM revision
    )
    SELECT vendor.slug, sum(size), coalesce(sum(size) FILTER (WHERE seen_at >= ?), 0)
    FROM text JOIN incident ON incident.id = incident_id JOIN vendor ON vendor.id = vendor_id
    GROUP BY 1 ORDER BY 3 DESC, 2 DESC, 1
"""


class Size(NamedTuple):
    """What a vendor's record takes, in about so many bytes: in all, and of it what came lately."""

    vendor: str
    whole: int
    lately: int


def sizes(connection: sqlite3.Connection, since: datetime) -> list[Size]:
    """Of every vendor, the one that added most since then first."""
    return [Size(*row) for row in connection.execute(SIZES, (text_of(since),))]
