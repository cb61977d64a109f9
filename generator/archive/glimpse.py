"""The little that a run without news asks, of files that need nothing done to them first.

It is asked every quarter of an hour, and to import all that knows archives takes longer than to
answer. None: such a file it is not, ask those who know.
"""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

# The last migration (schema.py).
SCHEMA = 3
LAST_RUN = "SELECT id, at, hash FROM run ORDER BY id DESC LIMIT 1"
FARED = "SELECT vendor, read_at, failing_since, fault FROM source ORDER BY vendor"

Rows = Sequence[tuple[object, ...]]


def last_run(path: Path) -> Rows | None:
    """The last run's number, time and hash so far, if there was one; without closed years only."""
    return _asked(path, LAST_RUN, SCHEMA)


def fared(path: Path) -> Rows | None:
    """Of each page: the last good read, and since when and how it fails."""
    return _asked(path, FARED, 0)


def _asked(path: Path, query: str, schema: int) -> Rows | None:
    if path.with_name(f"{path.name}-journal").exists():
        return None
    name = f"file:{quote(path.resolve().as_posix())}?mode=ro"
    try:
        with closing(sqlite3.connect(name, uri=True, timeout=30)) as connection:
            if connection.execute("PRAGMA user_version").fetchone() != (schema,):
                return None
            return connection.execute(query).fetchall()
    except sqlite3.Error:
        return None
