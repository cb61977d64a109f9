"""Killed, out of disk, or shut out, at any moment: nothing is lost, and the next run mends it.

`make test` breaks each command a few times, `make torture` some hundred times.
"""

import random
import resource
import shutil
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from generator.demo.fleet import Fleet
from generator.demo.server import FleetServer
from tests.crashing import COMMANDS, Outcome, Trial, World, drop_overrides

pytestmark = pytest.mark.xdist_group("crashes")
STRACE = shutil.which("strace")
# System calls that may fail, each with how.
FAILURES = {
    "write,pwrite64": "ENOSPC",
    "openat": "ENOSPC",
    "fsync,fdatasync": "EIO",
    "rename,renameat,renameat2": "EIO",
    "unlink,unlinkat": "EIO",
    "mkdir": "ENOSPC",
}
KILLS, POINTS = 40, 200


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    fleet = Fleet(platforms=["statuspage", "zendesk"], vendors=3, incidents=45)
    with FleetServer(fleet) as server:
        yield World(tmp_path_factory.mktemp("world"), server, fleet)


def killed(world: World, command: str, number: int, part: float) -> None:
    """The command, killed when that part of its usual time is over."""
    trial = world.trial(command, number)
    outcome = trial.run_killed(part * world.seconds[command])
    trial.judge(outcome)


@pytest.mark.parametrize("command", COMMANDS)
def test_killed_in_the_midst(world: World, command: str) -> None:
    killed(world, command, 2, random.uniform(0.5, 0.95))


@pytest.mark.torture
@pytest.mark.parametrize("command", COMMANDS)
def test_killed_at_any_moment(world: World, command: str) -> None:
    for number in range(KILLS):
        killed(world, command, 100 + number, (number + random.random()) / KILLS)


def full(trial: Trial, kilobytes: int) -> Outcome:
    """The command where no file may grow beyond that size."""
    limit = (kilobytes * 1024, kilobytes * 1024)
    return trial.run(prepare=partial(resource.setrlimit, resource.RLIMIT_FSIZE, limit))


@pytest.mark.parametrize("command", ["update", "build"])
def test_a_full_disk_is_said_in_a_sentence_and_loses_nothing(world: World, command: str) -> None:
    trial = world.trial(command, 3)
    outcome = full(trial, 4)
    assert outcome.code == 2, outcome.said
    assert outcome.said.rstrip().splitlines()[-1].startswith("Error: ")
    trial.judge(outcome)


@pytest.mark.torture
@pytest.mark.parametrize("command", COMMANDS)
def test_a_disk_that_is_full_at_any_size(world: World, command: str) -> None:
    for number, kilobytes in enumerate(range(0, 400, 16)):
        trial = world.trial(command, 200 + number)
        trial.judge(full(trial, kilobytes))


@pytest.mark.parametrize("command", ["import", "build"])
def test_a_folder_that_may_not_be_written(world: World, command: str) -> None:
    trial = world.trial(command, 4)
    shut = trial.site if command == "build" else trial.places.data
    modes = {path: path.stat().st_mode for path in (shut, *shut.rglob("*"))}
    for path in modes:
        path.chmod(0o555 if path.is_dir() else 0o444)
    outcome = trial.run(prepare=drop_overrides)
    for path, mode in modes.items():
        path.chmod(mode)
    assert outcome.code == 2, outcome.said
    assert outcome.said.rstrip().splitlines()[-1].startswith("Error: ")
    trial.judge(outcome)


def calls(world: World, command: str, names: str, log: Path) -> int:
    """How often the command makes these system calls."""
    trial = world.trial(command, 5)
    outcome = trial.run(before=[str(STRACE), "-qq", "-o", str(log), "-e", f"trace={names}"])
    assert outcome.code == 0, outcome.said
    shutil.rmtree(trial.places.data.parent)
    return len(log.read_text(errors="replace").splitlines())


@pytest.mark.torture
@pytest.mark.skipif(STRACE is None, reason="strace is not installed")
@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("names", FAILURES)
def test_any_one_system_call_may_fail(
    world: World, command: str, names: str, tmp_path: Path
) -> None:
    total = calls(world, command, names, tmp_path / "calls")
    # Opening begins with the interpreter's own files; what is ours comes last.
    first = max(1, total - POINTS) if names == "openat" else 1
    step = max(1, (total - first) // POINTS)
    for number in range(first, total + 1, step):
        trial = world.trial(command, 1000 + number)
        inject = f"inject={names}:error={FAILURES[names]}:when={number}"
        log = str(tmp_path / "log")
        trial.judge(trial.run(before=[str(STRACE), "-qq", "-o", log, "-e", inject]))
