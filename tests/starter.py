"""A process that knows all that commands need, and forks for each of them.

A command that is broken a thousand times costs what its work costs, not what it costs to start
Python. What is forked is the command itself: its words, its folder, its exit.
"""

import ctypes
import gc
import importlib
import json
import os
import pkgutil
import resource
import select
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import generator
from generator import cli

ROOT = Path(__file__).parents[1]
# Longer than any command takes, and than strace makes of it.
PATIENCE = 120.0
PR_SET_PTRACER, ANY = 0x59616D61, ctypes.c_ulong(-1)
CAPABILITIES = 0x20080522


class Starter:
    """Starts commands, one at a time. `apart`: where it may mount what nobody else sees."""

    def __init__(self, *, apart: bool = False) -> None:
        line = [sys.executable, "-m", "tests.starter"]
        self._process = subprocess.Popen(
            ["unshare", "--map-root-user", "--mount", *line] if apart else line,
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
        )

    def start(self, words: Sequence[str], said: Path, **how: object) -> int:
        """Start `outages` with these words; its process. `how`: as `_become` and `_Disk` take."""
        order = {"words": list(words), "said": str(said), **how}
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(order).encode() + b"\n")
        number = self._next(PATIENCE)
        assert number is not None
        return number

    def ended(self, within: float = PATIENCE) -> int | None:
        """The exit code, or the signal as a negative one; None: it is under way yet."""
        return self._next(within)

    def close(self) -> None:
        """End the process."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()

    def _next(self, within: float) -> int | None:
        output = self._process.stdout
        assert output is not None
        if not select.select([output], [], [], within)[0]:
            return None
        return int(output.readline())


class _Disk:
    """A folder on a disk of its own while it lasts, with so many kilobytes to spare."""

    def __init__(self, folder: str, kilobytes: int) -> None:
        self._folder = Path(folder)
        self._disk = Path(tempfile.mkdtemp())
        self._mount("-t", "tmpfs", "-o", "size=100%", "tmpfs", str(self._disk))
        self._move(self._folder, self._disk)
        disk = os.statvfs(self._disk)
        size = (disk.f_blocks - disk.f_bfree) * disk.f_frsize + 1024 * kilobytes
        self._mount("-o", f"remount,size={max(size, 1)}", str(self._disk))
        self._mount("--bind", str(self._disk), str(self._folder))

    def end(self) -> None:
        """What the command has left is where others see it."""
        self._run("umount", str(self._folder))
        self._move(self._disk, self._folder)
        self._run("umount", str(self._disk))
        self._disk.rmdir()

    @staticmethod
    def _move(source: Path, target: Path) -> None:
        for each in list(source.iterdir()):
            shutil.move(each, target / each.name)

    def _mount(self, *words: str) -> None:
        self._run("mount", *words)

    @staticmethod
    def _run(*words: str) -> None:
        subprocess.run(words, check=True)


def _know(names: Sequence[str]) -> None:
    """Import what a command had imported by its end."""
    for name in names:
        try:
            importlib.import_module(name)
        except Exception:
            continue


def _become(
    words: Sequence[str],
    said: str,
    *,
    environment: Mapping[str, str],
    held: bool = False,
    limit: int | None = None,
    humble: bool = False,
    learned: str | None = None,
) -> None:
    """Be the command. `held`: until somebody sends SIGCONT; `limit`: kilobytes of a file;
    `humble`: permissions hold for root, too; `learned`: a file for the names of what it imported.
    """
    for descriptor, name, flags in (
        (0, os.devnull, os.O_RDONLY),
        (1, os.devnull, os.O_WRONLY),
        (2, said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC),
    ):
        os.dup2(os.open(name, flags), descriptor)
    os.environ.update(environment)
    sys.argv = ["outages", *words]
    libc = ctypes.CDLL(None)
    if humble:
        libc.capset((ctypes.c_uint32 * 2)(CAPABILITIES, 0), ctypes.byref((ctypes.c_uint32 * 6)()))
    if limit is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1024 * limit, 1024 * limit))
    if held:
        libc.prctl(PR_SET_PTRACER, ANY)
        os.kill(os.getpid(), signal.SIGSTOP)
    try:
        cli.main()
    finally:
        if learned:
            Path(learned).write_text(json.dumps(sorted(sys.modules)))


def _serve() -> None:
    """Orders in, a line each; the number of each one's process and its end out."""
    _know([each.name for each in pkgutil.walk_packages(generator.__path__, "generator.")
           if not each.name.endswith(("__main__", ".worker"))])  # fmt: skip
    while line := sys.stdin.readline():
        order: dict[str, Any] = json.loads(line)
        room = order.pop("room", None)
        disk = _Disk(*room) if room else None
        gc.collect()
        gc.freeze()
        child = os.fork()
        if not child:
            _become(**order)
        if order.get("held"):
            os.waitpid(child, os.WUNTRACED)
        os.write(1, b"%d\n" % child)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        if disk:
            disk.end()
        if order.get("learned"):
            _know(json.loads(Path(order["learned"]).read_text()))
        os.write(1, b"%d\n" % code)


if __name__ == "__main__":
    _serve()
