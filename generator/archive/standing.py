"""How vendors stand in the archive: what a reading asks of it before and while it compares."""

import sqlite3
from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

import msgspec

from generator.times import text_of

# As `Kept.goes_on`.
GOES_ON = "ended_at IS NULL AND end_basis IS NULL AND withdrawn_at IS NULL"
STANDING = f"""
    SELECT vendor.slug, max(incident.changed_in), json_group_array(key) FILTER (WHERE {GOES_ON})
    FROM incident JOIN vendor ON vendor.id = incident.vendor_id
    WHERE vendor.slug IN (SELECT value FROM json_each(?)) GROUP BY vendor.slug
"""  # noqa: S608 - made of constants
TITLES = """
    SELECT key, title FROM incident JOIN vendor ON vendor.id = incident.vendor_id
    WHERE vendor.slug = ? AND started_at BETWEEN ? AND ?
"""

_keys = msgspec.json.Decoder(frozenset[str])


class Standing(NamedTuple):
    """The keys of a vendor's incidents that are held open, and the last run that changed any."""

    open: frozenset[str] = frozenset()
    changed_in: int = 0


def standing(connection: sqlite3.Connection, vendors: Collection[str]) -> dict[str, Standing]:
    """Of those vendors that have incidents; one pass, whatever their number."""
    named = msgspec.json.encode(list(vendors)).decode()
    rows = connection.execute(STANDING, (named,))
    return {vendor: Standing(_keys.decode(keys), run) for vendor, run, keys in rows}


def titles(
    connection: sqlite3.Connection, vendor: str, first: datetime, last: datetime
) -> dict[str, str]:
    """By key: of the vendor's incidents that started in that time, its ends included."""
    return dict(connection.execute(TITLES, (vendor, text_of(first), text_of(last))).fetchall())
