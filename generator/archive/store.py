"""Opening the archive, and writing decided changes into it, a transaction a vendor."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

from generator.archive import schema, years
from generator.archive.journal import Journal
from generator.archive.recovery import recover
from generator.archive.rows import vendor_number, write
from generator.archive.transaction import whole
from generator.durable import draft_of
from generator.errors import ANYTHING, DEFECT, DISK, RIGHTS, ROOM, ArchiveError, remedy
from generator.model import Change
from generator.times import text_of

UNTOUCHED = "What was there before stands."
# By SQLite's codes, without what they add in higher bits.
PRIMARY = 0xFF
CORRUPT = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
REMEDIES = {
    sqlite3.SQLITE_FULL: ROOM,
    sqlite3.SQLITE_READONLY: RIGHTS,
    sqlite3.SQLITE_CANTOPEN: RIGHTS,
    sqlite3.SQLITE_PERM: RIGHTS,
    sqlite3.SQLITE_IOERR: DISK,
}


@contextmanager
def reading(path: Path) -> Iterator[sqlite3.Connection]:
    """The archive, read only: not a byte of the file changes. A missing file is an empty one."""
    with explained(path):
        recover(years.all_files(path))
        if not path.exists():
            connection = connect(":memory:")
        elif not path.stat().st_size:
            raise ArchiveError(
                f"{path} is an empty file, and no archive. Restore the last good one with: "
                f"git checkout HEAD -- {path}; or take it away to begin one."
            )
        elif years.files(path):
            connection = years.united(path)
        else:
            connection = connect(_read_only(path), uri=True)
        try:
            if schema.version(connection, str(path)) < schema.CURRENT:
                old, connection = connection, connect(":memory:")
                old.backup(connection)
                old.close()
                schema.migrate(connection)
            yield connection
        finally:
            connection.close()


@contextmanager
def writing(path: Path) -> Iterator[sqlite3.Connection]:
    """The archive, checked whole and brought to the current schema; made when missing."""
    with explained(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        draft_of(path).unlink(missing_ok=True)
        recover(years.all_files(path))
        years.renew(path)
        with years.whole(path) as file, closing(connect(str(file))) as connection:
            _make_sound(connection, file)
            yield connection


def _make_sound(connection: sqlite3.Connection, path: Path) -> None:
    """Find out whether the file is whole, and bring it to the current schema."""
    if path.stat().st_size:
        schema.version(connection, str(path))
        found = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        if found != "ok":
            raise sqlite3.DatabaseError(found)
    if schema.version(connection, str(path)) < schema.CURRENT:
        schema.migrate(connection)


def schema_of(path: Path) -> int:
    """The version of a file's schema as it stands; 0 for none."""
    if not path.exists():
        return 0
    with explained(path), closing(connect(_read_only(path), uri=True)) as connection:
        return schema.version(connection, str(path))


class Run:
    """One run's writing. Numbered at its first change: a run without news leaves no trace."""

    def __init__(self, connection: sqlite3.Connection, at: datetime, command: str) -> None:
        self._connection = connection
        self._journal = Journal(connection, text_of(at), command)

    @property
    def connection(self) -> sqlite3.Connection:
        """What it writes to."""
        return self._connection

    def apply(self, vendor: str, changes: Sequence[Change]) -> None:
        """All changes of one vendor, or none of them."""
        if not changes:
            return
        with self._noted() as number:
            vendor_id = vendor_number(self._connection, vendor)
            written = write(self._connection, vendor_id, number, changes)
            self._journal.observe(
                (incident, change.what, change.origin, digest)
                for incident, change, digest in written
            )

    def complete(self, vendor: str, since: datetime) -> None:
        """Note that all that the vendor's page holds since then is in the archive."""
        text = text_of(since)
        row = self._connection.execute(
            "SELECT complete_since FROM vendor WHERE slug = ?", (vendor,)
        ).fetchone()
        if row and row[0] and row[0] <= text:
            return
        with self._noted() as number:
            self._connection.execute(
                "UPDATE vendor SET complete_since = ?, changed_in = ? WHERE id = ?",
                (text, number, vendor_number(self._connection, vendor)),
            )

    @contextmanager
    def together(self) -> Iterator[None]:
        """All that is written within, or none of it; what fails never was."""
        before = self._journal.place
        try:
            with whole(self._connection):
                yield
        except BaseException:
            self._journal.return_to(before)
            raise

    @contextmanager
    def _noted(self) -> Iterator[int]:
        """A transaction of the run, whose number it gives."""
        with self.together():
            yield self._journal.begin()
            self._journal.seal()


def _read_only(path: Path) -> str:
    return f"file:{quote(path.resolve().as_posix())}?mode=ro"


def connect(name: str, *, uri: bool = False) -> sqlite3.Connection:
    """A connection that begins and ends its own transactions; for one thread after another."""
    connection = sqlite3.connect(
        name, uri=uri, isolation_level=None, timeout=30, check_same_thread=False
    )
    connection.execute("PRAGMA foreign_keys = ON")
    # What is acknowledged outlives lost power, the folder's entry of the journal included.
    connection.execute("PRAGMA synchronous = EXTRA")
    return connection


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """SQLite's errors, and those of the files around it, as sentences that say what to do."""
    try:
        yield
    except sqlite3.OperationalError as error:
        if "locked" in str(error):
            raise ArchiveError(f"{path} is in use by another run: {error}. Try again.") from error
        raise ArchiveError(f"{path}: {error}. {UNTOUCHED} {_remedy(error)}") from error
    except OSError as error:
        where = error.filename or path
        raise ArchiveError(f"{where}: {error.strerror}. {UNTOUCHED} {remedy(error)}") from error
    except sqlite3.DatabaseError as error:
        # What we raise ourselves, of a file that was checked, has no code.
        if getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & PRIMARY not in CORRUPT:
            raise ArchiveError(f"{path}: {error}. {UNTOUCHED} {DEFECT}") from error
        raise ArchiveError(
            f"{path} is corrupt ({error}) and was left as it is. Restore the last good one with: "
            f"git checkout HEAD -- {path}"
        ) from error


def _remedy(error: sqlite3.OperationalError) -> str:
    return REMEDIES.get(error.sqlite_errorcode & PRIMARY, ANYTHING)
