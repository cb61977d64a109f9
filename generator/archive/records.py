"""Rows of the archive read back into records: each with its updates, revisions and origin."""

import sqlite3
from collections import defaultdict
from datetime import datetime
from functools import lru_cache
from typing import Any

import msgspec

from generator.model import Incident, Kept, Origin, Revision, Update
from generator.times import read

SELECT = """
    SELECT incident.id, vendor.slug, incident.slug, key, title, kind, impact, impact_raw, url,
        started_at, ended_at, end_basis, scheduled_until, components, regions,
        first_seen_at, changed_at, withdrawn_at, platform, incident.changed_in
    FROM incident JOIN vendor ON vendor.id = incident.vendor_id
"""
UPDATES = """
    SELECT incident_id, key, at, phase, phase_raw, body, body_format, seen_at FROM incident_update
    WHERE incident_id IN (SELECT value FROM json_each(?)) ORDER BY incident_id, at, number
"""
REVISIONS = """
    SELECT incident_id, seen_at, field, update_key, before FROM revision
    WHERE incident_id IN (SELECT value FROM json_each(?)) ORDER BY incident_id, seen_at, number
"""
ORIGINS = """
    SELECT incident_id, observation.run_id, address.url, run.at, reply.sha256
    FROM observation JOIN reply ON reply.id = reply_id JOIN address ON address.id = address_id
    JOIN run ON run.id = reply.run_id
    WHERE incident_id IN (SELECT value FROM json_each(?))
    ORDER BY incident_id, observation.run_id, number
"""

_names = msgspec.json.Decoder(tuple[str, ...])
# Times of runs, each of which saw very much: they are read once.
_run_time = lru_cache(maxsize=4096)(read)


def records(connection: sqlite3.Connection, where: str, values: tuple[Any, ...] = ()) -> list[Kept]:
    """The incidents that the end of a query over `incident` and `vendor` chooses, in its order."""
    rows = connection.execute(SELECT + where, values).fetchall()
    if not rows:
        return []
    wanted = (msgspec.json.encode([row[0] for row in rows]).decode(),)
    updates = _updates(connection, wanted)
    revisions = _revisions(connection, wanted)
    origins = _origins(connection, rows, wanted)
    return [_record(row, updates[row[0]], revisions[row[0]], origins.get(row[0])) for row in rows]


def _updates(
    connection: sqlite3.Connection, wanted: tuple[str]
) -> defaultdict[int, list[tuple[Update, datetime]]]:
    """By incident: its updates, and when each was first seen."""
    found: defaultdict[int, list[tuple[Update, datetime]]] = defaultdict(list)
    for identity, key, at, phase, phase_raw, body, form, seen in connection.execute(
        UPDATES, wanted
    ):
        update = Update(key, read(at), phase, body, phase_raw, form)
        found[identity].append((update, _run_time(seen)))
    return found


def _revisions(
    connection: sqlite3.Connection, wanted: tuple[str]
) -> defaultdict[int, list[Revision]]:
    found: defaultdict[int, list[Revision]] = defaultdict(list)
    for identity, seen, field, update_key, before in connection.execute(REVISIONS, wanted):
        found[identity].append(Revision(_run_time(seen), field, before, update_key))
    return found


def _origins(
    connection: sqlite3.Connection, rows: list[tuple[Any, ...]], wanted: tuple[str]
) -> dict[int, Origin]:
    """The reply behind the last change of each, of those for which it is known."""
    changed_in = {row[0]: row[-1] for row in rows}
    origins = {}
    for identity, run, url, at, sha256 in connection.execute(ORIGINS, wanted):
        # What another archive saw later, and what changed nothing here, is no part of it.
        if run <= changed_in[identity]:
            origins[identity] = Origin(url, _run_time(at), sha256)
    return origins


def _record(
    row: tuple[Any, ...],
    updates: list[tuple[Update, datetime]],
    revisions: list[Revision],
    origin: Origin | None,
) -> Kept:
    (_, vendor, slug, key, title, kind, impact, impact_raw, url, started, ended, basis, until,
     components, regions, first_seen, changed, withdrawn, platform, changed_in) = row  # fmt: skip
    incident = Incident(
        key=key,
        title=title,
        kind=kind,
        impact=impact,
        impact_raw=impact_raw,
        url=url,
        started_at=read(started),
        ended_at=read(ended) if ended else None,
        end_basis=basis,
        scheduled_until=read(until) if until else None,
        components=_names.decode(components),
        regions=_names.decode(regions),
        updates=tuple(update for update, _ in updates),
    )
    return Kept(
        vendor=vendor,
        slug=slug,
        incident=incident,
        first_seen_at=_run_time(first_seen),
        changed_at=_run_time(changed),
        withdrawn_at=read(withdrawn) if withdrawn else None,
        revisions=tuple(revisions),
        platform=platform,
        changed_in=changed_in,
        update_seen_at=tuple(seen for _, seen in updates),
        origin=origin,
    )
