"""The tables, grown by migrations that are only ever appended.

Integer keys in insertion order and no index but one: what a commit pushes is the pages that
changed. The updates and revisions of an incident are clustered behind it (WITHOUT ROWID), so that
they need none. Times are text (`2022-07-29T15:19:00Z`), for people with any SQLite tool.
"""

import sqlite3
from collections import Counter
from typing import TYPE_CHECKING

from generator.archive.chain import digests, folded, observations, opening
from generator.archive.glimpse import SCHEMA
from generator.errors import ArchiveError

if TYPE_CHECKING:
    from sqlite_utils import Database

# The last migration. Kept in the file as PRAGMA user_version: one read tells old, ours and newer.
CURRENT = SCHEMA

BEGINNING = (
    """
    CREATE TABLE run ( -- a run that changed something
        id INTEGER PRIMARY KEY,
        at TEXT NOT NULL,
        command TEXT NOT NULL -- update | backfill | import
    ) STRICT
    """,
    """
    CREATE TABLE vendor (
        id INTEGER PRIMARY KEY,
        slug TEXT NOT NULL UNIQUE, -- the name of its file in data/vendors
        complete_since TEXT, -- everything its page holds since then is here; null: not known
        changed_in INTEGER REFERENCES run (id) -- when that last changed
    ) STRICT
    """,
    """
    CREATE TABLE incident (
        id INTEGER PRIMARY KEY,
        vendor_id INTEGER NOT NULL REFERENCES vendor (id),
        key TEXT NOT NULL, -- the vendor's id
        slug TEXT NOT NULL, -- the public path, minted once
        title TEXT NOT NULL,
        kind TEXT NOT NULL, -- incident | maintenance
        impact TEXT NOT NULL, -- none | minor | major | critical | unknown
        impact_raw TEXT, -- the vendor's word; null: the page has none
        url TEXT,
        started_at TEXT NOT NULL,
        ended_at TEXT, -- null: open, or not stated
        end_basis TEXT, -- where ended_at comes from; null: open
        scheduled_until TEXT, -- announced end of a maintenance
        components TEXT NOT NULL, -- JSON list of names
        regions TEXT NOT NULL, -- JSON list of names
        first_seen_at TEXT NOT NULL,
        changed_at TEXT NOT NULL, -- when we last saw anything of it change
        withdrawn_at TEXT, -- when we saw that the vendor had taken it away; null: still there
        platform TEXT, -- what it was last read from; null: imported
        changed_in INTEGER NOT NULL REFERENCES run (id),
        UNIQUE (vendor_id, key)
    ) STRICT
    """,
    """
    CREATE TABLE incident_update ( -- as the vendor shows it now
        incident_id INTEGER NOT NULL REFERENCES incident (id),
        number INTEGER NOT NULL, -- in order of arrival, from 1
        key TEXT NOT NULL, -- the vendor's id, or one made from its time
        at TEXT NOT NULL,
        phase TEXT NOT NULL,
        phase_raw TEXT,
        body TEXT NOT NULL,
        body_format TEXT NOT NULL, -- text | markdown | html
        seen_at TEXT NOT NULL, -- when we first saw it
        PRIMARY KEY (incident_id, number)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE revision ( -- what the vendor said before; append-only
        incident_id INTEGER NOT NULL REFERENCES incident (id),
        number INTEGER NOT NULL,
        seen_at TEXT NOT NULL, -- when we saw it say something else
        field TEXT NOT NULL,
        update_key TEXT, -- null: a field of the incident itself
        before TEXT NOT NULL,
        PRIMARY KEY (incident_id, number)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE VIEW incidents AS -- every incident, readable
    SELECT vendor.slug AS vendor, incident.slug, title, kind, impact,
        CASE WHEN ended_at IS NULL THEN 'open' ELSE 'resolved' END AS status,
        started_at, ended_at, end_basis,
        round((julianday(ended_at) - julianday(started_at)) * 1440) AS minutes,
        components, regions, url, first_seen_at, changed_at, withdrawn_at
    FROM incident JOIN vendor ON vendor.id = incident.vendor_id
    """,
    """
    CREATE VIEW open_incidents AS -- what is broken as far as we know
    SELECT * FROM incidents
    WHERE status = 'open' AND end_basis IS NULL AND withdrawn_at IS NULL AND kind = 'incident'
    """,
    """
    CREATE VIEW updates AS -- every update, readable
    SELECT vendor.slug AS vendor, incident.slug AS incident, incident.title, at, phase, body,
        body_format, seen_at
    FROM incident_update
    JOIN incident ON incident.id = incident_update.incident_id
    JOIN vendor ON vendor.id = incident.vendor_id
    """,
    """
    CREATE VIEW edits AS -- every change a vendor made to what it had said
    SELECT vendor.slug AS vendor, incident.slug AS incident, incident.title, seen_at, field,
        update_key, before
    FROM revision
    JOIN incident ON incident.id = revision.incident_id
    JOIN vendor ON vendor.id = incident.vendor_id
    """,
)

PROVENANCE = (
    """
    CREATE TABLE address ( -- what was asked, each once
        id INTEGER PRIMARY KEY,
        url TEXT NOT NULL
    ) STRICT
    """,
    """
    CREATE TABLE reply ( -- a reply that changed something; its time is its run's
        id INTEGER PRIMARY KEY,
        run_id INTEGER NOT NULL REFERENCES run (id),
        address_id INTEGER NOT NULL REFERENCES address (id),
        sha256 BLOB NOT NULL -- of the body
    ) STRICT
    """,
    """
    CREATE TABLE observation ( -- a change to an incident as a run saw it; append-only
        incident_id INTEGER NOT NULL REFERENCES incident (id),
        run_id INTEGER NOT NULL REFERENCES run (id),
        number INTEGER NOT NULL, -- in order within the run, from 1
        what TEXT NOT NULL, -- new | changed | withdrawn | restored
        reply_id INTEGER REFERENCES reply (id), -- null: imported, merged, or before schema 2
        digest BLOB NOT NULL, -- of the whole record after it
        PRIMARY KEY (incident_id, run_id, number)
    ) STRICT, WITHOUT ROWID
    """,
    # The chain (archive/chain.py): the run before it, the head of another archive that it merged,
    # and the hash over both and its observations.
    "ALTER TABLE run ADD COLUMN parent INTEGER REFERENCES run (id)",
    "ALTER TABLE run ADD COLUMN merged INTEGER REFERENCES run (id)",
    "ALTER TABLE run ADD COLUMN hash BLOB",
    """
    CREATE VIEW observations AS -- where everything comes from, readable
    SELECT vendor.slug AS vendor, incident.slug AS incident, incident.title, what, run.at,
        run.command, address.url, lower(hex(reply.sha256)) AS sha256
    FROM observation
    JOIN run ON run.id = observation.run_id
    JOIN incident ON incident.id = incident_id
    JOIN vendor ON vendor.id = incident.vendor_id
    LEFT JOIN reply ON reply.id = reply_id
    LEFT JOIN address ON address.id = address_id
    """,
)

DIVISIBLE = (
    "DROP VIEW observations",
    # Parents by their hash: a run then says the same in every file that holds a part of an archive.
    """
    CREATE TABLE line (
        id INTEGER PRIMARY KEY,
        at TEXT NOT NULL,
        command TEXT NOT NULL, -- update | backfill | import | remove | merge
        parent BLOB, -- the hash of the run before it; null: the first
        merged BLOB, -- the hash of the head of another archive that it joined to that
        hash BLOB -- over both and its observations
    ) STRICT
    """,
    """
    INSERT INTO line SELECT run.id, run.at, run.command, before.hash, other.hash, run.hash FROM run
    LEFT JOIN run AS before ON before.id = run.parent
    LEFT JOIN run AS other ON other.id = run.merged
    ORDER BY run.id
    """,
    "DROP TABLE run",
    "ALTER TABLE line RENAME TO run",
    PROVENANCE[-1],
    """
    CREATE TABLE closed ( -- a year that has a file of its own, as it was when this was written
        year TEXT PRIMARY KEY,
        run_id INTEGER NOT NULL REFERENCES run (id), -- the last run in it
        incident_id INTEGER NOT NULL, -- the highest number of an incident in it: not given again
        reply_id INTEGER NOT NULL, -- of a reply
        fits INTEGER NOT NULL -- 0: what was merged in here since was not held against it
    ) STRICT, WITHOUT ROWID
    """,
)


def version(connection: sqlite3.Connection, name: str) -> int:
    """The version of the file's schema, 0 when empty; ArchiveError when newer than ours."""
    found = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if found > CURRENT:
        raise ArchiveError(
            f"{name} has schema {found}, this program knows schemas up to {CURRENT}. "
            "Nothing was read or written. Update the program (git pull) and try again."
        )
    return found


def migrate(connection: sqlite3.Connection) -> None:
    """Bring the file to CURRENT. Writes nothing when it is."""
    # Imported here: only a file that is behind needs it, and it costs 0.1 s to load.
    from sqlite_utils import Database, Migrations

    migrations = Migrations("outages")

    @migrations()
    def m001_beginning(db: "Database") -> None:
        for statement in BEGINNING:
            db.execute(statement)
        db.execute("PRAGMA user_version = 1")

    @migrations()
    def m002_provenance(db: "Database") -> None:
        # The first commit of our own archive is from before there was this column.
        if "platform" not in db["incident"].columns_dict:
            db.execute("ALTER TABLE incident ADD COLUMN platform TEXT")
        for statement in PROVENANCE:
            db.execute(statement)
        _seal(connection)
        db.execute("PRAGMA user_version = 2")

    @migrations()
    def m003_divisible(db: "Database") -> None:
        for statement in DIVISIBLE:
            db.execute(statement)
        db.execute("PRAGMA user_version = 3")

    database = Database(connection)
    if migrations.pending(database):
        # A table that is made anew leaves for a moment those that point at it.
        (checked,) = connection.execute("PRAGMA foreign_keys").fetchone()
        connection.execute("PRAGMA foreign_keys = OFF")
        migrations.apply(database)
        connection.execute(f"PRAGMA foreign_keys = {checked}")


def _seal(connection: sqlite3.Connection) -> None:
    """Begin the chain with what is held: each record as its last run left it.

    No clock and no chance in it: every copy of an archive begins the same chain.
    """
    counts: Counter[int] = Counter()
    changed_in = dict(connection.execute("SELECT id, changed_in FROM incident").fetchall())
    for incident, digest in list(digests(connection)):
        run = changed_in[incident]
        counts[run] += 1
        connection.execute(
            "INSERT INTO observation VALUES (?, ?, ?, 'new', NULL, ?)",
            (incident, run, counts[run], digest),
        )
    observed = observations(connection)
    parent, earned = None, None
    for run, at, command in connection.execute(
        "SELECT id, at, command FROM run ORDER BY id"
    ).fetchall():
        earned = opening(at, command, earned)
        for seen in observed.get(run, ()):
            earned = folded(earned, *seen)
        values = (parent, earned, run)
        connection.execute("UPDATE run SET parent = ?, hash = ? WHERE id = ?", values)
        parent = run
