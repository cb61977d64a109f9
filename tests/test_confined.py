"""What a process that reads strangers' bytes could still do, if one of them took it over."""

import json
import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from generator.readers import Bounds, Readers
from tests.test_readers import FEED, feed, step

FULL = "Too many open files"
# What is tried, by its code, and how it fails. None: it works, for it was loaded before.
TRIED = {
    "socket.socket()": FULL,
    "socket.create_connection(('127.0.0.1', 9))": FULL,
    "open('/etc/passwd')": FULL,
    "open('/dev/null', 'w')": FULL,
    "os.listdir('/')": FULL,
    "os.pipe()": FULL,
    "subprocess.run(['true'])": FULL,
    "import wave": "No module named 'wave'",
    "b'a'.decode('no-such-codec')": "unknown encoding: no-such-codec",
    "b'a'.decode('big5hkscs')": None,
    "zoneinfo.ZoneInfo('Asia/Kathmandu')": None,
}
PROCESS = """
import json, os, socket, subprocess, sys, zoneinfo
from generator.confined import confine
tried = json.loads(sys.argv[1])
confine(80_000_000)
os.close(0)  # which makes no room for another
failures = {}
for code in tried:
    try:
        exec(code)
        failures[code] = None
    except Exception as error:
        failures[code] = getattr(error, "strerror", None) or str(error)
os.write(1, json.dumps(failures).encode())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="other systems may know fewer limits")
def test_nothing_can_be_opened_any_more() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROCESS, json.dumps(list(TRIED))],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == TRIED


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="reads /proc")
def test_so_it_is_of_every_process_that_reads() -> None:
    readers = Readers(Bounds(processes=1))
    try:
        assert step(readers, FEED, feed(1)) is not None
        begun = [
            int(pid)
            for task in Path("/proc/self/task").iterdir()
            for pid in (task / "children").read_text().split()
            if b"generator.worker" in Path(f"/proc/{pid}/cmdline").read_bytes()
        ]
        assert begun
        for pid in begun:
            for limit in (resource.RLIMIT_NOFILE, resource.RLIMIT_NPROC, resource.RLIMIT_FSIZE):
                assert resource.prlimit(pid, limit) == (0, 0)
            # Its orders, its steps, and nothing twice.
            assert len(os.listdir(f"/proc/{pid}/fd")) == 4  # noqa: PTH208 - numbers, not paths
    finally:
        readers.close()
