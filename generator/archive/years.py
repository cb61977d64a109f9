"""Closed years in files of their own, beside the archive; whoever opens it sees one archive.

Git keeps a whole copy of a changing file every fifty changes or so. Years that are over hardly
change: apart, in `archive/<year>.db`, they cost their bytes once, and the file that every run
changes stays small. Rows keep their numbers, so that uniting is copying; the runs, the chain's
hashes and the vendors stay in the first file, and an incident's rows go where its start is.
"""

import shutil
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

from generator.archive import schema
from generator.durable import draft_of, sync_folder
from generator.errors import ArchiveError

FOLDER = "archive"
# What a writer works on; one that is found was left by a run that was killed.
WHOLE = ".whole.db"
# What goes with an incident: the column that has its number, and its rows' keys, by their places.
CLOSED = {
    "incident": ("id", (0,)),
    "incident_update": ("incident_id", (0, 1)),
    "revision": ("incident_id", (0, 1)),
    "observation": ("incident_id", (0, 1, 2)),
}
# What stays behind is only ever appended to.
APPENDED = ("run", "address", "reply")
VIEWS = ("incidents", "open_incidents", "updates", "edits")


def files(path: Path) -> dict[str, Path]:
    """The files of an archive's closed years, by year."""
    return {file.stem: file for file in sorted((path.parent / FOLDER).glob("[0-9]*.db"))}


def united(path: Path) -> sqlite3.Connection:
    """The whole archive in memory."""
    connection = _connect(":memory:")
    with closing(_connect(f"file:{path.resolve().as_posix()}?mode=ro")) as head:
        head.backup(connection)
    _unite(connection, files(path).values())
    return connection


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """The file to write to: the archive itself, or while it has closed years a copy of it all.

    What was committed to the copy is written to where it belongs in the end. Other writers wait.
    """
    if not files(path):
        yield path
        return
    copy = path.with_name(WHOLE)
    with closing(_connect(str(path))) as head:
        head.execute("BEGIN IMMEDIATE")
        since = _last_run(head)
        if not _goes_on_from(copy, since):
            _copy(path, copy)
        try:
            yield copy
        finally:
            _divide(copy, head, files(path), since[0])
            head.execute("COMMIT")
            copy.unlink()


def roll(path: Path, year: str) -> list[str]:
    """Move what started before that year to the files of its years; those that were closed now.

    Killed at any point it leaves rows in both places, alike; doing it again finishes it.
    """
    (path.parent / FOLDER).mkdir(exist_ok=True)
    with closing(_connect(str(path))) as head:
        started = head.execute(
            "SELECT substr(started_at, 1, 4), id FROM incident WHERE started_at < ?", (year,)
        ).fetchall()
        years: defaultdict[str, list[int]] = defaultdict(list)
        for name, number in started:
            years[name].append(number)
        for name, numbers in sorted(years.items()):
            _close(head, path.parent / FOLDER / f"{name}.db", numbers)
        if years:
            head.execute("BEGIN IMMEDIATE")
            for table, (column, _) in _tables(head):
                rows = ((number,) for _, number in started)
                head.executemany(f"DELETE FROM {table} WHERE {column} = ?", rows)  # noqa: S608 - ours
            head.execute("COMMIT")
            # Once a year: what was moved must not be pushed again as empty pages.
            head.execute("VACUUM")
    return sorted(years)


def renew(path: Path) -> None:
    """Bring an archive with closed years to the current schema: united, migrated, closed again."""
    closed = files(path)
    with closing(_connect(str(path))) as head:
        if not closed or schema.version(head, str(path)) == schema.CURRENT:
            return
        _unite(head, closed.values())
        for file in closed.values():
            file.unlink()
        schema.migrate(head)
    roll(path, f"{int(max(closed)) + 1:04}")


def _connect(name: str) -> sqlite3.Connection:
    uri = name.startswith("file:")
    return sqlite3.connect(name, uri=uri, isolation_level=None, timeout=30)


def _copy(path: Path, copy: Path) -> None:
    draft = draft_of(copy)
    shutil.copyfile(path, draft)
    with closing(_connect(str(draft))) as connection:
        # Lost power costs a copy of what is on the disk in parts.
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA journal_mode = OFF")
        _unite(connection, files(path).values())
    draft.replace(copy)


def _unite(connection: sqlite3.Connection, years: Iterable[Path]) -> None:
    """Bring in what the years hold, unless it is there."""
    (ours,) = connection.execute("PRAGMA user_version").fetchone()
    for file in years:
        connection.execute("ATTACH ? AS year", (str(file),))
        (theirs,) = connection.execute("PRAGMA year.user_version").fetchone()
        if ours != theirs:
            raise ArchiveError(
                f"{file} has schema {theirs}, the archive beside it {ours}. They belong to "
                "different commits: git checkout HEAD -- both."
            )
        connection.execute("BEGIN")
        for table, _ in _tables(connection):
            connection.execute(f"INSERT OR IGNORE INTO {table} SELECT * FROM year.{table}")  # noqa: S608 - ours
        connection.execute("COMMIT")
        connection.execute("DETACH year")


def _last_run(connection: sqlite3.Connection) -> tuple[int, str]:
    row = connection.execute("SELECT id, at FROM run ORDER BY id DESC LIMIT 1").fetchone()
    return row or (0, "")


def _goes_on_from(copy: Path, run: tuple[int, str]) -> bool:
    """Whether a killed run left its copy, and that grew from what the archive holds."""
    if not copy.exists():
        return False
    try:
        with closing(_connect(str(copy))) as connection:
            (sound,) = connection.execute("PRAGMA quick_check(1)").fetchone()
            query = "SELECT id, at FROM run WHERE id = ?"
            found = connection.execute(query, (run[0],)).fetchone()
    except sqlite3.DatabaseError:
        return False
    return bool(sound == "ok" and found == run)


def _divide(copy: Path, head: sqlite3.Connection, years: Mapping[str, Path], since: int) -> None:
    """Write what runs after `since` changed to where it belongs; `head` is in a transaction."""
    with closing(_connect(str(copy))) as source:
        touched = source.execute(
            "SELECT DISTINCT incident_id, substr(started_at, 1, 4) FROM observation "
            "JOIN incident ON incident.id = incident_id WHERE run_id > ?",
            (since,),
        ).fetchall()
        for name, file in years.items():
            with closing(_connect(str(file))) as target:
                target.execute("BEGIN IMMEDIATE")
                _carry(source, target, [(number, year == name) for number, year in touched])
                target.execute("COMMIT")
        _carry(source, head, [(number, year not in years) for number, year in touched])
        for table in APPENDED:
            (last,) = head.execute(f"SELECT coalesce(max(id), 0) FROM {table}").fetchone()  # noqa: S608 - ours
            _insert(head, table, source.execute(f"SELECT * FROM {table} WHERE id > ?", (last,)))  # noqa: S608
        vendors = set(source.execute("SELECT * FROM vendor"))
        _insert(head, "vendor", vendors - set(head.execute("SELECT * FROM vendor")))


def _close(head: sqlite3.Connection, file: Path, numbers: Iterable[int]) -> None:
    """Copy incidents to the file of their year, which is made when it is missing."""
    draft = draft_of(file)
    draft.unlink(missing_ok=True)
    if file.exists():
        shutil.copyfile(file, draft)
    with closing(_connect(str(draft))) as target:
        target.execute("BEGIN IMMEDIATE")
        if not file.exists():
            _begin(head, target)
        _carry(head, target, [(number, True) for number in numbers])
        target.execute("COMMIT")
    draft.replace(file)
    sync_folder(file.parent)


def _tables(connection: sqlite3.Connection) -> list[tuple[str, tuple[str, tuple[int, ...]]]]:
    """Those of `CLOSED` that there are: an older schema has fewer."""
    made = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
    return [(table, how) for table, how in CLOSED.items() if table in made]


def _begin(head: sqlite3.Connection, target: sqlite3.Connection) -> None:
    """The tables of a year, with views by which people can read it alone."""
    made = head.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY rowid")
    for name, statement in made.fetchall():
        if name in (*CLOSED, "vendor", *VIEWS):
            target.execute(statement)
    (version,) = head.execute("PRAGMA user_version").fetchone()
    target.execute(f"PRAGMA user_version = {version}")


def _carry(
    source: sqlite3.Connection, target: sqlite3.Connection, incidents: Iterable[tuple[int, bool]]
) -> None:
    """Make each incident's rows there what they are here, or none where it does not belong."""
    tables = _tables(target)
    for number, belongs in incidents:
        for table, (column, keys) in tables:
            query = f"SELECT * FROM {table} WHERE {column} = ?"  # noqa: S608 - ours
            there = set(target.execute(query, (number,)))
            here = set(source.execute(query, (number,))) if belongs else set()
            if there == here:
                continue
            names = [row[1] for row in target.execute(f"PRAGMA table_info({table})")]
            own = " AND ".join(f"{names[key]} = ?" for key in keys)
            left = {tuple(row[key] for key in keys) for row in here}
            for row in there:
                key = tuple(row[place] for place in keys)
                if key not in left:
                    target.execute(f"DELETE FROM {table} WHERE {own}", key)  # noqa: S608 - ours
            _insert(target, table, sorted(here - there, key=lambda row: [row[k] for k in keys]))
        if belongs:
            _name(source, target, number)


def _name(source: sqlite3.Connection, target: sqlite3.Connection, number: int) -> None:
    """The vendor of the incident, by whose name people look for it."""
    (vendor,) = source.execute("SELECT vendor_id FROM incident WHERE id = ?", (number,)).fetchone()
    if not target.execute("SELECT 1 FROM vendor WHERE id = ?", (vendor,)).fetchone():
        (slug,) = source.execute("SELECT slug FROM vendor WHERE id = ?", (vendor,)).fetchone()
        target.execute("INSERT INTO vendor (id, slug) VALUES (?, ?)", (vendor, slug))


def _insert(target: sqlite3.Connection, table: str, rows: Iterable[tuple[object, ...]]) -> None:
    for row in rows:
        marks = ", ".join("?" * len(row))
        target.execute(f"INSERT OR REPLACE INTO {table} VALUES ({marks})", row)  # noqa: S608 - ours
