"""What a killed run left beside a database: rolled back, and cleared away."""

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path


def recover(files: Iterable[Path]) -> None:
    """Roll back what was half written: who only reads may not, who has no news would not.

    Reading does it. A journal in which nothing had been vouched for SQLite leaves until somebody
    writes; but where journals were to be emptied and are to be deleted again, it deletes the one
    that is there, unless another run is at work.
    """
    for file in files:
        if not file.with_name(f"{file.name}-journal").exists() or not file.exists():
            continue
        with closing(sqlite3.connect(file, isolation_level=None, timeout=30)) as connection:
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
            for mode in ("TRUNCATE", "DELETE"):
                connection.execute(f"PRAGMA journal_mode = {mode}").fetchone()
