"""A process of ours, and the pipes to it: what is said has its length before it."""

import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from select import POLLIN, poll
from time import monotonic
from typing import IO

from generator.worker import LENGTH

ROOT = Path(__file__).resolve().parents[1]
# Less than this is not told apart from nothing by the clock that ends a process.
LEAST = 0.05
# No answer is longer: it is made from less.
LARGEST = 64_000_000
# As much as a pipe holds.
PIECE = 65_536


class Child:
    """A module that runs by itself: given nothing of our environment, for it may hold secrets."""

    def __init__(self, module: str, *arguments: str) -> None:
        self._popen = subprocess.Popen(  # noqa: S603 - this very interpreter, and nothing of theirs
            [sys.executable, "-P", "-B", "-m", module, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "PATH": os.defpath},
            start_new_session=True,
        )

    def send(self, head: bytes, rest: Iterable[bytes]) -> None:
        """The head with its length, and what belongs to it; BrokenPipeError when it is no more."""
        # It is idle now and reads at once: nothing hostile runs before it has all.
        pipe = self._pipe(self._popen.stdin)
        pipe.write(LENGTH.pack(len(head)))
        pipe.write(head)
        for piece in rest:
            pipe.write(piece)
        pipe.flush()

    def receive(self, deadline: float) -> bytearray:
        """What it says; EOFError where that does not all come by then."""
        (length,) = LENGTH.unpack(self._read(LENGTH.size, deadline))
        if length > LARGEST:
            raise EOFError
        return self._read(length, deadline)

    def kill(self) -> int:
        """Kill it, if it is still there, and tell how it ended."""
        self._popen.kill()
        return self._popen.wait()

    def end(self) -> int:
        """The same, and close the pipes to it."""
        code = self.kill()
        for pipe in (self._popen.stdin, self._popen.stdout):
            if pipe:
                try:
                    pipe.close()
                except BrokenPipeError:
                    continue
        return code

    def _read(self, size: int, deadline: float) -> bytearray:
        """So many bytes; EOFError where they do not all come by then, and the process is killed."""
        pipe = self._pipe(self._popen.stdout)
        ready = poll()
        ready.register(pipe, POLLIN)
        found = bytearray()
        while len(found) < size:
            if not ready.poll(1000 * max(deadline - monotonic(), LEAST)):
                self._popen.kill()
                raise EOFError
            piece = os.read(pipe.fileno(), min(size - len(found), PIECE))
            if not piece:
                raise EOFError
            found += piece
        return found

    @staticmethod
    def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
        assert pipe is not None
        return pipe
