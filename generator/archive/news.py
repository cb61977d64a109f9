"""What feeds over several vendors ask: the newest, and what is news."""

import sqlite3
from collections.abc import Collection
from datetime import timedelta

import msgspec

from generator.times import read, text_of

# Its two places: whether it is of all vendors, and else of which.
OF = "WHERE (? OR vendor.slug IN (SELECT value FROM json_each(?))) "
LATEST = OF + "AND kind = ? ORDER BY started_at DESC, vendor.slug, incident.slug LIMIT ?"
GRAVEST = OF + (
    "AND kind = 'incident' AND impact IN ('major', 'critical') "
    "ORDER BY started_at DESC, vendor.slug, incident.slug LIMIT ?"
)
LATELY = OF + (  # noqa: S608 - made of constants
    "AND changed_at >= ? AND (started_at >= ? OR withdrawn_at >= ? OR EXISTS ("
    "SELECT 1 FROM incident_update AS post WHERE post.incident_id = incident.id AND post.at >= ?"
    ")) ORDER BY started_at, vendor.slug, incident.slug"
)
LAST_CHANGE = "SELECT max(changed_at) FROM incident JOIN vendor ON vendor.id = vendor_id " + OF  # noqa: S608


def of(vendors: Collection[str] | None) -> tuple[bool, str]:
    """The two places, for those vendors or, None, for all."""
    return vendors is None, msgspec.json.encode(sorted(vendors or ())).decode()


def since(
    connection: sqlite3.Connection, span: timedelta, vendors: Collection[str] | None
) -> str | None:
    """The time so long before the last change of those vendors; None: they have no incidents."""
    last = connection.execute(LAST_CHANGE, of(vendors)).fetchone()[0]
    return text_of(read(last) - span) if last else None
