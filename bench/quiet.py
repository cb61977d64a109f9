"""A scheduled run over a thousand pages without news: its seconds, and that it leaves nothing.

    python -m bench.quiet [--vendors 1000] [--incidents 20000]

The pages are the demonstration's fleet, served by this machine too, so a host that only reads
is faster. What is run is what `update.yml` runs up to the look whether the site was published.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from generator.demo.fleet import Fleet
from generator.demo.server import FleetServer

TARGET = 90.0
STEPS = (
    ("update", "--allow-loopback"),
    ("rollover",),
    ("verify",),
    ("commit",),
    ("build", "--name"),
)
ROOT = Path(__file__).parents[1]


def main() -> None:
    """Measure and print; exit 1 when the run is slow or leaves something behind."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--vendors", type=int, default=1000)
    parser.add_argument("--incidents", type=int, default=20_000)
    size = parser.parse_args()
    fleet = Fleet(vendors=size.vendors, incidents=size.incidents)
    with FleetServer(fleet) as server, tempfile.TemporaryDirectory() as folder:
        root = begin(Path(folder), fleet, server.address)
        first, _ = run(root)
        name, asked = told(root), server.requests
        before = (root / "data" / "outages.db").read_bytes(), git(root, "rev-parse", "HEAD")
        second, processor = run(root)
        after = (root / "data" / "outages.db").read_bytes(), git(root, "rev-parse", "HEAD")
        print(f"the first run: {first:.0f} s, {asked:,} requests, {len(before[0]) / 1e6:.1f} MB")
        print(
            f"without news: {second:.0f} s, {processor:.0f} s of processor time, "
            f"{server.requests - asked:,} requests"
        )
        quiet = before == after and name == told(root)
        print("no commit, no deploy" if quiet else "it left something behind")
    sys.exit(not (quiet and second < TARGET))


def begin(folder: Path, fleet: Fleet, address: str) -> Path:
    """A repository with the fleet's vendor files."""
    git(folder, "init", "--quiet", "--initial-branch=main")
    fleet.write_vendor_files(folder / "data" / "vendors", address)
    (folder / ".gitignore").write_text("data/state.db*\ntold\n")
    git(folder, "add", "--all")
    git(folder, "-c", "user.name=bench", "-c", "user.email=b@b", "commit", "--quiet", "-m", "begin")
    return folder


def run(root: Path) -> tuple[float, float]:
    """The seconds of one scheduled run, and those of processor time."""
    began, before = time.perf_counter(), os.times()
    (root / "told").unlink(missing_ok=True)
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "GITHUB_OUTPUT": str(root / "told")}
    for step in STEPS:
        words = (sys.executable, "-m", "generator", *step)
        subprocess.run(words, cwd=root, env=environment, check=True, capture_output=True)  # noqa: S603
    after = os.times()
    processor = sum(after[2:4]) - sum(before[2:4])  # of the steps, not of the fleet
    return time.perf_counter() - began, processor


def told(root: Path) -> str:
    """The name of the site that would be drawn."""
    return (root / "told").read_text()


def git(root: Path, *words: str) -> str:
    """Git's answer."""
    done = subprocess.run(("git", *words), cwd=root, check=True, capture_output=True, text=True)  # noqa: S603, S607
    return done.stdout


if __name__ == "__main__":
    main()
