"""Whether an archive is whole and agrees with its own chain; each fault is a sentence."""

import sqlite3
from collections import defaultdict
from collections.abc import Iterator

from generator.archive.ancestry import Ancestry
from generator.archive.chain import Sealed, digests, sealed
from generator.archive.naming import strangers

SEEN = "SELECT incident_id, run_id, what, digest FROM observation ORDER BY run_id, number"
Seen = tuple[int, str, bytes]


class Audit:
    """An archive under examination: only read."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._runs, self._states = sealed(connection)

    def faults(self) -> Iterator[str]:
        """What is wrong with the archive: nothing, if nobody but its runs has written it."""
        yield from _damage(self._connection)
        yield from strangers(self._connection)
        broken = list(_broken(self._runs))
        # Behind a broken chain nothing is proved.
        yield from broken or _strays(self._connection)

    @property
    def head(self) -> bytes | None:
        """The hash that stands for all that the archive holds; None while it holds nothing."""
        return self._runs[-1].hash if self._runs else None

    def went_through(self, state: bytes) -> bool:
        """Whether any line of the archive's chain was once in that state."""
        return state in self._states


def _damage(connection: sqlite3.Connection) -> Iterator[str]:
    for (found,) in connection.execute("PRAGMA integrity_check"):
        if found != "ok":
            yield f"the file is damaged: {found}"
    for table, row, parent, _ in connection.execute("PRAGMA foreign_key_check"):
        yield f"row {row} of {table} points at no row of {parent}"


def _broken(runs: list[Sealed]) -> Iterator[str]:
    """Where the chain does not hold, the first place."""
    held = {run.hash for run in runs}
    followed = {parent for run in runs for parent in run.parents}
    for place, run in enumerate(runs):
        if run.hash != run.earned:
            yield f"run {run.number} was altered: its observations do not give the hash it carries"
            return
        if not held.issuperset(run.parents):
            yield f"run {run.number} follows a run that is not there"
            return
        if run.hash not in followed and place < len(runs) - 1:
            yield f"no later run follows run {run.number}"
            return


def _strays(connection: sqlite3.Connection) -> Iterator[str]:
    """Records that are not as the runs last observed them."""
    ancestry = Ancestry(connection)
    seen: defaultdict[int, list[Seen]] = defaultdict(list)
    for incident, *what in connection.execute(SEEN):
        seen[incident].append(tuple(what))
    merges = {run for (run,) in connection.execute("SELECT id FROM run WHERE merged NOT NULL")}
    changed_in = dict(connection.execute("SELECT id, changed_in FROM incident").fetchall())
    for incident, digest in digests(connection):
        observed = seen[incident]
        name = _name(connection, incident)
        if not observed:
            yield f"{name} was never observed by a run"
            continue
        yield from (f"{name} {fault}" for fault in _misplaced(observed, ancestry, merges))
        last = {run: seen_digest for run, _, seen_digest in observed}
        latest = [run for run in ancestry.latest(last) if last[run] == digest]
        if not latest:
            yield f"{name} is not as run {max(last)} left it"
        elif changed_in[incident] not in latest:
            was = f"says that run {changed_in[incident]} changed it last; it was run {latest[0]}"
            yield f"{name} {was}"


def _misplaced(observed: list[Seen], ancestry: Ancestry, merges: set[int]) -> Iterator[str]:
    """An incident is new once on every line, and not changed before it is."""
    ordered = sorted(observed, key=lambda one: ancestry.in_order(one[0]))
    for place, (run, what, _) in enumerate(ordered):
        follows = any(
            earlier == run or ancestry.precedes(earlier, run) for earlier, _, _ in ordered[:place]
        )
        # What a merge took over it called new until schema 3.
        if follows == (what == "new") and run not in merges:
            yield f"is {what} in run {run}, which cannot follow"


def _name(connection: sqlite3.Connection, incident: int) -> str:
    row = connection.execute(
        "SELECT vendor.slug || '/' || incident.slug FROM incident "
        "JOIN vendor ON vendor.id = vendor_id WHERE incident.id = ?",
        (incident,),
    ).fetchone()
    return row[0] if row else f"incident {incident}"
