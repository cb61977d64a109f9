"""Closed years in files of their own, beside the archive; whoever opens it sees one archive.

Git keeps a whole copy of a changing file every fifty changes or so. Years that are over hardly
change: apart, in `archive/<year>.db`, they cost their bytes once, and the file that every run
changes stays small. Each file is an archive by itself: incidents with all that is behind them, and
those runs, replies and vendors that these name, below the numbers that they have in the whole.

Git merges file by file, and takes one unasked where one side alone changed it. So the first file
says which state of each year it goes with (`closed`). Where that is not what is found, the files
are united like any archives (`union`), and the next writer puts all where it belongs.
"""

import shutil
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

from generator.archive import division, schema
from generator.archive.division import LAST_RUN, OF_AN_INCIDENT
from generator.archive.recovery import recover
from generator.archive.transaction import whole as transaction
from generator.archive.union import Union
from generator.durable import draft_of, sync_file
from generator.errors import ArchiveError

FOLDER = "archive"
# What a writer works on; one that is found was left by a run that was killed.
WHOLE = ".whole.db"
# The schema from which on a year is an archive by itself.
BY_ITSELF = 3
# Incidents of a year that are here already, or of which a name or path is.
NAMED = """
    SELECT vendor_id, key FROM {0}.incident UNION ALL SELECT vendor_id, before
    FROM {0}.revision JOIN {0}.incident ON incident.id = incident_id WHERE field = 'key'
"""
CLASHING = f"""
    SELECT id FROM year.incident WHERE id IN (SELECT id FROM main.incident)
    OR (vendor_id, slug) IN (SELECT vendor_id, slug FROM main.incident)
    OR (vendor_id, key) IN ({NAMED.format("main")})
    OR id IN (
        SELECT incident_id FROM year.revision JOIN year.incident ON incident.id = incident_id
        WHERE field = 'key' AND (vendor_id, before) IN ({NAMED.format("main")})
    )
"""  # noqa: S608 - made of constants


def apart() -> sqlite3.Connection:
    """A database of nobody else's, to be looked into once.

    What is more than a little of it waits in a file without a name, which ends with it: of a large
    archive the memory would be as much as all else that a command takes.
    """
    connection = _connect("")
    connection.execute("PRAGMA journal_mode = OFF")
    return connection


def files(path: Path) -> dict[str, Path]:
    """The files of an archive's closed years, by year."""
    return {file.stem: file for file in sorted((path.parent / FOLDER).glob("[0-9]*.db"))}


def all_files(path: Path) -> list[Path]:
    """The first file of an archive, and those of its closed years."""
    return [path, *files(path).values()]


def united(path: Path) -> sqlite3.Connection:
    """The whole archive, to be read."""
    copy = path.with_name(WHOLE)
    with closing(_connect(f"file:{path.resolve().as_posix()}?mode=ro")) as head:
        if _goes_on_from(copy, _last_run(head)):
            # What a run has written that is at work, or was killed, is there alone.
            return _connect(f"file:{copy.resolve().as_posix()}?mode=ro")
        connection = apart()
        head.backup(connection)
    _unite(connection, files(path))
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
            # From here on it stands for what is moved from file to file.
            sync_file(copy)
            division.divide(copy, head, files(path), since[0])
            head.execute("COMMIT")
            copy.unlink()


def settle(path: Path) -> None:
    """Write what a killed run has left to where it belongs, and what git has brought together."""
    with whole(path):
        pass


def roll(path: Path, year: str) -> list[str]:
    """Move what started before that year to the files of its years; those that were closed now.

    Killed at any point it leaves incidents in two files, alike; doing it again finishes it.
    """
    recover(all_files(path))
    renew(path)
    settle(path)
    (path.parent / FOLDER).mkdir(exist_ok=True)
    with closing(_connect(str(path))) as head:
        if schema.version(head, str(path)) < schema.CURRENT:
            schema.migrate(head)
        return division.close(path, head, path.parent / FOLDER, year)


def renew(path: Path) -> None:
    """Bring an archive with closed years to the current schema: united, migrated, closed again."""
    closed = files(path)
    with closing(_connect(str(path))) as head:
        if not closed or schema.version(head, str(path)) == schema.CURRENT:
            return
        _unite(head, closed)
        for file in closed.values():
            file.unlink()
        schema.migrate(head)
    roll(path, f"{int(max(closed)) + 1:04}")


def _connect(name: str) -> sqlite3.Connection:
    uri = name.startswith("file:")
    connection = sqlite3.connect(name, uri=uri, isolation_level=None, timeout=30)
    # Words that were removed on request are not to stay behind in any of the files.
    connection.execute("PRAGMA secure_delete = ON")
    return connection


def _copy(path: Path, copy: Path) -> None:
    draft = draft_of(copy)
    shutil.copyfile(path, draft)
    with closing(_connect(str(draft))) as connection:
        # Lost power costs a copy of what is on the disk in parts.
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA journal_mode = MEMORY")
        _unite(connection, files(path))
    draft.replace(copy)


def _unite(connection: sqlite3.Connection, years: Mapping[str, Path]) -> None:
    """Bring in what the years hold: copied where it goes with what is here, else merged."""
    settled = _version(connection, "main") < BY_ITSELF or division.is_settled(connection, years)
    apart = [file for year, file in years.items() if not _copied(connection, year, file, settled)]
    if settled and not apart:
        return
    union = Union(connection)
    with transaction(connection), ExitStack() as opened:
        for file in apart:
            union.take(opened.enter_context(closing(_connect(str(file)))))
        union.settle()


def _copied(connection: sqlite3.Connection, year: str, file: Path, settled: bool) -> bool:
    """Copy what a year holds, as far as it goes with what is here; whether that is all."""
    connection.execute("ATTACH ? AS year", (str(file),))
    try:
        ours, theirs = _version(connection, "main"), _version(connection, "year")
        if ours != theirs:
            raise ArchiveError(
                f"{file} has schema {theirs}, the archive beside it {ours}. They belong to "
                "different commits: git checkout HEAD -- both."
            )
        if ours >= BY_ITSELF:
            last = connection.execute(LAST_RUN.format("year")).fetchone()
            if not division.fits(connection, year, last):
                return False
        apart = [] if settled else [number for (number,) in connection.execute(CLASHING)]
        with transaction(connection):
            _copy_rows(connection, apart)
        return not apart
    finally:
        connection.execute("DETACH year")


def _copy_rows(connection: sqlite3.Connection, apart: Sequence[int]) -> None:
    """The rows of all incidents but those `apart`, and what they name."""
    made = {name for (name,) in connection.execute("SELECT name FROM year.sqlite_schema")}
    connection.execute("INSERT OR IGNORE INTO vendor (id, slug) SELECT id, slug FROM year.vendor")
    for table in ("address", "run", "reply"):
        if table in made:
            connection.execute(f"INSERT OR IGNORE INTO {table} SELECT * FROM year.{table}")  # noqa: S608 - ours
    but = f"NOT IN ({', '.join(map(str, apart))})"
    for table, (column, *_) in OF_AN_INCIDENT.items():
        if table in made:
            which = f"WHERE {column} {but}" if apart else ""
            connection.execute(f"INSERT OR IGNORE INTO {table} SELECT * FROM year.{table} {which}")  # noqa: S608 - ours


def _version(connection: sqlite3.Connection, name: str) -> int:
    (version,) = connection.execute(f"PRAGMA {name}.user_version").fetchone()
    return int(version)


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
