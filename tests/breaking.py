"""Ways to break a command: kill it, fail one of its system calls, fill its disk, shut it out."""

import os
import re
import shutil
import signal
import subprocess
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from tests.crashing import Outcome, Trial
from tests.starter import Starter

STRACE = shutil.which("strace")
# What fails, in which of the calls that do it, and how.
FAILURES = {
    "fsync": (("fsync", "fdatasync"), "EIO"),
    "write": (("write", "pwrite64", "sendfile", "copy_file_range", "ftruncate"), "ENOSPC"),
    "rename": (("rename", "renameat", "renameat2", "link"), "EIO"),
    "open": (("openat", "mkdir"), "ENOSPC"),
    "unlink": (("unlink", "unlinkat", "rmdir"), "EIO"),
}
CHANGING = frozenset(name for names, _ in FAILURES.values() for name in names) - {"openat"}
LINE = re.compile(r"(\w+)\(")


@dataclass(frozen=True)
class Call:
    """A system call: the `number`-th of its name, counted from one, and what it is about."""

    name: str
    number: int
    line: str


def seconds(trial: Trial) -> float:
    """How long the command takes, undisturbed."""
    begun = monotonic()
    assert trial.run().code == 0
    return monotonic() - begun


def killed(trial: Trial, after: float) -> Outcome:
    """The command, killed so many seconds after it began."""
    process = trial.start()
    outcome = trial.end(after)
    if outcome is None:
        os.kill(process, signal.SIGKILL)
        outcome = trial.end()
    assert outcome is not None
    return outcome


def calls(trial: Trial, log: Path) -> list[Call]:
    """The system calls that the command makes on data and site, in their order."""
    _traced(trial, log, "-y", "-s", "0")
    counts: Counter[str] = Counter()
    found = []
    for line in log.read_text(errors="replace").splitlines():
        if call := LINE.match(line):
            counts[call[1]] += 1
            if str(trial.folder) in line:
                found.append(Call(call[1], counts[call[1]], line))
    return found


def failing(trial: Trial, log: Path, call: Call, error: str) -> tuple[Outcome, bool]:
    """The command with one call that fails, and whether it came to that."""
    how = f"inject={call.name}:error={error}:when={call.number}"
    outcome = _traced(trial, log, "-e", f"trace={call.name}", "-e", how)
    return outcome, "(INJECTED)" in log.read_text(errors="replace")


def killed_at(trial: Trial, log: Path, call: Call) -> Outcome:
    """The command, killed as it makes that call."""
    how = f"inject={call.name}:signal=KILL:when={call.number}"
    return _traced(trial, log, "-e", f"trace={call.name}", "-e", how)


def full(trial: Trial, kilobytes: int, apart: Starter) -> Outcome:
    """The command on a disk that has so much room left."""
    return trial.run(starter=apart, room=[str(trial.folder), kilobytes])


def bounded(trial: Trial, kilobytes: int) -> Outcome:
    """The command where no file may grow beyond that size."""
    return trial.run(limit=kilobytes)


def shut(trial: Trial, *paths: Path) -> Outcome:
    """The command where these files and folders may not be written."""
    modes = {path: path.stat().st_mode for path in paths}
    for path in modes:
        path.chmod(0o555 if path.is_dir() else 0o444)
    try:
        return trial.run(humble=True)
    finally:
        for path, mode in modes.items():
            path.chmod(mode)


def _traced(trial: Trial, log: Path, *words: str) -> Outcome:
    process = trial.start(held=True)
    strace = subprocess.Popen(
        [str(STRACE), *words, "-o", str(log), "-p", str(process)], stderr=subprocess.PIPE
    )
    assert strace.stderr is not None
    said = strace.stderr.readline()
    assert b"attached" in said, said
    os.kill(process, signal.SIGCONT)
    outcome = trial.end()
    strace.communicate()
    assert outcome is not None, "it does not end"
    return outcome
