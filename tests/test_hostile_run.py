"""A run among pages that all send the most they may, and the worst: it stays small, and it ends."""

import gzip
import json
import os
import resource
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from generator.model import Vendor
from generator.pipeline.places import Places
from generator.vendors.writing import write_text
from tests.pages import Answer, Pages
from tests.swollen import WAYS, cases

EACH = 20
MOST = 300_000_000
ROW = (
    b'{"id":"a","name":"Down","status":"resolved","impact":"minor",'
    b'"created_at":"2026-11-20T10:00:00Z","incident_updates":[]}'
)
GOOD = b'{"page":{"id":"p"},"incidents":[' + ROW + b"]}"


def worst() -> dict[str, tuple[str, bytes]]:
    """By name: the platform, and what it answers to everything; gzip as it is sent."""
    item = b"<item><title>a</title><description>%b</description></item>"
    marks = item % (b"&lt;p&gt;&lt;small&gt;" * 50_000)
    rows = b'{"page":{"id":"p"},"incidents":[' + b",".join([ROW] * 160_000) + b"]}"
    rss = b"<rss version='2.0'><channel>%b</channel></rss>"
    return {
        "zeros": ("statuspage", b" " * 19_900_000),
        "rows": ("statuspage", rows),
        "arrays": ("statuspage", b"[" + b"{}," * 6_000_000 + b"{}]"),
        "noise": ("statuspage", os.urandom(4_900_000)),
        "items": ("feed", rss % (item % b"" * 14_000)),
        "marks": ("feed", rss % marks),
    }


def memory_of(parent: int) -> int:
    """Bytes that a process and its children hold; what several share is counted once."""
    total = 0
    for folder in Path("/proc").iterdir():
        if not folder.name.isdecimal():
            continue
        with suppress(OSError):
            if str(parent) in (folder.name, _told(folder / "status")["PPid"]):
                total += 1024 * int(_told(folder / "smaps_rollup")["Pss"].removesuffix(" kB"))
    return total


def _told(file: Path) -> dict[str, str]:
    """What a file of the system's says, by name; a process that has ended has no memory."""
    lines = (line.partition(":") for line in file.read_text().splitlines())
    return {"Pss": "0 kB", **{name: said.strip() for name, _, said in lines}}


reads_proc = pytest.mark.skipif(not Path("/proc/self/smaps_rollup").exists(), reason="reads /proc")


def most_memory_of(run: subprocess.Popen[bytes]) -> int:
    """The most bytes that a process and its children held at once until it ended."""
    most = 0
    while run.returncode is None:
        most = max(most, memory_of(run.pid))
        with suppress(subprocess.TimeoutExpired):
            run.wait(0.05)
    return most


def spent_by_children() -> float:
    """Seconds of processor that the processes begun here took, of those that have ended."""
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


@pytest.mark.torture
@reads_proc
def test_a_hundred_hostile_pages_cost_ten_seconds_each_and_little_memory(tmp_path: Path) -> None:
    places = Places(tmp_path)
    places.vendors.mkdir(parents=True)
    with Pages() as pages:

        def serve(slug: str, platform: str, answer: Answer) -> None:
            page = f"{pages.address}/{slug}"
            paths = ("incidents.json", "scheduled-maintenances.json", "summary.json")
            for path in ("", "/", *(f"/api/v2/{path}" for path in paths)):
                pages.answers[f"/{slug}{path}"] = answer
            vendor = Vendor(slug, slug, "https://a.example", page, platform, "cloud")
            (places.vendors / f"{slug}.toml").write_text(write_text(vendor))

        for name, (platform, body) in worst().items():
            answer = Answer(gzip.compress(body, 1), headers={"Content-Encoding": "gzip"})
            for number in range(EACH):
                serve(f"{name}-{number}", platform, answer)
        serve("good", "statuspage", Answer(GOOD))
        report = tmp_path / "report.json"
        begun = time.monotonic()
        run = subprocess.Popen(
            [sys.executable, "-m", "generator", "update", "--allow-loopback",
             "--data", str(tmp_path), "--report", str(report)],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        most = most_memory_of(run)
    assert most < MOST
    # Two are read side by side; on a loaded machine the clock counts, not the processor.
    assert time.monotonic() - begun < 10 * len(worst()) * EACH
    rows = {row["vendor"]: row for row in json.loads(report.read_bytes())["rows"]}
    assert rows.pop("good")["new"] == 1
    assert all(row["new"] == 0 for row in rows.values())
    assert rows["marks-0"]["faults"][-1]["kind"] in ("too heavy", "bad record")


@pytest.mark.torture
@reads_proc
def test_every_platform_at_its_largest_costs_ten_seconds_and_little_memory(tmp_path: Path) -> None:
    """In its own wire format: endless lists, endless posts of one incident, one endless text."""
    before = spent_by_children()
    run = subprocess.Popen([sys.executable, "-m", "tests.swollen", str(tmp_path)])
    assert most_memory_of(run) < MOST
    assert run.returncode == 0
    rows = json.loads((tmp_path / "report.json").read_bytes())["rows"]
    assert len(rows) == len(cases()) * len(WAYS) > 90
    assert spent_by_children() - before < 10 * len(rows)
    kinds = {row["faults"][-1]["kind"] for row in rows if row["outcome"] == "failed"}
    assert kinds <= {"too heavy", "too large", "implausible", "unparseable", "not what it says"}
    assert sum(row["added"] for row in rows) < 1_000_000
