"""The one writing that takes something out: texts, and what they said before.

The chain stays whole: it holds digests of what was, from which no word can be had back.
"""

from collections.abc import Callable

from generator.archive.store import Run
from generator.archive.transaction import whole
from generator.model import Change, Revision
from generator.times import read

OWN = "vendor_id = (SELECT id FROM vendor WHERE slug = ?) AND key = ?"


def expunge(
    run: Run,
    change: Change,
    blank: Callable[[Revision], str],
) -> None:
    """Write the change, and what `blank` leaves of each of its revisions.

    SQLite overwrites what it frees, so that no word is left in the file.
    """
    connection = run.connection
    connection.execute("PRAGMA secure_delete = ON")
    with whole(connection):
        (incident,) = connection.execute(
            f"SELECT id FROM incident WHERE {OWN}",  # noqa: S608 - ours
            (change.after.vendor, change.held_as),
        ).fetchone()
        rows = connection.execute(
            "SELECT number, seen_at, field, before, update_key FROM revision WHERE incident_id = ?",
            (incident,),
        ).fetchall()
        for number, seen_at, field, before, update_key in rows:
            left = blank(Revision(read(seen_at), field, before, update_key))
            connection.execute(
                "UPDATE revision SET before = ? WHERE incident_id = ? AND number = ?",
                (left, incident, number),
            )
        run.apply(change.after.vendor, [change])
