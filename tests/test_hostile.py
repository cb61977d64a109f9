"""Hostile input of all kinds, where it would do harm: no crash, no row, no connection."""

import asyncio
import json
import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from generator.errors import SourceFault
from generator.fetch import Fetcher, Limits
from generator.model import Vendor
from generator.providers import _feeds, recent
from generator.readers import Bounds, Readers
from generator.reading import Batch, Get, Reply
from generator.times import parse_iso, parse_rfc822
from tests.pages import Answer, Pages
from tests.shared import SHARED, needs_shared
from tests.test_readers import FEED, JSON, PAGE, feed, step

CORPORA = SHARED / "corpora"
SUITE = CORPORA / "json" / "JSONTestSuite"
BOMBS = CORPORA / "bombs"


def cases(name: str) -> list[Any]:
    found: list[Any] = json.loads((CORPORA / name).read_text(encoding="utf-8"))["cases"]
    return found


def read(body: bytes) -> Batch:
    """A page that answers this to whatever it is asked, read as Statuspage."""
    course = recent(JSON.vendor)
    asked = next(course)
    try:
        while True:
            asked = course.send([Reply(PAGE, 200, "application/json", body) for _ in asked])
    except StopIteration as end:
        batch: Batch = end.value
        return batch


# JSON


@needs_shared
def test_no_document_of_the_json_suite_crashes_or_makes_a_row() -> None:
    files = sorted(SUITE.glob("*/*.json"))
    assert len(files) == 318 + 22
    for file in files:
        with pytest.raises(SourceFault) as caught:
            read(file.read_bytes())
        assert caught.value.kind in ("unparseable", "not what it says"), file.name


@needs_shared
def test_a_document_of_the_suite_inside_a_good_one_is_judged_as_the_suite_does() -> None:
    """y_ is JSON and makes its row, n_ is none and makes no row, i_ is as the parser pleases."""
    row = (INCIDENT % "").encode()
    files = sorted(SUITE.glob("test_parsing/*.json"))
    assert len(files) == 318
    for file in files:
        inner = file.read_bytes()
        body = b'{"page":{"id":"p","name":"Acme"},"incidents":[%b],"x":%b}' % (row, inner)
        try:
            rows = len(read(body).incidents)
        except SourceFault:
            rows = 0
        if not file.name.startswith("i_"):
            assert rows == file.name.startswith("y_"), file.name


INCIDENT = (
    '{"id":"a","name":"Down","status":"resolved","impact":"minor","shortlink":"",'
    '"created_at":"2026-11-20T10:00:00Z","resolved_at":"2026-11-20T11:00:00Z",'
    '"components":[],"incident_updates":[]%s}'
)


@pytest.mark.parametrize(
    ("more", "rows"),
    [
        ("", 1),
        (',"x":NaN', None),
        (',"x":Infinity', None),
        (',"x":1e999', 1),
        (',"x":' + "9" * 5000, 1),
        (',"name":"\\ud800"', None),
        (',"name":"Twice"', 1),
        (',"x":' + "[" * 100_000 + "]" * 100_000, None),
        (',"created_at":20261120', 0),
        (',"created_at":"2026-11-20"', 0),
        (',"id":null', 0),
    ],
    ids=["whole", "NaN", "infinity", "1e999", "digits", "surrogate", "twice", "deep", "number",
         "zoneless", "null"],
)  # fmt: skip
def test_a_document_is_whole_or_makes_no_row(more: str, rows: int | None) -> None:
    """`rows`: None where the whole document is refused; 0 where the row costs itself."""
    page = '"page":{"id":"p","name":"Acme"}'
    body = f'{{{page},"incidents":[{INCIDENT % more}],"scheduled_maintenances":[]}}'.encode()
    if rows is None:
        with pytest.raises(SourceFault, match="unparseable"):
            read(body)
        return
    batch = read(body)
    assert len(batch.incidents) == rows
    msgspec.msgpack.encode(batch)


# Floods


@needs_shared
@pytest.mark.parametrize("kind", ["json", "xml", "html"])
def test_a_bomb_costs_little_and_makes_no_row(kind: str) -> None:
    readers = Readers(Bounds(processes=1))
    try:
        for file in sorted(BOMBS.glob(f"{kind}_*")):
            body = file.read_bytes()
            for task in (JSON, FEED):
                batch = step(readers, task, body)
                assert batch is None or not batch.incidents, file.name
    finally:
        readers.close()


@pytest.mark.parametrize(
    ("inside", "kind"),
    [
        ("<!DOCTYPE rss [<!ENTITY a 'aaaa'>]>", "refused"),
        ("<!DOCTYPE rss [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>", "refused"),
        ("<!DOCTYPE rss [<!ENTITY % p SYSTEM 'http://127.0.0.1/'> %p;]>", "refused"),
        ("<x xmlns:xi='http://www.w3.org/2001/XInclude'/>", "refused"),
        ("<a>" * 100 + "</a>" * 100, "too heavy"),
        ("<a/>" * 70_000, "too heavy"),
        ("<a " + " ".join(f"a{n}='1'" for n in range(300)) + "/>", "too heavy"),
        ("<a>" * 30_000, "too heavy"),
    ],
    ids=["entity", "file", "parameter", "include", "deep", "many", "attributes", "broken"],
)
def test_what_no_feed_has_is_refused_before_it_is_read(inside: str, kind: str) -> None:
    if inside.startswith("<!"):
        text = f"{inside}<rss version='2.0'><channel><title>&a;</title></channel></rss>"
    else:
        text = f"<rss version='2.0'><channel>{inside}</channel></rss>"
    with pytest.raises(SourceFault) as caught:
        _feeds.parse(Reply(PAGE, 200, "application/rss+xml", text.encode()))
    assert caught.value.kind == kind


def test_a_feed_is_never_taken_for_the_name_of_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """feedparser opens what it is handed, where there is a file of that name."""
    name = "<rss><channel><item><title>a<"
    (tmp_path / name).write_bytes(feed(3))
    monkeypatch.chdir(tmp_path)
    try:
        found = _feeds.parse(Reply(PAGE, 200, "application/rss+xml", name.encode()))
    except SourceFault:
        return
    assert found.entries == ()


# Dates


@needs_shared
@pytest.mark.parametrize("name", ["feedparser_dates", "own_hostile_dates"])
def test_a_date_is_the_instant_it_means_or_a_value_error(name: str) -> None:
    dates = cases(f"dates/{name}.json")
    assert len(dates) > 50
    understood = 0
    for case in dates:
        for parse in (parse_iso, parse_rfc822):
            try:
                when = parse(str(case["date"]))
            except ValueError:
                continue
            understood += 1
            assert 1990 <= when.year < 2100, case
            assert when.utcoffset() is not None
            if "expected_utc" in case:
                assert list(when.timetuple()[:6]) == (case["expected_utc"] or [])[:6], case
    assert understood >= 7


@pytest.mark.parametrize("number", ["99999999999999999999", "-1", "1e9", "٣"])
def test_a_number_that_no_date_has_is_a_value_error(number: str) -> None:
    for date in (
        f"Thu, {number} Nov 2026 10:00:00 GMT",
        f"Thu, 19 Nov {number} 10:00:00 GMT",
        f"Thu, 19 Nov 2026 {number}:00:00 GMT",
        f"Thu, 19 Nov 2026 10:00:{number} GMT",
        f"Thu, 19 Nov 2026 10:00:00 +{number}",
    ):
        try:
            assert 1990 <= parse_rfc822(date).year < 2100, date
        except ValueError:
            continue


@needs_shared
def test_a_feed_with_such_dates_gives_entries_or_faults() -> None:
    """Every one of them an instant or a recorded refusal."""
    dates = [str(case["date"]) for case in cases("dates/own_hostile_dates.json")]
    printable = [date for date in dates if date.strip() and date.isprintable()]
    items = "".join(
        f"<item><title>Down</title><guid>g{number}</guid><pubDate>{date}</pubDate></item>"
        for number, date in enumerate(printable)
    )
    document = f"<rss version='2.0'><channel><title>Acme</title>{items}</channel></rss>"
    reply = Reply(PAGE, 200, "application/rss+xml", document.encode())
    found = _feeds.parse(reply)
    assert len(found.entries) + len(reply.faults) == len(printable)
    assert {fault.kind for fault in reply.faults} == {"bad record"}


# Connections


class Dialled:
    """Every address that a socket of this process is connected to, while it listens."""

    def __init__(self) -> None:
        self.to: list[str] = []
        self.on = False
        sys.addaudithook(self._hear)

    def _hear(self, event: str, told: tuple[Any, ...]) -> None:
        if self.on and event == "socket.connect" and isinstance(told[1], tuple):
            self.to.append(str(told[1][0]))


@pytest.fixture(scope="module")
def hook() -> Dialled:
    return Dialled()


@pytest.fixture
def dialled(hook: Dialled) -> Iterator[Dialled]:
    hook.to.clear()
    hook.on = True
    yield hook
    hook.on = False


def refused(urls: list[str], deadline: float = 2.0) -> None:
    """Ask each of them; all must end in a fault."""
    fetcher = Fetcher("test", limits=Limits(deadline=deadline, attempts=1))

    async def ask(url: str) -> None:
        async with fetcher.session(Vendor("acme", "Acme", "", url, "feed", "")) as session:
            with pytest.raises(SourceFault):
                await session.get([Get("")], fresh=True)

    async def ask_all() -> None:
        for url in urls:
            await ask(url)

    asyncio.run(ask_all())


@needs_shared
def test_no_spelling_makes_a_connection_that_is_not_public(dialled: Dialled) -> None:
    # Names that this machine would have to ask others for are left out.
    urls = [
        case["url"]
        for case in cases("urls/ssrf_spellings.json")
        if case["must"] == "refuse"
        and not any(address.startswith("!") for address in case.get("resolves_to", ()))
    ]
    for case in cases("urls/advocate_addresses.json"):
        if case["must"] == "block" and case["kind"] == "ip":
            value = case["value"]
            urls += [f"http://[{value}]/" if ":" in value else f"http://{value}/"]
    urls += [
        f"http://[{case['ip']}]/" if ":" in case["ip"] else f"http://{case['ip']}/"
        for case in cases("urls/miniflux_ips.json")
        if case["non_public"]
    ]
    assert len(urls) > 60
    refused(urls)
    assert dialled.to == []


def test_a_name_that_changes_its_mind_is_connected_to_where_it_was_checked(
    dialled: Dialled, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rebinding: what was checked is what is dialled, and nobody asks for a second answer."""
    answers = iter(["127.0.0.1", "10.0.0.1"])

    def resolve(host: str, port: int, *_: object, **__: object) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(answers), port))]

    async def one(address: str) -> None:
        fetcher = Fetcher("test", allow_loopback=True, limits=Limits(deadline=2.0, attempts=1))
        async with fetcher.session(Vendor("acme", "Acme", "", address, "feed", "")) as session:
            (reply,) = await session.get([Get("x")], fresh=True)
            assert reply is not None
            assert reply.body.read() == b"here"

    with Pages() as pages:
        pages.answers["/x"] = Answer(b"here")
        port = pages.address.rpartition(":")[2]
        monkeypatch.setattr(socket, "getaddrinfo", resolve)
        asyncio.run(one(f"http://rebind.example:{port}"))
    assert dialled.to == ["127.0.0.1"]
    assert next(answers) == "10.0.0.1"


@needs_shared
def test_no_redirect_leads_where_an_address_may_not(dialled: Dialled) -> None:
    """A page on loopback says so, which may be read here; no other address is."""
    targets = [
        case["url"] for case in cases("urls/ssrf_spellings.json") if case["must"] == "refuse"
    ]
    targets += ["//10.0.0.1/", "http:///x", "\\\\10.0.0.1\\x", "https://127.0.0.2:22/", "ftp://a/"]
    with Pages() as pages:
        for number, target in enumerate(targets):
            location = target.encode("ascii", "replace").decode().replace("\n", "").strip()
            pages.answers[f"/{number}"] = Answer(b"", 302, {"Location": location})

        async def ask(number: int) -> None:
            fetcher = Fetcher("t", allow_loopback=True, limits=Limits(deadline=2.0, attempts=1))
            async with fetcher.session(Vendor("a", "A", "", pages.address, "feed", "")) as session:
                with pytest.raises(SourceFault):
                    await session.get([Get(str(number))], fresh=True)

        for number in range(len(targets)):
            asyncio.run(ask(number))
    assert set(dialled.to) == {"127.0.0.1"}


def test_a_name_that_turns_private_between_two_requests_is_left(
    dialled: Dialled, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A redirect is a request of its own: its name is looked up and checked again."""
    answers = iter(["127.0.0.1", "10.0.0.1"])

    def resolve(host: str, port: int, *_: object, **__: object) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(answers), port))]

    async def ask(address: str) -> SourceFault:
        fetcher = Fetcher("t", allow_loopback=True, limits=Limits(deadline=2.0, attempts=1))
        async with fetcher.session(Vendor("a", "A", "", address, "feed", "")) as session:
            with pytest.raises(SourceFault) as caught:
                await session.get([Get("x")], fresh=True)
        return caught.value

    with Pages() as pages:
        port = pages.address.rpartition(":")[2]
        away = f"http://www.rebind.example:{port}/y"
        pages.answers["/x"] = Answer(b"", 302, {"Location": away})
        monkeypatch.setattr(socket, "getaddrinfo", resolve)
        fault = asyncio.run(ask(f"http://rebind.example:{port}"))
    assert (fault.kind, dialled.to) == ("refused", ["127.0.0.1"])
    assert "www.rebind.example is 10.0.0.1, which is not public" in fault.reason


# Slow and endless pages


def test_a_page_that_drips_or_redirects_without_end_is_left_in_time() -> None:
    with Pages() as pages:
        pages.answers["/round"] = Answer(b"", 302, {"Location": "/round"})
        pages.answers["/drip"] = Answer(b"x" * 600, headers={"X-Drip": "0.05"})

        async def one(path: str) -> SourceFault:
            fetcher = Fetcher("t", allow_loopback=True, limits=Limits(deadline=0.4, attempts=1))
            vendor = Vendor("acme", "Acme", "", pages.address, "feed", "")
            async with fetcher.session(vendor) as session:
                with pytest.raises(SourceFault) as caught:
                    await session.get([Get(path)], fresh=True)
                assert session.spent < 2
            return caught.value

        assert asyncio.run(one("drip")).kind == "slow"
        assert asyncio.run(one("round")).kind == "moved"
        assert pages.log["/round"] == 6


@needs_shared
def test_only_gzip_that_is_whole_and_small_is_inflated() -> None:
    manifest = json.loads((BOMBS / "MANIFEST.json").read_text(encoding="utf-8"))
    with Pages() as pages:
        for name, about in manifest.items():
            if not about.get("content_encoding"):
                continue
            body = (BOMBS / name).read_bytes()
            headers = {"Content-Encoding": about["content_encoding"]}
            pages.answers[f"/{name}"] = Answer(body, headers=headers)

        async def one(name: str) -> str:
            fetcher = Fetcher("t", allow_loopback=True, limits=Limits(attempts=1))
            vendor = Vendor("acme", "Acme", "", pages.address, "feed", "")
            async with fetcher.session(vendor) as session:
                with pytest.raises(SourceFault) as caught:
                    await session.get([Get(name)], fresh=True)
            return caught.value.kind

        names = [path.removeprefix("/") for path in pages.answers]
        found = {name: asyncio.run(one(name)) for name in names}
    assert found["gzip_256M.bin"] == "too large"
    assert found["gzip_truncated.bin"] == "unparseable"
    assert found["brotli_256M.bin"] == found["gzip_twice.bin"] == "not what it says"
    assert set(found.values()) <= {"too large", "unparseable", "not what it says"}
