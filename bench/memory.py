"""The peak memory of commands on a large archive, of all their processes together.

usage: python -m bench.memory [INCIDENTS [VENDORS]]; of 100,000 it takes 20 minutes, 8 GB of disk
"""

import shutil
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.corpus import lines, make
from bench.measured import Cost, outages, table

DAY = "2026-11-22"
NEXT = "2026-11-23"
SHARDS = 2
MOST = 250


def main(incidents: int = 100_000, vendors: int = 500) -> None:
    """Print what each command takes."""
    with TemporaryDirectory() as folder:
        data, site, told = Path(folder, "data"), Path(folder, "site"), Path(folder, "lines.ndjson")
        make(data, incidents, vendors)
        told.write_bytes(b"".join(line + b"\n" for line in lines(incidents, vendors)))
        imported, merged, divided = (Path(folder, name) for name in ("a", "b", "c"))
        divided.mkdir()
        shutil.copy(data / "outages.db", divided)
        drawn = ("--out", site, "build", "--as-of", DAY)
        rows = {
            "import of all of them": outages("--data", imported, "import", told),
            "merge of all of them": outages("--data", merged, "merge", data / "outages.db"),
            "verify": outages("--data", data, "verify"),
            "export": outages("--data", data, "export"),
            "rollover": outages("--data", divided, "rollover", "--now"),
            "verify, with closed years": outages("--data", divided, "verify"),
            "build, clean": outages("--data", data, *drawn),
            "build, clean, in one process": outages(
                "--data", data, *drawn, "--clean", "--jobs", "1"
            ),
            "the same, with closed years": outages(
                "--data", divided, *drawn, "--clean", "--jobs", "1"
            ),
            "build, nothing changed": outages("--data", divided, *drawn),
            "build, the next day": outages("--data", divided, *drawn[:-1], NEXT),
            "sources": outages("--data", data, "sources"),
            **_of_shards(data, Path(folder)),
        }
        title = f"memory at {incidents:,} incidents of {vendors:,} vendors, at most {MOST} MB"
        table(title, [(what, _told(cost), "") for what, cost in rows.items()])


def _of_shards(data: Path, folder: Path) -> dict[str, Cost]:
    """Two shards drawn, and a site made of them."""
    parts = [folder / str(number) for number in range(1, SHARDS + 1)]
    rows = {
        f"build --shard {part.name}/{SHARDS}, clean": outages(
            "--data",
            data,
            "--out",
            part,
            "build",
            "--as-of",
            DAY,
            "--shard",
            f"{part.name}/{SHARDS}",
        )
        for part in parts
    }
    whole = ("--out", folder / "whole", "assemble", "--as-of", DAY, *parts)
    return {**rows, "assemble, clean": outages("--data", data, *whole)}


def _told(cost: Cost) -> str:
    return f"{cost.memory:5.0f} MB"


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
