"""What runs remember between them: `data/state.db`, which git ignores.

Losing it costs full reads, never a fact.
"""

import sqlite3
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from generator.archive.store import PRIMARY, connect, explained
from generator.archive.transaction import whole
from generator.reading import Validator
from generator.times import read, text_of

TABLES = """
CREATE TABLE IF NOT EXISTS page ( -- what to ask a page with, so that it can say "not changed"
    vendor TEXT NOT NULL,
    url TEXT NOT NULL,
    etag TEXT,
    modified TEXT,
    sha256 BLOB NOT NULL,
    PRIMARY KEY (vendor, url)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS listed ( -- by what to know what a page said of each incident (known.py)
    vendor TEXT PRIMARY KEY,
    archive TEXT NOT NULL, -- the archive's fingerprint when it was compared with that
    digests BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS source ( -- how each page fared
    vendor TEXT PRIMARY KEY,
    read_by TEXT NOT NULL, -- what read it: another program or platform reads anew
    archive TEXT NOT NULL, -- the archive's fingerprint then: an older archive reads anew
    tried_at TEXT NOT NULL,
    read_at TEXT, -- the last good read
    failing_since TEXT, -- null: the last try was good
    fault TEXT
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS history ( -- where the walk through each page's past goes on
    vendor TEXT PRIMARY KEY,
    cursor TEXT -- null: the end was reached
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS growth ( -- about how many bytes each page added to the archive lately
    vendor TEXT NOT NULL,
    at TEXT NOT NULL, -- the run
    bytes INTEGER NOT NULL,
    PRIMARY KEY (vendor, at)
) STRICT, WITHOUT ROWID;
"""
# Codes of SQLite for a file that is no such memory.
BROKEN = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR}


class Fared(NamedTuple):
    """The last good read of a page, and since when and how it fails."""

    read_at: datetime | None
    failing_since: datetime | None
    fault: str | None


class Memory(NamedTuple):
    """Of a page's last good read: what read it, into which archive, and what it gave us.

    `validators`: by address, by what a reply is known to be the same. `digests`: of its incidents,
    as they were compared with the archive of the fingerprint `compared_in`. `good`: whether the
    last try was one.
    """

    read_by: str
    archive: str
    good: bool
    validators: dict[str, Validator]
    compared_in: str = ""
    digests: bytes = b""


class State:
    """The memory of runs."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection = connection
        self._path = path

    @contextmanager
    def together(self) -> Iterator[None]:
        """All that is noted within, in one write."""
        with explained(self._path), whole(self._connection):
            yield

    def memories(self) -> dict[str, Memory]:
        """What is remembered of each vendor's page."""
        found = {
            vendor: Memory(read_by, archive, failing_since is None, {})
            for vendor, read_by, archive, failing_since in self._connection.execute(
                "SELECT vendor, read_by, archive, failing_since FROM source"
            )
        }
        for vendor, *page in self._connection.execute("SELECT * FROM page"):
            url, etag, modified, sha256 = page
            if vendor in found:
                found[vendor].validators[url] = Validator(etag, modified, sha256)
        for vendor, archive, digests in self._connection.execute("SELECT * FROM listed"):
            if vendor in found:
                found[vendor] = found[vendor]._replace(compared_in=archive, digests=digests)
        return found

    def archives(self) -> set[str]:
        """The fingerprints of all archives that any last good read went into."""
        rows = self._connection.execute("SELECT DISTINCT archive FROM source")
        return {archive for (archive,) in rows}

    def note_read(
        self,
        vendor: str,
        at: datetime,
        read_by: str,
        archive: str,
        validators: Mapping[str, Validator],
        digests: bytes | None = None,
    ) -> None:
        """A good read, after its changes are safely in the archive; no digests: it was the same."""
        with self.together():
            if digests is not None:
                self._connection.execute(
                    "INSERT OR REPLACE INTO listed VALUES (?, ?, ?)", (vendor, archive, digests)
                )
            self._connection.execute(
                "INSERT OR REPLACE INTO source VALUES (?, ?, ?, ?, ?, NULL, NULL)",
                (vendor, read_by, archive, text_of(at), text_of(at)),
            )
            self._connection.execute("DELETE FROM page WHERE vendor = ?", (vendor,))
            self._connection.executemany(
                "INSERT INTO page VALUES (?, ?, ?, ?, ?)",
                (
                    (vendor, url, validator.etag, validator.modified, validator.sha256)
                    for url, validator in validators.items()
                ),
            )

    def note_failure(self, vendor: str, at: datetime, fault: str) -> None:
        """A read that failed; since when it fails is kept."""
        with self.together():
            self._connection.execute(
                "INSERT INTO source VALUES (?, '', '', ?, NULL, ?, ?) "
                "ON CONFLICT (vendor) DO UPDATE SET tried_at = excluded.tried_at, "
                # That is asked once, when a page begins to fail; later tries only see it failing.
                "fault = CASE WHEN fault = 'platform changed' THEN fault ELSE excluded.fault END, "
                "failing_since = coalesce(failing_since, excluded.failing_since)",
                (vendor, text_of(at), text_of(at), fault),
            )

    def sources(self) -> dict[str, Fared]:
        """How each page fared, by vendor."""
        rows = self._connection.execute(
            "SELECT vendor, read_at, failing_since, fault FROM source ORDER BY vendor"
        )
        return {
            vendor: Fared(_time(read_at), _time(failing_since), fault)
            for vendor, read_at, failing_since, fault in rows
        }

    def cursors(self) -> dict[str, str | None]:
        """Where the walks through the past go on that have begun, by vendor; None at their end."""
        return dict(self._connection.execute("SELECT vendor, cursor FROM history").fetchall())

    def note_cursor(self, vendor: str, cursor: str | None) -> None:
        """A step of that walk is safely in the archive."""
        with self.together():
            self._connection.execute(
                "INSERT OR REPLACE INTO history VALUES (?, ?)", (vendor, cursor)
            )

    def grown(self, vendor: str, since: datetime) -> int:
        """About how many bytes the vendor's page added since then, of those that were noted."""
        row = self._connection.execute(
            "SELECT coalesce(sum(bytes), 0) FROM growth WHERE vendor = ? AND at >= ?",
            (vendor, text_of(since)),
        ).fetchone()
        return int(row[0])

    def note_growth(self, vendor: str, at: datetime, size: int, since: datetime) -> None:
        """So much was added by a run; what was noted before `since` is of no use any more."""
        with self.together():
            self._connection.execute(
                "DELETE FROM growth WHERE vendor = ? AND at < ?", (vendor, text_of(since))
            )
            self._connection.execute(
                "INSERT INTO growth VALUES (?, ?, ?) "
                "ON CONFLICT DO UPDATE SET bytes = bytes + excluded.bytes",
                (vendor, text_of(at), size),
            )

    def adopt(
        self,
        other: "State",
        vendors: Collection[str] | None = None,
        standing: Callable[[str], str] = lambda archive: archive,
    ) -> None:
        """Take over how the pages of some vendors, or of all, fared, where `other` tried later.

        `standing`: the fingerprint that an archive's contents go by here, by that which they had
        there. The walks through the past stay as they are: these are nobody's but the archive's.
        """
        tried = dict(self._connection.execute("SELECT vendor, tried_at FROM source").fetchall())
        with self.together():
            for row in other._connection.execute("SELECT * FROM source").fetchall():
                vendor, read_by, archive, tried_at, *fared = row
                if tried_at <= tried.get(vendor, "") or not (vendors is None or vendor in vendors):
                    continue
                values = (vendor, read_by, standing(archive), tried_at, *fared)
                self._connection.execute(
                    "INSERT OR REPLACE INTO source VALUES (?, ?, ?, ?, ?, ?, ?)", values
                )
                self._connection.execute("DELETE FROM page WHERE vendor = ?", (vendor,))
                pages = other._connection.execute("SELECT * FROM page WHERE vendor = ?", (vendor,))
                self._connection.executemany("INSERT INTO page VALUES (?, ?, ?, ?, ?)", pages)
                growth = other._connection.execute(
                    "SELECT * FROM growth WHERE vendor = ?", (vendor,)
                )
                self._connection.executemany(
                    "INSERT OR REPLACE INTO growth VALUES (?, ?, ?)", growth
                )
                self._connection.execute("DELETE FROM listed WHERE vendor = ?", (vendor,))
                for _, compared_in, digests in other._connection.execute(
                    "SELECT * FROM listed WHERE vendor = ?", (vendor,)
                ).fetchall():
                    self._connection.execute(
                        "INSERT INTO listed VALUES (?, ?, ?)",
                        (vendor, standing(compared_in), digests),
                    )


@contextmanager
def remembering(path: Path) -> Iterator[State]:
    """The state beside the archive; one that cannot be read is begun anew."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with explained(path):
        connection = _opened(path)
    try:
        yield State(connection, path)
    finally:
        connection.close()


def _time(text: str | None) -> datetime | None:
    return None if text is None else read(text)


def _opened(path: Path) -> sqlite3.Connection:
    try:
        return _open(path)
    except sqlite3.DatabaseError as error:
        # One that is busy, or on a full disk, is sound all the same.
        if error.sqlite_errorcode & PRIMARY not in BROKEN:
            raise
        path.unlink()
        return _open(path)


def _open(path: Path) -> sqlite3.Connection:
    connection = connect(str(path))
    # A lost page of this file costs a read; syncing it for every vendor costs more.
    connection.execute("PRAGMA synchronous = OFF")
    connection.executescript(TABLES)
    for table in ("page", "listed", "source", "history", "growth"):
        connection.execute(f"SELECT count(*) FROM {table}").fetchone()  # noqa: S608 - ours
    return connection
