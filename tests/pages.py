"""A status page on loopback that answers what a test tells it to."""

import threading
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self


@dataclass
class Answer:
    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


class Pages:
    """`answers`: by path (with query), an answer or a function of the request's headers."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer | Callable[[Mapping[str, str]], Answer]] = {}
        self.log: Counter[str] = Counter()
        self.closing = threading.Event()
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.01,), daemon=True)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._http.server_port}"

    def json(self, path: str, body: bytes) -> None:
        self.answers[path] = Answer(body, headers={"Content-Type": "application/json"})

    def feed(self, body: bytes) -> Answer:
        """An answer that is a feed."""
        return Answer(body, headers={"Content-Type": "application/rss+xml"})

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.closing.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        pages = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                pages.log[self.path] += 1
                answer = pages.answers.get(self.path, Answer(b"no such page", 404))
                if callable(answer):
                    answer = answer(self.headers)  # type: ignore[arg-type]
                self.send_response(answer.status)
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                if "Content-Length" not in answer.headers:
                    self.send_header("Content-Length", str(len(answer.body)))
                self.end_headers()
                if "X-Drip" in answer.headers:
                    self.drip(answer)
                else:
                    self.wfile.write(answer.body)

            def drip(self, answer: Answer) -> None:
                """A byte at a time, until the other side has had enough."""
                pause = float(answer.headers["X-Drip"])
                with suppress(OSError):
                    for byte in answer.body:
                        self.wfile.write(bytes([byte]))
                        if pages.closing.wait(pause):
                            return

            def log_message(self, *_: object) -> None:
                pass

        return Handler
