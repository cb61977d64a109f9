"""Several processes draw the site that one draws, and what befalls one of them ends the build.

The process of the tests has threads, and one that has must not be forked: scripts do it.
"""

import os
import signal
import subprocess
import sys
from ast import literal_eval
from dataclasses import replace
from datetime import date, timedelta
from multiprocessing import parent_process
from pathlib import Path

import pytest

from generator.durable import DRAFT
from generator.model import Kept
from generator.render.hands import WORTH_SHARING, cores
from generator.render.site import build
from tests.render_archive import CONFIG, Memory, at, incident, keep, vendor
from tests.test_render_build import contents

SLUGS = ("acme", "beta", "delta", "gamma", "sigma")
VENDORS = {slug: vendor(slug) for slug in SLUGS}
DAY = date(2026, 11, 22)

START = """
import os, signal, sys
from contextlib import nullcontext
from dataclasses import replace
from datetime import timedelta
from multiprocessing import parent_process
from pathlib import Path
from generator.errors import BuildError
from generator.render.hands import Hands
from tests.test_render_crew import CONFIG, DAY, VENDORS, Memory, Struck, at, build, filled

def refuse():
    raise BuildError("The disk is full.")

def drawn(out, jobs, archive, config=CONFIG, day=DAY, there=None):
    hands = Hands(lambda: nullcontext(there or archive), jobs)
    return build(archive, VENDORS, config, Path(out), day, hands=hands)
"""


class Struck(Memory):
    """An archive at one of whose vendors something befalls the process that draws it."""

    blow: object = None

    def kept(self, vendor: str) -> list[Kept]:
        if vendor == "gamma" and callable(self.blow) and parent_process():
            self.blow()
        return super().kept(vendor)


def filled(archive: Memory) -> Memory:
    archive.run(
        *(
            keep(slug, f"2024-0{month}-03-x", incident(f"{slug} {month}", start))
            for place, slug in enumerate(SLUGS[:-1])  # one has nothing yet
            for month in range(1, 3 + place)
            for start in [at(f"2024-0{month}-03 10:00")]
        )
    )
    return archive


def script(code: str, *words: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", START + code, *map(str, words)],
        cwd=Path(__file__).parents[1],
        capture_output=True,
        text=True,
        check=False,
    )


def test_however_many_draw_the_site_is_the_same(tmp_path: Path) -> None:
    told = script(
        "for jobs in (2, 3, 9): print(drawn(f'{sys.argv[1]}/{jobs}', jobs, filled(Struck())))",
        tmp_path,
    )
    expected = build(filled(Memory()), VENDORS, CONFIG, tmp_path / "1", DAY)
    assert told.stdout.splitlines() == [str(expected)] * 3, told.stderr
    for jobs in "239":
        assert contents(tmp_path / jobs) == contents(tmp_path / "1"), "the manifest too"


def test_the_next_day_is_drawn_by_all_of_them(tmp_path: Path) -> None:
    """And what it reads, each reads where it has opened the archive itself."""
    code = """
class Held(Memory):
    def outlines(self, days=None):
        assert not parent_process(), "this one is the first process's"
        return super().outlines(days)

archive = filled(Held())
archive.run(replace(archive.get("acme", "2024-01-03-x"), changed_at=at("2026-11-22 12:00")))
there = Memory(archive.records, archive.sequence)
for day in (DAY, DAY + timedelta(days=1)):
    print(drawn(sys.argv[1], 2, archive, day=day, there=there))
    archive.run(replace(archive.get("beta", "2024-01-03-x"), changed_at=at("2026-11-23 12:00")))
    there.sequence = archive.sequence
"""
    told = script(code, tmp_path / "two")
    assert not told.stderr
    archive = filled(Memory())
    archive.run(replace(archive.get("acme", "2024-01-03-x"), changed_at=at("2026-11-22 12:00")))
    build(archive, VENDORS, CONFIG, tmp_path / "one", DAY)
    archive.run(replace(archive.get("beta", "2024-01-03-x"), changed_at=at("2026-11-23 12:00")))
    build(archive, VENDORS, CONFIG, tmp_path / "one", DAY + timedelta(days=1), clean=True)
    assert len(told.stdout.splitlines()) == 2
    assert contents(tmp_path / "two") == contents(tmp_path / "one")


@pytest.mark.parametrize(
    ("blow", "sentence"),
    [
        ("lambda: os.kill(os.getpid(), signal.SIGKILL)", "drawing gamma was killed by SIGKILL"),
        ("lambda: [][0]", "drawing gamma failed. What stood"),
        ("refuse", "The disk is full."),
    ],
)
def test_what_befalls_a_process_ends_the_build(tmp_path: Path, blow: str, sentence: str) -> None:
    build(filled(Memory()), VENDORS, CONFIG, tmp_path / "site", DAY)
    before = contents(tmp_path / "site")
    told = script(
        f"""
archive = filled(Struck())
archive.blow = {blow}
try:
    drawn(sys.argv[1], 2, archive, replace(CONFIG, title="Another"))
except BuildError as error:
    print(error)
try:
    os.waitpid(-1, os.WNOHANG)
except ChildProcessError:
    print("none is left")
""",
        tmp_path / "site",
    )
    assert sentence in told.stdout, told.stderr
    assert told.stdout.endswith("none is left\n")
    after = contents(tmp_path / "site")
    # What the others were just writing stands beside its place, where the next build clears it up.
    pages = {path for path in after if not path.endswith(DRAFT)}
    assert pages == before.keys(), "no page is gone, none half there"
    assert after["index.html"] == before["index.html"], "it would lead to what was not drawn"
    build(filled(Memory()), VENDORS, CONFIG, tmp_path / "site", DAY)
    assert contents(tmp_path / "site") == before, "the next build mends all"


@pytest.mark.parametrize(
    "task",
    [
        "return Drawn(Part(1))",
        "os.kill(os.getppid(), signal.SIGKILL); signal.pause()",  # another build may begin now
    ],
)
def test_processes_end_with_who_gave_them_work(task: str) -> None:
    read, write = os.pipe()
    code = f"""
from generator.render.crew import crew_of
from generator.render.work import Drawn, Part

def do(task):
    os.write({write}, b"!")
    {task}

with crew_of(3, lambda: nullcontext(do), Drawn) as crew:
    next(crew.do("abcd"))
    os.kill(os.getpid(), signal.SIGKILL)
"""
    ended = subprocess.run(
        [sys.executable, "-c", START + code],
        cwd=Path(__file__).parents[1],
        pass_fds=(write,),
        check=False,
    )
    os.close(write)
    with os.fdopen(read, "rb") as pipe:
        pipe.read()  # until nobody has its other end any more
    assert ended.returncode == -signal.SIGKILL


def test_one_process_alone_draws_the_largest() -> None:
    code = """
from generator.render.crew import crew_of
from generator.render.work import Drawn, Part

with crew_of(3, lambda: nullcontext(lambda task: Drawn(Part(os.getpid()))), Drawn) as crew:
    print([(task, told.part.pages) for task, told in crew.do("abcdefgh")])
"""
    told = script(code)
    assert not told.stderr
    by = dict(literal_eval(told.stdout))
    assert sorted(by) == list("abcdefgh"), "each is done, once"
    assert len({by["a"], by["h"], by["g"]}) == 3, "the largest by one, the smallest by the others"


@pytest.mark.parametrize(
    ("jobs", "incidents", "expected"),
    [
        (None, WORTH_SHARING - 1, 1),
        (None, WORTH_SHARING, cores()),
        (1, 10**6, 1),
        (7, 0, 7),
    ],
)
def test_as_many_as_were_asked_for_or_are_worth_it(
    jobs: int | None, incidents: int, expected: int, tmp_path: Path
) -> None:
    told = script(f"print(Hands(None, {jobs}).worth({incidents}))")
    assert told.stdout == f"{expected}\n", told.stderr


def test_a_process_with_threads_is_not_forked() -> None:
    told = script(
        "import threading; held = threading.Event(); "
        "threading.Thread(target=held.wait, daemon=True).start(); print(Hands(None, 7).worth(0))"
    )
    assert told.stdout == "1\n", told.stderr
