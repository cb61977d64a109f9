"""What the archive costs git: 500 runs that find realistic changes in it.

    python -m bench.growth [--incidents 8000] [--commits 500] [--years]

Reports what a commit pushes, what it adds to the pack after gc, and the first as a ratio to its
new text under zstd -19. 8,000 incidents are a file that the job would soon divide; `--years` takes
20,000 and closes the years that are over first, as the job does.
"""

import argparse
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from bench.measured import require
from generator.archive.queries import Archive
from generator.archive.store import Run, writing
from generator.decide import decide
from generator.demo.fleet import Fleet
from generator.exchange import write_line
from generator.model import Change, Incident, Origin, Vendor
from generator.pipeline.places import Places
from generator.pipeline.rollover import rollover
from generator.reading import Batch

VENDORS = 200
DECADE = 10.0
READ = 3  # vendors with news in a commit
APART = timedelta(hours=2)
RATIO, PACKED = 2.2, 8_000  # the targets


def main() -> None:
    """Measure and print; exit 1 when a target is missed. The pack's is one of closed years."""
    require("zstd")
    parser = argparse.ArgumentParser()
    parser.add_argument("--incidents", type=int)
    parser.add_argument("--commits", type=int, default=500)
    parser.add_argument("--years", action="store_true")
    size = parser.parse_args()
    incidents = size.incidents or (20_000 if size.years else 8_000)
    fleet = Fleet(vendors=VENDORS, incidents=incidents, years=DECADE)
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        git(root, "init", "--quiet", "--initial-branch=main")
        git(root, "config", "user.name", "bench")
        git(root, "config", "user.email", "bench@bench")
        git(root, "config", "gc.auto", "0")
        places = Places(root / "data")
        first = fleet.until - size.commits * APART
        fill(places, fleet, first)
        if size.years:
            rollover(places, large=0, at=fleet.until)
        commit(root)
        began, before = time.perf_counter(), packed(root)
        pushed, text = replay(places, root, fleet, first, size.commits)
        spent = time.perf_counter() - began
        grown = (packed(root) - before) / len(pushed)
    mean, ratio = sum(pushed) / len(pushed), sum(pushed) / sum(text)
    print(f"{incidents:,} incidents, {len(pushed)} commits, {spent:.0f} s")
    print(f"pushed: {mean:,.0f} bytes a commit, {ratio:.2f} times its new text ({RATIO})")
    print(f"the pack after gc grows {grown:,.0f} bytes a commit ({PACKED:,})")
    sys.exit(ratio > RATIO or (size.years and grown > PACKED))


def fill(places: Places, fleet: Fleet, at: datetime) -> None:
    """All that the fleet said until then, as a backfill finds it."""
    with reads(places, at, "backfill") as (archive, run):
        for vendor in fleet.vendors(""):
            apply(archive, run, vendor, fleet.published(vendor.slug, at), at)


def replay(
    places: Places, root: Path, fleet: Fleet, first: datetime, commits: int
) -> tuple[list[int], list[int]]:
    """Run after run with news: the bytes that each pushes, and those of its new text."""
    chance, vendors = random.Random(1), fleet.vendors("")  # noqa: S311 - a benchmark's dice
    pushed, text = [], []
    for number in range(1, commits + 1):
        at, changes = first + number * APART, []
        with reads(places, at, "update") as (archive, run):
            for vendor in chance.sample(vendors, READ):
                now = fleet.published(vendor.slug, at)[:50]
                changes += apply(archive, run, vendor, now, at)
        if changes:
            commit(root)
            pushed.append(len(git(root, *THIN, data=b"HEAD\n^HEAD^\n")))
            text.append(len(zstd(b"\n".join(map(said, changes)))))
    return pushed, text


THIN = ("pack-objects", "--revs", "--thin", "--stdout", "--quiet")


@contextmanager
def reads(places: Places, at: datetime, command: str) -> Iterator[tuple[Archive, Run]]:
    """One run of the job."""
    with writing(places.archive) as connection:
        yield Archive(connection), Run(connection, at, command)


def apply(
    archive: Archive, run: Run, vendor: Vendor, now: Sequence[Incident], at: datetime
) -> list[Change]:
    """Keep what a page says now."""
    held = archive.held(vendor.slug, {incident.key for incident in now}, None)
    changes = decide(vendor, held, Batch(tuple(now)), at, archive.slugs(vendor.slug))
    address = f"https://status.{vendor.slug}.example/api/v2/incidents.json"
    origin = Origin(address, at, random.Random(f"{vendor.slug}{at}").randbytes(32))  # noqa: S311
    sourced = [Change(one.what, one.after, one.held_as, one.revisions, origin) for one in changes]
    run.apply(vendor.slug, sourced)
    return sourced


def said(change: Change) -> bytes:
    """The new text of a change: all of a new incident, else what was added or stood before."""
    if change.what == "new":
        return write_line(change.after)
    at = change.after.changed_at
    seen = zip(change.after.incident.updates, change.after.update_seen_at, strict=True)
    new = [update.body for update, seen_at in seen if seen_at == at]
    past = [item.before for item in change.revisions]
    return "\n".join([change.after.slug, change.after.incident.title, *new, *past]).encode()


def commit(root: Path) -> None:
    """The archive, as it is."""
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", "archive")


def packed(root: Path) -> int:
    """The bytes of all packs, after gc."""
    git(root, "gc", "--quiet", "--prune=now")
    return sum(file.stat().st_size for file in (root / ".git/objects/pack").glob("*.pack"))


def zstd(text: bytes) -> bytes:
    """The text, as small as zstd makes it."""
    done = subprocess.run(("zstd", "-19", "-q", "-c"), input=text, capture_output=True, check=True)  # noqa: S607
    return done.stdout


def git(root: Path, *words: str, data: bytes | None = None) -> bytes:
    """Git's answer."""
    done = subprocess.run(("git", *words), cwd=root, input=data, capture_output=True, check=True)  # noqa: S603, S607
    return done.stdout


if __name__ == "__main__":
    main()
