"""Killed, out of disk, or shut out, at any moment: nothing is lost, and the next run mends it.

`make test` breaks each command a few times, `make torture` some thousand times.
"""

import random
import subprocess
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest

from generator.demo.server import FleetServer
from tests import breaking
from tests.breaking import CHANGING, FAILURES, STRACE, Call
from tests.bucket import serving
from tests.crashing import DRAWING, Trial, World, fleet_at_new_year
from tests.starter import Starter

pytestmark = pytest.mark.xdist_group("crashes")
traced = pytest.mark.skipif(STRACE is None, reason="strace is not installed")
# Of an archive in one file, and of one with closed years.
ONE, YEARS = "one file", "closed years"
CASES = [
    *((ONE, command) for command in ("update", "backfill", "import", "merge", "rollover")),
    *((ONE, command) for command in ("build", "build a shard", "assemble")),
    *((YEARS, command) for command in ("update", "backfill", "import", "merge")),
]
everywhere = pytest.mark.parametrize(("kind", "command"), [*CASES, (ONE, "build by two")])
by_one = pytest.mark.parametrize(("kind", "command"), CASES)
KILLS, MOST, FILLS = 40, 200, 24

Worlds = Callable[[str], World]
Tell = Callable[[str, object], None]


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Worlds]:
    """Either world, made when it is first asked for."""
    made: list[World] = []
    fleet = fleet_at_new_year()
    with FleetServer(fleet) as server, serving() as store:

        @cache
        def world(kind: str) -> World:
            folder = tmp_path_factory.mktemp("world")
            made.append(World(folder, server, store, fleet, closed=kind == YEARS))
            return made[-1]

        yield world
        for each in made:
            each.close()


@pytest.fixture(scope="module")
def apart() -> Iterator[Starter]:
    """Starts commands where a disk of any size can be had."""
    allowed = ["unshare", "--map-root-user", "--mount", "mount", "-t", "tmpfs", "tmpfs", "/mnt"]
    try:
        subprocess.run(allowed, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("no disk of its own can be had here: user namespaces are not allowed")
    starter = Starter(apart=True)
    yield starter
    starter.close()


def spread(total: int, most: int) -> list[int]:
    """So many of the numbers below `total`, evenly; all where there are no more."""
    return sorted({number * total // most for number in range(most)} & {*range(total)})


@pytest.mark.parametrize(
    "command", ["update", "backfill", "import", "merge", "rollover", "build", "assemble", "publish"]
)
def test_killed_in_the_midst(worlds: Worlds, command: str) -> None:
    world = worlds(ONE)
    usual = breaking.seconds(world.trial(command))
    trial = world.trial(command)
    trial.judge(breaking.killed(trial, random.uniform(0.1, 0.95) * usual))


@pytest.mark.torture
@pytest.mark.parametrize(
    ("kind", "command"), [*CASES, (ONE, "build by two"), (ONE, "publish"), (YEARS, "rollover")]
)
def test_killed_at_any_moment(
    worlds: Worlds, kind: str, command: str, record_property: Tell
) -> None:
    world = worlds(kind)
    world.after(command)
    usual = breaking.seconds(world.trial(command))
    hit = 0
    while hit < KILLS:  # what was done before its moment came does not count
        trial = world.trial(command)
        outcome = breaking.killed(trial, usual * (hit + random.random()) / KILLS)
        hit += outcome.code != 0
        trial.judge(outcome)
        usual *= 0.9 if outcome.code == 0 else 1
    record_property("tried", ["kills at a random moment", hit])


@pytest.mark.torture
def test_who_has_published_all_ends_well(worlds: Worlds) -> None:
    """A library's threads that came back while the process ended aborted one in fifty."""
    world = worlds(ONE)
    world.after("publish")
    for _ in range(MOST):
        outcome = world.trial("publish").run()
        assert outcome.code == 0, outcome


@pytest.mark.torture
@traced
@by_one
def test_killed_at_any_change_of_a_file(
    worlds: Worlds, kind: str, command: str, tmp_path: Path, record_property: Tell
) -> None:
    world = worlds(kind)
    log = tmp_path / "log"
    changing = [call for call in reached(world, command, log) if call.name in CHANGING]
    hit = 0
    for number in spread(len(changing), KILLS):
        trial = world.trial(command)
        outcome = breaking.killed_at(trial, log, changing[number])
        hit += outcome.code != 0
        trial.judge(outcome)
    record_property("tried", ["kills at a change of a file", hit])


@pytest.mark.parametrize("command", ["update", "build", "assemble", "rollover"])
def test_a_full_disk_is_said_in_a_sentence_and_loses_nothing(worlds: Worlds, command: str) -> None:
    trial = worlds(ONE).trial(command)
    outcome = breaking.bounded(trial, 4)
    assert outcome.code == 2, outcome.said
    trial.judge(outcome)


@pytest.mark.torture
@everywhere
def test_a_disk_that_is_full_at_any_stage(
    worlds: Worlds, apart: Starter, kind: str, command: str, record_property: Tell
) -> None:
    world = worlds(kind)
    most = growth(world, command)
    hit = 0
    for number in range(FILLS):
        trial = world.trial(command)
        outcome = breaking.full(trial, most * number // FILLS, apart)
        hit += outcome.code != 0
        trial.judge(outcome)
    record_property("tried", ["full disks", hit])


@pytest.mark.torture
@everywhere
def test_a_file_that_may_not_grow(
    worlds: Worlds, kind: str, command: str, record_property: Tell
) -> None:
    world = worlds(kind)
    hit = 0
    for kilobytes in range(4, 100, 8):
        trial = world.trial(command)
        outcome = breaking.bounded(trial, kilobytes)
        hit += outcome.code != 0
        trial.judge(outcome)
    record_property("tried", ["files that may not grow", hit])


Chosen = Mapping[str, Callable[[Trial], list[Path]]]
READ_ONLY: Chosen = {
    "the data folder": lambda trial: tree(trial.places.data),
    "the archive": lambda trial: [trial.places.archive],
    "the folder of the archive": lambda trial: [trial.places.data],
    "the closed years": lambda trial: tree(trial.places.years),
}
UNWRITABLE: Chosen = {
    "the site": lambda trial: tree(trial.site),
    "its root": lambda trial: [trial.site],
    "the folder of a page": lambda trial: [next(news(trial)).parent],
}


def tree(folder: Path) -> list[Path]:
    return [folder, *folder.rglob("*")] if folder.exists() else []


def news(trial: Trial) -> Iterator[Path]:
    """The pages that the command is to draw anew."""
    _, files = trial.world.after(trial.command)
    yield from (
        trial.site / path for path in trial.yesterday if files[path] != trial.yesterday[path]
    )


def shut_out(world: World, command: str, what: str) -> None:
    trial = world.trial(command)
    paths = {**READ_ONLY, **UNWRITABLE}[what](trial)
    outcome = breaking.shut(trial, *paths)
    # Who only reads an archive does not mind.
    reads = command in DRAWING and what in READ_ONLY
    assert outcome.code == (0 if reads or not paths else 2), outcome.said
    trial.judge(outcome)


@pytest.mark.parametrize(
    ("command", "what"),
    [
        ("import", "the data folder"),
        ("rollover", "the folder of the archive"),
        ("build", "the archive"),
        ("build", "the site"),
        ("assemble", "the folder of a page"),
    ],
)
def test_what_may_not_be_written(worlds: Worlds, command: str, what: str) -> None:
    shut_out(worlds(ONE), command, what)


@pytest.mark.torture
@everywhere
def test_files_and_folders_that_may_not_be_written(
    worlds: Worlds, kind: str, command: str, record_property: Tell
) -> None:
    tables = [*READ_ONLY, *(UNWRITABLE if command in DRAWING else ())]
    for what in tables:
        shut_out(worlds(kind), command, what)
    record_property("tried", ["files and folders that may not be written", len(tables)])


def reached(world: World, command: str, log: Path) -> list[Call]:
    """The calls that the command makes where its files are."""
    world.after(command)
    return breaking.calls(world.trial(command), log)


def growth(world: World, command: str) -> int:
    """By how many kilobytes the command's folder grows, and a bit."""
    world.after(command)
    trial = world.trial(command)
    before = size(trial.folder)
    trial.run()
    return size(trial.folder) - before + 32


def size(folder: Path) -> int:
    return sum(-(-file.stat().st_size // 4096) * 4 for file in folder.rglob("*") if file.is_file())


@pytest.mark.torture
@traced
@by_one
@pytest.mark.parametrize("what", FAILURES)
def test_any_one_system_call_may_fail(
    worlds: Worlds, kind: str, command: str, what: str, tmp_path: Path, record_property: Tell
) -> None:
    world = worlds(kind)
    names, error = FAILURES[what]
    log = tmp_path / "log"
    found = [call for call in reached(world, command, log) if call.name in names]
    hit = 0
    for number in spread(len(found), MOST):
        call = found[number]
        trial = world.trial(command)
        outcome, failed = breaking.failing(trial, log, call, error)
        hit += failed
        assert outcome.code == 2 or not failed or harmless(trial, call), (call, outcome)
        trial.judge(outcome)
    record_property("tried", [f"times {what} failing", hit])


def harmless(trial: Trial, call: Call) -> bool:
    """Whether work can be done without the call.

    What is only looked at or cleared away may be out of reach; SQLite does not hear of a journal's
    name that is not synced, which it is again when the journal goes.
    """
    if call.name in ("openat", "mkdir", "unlink", "unlinkat", "rmdir"):
        return True
    return call.name == "fdatasync" and ".db" not in Path(call.path).name
