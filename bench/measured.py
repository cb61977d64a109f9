"""A command as a whole process: its CPU, wall and peak memory."""

import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds of CPU and wall, peak memory in MB of all its processes together (on Linux).

    What processes share counts once.
    """

    cpu: float
    wall: float
    memory: float

    @property
    def told(self) -> str:
        """All three."""
        return f"{self.cpu:7.2f} s CPU {self.wall:7.2f} s wall {self.memory:5.0f} MB"


def require(program: str) -> None:
    """End with a sentence, before anything is measured, where a program is not installed."""
    if shutil.which(program) is None:
        raise SystemExit(f"This benchmark needs the program {program}. Install it, and run again.")


def outages(*words: str | Path) -> Cost:
    """What a run of the program costs; it must succeed."""
    return cost_of(sys.executable, "-m", "generator", *map(str, words))


def python(code: str) -> Cost:
    """What some lines of Python cost."""
    return cost_of(sys.executable, "-c", code)


# Runs a command for us: a process begins with the peak of the one that started it, and a small one
# has none to speak of. What the command's own children hold is counted with it, looked up while it
# runs. Its answer: the exit code, seconds of user and system, peak memory.
STARTER = """
import os, sys, time
from glob import glob
def held(pid):
    size = 0
    try:
        with open(f"/proc/{pid}/smaps_rollup") as file:
            size = next(int(line.split()[1]) for line in file if line.startswith("Pss:"))
        for name in glob(f"/proc/{pid}/task/*/children"):
            with open(name) as file:
                size += sum(map(held, file.read().split()))
    except (OSError, StopIteration):
        pass
    return size
output = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0), (os.POSIX_SPAWN_DUP2, 1, 2)]
pid = os.posix_spawnp(sys.argv[1], sys.argv[1:], os.environ, file_actions=output)
ended = most = 0
while not ended:
    most = max(most, held(pid))
    time.sleep(0.05)
    ended, status, used = os.wait4(pid, os.WNOHANG)
most = max(most, used.ru_maxrss)
print(os.waitstatus_to_exitcode(status), used.ru_utime + used.ru_stime, most)
"""


def cost_of(*command: str) -> Cost:
    """What a command costs, its modules compiled before as where it is installed; no output."""
    began = time.perf_counter()
    started = (sys.executable, "-I", "-S", "-c", STARTER, *command)
    compiled = {name: it for name, it in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    told = subprocess.run(started, env=compiled, stdout=subprocess.PIPE, text=True, check=True)  # noqa: S603
    wall = time.perf_counter() - began
    code, cpu, peak = told.stdout.split()
    if code != "0":
        raise SystemExit(f"{' '.join(command)} failed: {code}")
    # Linux counts the memory in KB, macOS in bytes.
    unit = 1024 if sys.platform == "linux" else 1024 * 1024
    return Cost(float(cpu), wall, float(peak) / unit)


def table(title: str, rows: list[tuple[str, str, str]]) -> None:
    """Print rows of what, figure and target."""
    print(f"\n{title}")
    widths = [max(len(row[place]) for row in rows) for place in range(3)]
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        print("  " + "  ".join(cells).rstrip())
