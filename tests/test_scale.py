"""What is written about working past one machine: its workflow is one, its commands are ours."""

import re
import shlex
from pathlib import Path

import click
import pytest
import yaml

from generator.cli import cli

TEXT = (Path(__file__).parents[1] / "docs" / "scale.md").read_text(encoding="utf-8")
(WORKFLOW,) = re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL)
(SHOWN,) = re.findall(r"```console\n(.*?)```", TEXT, re.DOTALL)
JOBS = yaml.safe_load(WORKFLOW)["jobs"]
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
