"""The archive counted in the database, all of it or some vendors and months."""

import sqlite3
from collections import defaultdict
from collections.abc import Collection
from typing import Any

import msgspec

from generator.archive.standing import GOES_ON
from generator.census import MonthCount, VendorCount
from generator.model import IMPACTS
from generator.times import read

# Some vendors are found by their index, so that counting ten reads no other.
OF = "WHERE vendor_id IN (SELECT id FROM vendor WHERE slug IN (SELECT value FROM json_each(?)))"
COUNTS = f"""
    SELECT vendor.slug, CAST(substr(started_at, 1, 4) AS INTEGER), kind, impact,
        withdrawn_at IS NULL, count(*),
        count(*) FILTER (WHERE kind = 'incident' AND {GOES_ON}),
        min(started_at), max(started_at), max(changed_at)
    FROM incident JOIN vendor ON vendor.id = vendor_id {{of}}
    GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2
"""  # noqa: S608 - made of constants
UPDATES = """
    SELECT vendor.slug, count(*)
    FROM incident JOIN vendor ON vendor.id = vendor_id
    JOIN incident_update ON incident_id = incident.id {of} GROUP BY 1
"""
MONTHS = """
    SELECT substr(started_at, 1, 7), count(*),
        count(*) FILTER (WHERE kind = 'incident' AND withdrawn_at IS NULL)
    FROM incident {of} GROUP BY 1 ORDER BY 1
"""
IN_MONTHS = "WHERE substr(started_at, 1, 7) IN (SELECT value FROM json_each(?))"
PLACES = {impact: place for place, impact in enumerate(IMPACTS)}
PLANNED = len(IMPACTS)


def counts(
    connection: sqlite3.Connection, vendors: Collection[str] | None = None
) -> dict[str, VendorCount]:
    """The size of each vendor's record; `vendors` None: of all that have one."""
    updates = dict(_rows(connection, UPDATES, OF, vendors))
    rows: defaultdict[str, list[tuple[Any, ...]]] = defaultdict(list)
    for slug, *row in _rows(connection, COUNTS, OF, vendors):
        rows[slug].append(tuple(row))
    return {slug: _count(found, updates.get(slug, 0)) for slug, found in rows.items()}


def months(
    connection: sqlite3.Connection, only: Collection[str] | None = None
) -> dict[str, MonthCount]:
    """What starts in each month, in order; `only` None: of all in which something does."""
    rows = _rows(connection, MONTHS, IN_MONTHS, only)
    return {month: MonthCount(records, incidents) for month, records, incidents in rows}


def _rows(
    connection: sqlite3.Connection, query: str, of: str, only: Collection[str] | None
) -> list[tuple[Any, ...]]:
    if only is None:
        return connection.execute(query.format(of="")).fetchall()
    return connection.execute(query.format(of=of), (_listed(only),)).fetchall()


def _listed(names: Collection[str]) -> str:
    return msgspec.json.encode(sorted(names)).decode()


def _count(rows: list[tuple[Any, ...]], updates: int) -> VendorCount:
    """Of a vendor's rows: year, kind, impact, whether they stand, and what was counted."""
    years: dict[int, tuple[int, int]] = {}
    standing: dict[int, list[int]] = {}
    opened = 0
    starts, changes = [], []
    for year, kind, impact, stands, number, open_now, first, last, changed in rows:
        planned = kind == "maintenance"
        incidents, maintenances = years.get(year, (0, 0))
        years[year] = (incidents + number * (not planned), maintenances + number * planned)
        if stands:
            place = PLANNED if planned else PLACES[impact]
            standing.setdefault(year, [0] * (PLANNED + 1))[place] += number
            starts += [] if planned else [first, last]
        opened += open_now
        changes.append(changed)
    return VendorCount(
        incidents=sum(incidents for incidents, _ in years.values()),
        maintenances=sum(maintenances for _, maintenances in years.values()),
        open=opened,
        updates=updates,
        first_started_at=read(min(starts)) if starts else None,
        last_started_at=read(max(starts)) if starts else None,
        changed_at=read(max(changes)),
        years=years,
        standing={year: tuple(numbers) for year, numbers in standing.items()},
    )
