"""A command as a whole process: its CPU, wall and peak memory."""

import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds of CPU and wall, peak memory in MB of its largest process."""

    cpu: float
    wall: float
    memory: float

    @property
    def told(self) -> str:
        """All three."""
        return f"{self.cpu:7.2f} s CPU {self.wall:7.2f} s wall {self.memory:5.0f} MB"


def outages(*words: str | Path) -> Cost:
    """What a run of the program costs; it must succeed."""
    return cost_of(sys.executable, "-m", "generator", *map(str, words))


def python(code: str) -> Cost:
    """What some lines of Python cost."""
    return cost_of(sys.executable, "-c", code)


def cost_of(*command: str) -> Cost:
    """What a command costs. Its output is not shown."""
    began = time.perf_counter()
    silence = [(os.POSIX_SPAWN_OPEN, output, os.devnull, os.O_WRONLY, 0) for output in (1, 2)]
    pid = os.posix_spawnp(command[0], command, os.environ, file_actions=silence)
    _, status, used = os.wait4(pid, 0)
    wall = time.perf_counter() - began
    if status:
        raise SystemExit(f"{' '.join(command)} failed: {os.waitstatus_to_exitcode(status)}")
    # Linux counts the memory in KB, macOS in bytes.
    unit = 1024 if sys.platform == "linux" else 1024 * 1024
    return Cost(used.ru_utime + used.ru_stime, wall, used.ru_maxrss / unit)


def table(title: str, rows: list[tuple[str, str, str]]) -> None:
    """Print rows of what, figure and target."""
    print(f"\n{title}")
    widths = [max(len(row[place]) for row in rows) for place in range(3)]
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        print("  " + "  ".join(cells).rstrip())
