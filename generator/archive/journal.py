"""What a run observed, and from which replies: appended beside the changes themselves."""

import sqlite3
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from generator.archive.chain import folded, opening
from generator.model import Origin

# Numbers that a closed year's file has are not given again (years.py).
NEXT_REPLY = """
    1 + max((SELECT coalesce(max(id), 0) FROM reply),
        (SELECT coalesce(max(reply_id), 0) FROM closed))
"""


# The incident's number, what happened to it, the reply that says so, the digest of its record.
Seen = tuple[int, str, Origin | None, bytes]


class Place(NamedTuple):
    """How far a run has come: its number, its observations so far and its hash over them."""

    run: int
    observed: int
    hash: bytes


class Journal:
    """The run's line of the chain, which goes on from the last run.

    `place` is None until the run begins. `parents`: the hashes of other runs to go on from.
    """

    def __init__(
        self,
        connection: sqlite3.Connection,
        at: str,
        command: str,
        parents: Sequence[bytes] | None = None,
    ) -> None:
        self._connection = connection
        self._at = at
        self._command = command
        self._parents = parents
        self._replies: dict[Origin, int] = {}
        self._addresses: dict[str, int] | None = None
        self.place: Place | None = None

    def begin(self) -> int:
        """The run's number, given when first asked for."""
        if self.place is None:
            parent, merged, *_ = (*self._found_parents(), None, None)
            sealed = opening(self._at, self._command, parent, merged)
            (number,) = self._connection.execute(
                "INSERT INTO run (at, command, parent, merged, hash) "
                "VALUES (?, ?, ?, ?, ?) RETURNING id",
                (self._at, self._command, parent, merged, sealed),
            ).fetchone()
            self.place = Place(number, 0, sealed)
        return self.place.run

    def observe(self, seen: Iterable[Seen]) -> None:
        """Note what was seen of incidents, and fold it into the run's hash."""
        run, observed, sealed = self._here()
        rows = []
        for incident, what, origin, digest in seen:
            reply = origin and self._reply(origin)
            url, sha256 = (origin.url, origin.sha256) if origin else (None, None)
            sealed = folded(sealed, what, url, sha256, digest)
            observed += 1
            rows.append((incident, run, observed, what, reply, digest))
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

    def _found_parents(self) -> Sequence[bytes]:
        if self._parents is not None:
            return self._parents
        last = self._connection.execute("SELECT hash FROM run ORDER BY id DESC LIMIT 1")
        return [sealed for (sealed,) in last]

    def _reply(self, origin: Origin) -> int:
        """The number of a reply; one that is behind many changes is kept once a run."""
        if origin not in self._replies:
            (self._replies[origin],) = self._connection.execute(
                f"INSERT INTO reply VALUES ({NEXT_REPLY}, ?, ?, ?) RETURNING id",  # noqa: S608 - ours
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
