"""What a run observed, and from which replies: appended beside the changes themselves."""

import sqlite3
from collections.abc import Callable, Iterable
from typing import NamedTuple

from generator.archive.chain import folded, opening
from generator.archive.rows import Written
from generator.model import Origin


class Place(NamedTuple):
    """How far a run has come: its number, its observations so far and its hash over them."""

    run: int
    observed: int
    hash: bytes


class Journal:
    """The run's line of the chain. `place` is None until the run begins.

    `joining`: called then, it gives the head of another line that the run joins to ours.
    """

    def __init__(
        self,
        connection: sqlite3.Connection,
        at: str,
        command: str,
        joining: Callable[[], int | None],
    ) -> None:
        self._connection = connection
        self._at = at
        self._command = command
        self._joining = joining
        self._replies: dict[Origin, int] = {}
        self._addresses: dict[str, int] | None = None
        self.place: Place | None = None

    def begin(self) -> int:
        """The run's number, given when first asked for."""
        if self.place is None:
            parent, before = self._run("ORDER BY id DESC LIMIT 1")
            merged = self._joining()
            _, other = self._run("WHERE id = ?", merged)
            sealed = opening(self._at, self._command, before, other)
            (number,) = self._connection.execute(
                "INSERT INTO run (at, command, parent, merged, hash) "
                "VALUES (?, ?, ?, ?, ?) RETURNING id",
                (self._at, self._command, parent, merged, sealed),
            ).fetchone()
            self.place = Place(number, 0, sealed)
        return self.place.run

    def observe(self, written: Iterable[Written]) -> None:
        """Note changes that were just written, and fold them into the run's hash."""
        run, observed, sealed = self._here()
        rows = []
        for incident, change, digest in written:
            origin = change.origin
            reply = origin and self._reply(origin)
            url, sha256 = (origin.url, origin.sha256) if origin else (None, None)
            sealed = folded(sealed, change.what, url, sha256, digest)
            observed += 1
            rows.append((incident, run, observed, change.what, reply, digest))
        self._connection.executemany("INSERT INTO observation VALUES (?, ?, ?, ?, ?, ?)", rows)
        self.place = Place(run, observed, sealed)

    def seal(self) -> None:
        """Write down the hash over all that was observed so far."""
        run, _, sealed = self._here()
        self._connection.execute("UPDATE run SET hash = ? WHERE id = ?", (sealed, run))

    def return_to(self, place: Place | None) -> None:
        """What was noted since then was rolled back."""
        self.place = place
        self._replies, self._addresses = {}, None

    def _here(self) -> Place:
        if self.place is None:
            raise RuntimeError("a run observes after it has begun")
        return self.place

    def _run(self, which: str, *values: object) -> tuple[int | None, bytes | None]:
        row = self._connection.execute(f"SELECT id, hash FROM run {which}", values).fetchone()  # noqa: S608 - ours
        return row or (None, None)

    def _reply(self, origin: Origin) -> int:
        """The number of a reply; one that is behind many changes is kept once a run."""
        if origin not in self._replies:
            (self._replies[origin],) = self._connection.execute(
                "INSERT INTO reply (run_id, address_id, sha256) VALUES (?, ?, ?) RETURNING id",
                (self._here().run, self._address(origin.url), origin.sha256),
            ).fetchone()
        return self._replies[origin]

    def _address(self, url: str) -> int:
        # Read once a run: an index would cost every commit more than this costs the few with news.
        if self._addresses is None:
            rows = self._connection.execute("SELECT url, id FROM address")
            self._addresses = dict(rows.fetchall())
        if url not in self._addresses:
            (self._addresses[url],) = self._connection.execute(
                "INSERT INTO address (url) VALUES (?) RETURNING id", (url,)
            ).fetchone()
        return self._addresses[url]
