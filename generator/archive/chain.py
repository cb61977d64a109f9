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
from collections.abc import Iterable, Iterator
from itertools import groupby
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
# A row: its columns, each with what it says.
Said = Iterable[tuple[str, object]]


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


def digest_of(record: Said, updates: Iterable[Said], revisions: Iterable[Said]) -> bytes:
    """The digest of an incident's record: of what its rows say, column by column.

    Null and what is not there are the same: a column of a later schema leaves older digests as
    they are. The order in which rows arrived says nothing.
    """
    document: dict[str, object] = _facts(record)
    for name, rows in (("updates", updates), ("revisions", revisions)):
        if said := sorted(map(_facts, rows), key=msgspec.json.encode):
            document[name] = said
    return _hash(document)[:DIGEST]


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
    updates = _parts(connection, f"{POSTS} {behind} ORDER BY 1", values)
    revisions = _parts(connection, f"{EDITS} {behind} ORDER BY 1", values)
    posts, edits = next(updates, None), next(revisions, None)
    record = f"{RECORD} {of.format('incident.id')} ORDER BY incident.id"
    cursor = connection.execute(record, values)
    names = [column[0] for column in cursor.description]
    at = names.index("id")
    for row in cursor:
        own: list[list[Said]] = [[], []]
        if posts and posts[0] == row[at]:
            own[0], posts = posts[1], next(updates, None)
        if edits and edits[0] == row[at]:
            own[1], edits = edits[1], next(revisions, None)
        yield row[at], digest_of(_said(names, row), *own)


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


def _parts(
    connection: sqlite3.Connection, query: str, values: tuple[str, ...]
) -> Iterator[tuple[int, list[Said]]]:
    """Incident → its rows."""
    cursor = connection.execute(query, values)
    names = [column[0] for column in cursor.description]
    for incident, rows in groupby(cursor, key=lambda row: row[0]):
        yield incident, [_said(names, row) for row in rows]


def _said(names: list[str], row: tuple[object, ...]) -> Said:
    return [said for said in zip(names, row, strict=True) if said[0] not in OURS]


def _facts(said: Said) -> dict[str, object]:
    return {name: value for name, value in said if value is not None}


def _hash(document: object) -> bytes:
    return hashlib.sha256(msgspec.json.encode(document, order="sorted")).digest()


def _hex(value: bytes | None) -> str | None:
    return None if value is None else value.hex()
