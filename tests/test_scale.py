"""What is written about working past one machine: its workflow is one, its commands are ours."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import click
import pytest
import yaml

from generator.cli import cli
from generator.demo.fleet import Fleet
from generator.demo.server import FleetServer
from tests.bucket import serving

TEXT = (Path(__file__).parents[1] / "docs" / "scale.md").read_text(encoding="utf-8")
(WORKFLOW,) = re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL)
(SHOWN,) = re.findall(r"```console\n(.*?)```", TEXT, re.DOTALL)
JOBS = yaml.safe_load(WORKFLOW)["jobs"]
SHARDS = range(1, 5)
DAY = "2026-11-22"
RUN = [step["run"] for job in JOBS.values() for step in job["steps"] if "run" in step]
COMMANDS = [
    line.replace("${{ matrix.shard }}", "1")
    for line in (*SHOWN.splitlines(), *RUN)
    if line.startswith("outages")
]


@pytest.mark.parametrize("line", COMMANDS)
def test_a_command_is_one_that_there_is(line: str, tmp_path: Path) -> None:
    _, name, *words = shlex.split(line, comments=True)
    # Only its words are looked at: folders that it names are made up.
    words = [str(tmp_path) if "parts/" in word or "shards/" in word else word for word in words]
    command = cli.commands[name]
    with command.make_context(name, words, parent=click.Context(cli, obj={})) as context:
        assert context.command is command


def test_each_job_waits_for_what_it_needs() -> None:
    assert [job.get("needs") for job in JOBS.values()] == [None, "read", "keep", "draw"]


@pytest.fixture
def shell(tmp_path: Path) -> Callable[[str], str]:
    """Runs a line of the docs in a folder of its own; what it said."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    keys = {"AWS_ACCESS_KEY_ID": "who", "AWS_SECRET_ACCESS_KEY": "secret"}

    def run(line: str) -> str:
        ran = subprocess.run(
            ["sh", "-euc", line],
            cwd=tmp_path,
            env={**os.environ, **keys, "PATH": path},
            capture_output=True,
            text=True,
            check=False,
        )
        assert ran.returncode == 0, f"{line}\n{ran.stderr}"
        return ran.stdout

    return run


def test_its_commands_in_turn_come_to_what_one_machine_comes_to(
    shell: Callable[[str], str], tmp_path: Path
) -> None:
    fleet = Fleet(platforms=["statuspage", "instatus", "feed"], vendors=9, incidents=60)
    update, merge, *drawing, publish = SHOWN.splitlines()
    # All of one day, should midnight fall between them.
    draw, assemble = (line.replace("#", f"--as-of {DAY} #") for line in drawing)
    with FleetServer(fleet) as server, serving() as store:
        fleet.write_vendor_files(tmp_path / "data/vendors", server.address)
        shutil.copytree(tmp_path / "data", tmp_path / "whole")
        for moment in (fleet.moments()[0], fleet.moments()[-1]):
            server.at = moment
            for number in SHARDS:
                shell(update.replace("3/8", f"{number}/4 --allow-loopback"))
            shell(merge)
            shell("outages update --allow-loopback --data whole")
            assert kept(shell("outages export")) == kept(shell("outages export --data whole"))
            shell("outages verify")
            for number in SHARDS:
                shell(draw.replace("3/8", f"{number}/4").replace("parts/3", f"parts/{number}"))
            shell(assemble)
            shell(f"outages build --out by-one --as-of {DAY}")
            expected = files(tmp_path / "by-one")
            assert files(tmp_path / "site") == expected
            shell(publish.replace("s3://bucket", f"s3://site --endpoint {store.endpoint}"))
            shown = {key: body for key, body in store.objects.items() if not key.startswith(".")}
            assert shown == expected


def kept(export: str) -> str:
    """What was kept, but for when: the runs were not at the same moment."""
    return re.sub(r'"((?:first_seen|seen|changed)_at)":"[^"]+"', r'"\1":""', export)


def files(root: Path) -> dict[str, bytes]:
    """The files that people are to see."""
    found = (file for file in root.rglob("*") if file.is_file() and not file.name.startswith("."))
    return {file.relative_to(root).as_posix(): file.read_bytes() for file in found}
