"""Rows to the file where they belong: a closed year's, or the first.

Below their numbers in the whole, and with all that they name: so that each file is an archive by
itself, and uniting the files is copying. What is alike already is not touched.
"""

import sqlite3
from collections.abc import Collection, Iterable, Mapping
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from generator.archive.transaction import whole
from generator.durable import draft_of, sync_folder

# What goes with an incident: the columns that tell its rows apart, first that of its number.
OF_AN_INCIDENT = {
    "incident": ("id",),
    "incident_update": ("incident_id", "number"),
    "revision": ("incident_id", "number"),
    "observation": ("incident_id", "run_id", "number"),
}
# What incidents name, which every file has that needs it. Of vendors the slug alone: since when a
# record is complete changes, and stands in the first file.
NAMED = {
    "vendor (id, slug)": "SELECT id, slug FROM whole.vendor WHERE id IN "
    "(SELECT vendor_id FROM incident WHERE id IN (SELECT id FROM here))",
    "reply": "SELECT * FROM whole.reply WHERE id IN "
    "(SELECT reply_id FROM observation WHERE incident_id IN (SELECT id FROM here))",
    "address": "SELECT * FROM whole.address WHERE id IN (SELECT address_id FROM reply)",
    "run": "SELECT * FROM whole.run WHERE id IN (SELECT run_id FROM reply UNION SELECT run_id "
    "FROM observation WHERE incident_id IN (SELECT id FROM here) UNION "
    "SELECT changed_in FROM incident WHERE id IN (SELECT id FROM here))",
}
TOUCHED = """
    SELECT id, substr(started_at, 1, 4) FROM whole.incident
    WHERE id IN (SELECT incident_id FROM whole.observation WHERE run_id > :since)
    OR id IN (
        SELECT id FROM main.incident WHERE substr(started_at, 1, 4) IN (SELECT year FROM closed)
    )
"""
PAGES = ("freelist", "page")
# One page of so many may be empty in the first file.
EMPTY = 20
EVERYTHING = "SELECT id, substr(started_at, 1, 4) FROM whole.incident"
LAST_RUN = "SELECT id, hash FROM {}.run ORDER BY id DESC LIMIT 1"
# Runs and replies that nothing in the first file names any more; the last run tells the sequence.
STRIPPED = (
    "DELETE FROM reply WHERE id NOT IN (SELECT reply_id FROM observation WHERE reply_id NOT NULL)",
    """
    DELETE FROM run WHERE id IN (SELECT id FROM gone) AND id NOT IN (
        SELECT changed_in FROM incident UNION SELECT run_id FROM observation
        UNION SELECT run_id FROM reply UNION SELECT run_id FROM closed
        UNION SELECT changed_in FROM vendor WHERE changed_in NOT NULL
        UNION SELECT max(id) FROM run
    )
    """,
)


class Mark(NamedTuple):
    """By what a year's file is known again, and the highest numbers in it."""

    run: int
    incident: int
    reply: int


def is_settled(connection: sqlite3.Connection, years: Collection[str]) -> bool:
    """Whether the first file knows these years, and nothing was merged into it since."""
    rows = connection.execute("SELECT year FROM closed WHERE fits")
    return {year for (year,) in rows} >= set(years)


def fits(head: sqlite3.Connection, year: str, last: tuple[int, bytes] | None) -> bool:
    """Whether the year's file, by the last run in it, is the one that the first goes with."""
    known = head.execute(
        "SELECT run.id, run.hash FROM closed JOIN run ON run.id = run_id WHERE year = ?", (year,)
    ).fetchone()
    return bool(known == last)


def divide(copy: Path, head: sqlite3.Connection, years: Mapping[str, Path], since: int) -> None:
    """Write what runs after `since` changed to where it belongs; `head` is in a transaction.

    Where the files do not go with each other, everything is looked at.
    """
    head.execute("ATTACH ? AS whole", (str(copy),))
    own = {year for year, file in years.items() if fits(head, year, _last_run(file))}
    settled = len(own) == len(years) and is_settled(head, years)
    (last, _) = head.execute(LAST_RUN.format("whole")).fetchone() or (0, None)
    if settled and last == since:
        return
    places = dict(head.execute(TOUCHED, {"since": since}) if settled else head.execute(EVERYTHING))
    marks = {}
    for year, file in years.items():
        here = [number for number, place in places.items() if place == year]
        concerned = None if not settled else places
        marks[year] = _written(file, copy, here, concerned, anew=year not in own)
    here = [number for number, place in places.items() if place not in years]
    _carry(head, here, None if not settled else places)
    head.execute("INSERT OR REPLACE INTO run SELECT * FROM whole.run WHERE id > ?", (since,))
    head.execute("INSERT OR IGNORE INTO address SELECT * FROM whole.address")
    head.execute(
        "INSERT OR REPLACE INTO vendor SELECT * FROM whole.vendor EXCEPT SELECT * FROM vendor"
    )
    _note(head, marks)
    head.execute("UPDATE closed SET fits = 1 WHERE NOT fits")


def close(path: Path, head: sqlite3.Connection, folder: Path, year: str) -> list[str]:
    """Move what started before that year out of the first file; the years that it went to."""
    started = head.execute(
        "SELECT id, substr(started_at, 1, 4) FROM incident WHERE started_at < ?", (year,)
    ).fetchall()
    closed = sorted({name for _, name in started})
    if closed:
        _move(path, head, folder, started, closed)
    # Once a year, or when a run was killed before it: what was moved must not be pushed again as
    # empty pages.
    ((empty,), (pages,)) = (head.execute(f"PRAGMA {name}_count").fetchone() for name in PAGES)
    if closed or empty * EMPTY > pages:
        head.execute("VACUUM")
    return closed


def _move(
    path: Path,
    head: sqlite3.Connection,
    folder: Path,
    started: Collection[tuple[int, str]],
    closed: Collection[str],
) -> None:
    marks = {}
    with whole(head):
        for name in closed:
            numbers = [number for number, place in started if place == name]
            file = folder / f"{name}.db"
            marks[name] = _written(file, path, numbers, numbers, anew=not file.exists())
        _list(head, "moved", (number for number, _ in started))
        head.execute(
            "CREATE TEMP TABLE gone AS SELECT run_id AS id FROM observation "
            "WHERE incident_id IN (SELECT id FROM moved) UNION SELECT run_id FROM reply"
        )
        for table, (column, *_) in OF_AN_INCIDENT.items():
            head.execute(f"DELETE FROM {table} WHERE {column} IN (SELECT id FROM moved)")  # noqa: S608 - ours
        _note(head, marks)
        for statement in STRIPPED:
            head.execute(statement)


def _written(
    file: Path, source: Path, here: Iterable[int], concerned: Iterable[int] | None, *, anew: bool
) -> Mark:
    """Write a year's incidents to its file, or a new one in its place; how it then is marked."""
    target = draft_of(file) if anew else file
    if anew:
        target.unlink(missing_ok=True)
    with closing(_connect(target)) as connection:
        connection.execute("ATTACH ? AS whole", (str(source),))
        # Not at once for writing: that would lock the source, too, which its owner writes to.
        connection.execute("BEGIN")
        if anew:
            _begin(connection)
        _carry(connection, here, concerned)
        connection.execute("COMMIT")
        mark = connection.execute(
            "SELECT (SELECT max(id) FROM run), (SELECT max(id) FROM incident), "
            "(SELECT coalesce(max(id), 0) FROM reply)"
        ).fetchone()
    if anew:
        target.replace(file)
        sync_folder(file.parent)
    return Mark(*mark)


def _begin(connection: sqlite3.Connection) -> None:
    """The tables and views of the first file, and how far they were brought."""
    made = connection.execute(
        "SELECT sql FROM whole.sqlite_schema WHERE sql NOT NULL ORDER BY rowid"
    )
    for (statement,) in made.fetchall():
        connection.execute(statement)
    connection.execute("INSERT INTO _sqlite_migrations SELECT * FROM whole._sqlite_migrations")
    (version,) = connection.execute("PRAGMA whole.user_version").fetchone()
    connection.execute(f"PRAGMA main.user_version = {version}")


def _carry(
    connection: sqlite3.Connection, here: Iterable[int], concerned: Iterable[int] | None
) -> None:
    """Make what is `here` as it is in the whole, and have nothing else that is concerned.

    By the numbers of incidents; None: all are concerned.
    """
    _list(connection, "here", here)
    if concerned is None:
        concerned = [number for (number,) in connection.execute("SELECT id FROM main.incident")]
    _list(connection, "moved", concerned)
    for table, keys in OF_AN_INCIDENT.items():
        names = [row[1] for row in connection.execute(f"PRAGMA main.table_info({table})")]
        same = " AND ".join(f"theirs.{key} = ours.{key}" for key in keys)
        alike = " AND ".join(f"theirs.{name} IS ours.{name}" for name in names)
        connection.execute(
            f"DELETE FROM main.{table} AS ours WHERE {keys[0]} IN (SELECT id FROM moved) AND NOT "  # noqa: S608 - names are ours
            f"({keys[0]} IN (SELECT id FROM here) AND EXISTS "
            f"(SELECT 1 FROM whole.{table} AS theirs WHERE {same} AND {alike}))"
        )
    for table, keys in OF_AN_INCIDENT.items():
        same = " AND ".join(f"theirs.{key} = ours.{key}" for key in keys)
        connection.execute(
            f"INSERT INTO main.{table} SELECT * FROM whole.{table} AS theirs "  # noqa: S608 - names are ours
            f"WHERE {keys[0]} IN (SELECT id FROM here) AND NOT EXISTS "
            f"(SELECT 1 FROM main.{table} AS ours WHERE {same}) ORDER BY {', '.join(keys)}"
        )
    for table, rows in NAMED.items():
        connection.execute(f"INSERT OR IGNORE INTO main.{table} {rows}")


def _note(head: sqlite3.Connection, marks: Mapping[str, Mark]) -> None:
    """Let the first file say which state of each year it goes with."""
    for year, mark in marks.items():
        head.execute("INSERT OR IGNORE INTO closed VALUES (?, ?, ?, ?, 1)", (year, *mark))
        head.execute(
            "UPDATE closed SET run_id = ?, incident_id = max(incident_id, ?), "
            "reply_id = max(reply_id, ?) WHERE year = ? AND run_id IS NOT ?",
            (*mark, year, mark.run),
        )


def _list(connection: sqlite3.Connection, name: str, numbers: Iterable[int]) -> None:
    connection.execute(f"CREATE TEMP TABLE IF NOT EXISTS {name} (id INTEGER PRIMARY KEY)")
    connection.execute(f"DELETE FROM {name}")  # noqa: S608 - ours
    connection.executemany(f"INSERT INTO {name} VALUES (?)", ((number,) for number in numbers))  # noqa: S608


def _last_run(file: Path) -> tuple[int, bytes] | None:
    with closing(_connect(file)) as connection:
        row: tuple[int, bytes] | None = connection.execute(LAST_RUN.format("main")).fetchone()
    return row


def _connect(file: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(file, isolation_level=None, timeout=30)
    # Words that were removed on request are not to stay behind in any of the files.
    connection.execute("PRAGMA secure_delete = ON")
    return connection
