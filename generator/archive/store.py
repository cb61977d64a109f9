"""Opening the archive, and writing decided changes into it, a transaction a vendor."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

import msgspec

from generator.archive import schema, years
from generator.archive.journal import Journal
from generator.durable import draft_of
from generator.errors import ArchiveError
from generator.model import Change, Incident, Kept, Revision, Update
from generator.times import text_of

INCIDENT_FIELDS = (
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
    "changed_in",
)


@contextmanager
def reading(path: Path) -> Iterator[sqlite3.Connection]:
    """The archive, read only: not a byte of the file changes. A missing file is an empty one."""
    with _explained(path):
        _recover(path)
        if not path.exists():
            connection = _connect(":memory:")
        elif years.files(path):
            connection = years.united(path)
        else:
            connection = _connect(_read_only(path), uri=True)
        try:
            if schema.version(connection, str(path)) < schema.CURRENT:
                old, connection = connection, _connect(":memory:")
                old.backup(connection)
                old.close()
                schema.migrate(connection)
            yield connection
        finally:
            connection.close()


@contextmanager
def writing(path: Path) -> Iterator[sqlite3.Connection]:
    """The archive, checked whole and brought to the current schema; made when missing."""
    with _explained(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        draft_of(path).unlink(missing_ok=True)
        years.renew(path)
        with years.whole(path) as file, closing(_connect(str(file))) as connection:
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
    with _explained(path), closing(_connect(_read_only(path), uri=True)) as connection:
        return schema.version(connection, str(path))


class Run:
    """One run's writing. Numbered at its first change: a run without news leaves no trace.

    `joining`: what a merge brings over before its first change (`Adoption.runs`).
    """

    def __init__(
        self,
        connection: sqlite3.Connection,
        at: datetime,
        command: str,
        joining: Callable[[], int | None] = lambda: None,
    ) -> None:
        self._connection = connection
        self._journal = Journal(connection, text_of(at), command, joining)

    @property
    def connection(self) -> sqlite3.Connection:
        """What it writes to."""
        return self._connection

    @property
    def has_news(self) -> bool:
        """Whether it has written anything."""
        return self._journal.place is not None

    def apply(self, vendor: str, changes: Sequence[Change]) -> None:
        """All changes of one vendor, or none of them."""
        if not changes:
            return
        with self._noted() as number:
            vendor_id = _vendor_id(self._connection, vendor)
            for change in changes:
                incident = self._write(vendor_id, number, change)
                self._journal.observe(incident, change)

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
                (text, number, _vendor_id(self._connection, vendor)),
            )

    @contextmanager
    def _noted(self) -> Iterator[int]:
        """A transaction of the run, whose number it gives; what fails never was."""
        before = self._journal.place
        try:
            with whole(self._connection):
                yield self._journal.begin()
                self._journal.seal()
        except BaseException:
            self._journal.return_to(before)
            raise

    def _write(self, vendor_id: int, run: int, change: Change) -> int:
        kept = change.after
        values = (*_incident_values(kept), run)
        if change.what == "new":
            marks = ", ".join("?" * (len(INCIDENT_FIELDS) + 2))
            row = self._connection.execute(
                f"INSERT INTO incident (vendor_id, key, {', '.join(INCIDENT_FIELDS)}) "  # noqa: S608 - names are ours
                f"VALUES ({marks}) RETURNING id",
                (vendor_id, kept.incident.key, *values),
            ).fetchone()
            known: dict[str, int] = {}
        else:
            sets = ", ".join(f"{field} = ?" for field in INCIDENT_FIELDS)
            row = self._connection.execute(
                f"UPDATE incident SET key = ?, {sets} "  # noqa: S608 - names are ours
                "WHERE vendor_id = ? AND key = ? RETURNING id",
                (kept.incident.key, *values, vendor_id, change.held_as),
            ).fetchone()
            known = self._update_numbers(int(row[0]))
        incident_id = int(row[0])
        self._write_updates(incident_id, kept, known)
        self._write_revisions(incident_id, change.revisions)
        return incident_id

    def _update_numbers(self, incident_id: int) -> dict[str, int]:
        return dict(
            self._connection.execute(
                "SELECT key, number FROM incident_update WHERE incident_id = ?", (incident_id,)
            ).fetchall()
        )

    def _write_updates(self, incident_id: int, kept: Kept, known: dict[str, int]) -> None:
        following = max(known.values(), default=0) + 1
        for update, seen_at in zip(kept.incident.updates, kept.update_seen_at, strict=True):
            values = _update_values(update, seen_at)
            number = known.pop(update.key, None)
            if number is None:
                self._connection.execute(
                    "INSERT INTO incident_update VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    (incident_id, following, *values),
                )
                following += 1
            else:
                self._connection.execute(
                    "UPDATE incident_update SET key = ?, at = ?, phase = ?, phase_raw = ?, "
                    "body = ?, body_format = ?, seen_at = ? WHERE incident_id = ? AND number = ? "
                    "AND (key, at, phase, phase_raw, body, body_format, seen_at) "
                    "IS NOT (?, ?, ?, ?, ?, ?, ?)",
                    (*values, incident_id, number, *values),
                )
        for number in known.values():
            self._connection.execute(
                "DELETE FROM incident_update WHERE incident_id = ? AND number = ?",
                (incident_id, number),
            )

    def _write_revisions(self, incident_id: int, revisions: Iterable[Revision]) -> None:
        (last,) = self._connection.execute(
            "SELECT coalesce(max(number), 0) FROM revision WHERE incident_id = ?", (incident_id,)
        ).fetchone()
        self._connection.executemany(
            "INSERT INTO revision VALUES (?, ?, ?, ?, ?, ?)",
            (
                (
                    incident_id,
                    number,
                    text_of(item.seen_at),
                    item.field,
                    item.update_key,
                    item.before,
                )
                for number, item in enumerate(revisions, start=last + 1)
            ),
        )


def _incident_values(kept: Kept) -> tuple[str | None, ...]:
    incident: Incident = kept.incident
    return (
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
        msgspec.json.encode(incident.components).decode(),
        msgspec.json.encode(incident.regions).decode(),
        text_of(kept.first_seen_at),
        text_of(kept.changed_at),
        _text(kept.withdrawn_at),
        kept.platform,
    )


def _text(moment: datetime | None) -> str | None:
    return None if moment is None else text_of(moment)


def _update_values(update: Update, seen_at: datetime) -> tuple[str | None, ...]:
    return (
        update.key,
        text_of(update.at),
        update.phase,
        update.phase_raw,
        update.body,
        update.body_format,
        text_of(seen_at),
    )


def _vendor_id(connection: sqlite3.Connection, slug: str) -> int:
    row = connection.execute("SELECT id FROM vendor WHERE slug = ?", (slug,)).fetchone()
    if row is None:
        row = connection.execute(
            "INSERT INTO vendor (slug) VALUES (?) RETURNING id", (slug,)
        ).fetchone()
    return int(row[0])


def _recover(path: Path) -> None:
    """Roll back what a killed run left half written: who only reads may not."""
    if path.with_name(f"{path.name}-journal").exists() and path.exists():
        with closing(_connect(str(path))) as connection:
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()


def _read_only(path: Path) -> str:
    return f"file:{quote(path.resolve().as_posix())}?mode=ro"


def _connect(name: str, *, uri: bool = False) -> sqlite3.Connection:
    connection = sqlite3.connect(name, uri=uri, isolation_level=None, timeout=30)
    connection.execute("PRAGMA foreign_keys = ON")
    # What is acknowledged outlives lost power, the folder's entry of the journal included.
    connection.execute("PRAGMA synchronous = EXTRA")
    return connection


@contextmanager
def whole(connection: sqlite3.Connection) -> Iterator[None]:
    """One transaction, all of it or nothing; inside another, a part of that."""
    inside: bool = connection.in_transaction
    if inside:
        yield
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    """SQLite's errors as sentences that say what to do."""
    try:
        yield
    except sqlite3.OperationalError as error:
        if "locked" in str(error):
            raise ArchiveError(f"{path} is in use by another run: {error}. Try again.") from error
        raise ArchiveError(f"{path}: {error}. What was there before is untouched.") from error
    except OSError as error:
        where = error.filename or path
        raise ArchiveError(f"{where}: {error.strerror}. What was there before stands.") from error
    except sqlite3.DatabaseError as error:
        raise ArchiveError(
            f"{path} is corrupt ({error}) and was left as it is. Restore the last good one with: "
            f"git checkout HEAD -- {path}"
        ) from error
