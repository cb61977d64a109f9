"""The fleet over real HTTP on loopback, well-behaved and, on request, not."""

import gzip
import json
import socket
import threading
import tomllib
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import httpx
import pytest

from generator.demo.fleet import Fleet
from generator.demo.server import Fault, FleetServer

FLEET = Fleet(platforms=["feed", "google", "statuspage"], vendors=3, incidents=120)
FEED, GOOGLE, STATUSPAGE = FLEET.slugs
LIST = f"/{GOOGLE}/incidents.json"


@pytest.fixture
def server() -> Iterator[FleetServer]:
    with FleetServer(FLEET) as serving:
        yield serving


@pytest.fixture
def client(server: FleetServer) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.address, trust_env=False) as asking:
        yield asking


def test_a_page_names_its_state_and_says_when_it_is_the_same(client: httpx.Client) -> None:
    whole = client.get(LIST)
    assert (whole.status_code, whole.headers["Content-Type"]) == (
        200,
        "application/json; charset=utf-8",
    )
    again = client.get(LIST, headers={"If-None-Match": whole.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    other = client.get(LIST, headers={"If-None-Match": 'W/"another"'})
    assert (other.status_code, other.content) == (200, whole.content)


def test_the_clock_moves_the_pages(server: FleetServer, client: httpx.Client) -> None:
    replies = []
    for at in FLEET.moments():
        server.at = at
        replies.append(client.get(LIST))
    assert len({reply.headers["ETag"] for reply in replies}) >= 4
    for one, other in pairwise(replies):
        assert (one.headers["ETag"] == other.headers["ETag"]) == (one.content == other.content)


def test_the_page_stands_still_between_changes(server: FleetServer, client: httpx.Client) -> None:
    before = client.get(LIST)
    server.at = FLEET.until.replace(second=1)
    same = client.get(LIST, headers={"If-None-Match": before.headers["ETag"]})
    assert same.status_code == 304


def test_gzip_is_given_to_those_who_ask(client: httpx.Client) -> None:
    with client.stream("GET", LIST, headers={"Accept-Encoding": "gzip"}) as zipped:
        assert zipped.headers["Content-Encoding"] == "gzip"
        body = b"".join(zipped.iter_raw())
    plain = client.get(LIST, headers={"Accept-Encoding": "identity"})
    assert "Content-Encoding" not in plain.headers
    assert gzip.decompress(body) == plain.content
    assert len(body) == int(zipped.headers["Content-Length"]) < len(plain.content) / 4


def test_head_is_get_without_its_body(server: FleetServer, client: httpx.Client) -> None:
    head, whole = client.head(LIST), client.get(LIST)
    same = ("ETag", "Content-Length", "Content-Type")
    assert [head.headers[name] for name in same] == [whole.headers[name] for name in same]
    with socket.create_connection(("127.0.0.1", httpx.URL(server.address).port)) as wire:
        wire.sendall(f"HEAD {LIST} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        assert wire.makefile("rb").read().endswith(b"\r\n\r\n")


@pytest.mark.parametrize(
    "path", ["/", "/nobody/incidents.json", f"/{GOOGLE}/nothing", "/%00/x", "//["]
)
def test_what_is_not_there_is_a_web_page_that_says_so(client: httpx.Client, path: str) -> None:
    reply = client.get(path)
    assert (reply.status_code, reply.headers["Content-Type"]) == (404, "text/html; charset=utf-8")
    assert reply.content.startswith(b"<!DOCTYPE html>")


def test_the_query_is_read(client: httpx.Client) -> None:
    newest, older = (
        client.get(f"/{STATUSPAGE}/history.json", params={"page": number}).json()
        for number in (1, 2)
    )
    assert newest["months"][0]["name"] == "December"
    assert older["months"][0]["name"] == "September"


def test_addresses_inside_a_page_lead_back_to_the_server(
    server: FleetServer, client: httpx.Client
) -> None:
    about = client.get(f"/{STATUSPAGE}/api/v2/status.json").json()["page"]
    assert about["url"] == f"{server.address}/{STATUSPAGE}"
    assert server.address.startswith("http://127.0.0.1:")


def test_one_connection_serves_many_requests_and_all_are_counted(
    server: FleetServer, client: httpx.Client
) -> None:
    ports = {
        client.get(LIST).extensions["network_stream"].get_extra_info("client_addr")[1]
        for _ in range(5)
    }
    client.get(f"{LIST}?a=1")
    assert len(ports) == 1
    assert server.log == {LIST: 5, f"{LIST}?a=1": 1}
    assert server.requests == 6


def test_many_may_ask_at_once(server: FleetServer) -> None:
    bodies: list[bytes] = []

    def ask() -> None:
        bodies.append(httpx.get(server.address + LIST, trust_env=False).content)

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(bodies) == 8
    assert len(set(bodies)) == 1


FAULTS: list[tuple[Fault, int, str]] = [
    ("server error", 500, "text/html; charset=utf-8"),
    ("missing", 404, "text/html; charset=utf-8"),
    ("web page", 200, "text/html; charset=utf-8"),
    ("truncated", 200, "application/json; charset=utf-8"),
    ("garbage", 200, "application/json; charset=utf-8"),
]


@pytest.mark.parametrize(("fault", "status", "content_type"), FAULTS)
def test_a_vendor_may_be_given_a_fault_and_be_mended(
    server: FleetServer, client: httpx.Client, fault: Fault, status: int, content_type: str
) -> None:
    sound = client.get(LIST)
    server.faults[GOOGLE] = fault
    bad = client.get(LIST, headers={"If-None-Match": sound.headers["ETag"]})
    assert (bad.status_code, bad.headers["Content-Type"]) == (status, content_type)
    with pytest.raises(ValueError):  # noqa: PT011 - JSON, or the text of it
        json.loads(bad.content)
    assert client.get(f"/{STATUSPAGE}/api/v2/status.json").status_code == 200
    del server.faults[GOOGLE]
    assert client.get(LIST).content == sound.content


def test_a_redirect_may_have_no_end(server: FleetServer, client: httpx.Client) -> None:
    server.faults[GOOGLE] = "endless redirect"
    with pytest.raises(httpx.TooManyRedirects):
        client.get(LIST, follow_redirects=True)


def test_vendor_files_say_what_the_vendors_are(tmp_path: Path) -> None:
    fleet = Fleet(platforms=["feed", "google"], vendors=24, incidents=0)
    fleet.write_vendor_files(tmp_path / "vendors", "http://127.0.0.1:9")
    vendors = {vendor.slug: vendor for vendor in fleet.vendors("http://127.0.0.1:9")}
    files = {file.stem: file for file in (tmp_path / "vendors").iterdir()}
    assert set(files) == set(vendors)
    for slug, vendor in vendors.items():
        assert tomllib.loads(files[slug].read_text(encoding="utf-8")) == {
            "name": vendor.name,
            "homepage": f"https://{slug}.example",
            "status_page": f"http://127.0.0.1:9/{slug}",
            "platform": vendor.platform,
            "category": vendor.category,
        } | ({"options": vendor.options} if vendor.options else {})
    assert any(vendor.options for vendor in vendors.values())
