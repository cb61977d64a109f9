"""The peak memory of commands on a large archive, of all their processes together.

usage: python -m bench.memory [INCIDENTS [VENDORS]]; of 100,000 it takes 20 minutes, 4 GB of disk
"""

import shutil
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.corpus import lines, make
from bench.measured import Cost, outages, table

DAY = "2026-11-22"
MOST = 250


def main(incidents: int = 100_000, vendors: int = 500) -> None:
    """Print what each command takes."""
    with TemporaryDirectory() as folder:
        data, site, told = Path(folder, "data"), Path(folder, "site"), Path(folder, "lines.ndjson")
        make(data, incidents, vendors)
        told.write_bytes(b"".join(line + b"\n" for line in lines(incidents, vendors, seed=2)))
        other, divided = Path(folder, "other"), Path(folder, "divided")
        for copy in (other, divided):
            copy.mkdir()
            shutil.copy(data / "outages.db", copy)
        build = ("--data", data, "--out", site, "build", "--as-of", DAY)
        rows = {
            "import of as many more, into a copy": outages("--data", other, "import", told),
            "merge of that copy": outages("--data", divided, "merge", other / "outages.db"),
            "rollover": outages("--data", divided, "rollover", "--now"),
            "verify, with closed years": outages("--data", divided, "verify"),
            "export": outages("--data", data, "export"),
            "build, clean": outages(*build),
            "build, clean, in one process": outages(*build, "--clean", "--jobs", "1"),
            "build, nothing changed": outages(*build),
        }
        title = f"memory at {incidents:,} incidents of {vendors:,} vendors, at most {MOST} MB"
        table(title, [(what, _told(cost), "") for what, cost in rows.items()])


def _told(cost: Cost) -> str:
    return f"{cost.memory:5.0f} MB"


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
