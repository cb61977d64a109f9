"""The benchmarks run, each at a size that says nothing of its figures."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("bench.build 60 3", "the next day"),
        ("bench.import 60 3", "sqlite"),
        ("bench.update 2 2", "a bare httpx client, all 304"),
    ],
)
def test_a_benchmark_runs(words: str, told: str) -> None:
    if "update" in words and not shutil.which("openssl"):
        pytest.skip("openssl makes the certificate of its pages")
    done = subprocess.run(
        [sys.executable, "-m", *words.split()],
        cwd=Path(__file__).parents[1],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert told in done.stdout.lower()
