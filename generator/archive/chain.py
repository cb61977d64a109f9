"""The chain: what an archive held at any run can be proved of every archive that grew from it.

A change to an incident leaves an observation: what it was, which reply it came from, and a digest
of the whole record as it then stood. Each run's hash is folded over its own observations, in order,
starting from the hash of the run before it (its parent). So the last hash, the head, stands for
everything: no observation can be altered, left out or put in without changing it, and no record
without disagreeing with its latest observation.

Runs name their parents by hash, so that a run says the same in every file that holds it. Two
archives that were united are two lines that meet: the other one's runs are taken over as they are,
and the run that merges has both heads as its parents. An archive extends another when that one's
head is a state that any of its lines went through.
"""

import hashlib
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

import msgspec

# Enough that nobody finds another record for a digest that is known; half the bytes of a commit.
DIGEST = 16
# Keys and counters of this file alone, which say nothing of the incident.
OURS = frozenset({"id", "vendor_id", "incident_id", "number", "changed_in"})

RECORD = """
    SELECT vendor.slug AS vendor, incident.* FROM incident
    JOIN vendor ON vendor.id = incident.vendor_id
"""
POSTS = "SELECT * FROM incident_update"
EDITS = "SELECT * FROM revision"
OBSERVED = """
    SELECT observation.run_id, what, address.url, reply.sha256, digest FROM observation
    LEFT JOIN reply ON reply.id = reply_id LEFT JOIN address ON address.id = address_id
    ORDER BY observation.run_id, number
"""

RUNS = "SELECT id, at, command, parent, merged, hash FROM run ORDER BY id"
# What happened, the address and SHA-256 of the reply that said so, the digest of the record then.
Observed = tuple[str, str | None, bytes | None, bytes]
Row = tuple[object, ...]
Shape = Callable[[Row], object]

_encode = msgspec.json.Encoder().encode


class Sealed(NamedTuple):
    """A run as the chain has it: its parents, the hash it carries and the one it earns."""

    number: int
    parents: tuple[bytes, ...]
    hash: bytes | None
    earned: bytes


def opening(at: str, command: str, parent: bytes | None, merged: bytes | None = None) -> bytes:
    """The hash of a run that has observed nothing yet; `parent`, `merged`: hashes."""
    return _hash([at, command, _hex(parent), _hex(merged)])


def folded(before: bytes, what: str, url: str | None, sha256: bytes | None, digest: bytes) -> bytes:
    """The hash of a run after one more observation."""
    return _hash([before.hex(), what, url, _hex(sha256), digest.hex()])


class Layout:
    """The columns that the rows of records have: told once, for very many are digested."""

    def __init__(
        self, record: Sequence[str], update: Sequence[str], revision: Sequence[str]
    ) -> None:
        self._record = _shape((*record, "updates", "revisions"))
        self._update = _Listed(update)
        self._revision = _Listed(revision)

    def digest(self, record: Row, updates: Sequence[Row], revisions: Sequence[Row]) -> bytes:
        """The digest of an incident's record: of what its rows say, column by column.

        Null and what is not there are the same: a column of a later schema leaves older digests as
        they are. The order in which rows arrived says nothing.
        """
        parts = (self._update.told(updates), self._revision.told(revisions))
        return _hash(self._record((*record, *parts)))[:DIGEST]


class _Listed:
    """The rows of one table in a digest. Their first column that is not ours is never null."""

    def __init__(self, names: Sequence[str]) -> None:
        self._shape = _shape(names)
        self._as_it_lies = _shape(names, in_order=False)
        self._first = next(at for at, name in enumerate(names) if name not in OURS)

    def told(self, rows: Sequence[Row]) -> list[object] | None:
        """What they say, in the order of their JSON; None when there are none."""
        if not rows:
            return None
        # Where the first columns differ they settle the order, and the texts need not be encoded.
        ranks = {_encode(row[self._first]): row for row in rows}
        if len(ranks) == len(rows):
            ordered = [ranks[rank] for rank in sorted(ranks)]
        else:
            ordered = sorted(rows, key=lambda row: _encode(self._as_it_lies(row)))
        return [*map(self._shape, ordered)]


def digests(
    connection: sqlite3.Connection, numbers: Iterable[int] | None = None
) -> Iterator[tuple[int, bytes]]:
    """The same of every incident as the archive holds it, or of these, by its number."""
    # Updates and revisions are clustered behind their incident: three readings side by side.
    of: str = ""
    values: tuple[str, ...] = ()
    if numbers is not None:
        of = "WHERE {} IN (SELECT value FROM json_each(?))"
        values = (msgspec.json.encode(sorted(numbers)).decode(),)
    behind = of.format("incident_id")
    records = connection.execute(
        f"{RECORD} {of.format('incident.id')} ORDER BY incident.id", values
    )
    updates = connection.execute(f"{POSTS} {behind} ORDER BY 1", values)
    revisions = connection.execute(f"{EDITS} {behind} ORDER BY 1", values)
    layout = Layout(_names(records), _names(updates), _names(revisions))
    posts, edits = _Behind(updates), _Behind(revisions)
    at = _names(records).index("id")
    for row in records:
        yield row[at], layout.digest(row, posts.of(row[at]), edits.of(row[at]))


def sealed(connection: sqlite3.Connection) -> tuple[list[Sealed], set[bytes]]:
    """Every run with the hash that its observations earn it, and all states on the way."""
    states: set[bytes] = set()
    runs = []
    observed = observations(connection)
    for number, at, command, parent, merged, found in connection.execute(RUNS).fetchall():
        earned = opening(at, command, parent, merged)
        states.add(earned)
        for seen in observed.get(number, ()):
            earned = folded(earned, *seen)
            states.add(earned)
        parents = tuple(name for name in (parent, merged) if name)
        runs.append(Sealed(number, parents, found, earned))
    return runs, states


def observations(connection: sqlite3.Connection) -> dict[int, list[Observed]]:
    """What each run observed, by its number, in order: as `folded` takes it."""
    grouped = groupby(connection.execute(OBSERVED), key=lambda row: row[0])
    return {number: [row[1:] for row in rows] for number, rows in grouped}


class _Behind:
    """The rows of a table that stand behind incidents, which are asked for in their order."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self._groups = groupby(rows, key=lambda row: row[0])
        self._next = next(self._groups, None)

    def of(self, incident: int) -> list[Row]:
        """Those of one incident."""
        if self._next is None or self._next[0] != incident:
            return []
        found = [*self._next[1]]
        self._next = next(self._groups, None)
        return found


def _shape(names: Sequence[str], *, in_order: bool = True) -> Shape:
    """What makes of a row the object in JSON that it says: without nulls and what is ours alone.

    `in_order`: by the names of the columns.
    """
    places = [at for at, name in enumerate(names) if name not in OURS]
    if in_order:
        places.sort(key=lambda at: names[at])
    fields = [(names[at], object, None) for at in places]
    made = msgspec.defstruct("Said", fields, omit_defaults=True, gc=False)
    chosen = itemgetter(*places)
    return lambda row: made(*chosen(row))


def _names(cursor: sqlite3.Cursor) -> list[str]:
    return [column[0] for column in cursor.description]


def _hash(document: object) -> bytes:
    return hashlib.sha256(_encode(document)).digest()


def _hex(value: bytes | None) -> str | None:
    return None if value is None else value.hex()
