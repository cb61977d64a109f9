"""The import of a large file, against SQLite's own bulk insert of the rows that it makes.

usage: python -m bench.import [INCIDENTS [VENDORS]]
"""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.corpus import lines
from bench.measured import outages, python, table

# The same rows into the same tables in one transaction, with all that makes them safe. Reading
# them is no part of it: it is measured apart.
PEER = """
import sqlite3
old, new = sqlite3.connect({old!r}), sqlite3.connect({new!r}, isolation_level=None)
new.execute("PRAGMA foreign_keys = ON")
new.execute("PRAGMA synchronous = EXTRA")
made = old.execute("SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
for _, _, statement in made:
    {writes} and new.execute(statement)
new.execute("BEGIN")
for name in ("run", "vendor", "incident", "incident_update", "revision", "address", "reply",
             "observation"):
    rows = old.execute(f"SELECT * FROM {{name}}")
    marks = ", ".join("?" * len(rows.description))
    if {writes}:
        new.executemany(f"INSERT INTO {{name}} VALUES ({{marks}})", rows)
    else:
        for row in rows:
            pass
new.execute("COMMIT")
"""


def main(incidents: int = 100_000, vendors: int = 500) -> None:
    """Print what the import costs, and what the insert of its rows does."""
    with TemporaryDirectory() as folder:
        file, data = Path(folder, "lines.ndjson"), Path(folder, "data")
        with file.open("wb") as out:
            out.writelines(line + b"\n" for line in lines(incidents, vendors))
        ours = outages("--data", data, "import", file)
        old, new = str(data / "outages.db"), str(Path(folder, "peer.db"))
        reading = python(PEER.format(old=old, new=new, writes=False))
        peer = python(PEER.format(old=old, new=new, writes=True))
        again = outages("--data", data, "import", file)
    insert = peer.cpu - reading.cpu
    table(
        f"import of {incidents:,} incidents of {vendors:,} vendors",
        [
            ("SQLite's bulk insert of the rows", f"{insert:7.2f} s CPU", "1"),
            ("import", ours.told, f"{ours.cpu / insert:.1f}, at most 4; at most 250 MB"),
            ("the same again, nothing new", again.told, f"{again.cpu / insert:.1f}"),
        ],
    )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
