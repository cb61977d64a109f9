"""The archive as one file beside itself."""

import shutil
import sqlite3
from pathlib import Path


def copy_whole(connection: sqlite3.Connection, file: Path) -> None:
    """All that the connection sees, into a new file: the archive's own bytes where it is a file."""
    row = connection.execute("SELECT file FROM pragma_database_list WHERE name = 'main'").fetchone()
    if not row[0]:
        made = sqlite3.connect(file)
        connection.backup(made)
        with made:  # migrated a moment ago, which is nobody's news
            made.execute("UPDATE _sqlite_migrations SET applied_at = (SELECT max(at) FROM run)")
        made.close()
        return
    connection.execute("BEGIN")
    try:
        # A reader's lock: whoever writes waits until the copy is whole.
        connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        shutil.copyfile(row[0], file)
    finally:
        connection.execute("ROLLBACK")
