"""Reading in processes that can be killed: the same steps, whatever becomes of the process."""

import asyncio
import json
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from generator.bodies import Body, Held
from generator.errors import SourceFault
from generator.model import Fault, Vendor
from generator.readers import Bounds, Course, Readers
from generator.reading import Batch, Reply
from generator.scrape import first_asked
from generator.worker import Task
from tests.replay import Case, found_in, outcome

FIXTURES = Path(__file__).parent / "fixtures"
CASES = sorted(file.parent for file in FIXTURES.glob("*/*/case.toml"))


def held(reply: Reply) -> Held:
    body = Body(reply.url, zipped=False, wire=50_000_000, largest=50_000_000)
    body.feed(reply.body)
    body.end()
    return Held(reply.url, reply.status, reply.content_type, body)


async def walked(readers: Readers, case: Case, *, bloody: bool) -> tuple[Batch, list[Fault]]:
    """Drive a case through the processes; `bloody`: each is killed after its step."""
    course = Course(Task(case.vendor, case.walk, case.watch, case.cursor))
    asked = first_asked(course.task)
    while True:
        step = await readers.step(course, [held(case.reply(get)) for get in asked])
        if step.failure:
            raise SourceFault(*step.failure)
        if step.batch is not None:
            return step.batch, list(step.faults)
        asked = [ask.get() for ask in step.asked or ()]
        if bloody:
            readers.close()


@pytest.fixture(scope="module")
def readers() -> Iterator[Readers]:
    readers = Readers(Bounds(processes=1))
    yield readers
    readers.close()


@pytest.mark.parametrize(
    ("cases", "bloody"),
    [(CASES, False), (CASES[::12], True)],
    ids=["whole", "killed after each step"],
)
def test_fixtures_read_the_same_elsewhere(
    readers: Readers, cases: Sequence[Path], bloody: bool
) -> None:
    async def all_of_them() -> None:
        for folder in cases:
            case = Case(folder)
            try:
                found = found_in(*await walked(readers, case, bloody=bloody))
            except SourceFault as fault:
                found = {"failure": str(fault)}
            expected = outcome(case)
            assert found == expected, folder

    asyncio.run(all_of_them())


PAGE = "https://status.acme.example"
WHEN = "2026-11-21T10:00:00Z"
FEED = Task(Vendor("acme", "Acme", "", PAGE, "feed", ""))
JSON = Task(Vendor("acme", "Acme", "", PAGE, "statuspage", ""))
ENTRY = (
    "<item><title>Down</title><guid>{}</guid>"
    "<pubDate>Sat, 21 Nov 2026 10:00:00 GMT</pubDate></item>"
)


MARK = b"&lt;p&gt;&lt;small&gt;"


def feed(entries: int) -> bytes:
    items = "".join(map(ENTRY.format, range(entries)))
    return f"<rss version='2.0'><channel><title>Acme</title>{items}</channel></rss>".encode()


def endless() -> bytes:
    """A feed of one entry, with marks that a reader looks for the end of, each to the end."""
    return feed(1).replace(b"</item>", b"<description>%b</description></item>" % (MARK * 60_000))


def answered(task: Task, body: bytes) -> Sequence[Held]:
    """The first replies of a task: this body to whatever it asks."""
    content = "application/rss+xml" if task is FEED else "application/json"
    return [held(Reply(PAGE, 200, content, body)) for _ in first_asked(task)]


def step(readers: Readers, task: Task, body: bytes) -> Batch | None:
    return asyncio.run(readers.step(Course(task), answered(task, body))).batch


@pytest.mark.parametrize(
    ("bounds", "task", "body", "says"),
    [
        (Bounds(cpu=0.3), FEED, endless(), "over 0.3 s of processor time"),
        (Bounds(wall=2.0), FEED, endless(), "over 2 s"),
        (Bounds(memory=40_000_000), JSON, b"[" + b"{}," * 9_000_000 + b"{}]", "bytes of memory"),
    ],
    ids=["processor", "clock", "memory"],
)
def test_what_costs_too_much_is_a_fault_and_the_next_is_read(
    bounds: Bounds, task: Task, body: bytes, says: str
) -> None:
    readers = Readers(bounds)
    try:
        with pytest.raises(SourceFault, match=says) as caught:
            step(readers, task, body)
        assert caught.value.kind == "too heavy"
        batch = step(readers, FEED, feed(1))
        assert batch is not None
        assert len(batch.incidents) == 1
    finally:
        readers.close()


class Door(threading.Event):
    """Opens as soon as somebody waits for it."""

    def wait(self, timeout: float | None = None) -> bool:
        self.set()
        return super().wait(timeout)


def test_a_step_waits_for_room_and_tells_its_size(readers: Readers) -> None:
    course = Course(FEED, Door())
    answer = asyncio.run(readers.step(course, answered(FEED, feed(3))))
    assert answer.batch is not None
    assert course.room is not None
    assert course.room.is_set(), "it was waited for"
    assert course.size > 3 * len("Down")


SLOW = """
import os, time
os.write(1, bytes(4))
os.read(0, 10)
os.write(1, b"!")
time.sleep(1000)
"""


def test_an_answer_that_is_begun_has_no_longer_than_one_that_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a process would answer that what it reads has taken over."""
    package = tmp_path / "generator"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "worker.py").write_text(SLOW)
    monkeypatch.setattr("generator.child.ROOT", tmp_path)
    readers = Readers(Bounds(wall=0.2))
    try:
        with pytest.raises(SourceFault, match=r"over 0\.2 s"):
            step(readers, JSON, b"{}")
    finally:
        readers.close()


def test_a_reason_is_as_long_as_anybody_reads(readers: Readers) -> None:
    """A page that says nothing but one word of a hundred thousand letters in place of its dates."""
    odd = feed(1).replace(b"Sat, 21 Nov 2026 10:00:00 GMT", b"d" * 100_000)
    answer = asyncio.run(readers.step(Course(FEED), answered(FEED, odd)))
    assert answer.faults
    assert all(len(fault.reason) < 1000 for fault in answer.faults)


def marked(posts: int) -> bytes:
    """Posts that cost little to read, and much to make clean: endless signs, each to be escaped."""
    rows = [
        {"id": f"u{number}", "status": "update", "body": "&" * 50_000, "created_at": WHEN}
        for number in range(posts)
    ]
    told = {"id": "a", "name": "Down", "status": "investigating", "impact": "minor"}
    row = {**told, "created_at": WHEN, "incident_updates": rows}
    return json.dumps({"page": {"id": "p"}, "incidents": [row]}).encode()


def test_what_costs_too_much_to_make_clean_is_not_read_either() -> None:
    readers = Readers(Bounds(cpu=1))
    try:
        assert step(readers, JSON, marked(1)) is not None
        with pytest.raises(SourceFault, match=r"over 1 s of processor time"):
            step(readers, JSON, marked(40))
    finally:
        readers.close()
