"""What runs remember between them: `data/state.db`, which git ignores.

Losing it costs full reads, never a fact.
"""

import sqlite3
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

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


class Fared(NamedTuple):
    """The last good read of a page, and since when and how it fails."""

    read_at: datetime | None
    failing_since: datetime | None
    fault: str | None


class State:
    """The memory of runs."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def validators(self, vendor: str, read_by: str) -> dict[str, Validator]:
        """By address. None if something else read the page last."""
        rows = self._connection.execute(
            "SELECT url, etag, modified, sha256 FROM page "
            "WHERE vendor = ? AND EXISTS "
            "(SELECT 1 FROM source WHERE vendor = page.vendor AND read_by = ?)",
            (vendor, read_by),
        )
        return {url: Validator(etag, modified, sha256) for url, etag, modified, sha256 in rows}

    def archive_of(self, vendor: str) -> str | None:
        """The fingerprint of the archive that the last good read of the vendor went into."""
        row = self._connection.execute(
            "SELECT archive FROM source WHERE vendor = ?", (vendor,)
        ).fetchone()
        return row[0] if row else None

    def archives(self) -> set[str]:
        """The fingerprints of all archives that any last good read went into."""
        rows = self._connection.execute("SELECT DISTINCT archive FROM source")
        return {archive for (archive,) in rows}

    def was_good(self, vendor: str) -> bool:
        """Whether the last try to read the vendor's page was a good one."""
        row = self._connection.execute(
            "SELECT failing_since FROM source WHERE vendor = ?", (vendor,)
        ).fetchone()
        return row is not None and row[0] is None

    def note_read(
        self,
        vendor: str,
        at: datetime,
        read_by: str,
        archive: str,
        validators: Mapping[str, Validator],
    ) -> None:
        """A good read, after its changes are safely in the archive."""
        with self._connection:
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
        with self._connection:
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

    def cursor(self, vendor: str) -> tuple[bool, str | None]:
        """Whether the walk through the vendor's past has begun, and where it goes on."""
        row = self._connection.execute(
            "SELECT cursor FROM history WHERE vendor = ?", (vendor,)
        ).fetchone()
        return (row is not None, row[0] if row else None)

    def note_cursor(self, vendor: str, cursor: str | None) -> None:
        """A step of that walk is safely in the archive."""
        with self._connection:
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
        with self._connection:
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
        with self._connection:
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


@contextmanager
def remembering(path: Path) -> Iterator[State]:
    """The state beside the archive; one that cannot be read is begun anew."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        connection = _open(path)
    except sqlite3.DatabaseError:
        path.unlink()
        connection = _open(path)
    try:
        yield State(connection)
    finally:
        connection.close()


def _time(text: str | None) -> datetime | None:
    return None if text is None else read(text)


def _open(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=30)
    # A lost page of this file costs a read; syncing it for every vendor costs more.
    connection.execute("PRAGMA synchronous = OFF")
    connection.executescript(TABLES)
    connection.execute("SELECT count(*) FROM page, source, history LIMIT 1").fetchone()
    return connection
