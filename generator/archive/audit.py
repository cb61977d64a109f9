"""Whether an archive is whole and agrees with its own chain; each fault is a sentence."""

import sqlite3
from collections.abc import Iterable, Iterator

from generator.archive.chain import Sealed, digests, sealed

LATEST = """
    SELECT incident_id, what, run_id, digest FROM observation ORDER BY incident_id, run_id, number
"""


class Audit:
    """An archive under examination: only read."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._runs, self._states = sealed(connection)

    def faults(self) -> Iterator[str]:
        """What is wrong with the archive: nothing, if nobody but its runs has written it."""
        yield from _damage(self._connection)
        yield from _broken(self._runs)
        yield from _strays(self._connection, _line(self._runs))

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
    """Where the chain does not hold: the first place, for behind it nothing is proved."""
    joined = {run.parent for run in runs} | {run.merged for run in runs}
    for place, run in enumerate(runs):
        later = [number for number in (run.parent, run.merged) if number and number >= run.number]
        if later:
            yield f"run {run.number} follows run {later[0]}, which is no earlier one"
            return
        if run.hash != run.earned:
            yield f"run {run.number} was altered: its observations do not give the hash it carries"
            return
        if run.number not in joined and place < len(runs) - 1:
            yield f"no later run follows run {run.number}"
            return


def _line(runs: list[Sealed]) -> set[int]:
    """The runs from the head back to the beginning, without those of archives merged into it."""
    parents = {run.number: run.parent for run in runs}
    line: set[int] = set()
    number = runs[-1].number if runs else None
    while number is not None and number not in line:
        line.add(number)
        number = parents.get(number)
    return line


def _strays(connection: sqlite3.Connection, line: Iterable[int]) -> Iterator[str]:
    """Records that are not as this archive's own runs last observed them."""
    latest: dict[int, tuple[int, bytes]] = {}
    for incident, what, run, digest in connection.execute(LATEST):
        if run not in line:
            continue
        if (what == "new") == (incident in latest):
            yield f"{_name(connection, incident)} is {what} in run {run}, which cannot follow"
        latest[incident] = run, digest
    changed_in = dict(connection.execute("SELECT id, changed_in FROM incident").fetchall())
    for incident, digest in digests(connection):
        run, observed = latest.get(incident, (None, b""))
        if run is None:
            yield f"{_name(connection, incident)} was never observed by a run"
        elif digest != observed:
            yield f"{_name(connection, incident)} is not as run {run} left it"
        elif changed_in[incident] != run:
            was = f"says that run {changed_in[incident]} changed it last; it was run {run}"
            yield f"{_name(connection, incident)} {was}"


def _name(connection: sqlite3.Connection, incident: int) -> str:
    row = connection.execute(
        "SELECT vendor.slug || '/' || incident.slug FROM incident "
        "JOIN vendor ON vendor.id = vendor_id WHERE incident.id = ?",
        (incident,),
    ).fetchone()
    return row[0] if row else f"incident {incident}"
