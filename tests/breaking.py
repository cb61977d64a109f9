"""Ways to break a command: kill it, fail one of its system calls, fill its disk, shut it out."""

import os
import re
import shutil
import signal
import subprocess
from collections import Counter
from contextlib import suppress
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
# All threads of a command, but none of the programs that it starts.
THREADS = ("-f", "--detach-on=execve")
LINE = re.compile(r"(\d+) +(\w+)\(")


@dataclass(frozen=True)
class Call:
    """A system call on a file of the command: the `number`-th of its name there in one thread.

    Threads count for themselves; so does strace.
    """

    name: str
    path: str
    number: int

    @property
    def chosen(self) -> list[str]:
        """The words by which strace knows it from all others."""
        return [*THREADS, "-P", self.path, "-e", f"trace={self.name}"]


def seconds(trial: Trial) -> float:
    """How long the command takes, undisturbed."""
    begun = monotonic()
    outcome = trial.run()
    assert outcome.code == 0, outcome.said
    return monotonic() - begun


def killed(trial: Trial, after: float) -> Outcome:
    """The command, killed so many seconds after it began."""
    process = trial.start()
    outcome = trial.end(after)
    if outcome is None:
        with suppress(ProcessLookupError):  # it ended that very moment
            os.kill(process, signal.SIGKILL)
        outcome = trial.end()
    assert outcome is not None
    return outcome


def calls(trial: Trial, log: Path) -> list[Call]:
    """The system calls that the command makes on data and site, in their order."""
    _traced(trial, log, *THREADS, "-y", "-s", "0")
    here = re.compile(rf"[<\"]({re.escape(str(trial.folder))}[^>\"]*)")
    counts: Counter[tuple[str, ...]] = Counter()
    found = []
    for line in log.read_text(errors="replace").splitlines():
        call, file = LINE.match(line), here.search(line)
        if call and file:
            thread, name, path = (*call.groups(), file[1])
            counts[thread, name, path] += 1
            found.append(Call(name, path, counts[thread, name, path]))
    return found


def failing(trial: Trial, log: Path, call: Call, error: str) -> tuple[Outcome, bool]:
    """The command with one call that fails, and whether it came to that."""
    outcome = _traced(
        trial, log, *call.chosen, "-e", f"inject={call.name}:error={error}:when={call.number}"
    )
    return outcome, "(INJECTED)" in log.read_text(errors="replace")


def killed_at(trial: Trial, log: Path, call: Call) -> Outcome:
    """The command, killed as it makes that call."""
    how = f"inject={call.name}:signal=KILL:when={call.number}"
    return _traced(trial, log, *call.chosen, "-e", how)


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
