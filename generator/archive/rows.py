"""A record as rows of the archive: a decided change written, and the digest of what then stands.

The digest is made from the record in hand, which costs a third of reading back what was written.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from functools import lru_cache
from itertools import groupby

import msgspec

from generator.archive.chain import Layout
from generator.model import Change, Kept, Revision
from generator.times import text_of

Row = tuple[str | None, ...]

INCIDENT = (
    "key",
    "slug",
    "title",
    "kind",
    "impact",
    "impact_raw",
    "url",
    "started_at",
    "ended_at",
    "end_basis",
    "scheduled_until",
    "components",
    "regions",
    "first_seen_at",
    "changed_at",
    "withdrawn_at",
    "platform",
)
UPDATE = ("key", "at", "phase", "phase_raw", "body", "body_format", "seen_at")
REVISION = ("seen_at", "field", "update_key", "before")

ADD = {
    table: f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"  # noqa: S608 - ours
    for table, names in (
        ("incident", ("id", "vendor_id", "changed_in", *INCIDENT)),
        ("incident_update", ("incident_id", "number", *UPDATE)),
        ("revision", ("incident_id", "number", *REVISION)),
    )
}
SET_INCIDENT = (
    f"UPDATE incident SET changed_in = ?, {', '.join(f'{name} = ?' for name in INCIDENT)} "  # noqa: S608
    "WHERE vendor_id = ? AND key = ? RETURNING id"
)
SET_UPDATE = (
    f"UPDATE incident_update SET {', '.join(f'{name} = ?' for name in UPDATE)} "  # noqa: S608
    f"WHERE incident_id = ? AND number = ? AND ({', '.join(UPDATE)}) "
    f"IS NOT ({', '.join('?' * len(UPDATE))})"
)
# Numbers that a closed year's file has are not given again (years.py).
LAST = """
    SELECT max((SELECT coalesce(max(id), 0) FROM incident),
        (SELECT coalesce(max(incident_id), 0) FROM closed))
"""

LAYOUT = Layout((*INCIDENT, "vendor"), ("incident_id", "number", *UPDATE), REVISION)

Numbered = tuple[str | int | None, ...]
Written = tuple[int, Change, bytes]


def vendor_number(connection: sqlite3.Connection, slug: str) -> int:
    """The vendor's number, given when first asked for."""
    row = connection.execute("SELECT id FROM vendor WHERE slug = ?", (slug,)).fetchone()
    if row is None:
        row = connection.execute(
            "INSERT INTO vendor (slug) VALUES (?) RETURNING id", (slug,)
        ).fetchone()
    return int(row[0])


def write(
    connection: sqlite3.Connection, vendor: int, run: int, changes: Iterable[Change]
) -> Iterator[Written]:
    """Write a vendor's changes; of each the incident's number and the digest of its record."""
    for is_new, some in groupby(changes, key=lambda change: change.what == "new"):
        yield from (_add if is_new else _alter)(connection, vendor, run, some)


def _add(
    connection: sqlite3.Connection, vendor: int, run: int, changes: Iterable[Change]
) -> list[Written]:
    """All at once: a statement a row costs more than the rows do."""
    (last,) = connection.execute(LAST).fetchone()
    incidents: list[Numbered] = []
    updates: list[Numbered] = []
    revisions: list[Numbered] = []
    written: list[Written] = []
    for number, change in enumerate(changes, start=last + 1):
        facts, posts = _incident(change.after), _updates(change.after, number)
        incidents.append((number, vendor, run, *facts))
        updates += posts
        revisions += _numbered(number, map(_revision, change.revisions), 0)
        written.append((number, change, _digest(change.after, facts, posts)))
    connection.executemany(ADD["incident"], incidents)
    connection.executemany(ADD["incident_update"], updates)
    connection.executemany(ADD["revision"], revisions)
    return written


def _alter(
    connection: sqlite3.Connection, vendor: int, run: int, changes: Iterable[Change]
) -> Iterator[Written]:
    for change in changes:
        facts = _incident(change.after)
        values = (run, *facts, vendor, change.held_as)
        (number,) = connection.execute(SET_INCIDENT, values).fetchone()
        posts = _updates(change.after, number)
        _rewrite_updates(connection, number, posts)
        (last,) = connection.execute(
            "SELECT coalesce(max(number), 0) FROM revision WHERE incident_id = ?", (number,)
        ).fetchone()
        revisions = _numbered(number, map(_revision, change.revisions), last)
        connection.executemany(ADD["revision"], revisions)
        yield number, change, _digest(change.after, facts, posts)


def _digest(kept: Kept, facts: Row, posts: Sequence[Numbered]) -> bytes:
    edits = [_revision(revision) for revision in kept.revisions]
    return LAYOUT.digest((*facts, kept.vendor), posts, edits)


def _numbered(incident: int, rows: Iterable[Numbered], last: int) -> Iterator[Numbered]:
    """The rows of an incident, numbered after the last one."""
    return ((incident, number, *row) for number, row in enumerate(rows, start=last + 1))


def _rewrite_updates(
    connection: sqlite3.Connection, incident: int, posts: Sequence[Numbered]
) -> None:
    """Make its updates what they are now: each keeps its number, what is equal is not touched."""
    known = dict(
        connection.execute(
            "SELECT key, number FROM incident_update WHERE incident_id = ?", (incident,)
        ).fetchall()
    )
    updates = [row[2:] for row in posts]
    new = [row for row in updates if row[0] not in known]
    last = max(known.values(), default=0)
    for row in updates:
        number = known.pop(str(row[0]), None)
        if number is not None:
            connection.execute(SET_UPDATE, (*row, incident, number, *row))
    connection.executemany(ADD["incident_update"], _numbered(incident, new, last))
    connection.executemany(
        "DELETE FROM incident_update WHERE incident_id = ? AND number = ?",
        ((incident, number) for number in known.values()),
    )


def _incident(kept: Kept) -> Row:
    incident = kept.incident
    return (
        incident.key,
        kept.slug,
        incident.title,
        incident.kind,
        incident.impact,
        incident.impact_raw,
        incident.url,
        text_of(incident.started_at),
        _text(incident.ended_at),
        incident.end_basis,
        _text(incident.scheduled_until),
        _names(incident.components),
        _names(incident.regions),
        _seen(kept.first_seen_at),
        _seen(kept.changed_at),
        _text(kept.withdrawn_at),
        kept.platform,
    )


def _updates(kept: Kept, incident: int) -> list[Numbered]:
    """Its updates as the rows of an incident that has none yet."""
    seen = zip(kept.incident.updates, kept.update_seen_at, strict=True)
    return [
        (
            incident,
            number,
            update.key,
            text_of(update.at),
            update.phase,
            update.phase_raw,
            update.body,
            update.body_format,
            _seen(seen_at),
        )
        for number, (update, seen_at) in enumerate(seen, start=1)
    ]


def _revision(revision: Revision) -> Row:
    return (text_of(revision.seen_at), revision.field, revision.update_key, revision.before)


def _names(names: tuple[str, ...]) -> str:
    return msgspec.json.encode(names).decode() if names else "[]"


@lru_cache(maxsize=16)
def _seen(moment: datetime) -> str:
    """A time by our own clock: all that a run finds new was seen at one."""
    return text_of(moment)


def _text(moment: datetime | None) -> str | None:
    return None if moment is None else text_of(moment)
