"""The fleet on loopback: real HTTP with ETags, compression, a clock to set and faults to give.

    with FleetServer(fleet) as server:
        server.at = fleet.moments()[0]
        httpx.get(f"{server.address}/{fleet.slugs[0]}")

Every vendor's page is below its slug.
"""

import gzip
import hashlib
import threading
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Literal, Self
from urllib.parse import parse_qsl, unquote

from generator.demo.fleet import Fleet
from generator.demo.pages import Page, platform

Fault = Literal["server error", "missing", "web page", "truncated", "garbage", "endless redirect"]

HTML = "text/html; charset=utf-8"
NOT_FOUND = b"<!DOCTYPE html>\n<title>404</title>\n<h1>There is no such page.</h1>\n"
SHELL = b"<!DOCTYPE html>\n<title>Status</title>\n<p>This application needs JavaScript.</p>\n"
GARBAGE = bytes(range(256)) * 4
# Pages and answers held ready for the current moment.
PAGES = 128
ANSWERS = 20_000


@dataclass(frozen=True, slots=True)
class Prepared:
    """An answer, compressed once and named by its content."""

    etag: str
    content_type: str
    zipped: bytes


class FleetServer:
    """Serves a fleet at `address` as of `at`, which may be set at any time.

    `faults` gives a vendor's page a fault; `latency` delays every answer by so many seconds;
    `log` counts the requests by path.
    """

    def __init__(
        self,
        fleet: Fleet,
        port: int = 0,
        *,
        latency: float = 0.0,
        faults: Mapping[str, Fault] | None = None,
    ) -> None:
        self.fleet = fleet
        self.at = fleet.until
        self.latency = latency
        self.faults: dict[str, Fault] = dict(faults or {})
        self.log: Counter[str] = Counter()
        self._lock = threading.Lock()
        self._page = lru_cache(maxsize=PAGES)(self._read_page)
        self._prepared = lru_cache(maxsize=ANSWERS)(self._prepare)
        self._http = _Server(("127.0.0.1", port), _Handler)
        self._http.fleet_server = self
        # It looks that often, in seconds, whether it is to stop.
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True)

    @property
    def address(self) -> str:
        """`http://127.0.0.1:PORT`."""
        return f"http://127.0.0.1:{self._http.server_address[1]}"

    @property
    def requests(self) -> int:
        """How many requests came in all."""
        return self.log.total()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    def answer(self, target: str) -> Prepared | None:
        """The fleet's answer to a request target; None: there is no such page."""
        with self._lock:
            self.log[target] += 1
        address, _, query = target.partition("?")
        slug, _, path = unquote(address).lstrip("/").partition("/")
        return self._prepared(slug, path, query, self.at)

    def _prepare(self, slug: str, path: str, query: str, at: datetime) -> Prepared | None:
        try:
            page = self._page(slug, at)
        except KeyError:
            return None
        answer = platform(page.vendor.platform).respond(page, path, dict(parse_qsl(query)))
        if answer is None:
            return None
        etag = f'W/"{hashlib.sha256(answer.body).hexdigest()[:32]}"'
        return Prepared(etag, answer.content_type, gzip.compress(answer.body, 1, mtime=0))

    def _read_page(self, slug: str, at: datetime) -> Page:
        return self.fleet.page(slug, at, self.address)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256
    fleet_server: FleetServer

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is its own affair."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    server: _Server

    def do_GET(self) -> None:
        """Answer from the fleet, or as the vendor's fault says."""
        fleet = self.server.fleet_server
        if fleet.latency:
            time.sleep(fleet.latency)
        slug = self.path.lstrip("/").partition("/")[0].partition("?")[0]
        prepared, fault = fleet.answer(self.path), fleet.faults.get(slug)
        if fault is not None:
            self._misbehave(fault, prepared)
        elif prepared is None:
            self._send(HTTPStatus.NOT_FOUND, NOT_FOUND, HTML)
        elif self.headers.get("If-None-Match") == prepared.etag:
            self._send(HTTPStatus.NOT_MODIFIED, b"", None, ETag=prepared.etag)
        elif "gzip" in self.headers.get("Accept-Encoding", ""):
            headers = {"ETag": prepared.etag, "Content-Encoding": "gzip"}
            self._send(HTTPStatus.OK, prepared.zipped, prepared.content_type, **headers)
        else:
            body = gzip.decompress(prepared.zipped)
            self._send(HTTPStatus.OK, body, prepared.content_type, ETag=prepared.etag)

    do_HEAD = do_GET  # noqa: N815 - the name that http.server calls

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as inherited
        """Nothing on the terminal: the demonstration has its own."""

    def _misbehave(self, fault: Fault, prepared: Prepared | None) -> None:
        kind = prepared.content_type if prepared else HTML
        match fault:
            case "server error":
                self._send(HTTPStatus.INTERNAL_SERVER_ERROR, b"Internal Server Error", HTML)
            case "missing":
                self._send(HTTPStatus.NOT_FOUND, NOT_FOUND, HTML)
            case "web page":
                self._send(HTTPStatus.OK, SHELL, HTML)
            case "garbage":
                self._send(HTTPStatus.OK, GARBAGE, kind)
            case "truncated":
                whole = gzip.decompress(prepared.zipped) if prepared else NOT_FOUND
                self._send(HTTPStatus.OK, whole[: len(whole) // 2], kind)
            case "endless redirect":
                self._send(HTTPStatus.FOUND, b"", HTML, Location=self.path + "/again")

    def _send(
        self, status: HTTPStatus, body: bytes, content_type: str | None, **headers: str
    ) -> None:
        self.send_response(status)
        if content_type is not None:
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Vary", "Accept-Encoding")
        for name, text in headers.items():
            self.send_header(name.replace("_", "-"), text)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)
