"""The network: polite, bounded, deaf to private addresses."""

import asyncio
import gzip
from collections.abc import Iterator, Mapping

import pytest

from generator.addresses import check, is_public
from generator.bodies import Held
from generator.errors import SourceFault
from generator.fetch import Fetcher, Limits, Session
from generator.model import Vendor
from generator.reading import Get, Validator
from tests.pages import Answer, Pages

QUICK = Limits(deadline=2.0, wire=10_000, inflated=20_000, backoff=0.0)


@pytest.fixture
def pages() -> Iterator[Pages]:
    with Pages() as server:
        yield server


def vendor(page: str) -> Vendor:
    return Vendor("acme", "Acme", "https://acme.example", page, "statuspage", "cloud")


def fetch(
    page: str,
    get: Get,
    known: Mapping[str, Validator] | None = None,
    *,
    allow_loopback: bool = True,
    limits: Limits = QUICK,
) -> tuple[Held | None, Session]:
    async def one() -> tuple[Held | None, Session]:
        fetcher = Fetcher("test (+x)", allow_loopback=allow_loopback, limits=limits)
        async with fetcher.session(vendor(page), known) as session:
            (reply,) = await session.get([get], fresh=False)
            return reply, session

    return asyncio.run(one())


def fault(page: str, get: Get, **how: object) -> SourceFault:
    with pytest.raises(SourceFault) as caught:
        fetch(page, get, **how)  # type: ignore[arg-type]
    return caught.value


def test_a_page_below_a_path_is_asked_there_and_told_who_asks(pages: Pages) -> None:
    def answer(headers: Mapping[str, str]) -> Answer:
        return Answer(f"{headers['User-Agent']}|{headers['Accept-Encoding']}".encode())

    pages.answers["/sub/page/api/x.json?limit=5"] = answer
    reply, session = fetch(f"{pages.address}/sub/page/", Get("api/x.json", limit="5"))
    assert reply is not None
    assert reply.body.read() == b"test (+x)|gzip"
    assert (session.requests, session.received) == (1, reply.body.size)


def test_what_has_not_changed_comes_back_as_none(pages: Pages) -> None:
    def answer(headers: Mapping[str, str]) -> Answer:
        unchanged = headers.get("If-None-Match") == '"v1"'
        return Answer(b"" if unchanged else b"body", 304 if unchanged else 200, {"ETag": '"v1"'})

    pages.answers["/x"] = answer
    first, session = fetch(pages.address, Get("x"))
    again, later = fetch(pages.address, Get("x"), session.seen)
    assert first is not None
    assert again is None
    assert later.received == 0
    assert later.seen == session.seen


def test_without_an_etag_the_hash_tells(pages: Pages) -> None:
    pages.answers["/x"] = Answer(b"same")
    _, session = fetch(pages.address, Get("x"))
    assert fetch(pages.address, Get("x"), session.seen)[0] is None
    always, _ = fetch(pages.address, Get("x", always=True), session.seen)
    assert always is not None


@pytest.mark.parametrize(
    ("status", "kind"),
    [(403, "blocked"), (404, "gone"), (500, "server error"), (418, "not what it says")],
)
def test_a_refusal_is_a_fault_of_its_class(pages: Pages, status: int, kind: str) -> None:
    pages.answers["/x"] = Answer(b"", status)
    assert fault(pages.address, Get("x")).kind == kind


def test_an_optional_page_may_be_absent(pages: Pages) -> None:
    reply, _ = fetch(pages.address, Get("x", optional=True))
    assert reply is not None
    assert reply.status == 404


def test_a_refusal_means_absent_only_where_that_is_asked_for(pages: Pages) -> None:
    pages.answers["/x"] = Answer(b"<Error><Code>AccessDenied</Code></Error>", 403)
    assert fault(pages.address, Get("x", optional=True)).kind == "blocked"
    reply, _ = fetch(pages.address, Get("x", optional=True, absent=(403,)))
    assert reply is not None
    assert reply.status == 403


def test_a_server_error_is_tried_again(pages: Pages) -> None:
    def answer(_: Mapping[str, str]) -> Answer:
        return Answer(b"up", 503 if pages.log["/x"] < 3 else 200)

    pages.answers["/x"] = answer
    reply, session = fetch(pages.address, Get("x"))
    assert reply is not None
    assert session.requests == 3


def test_a_time_to_come_back_that_is_none_is_not_heeded(pages: Pages) -> None:
    pages.answers["/x"] = Answer(b"", 429, {"Retry-After": f"Thu, 01 Jan {9**30} 00:00:00 GMT"})
    assert fault(pages.address, Get("x")).kind == "blocked"
    assert pages.log["/x"] == 3


def test_who_asks_to_come_back_later_than_the_deadline_is_left_alone(pages: Pages) -> None:
    pages.answers["/x"] = Answer(b"", 429, {"Retry-After": "3600"})
    assert fault(pages.address, Get("x")).kind == "slow"
    assert pages.log["/x"] == 1


def test_gzip_is_inflated_within_bounds(pages: Pages) -> None:
    zipped = {"Content-Encoding": "gzip"}
    pages.answers["/fits"] = Answer(gzip.compress(b"a" * 19_000), headers=zipped)
    pages.answers["/bomb"] = Answer(gzip.compress(b"a" * 9_000_000), headers=zipped)
    pages.answers["/cut"] = Answer(gzip.compress(b"a" * 1000)[:-9], headers=zipped)
    pages.answers["/more"] = Answer(gzip.compress(b"a") + b"tail", headers=zipped)
    pages.answers["/big"] = Answer(b"a" * 10_001)
    pages.answers["/br"] = Answer(b"a", headers={"Content-Encoding": "br"})
    reply, _ = fetch(pages.address, Get("fits"))
    assert reply is not None
    assert reply.body.size == 19_000
    assert fault(pages.address, Get("bomb")).kind == "too large"
    assert fault(pages.address, Get("cut")).kind == "unparseable"
    assert fault(pages.address, Get("more")).kind == "unparseable"
    assert fault(pages.address, Get("big")).kind == "too large"
    assert fault(pages.address, Get("br")).kind == "not what it says"


def test_all_that_a_reading_is_answered_is_bounded_together(pages: Pages) -> None:
    pages.answers["/a"] = Answer(gzip.compress(b"a" * 15_000), headers={"Content-Encoding": "gzip"})
    limits = Limits(inflated=20_000, whole=40_000, attempts=1)

    async def reading() -> None:
        fetcher = Fetcher("test (+x)", allow_loopback=True, limits=limits)
        async with fetcher.session(vendor(pages.address)) as session:
            for _ in range(2):
                await session.get([Get("a")], fresh=True)
            with pytest.raises(SourceFault, match="too large"):
                await session.get([Get("a")], fresh=True)

    asyncio.run(reading())
    assert pages.log["/a"] == 3


def test_redirects_are_followed_on_the_same_host_only(pages: Pages) -> None:
    pages.answers["/old"] = Answer(b"", 301, {"Location": "/new"})
    pages.answers["/new"] = Answer(b"here")
    pages.answers["/round"] = Answer(b"", 302, {"Location": "/round"})
    pages.answers["/away"] = Answer(b"", 302, {"Location": "https://elsewhere.example/"})
    reply, _ = fetch(pages.address, Get("old"))
    assert reply is not None
    assert reply.body.read() == b"here"
    assert fault(pages.address, Get("round")).kind == "moved"
    assert fault(pages.address, Get("away")).kind == "moved"


def test_this_machine_is_read_only_when_allowed(pages: Pages) -> None:
    pages.answers["/x"] = Answer(b"private")
    assert fault(pages.address, Get("x"), allow_loopback=False).kind == "refused"
    port = pages.address.rpartition(":")[2]
    by_name = f"http://localhost:{port}"
    assert fault(by_name, Get("x"), allow_loopback=False).kind == "refused"
    assert pages.log["/x"] == 0


def test_a_name_that_is_a_private_address_is_not_connected_to() -> None:
    refused = fault("http://localhost", Get("x"), allow_loopback=False)
    assert refused.kind == "refused"
    assert "not public" in refused.reason


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "192.168.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "fe80::1%eth0",
        "fc00::1",
        "::ffff:127.0.0.1",
        "2002:7f00:1::",
        "64:ff9b::7f00:1",
        "::",
        "192.0.0.192",
        "192.88.99.1",
        "198.18.0.1",
        "fec0::1",
        "2001:db8::1",
        "64:ff9b:1::7f00:1",
    ],
)
def test_what_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["1.1.1.1", "2606:4700::1111", "::ffff:1.1.1.1"])
def test_what_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        "http://status.acme.example/",
        "https://user@status.acme.example/",
        "https://status.acme.example:8443/",
        "https://status.acme.example:99999/",
        "ftp://status.acme.example/",
        "file:///etc/passwd",
        "https:///x",
    ],
)
def test_addresses_that_no_status_page_has(url: str) -> None:
    with pytest.raises(SourceFault):
        check(url, allow_loopback=False, allow_http=False)
