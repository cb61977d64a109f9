"""An object store on loopback that keeps what it is sent, in memory, and in which order."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote, urlsplit


class Store:
    """`objects`: by key below the bucket's name; `log`: (method, key) of what changed it.

    `room`: after so many changes it refuses more, as a publisher that is killed would send no more.
    """

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}
        self.headers: dict[str, dict[str, str]] = {}
        self.log: list[tuple[str, str]] = []
        self.room = 1_000_000
        self.age = 0
        self.status = 403
        self.endpoint = ""
        self.lock = threading.Lock()

    def again(self, objects: dict[str, bytes], room: int = 1_000_000) -> None:
        """Hold these from now on. What an earlier publisher still has on its way never comes."""
        with self.lock:
            self.objects, self.log, self.room = dict(objects), [], room
            self.age += 1

    def change(
        self, age: int, method: str, key: str, body: bytes | None, headers: dict[str, str]
    ) -> int:
        """Do what is asked; the status of the answer."""
        with self.lock:
            if len(self.log) >= self.room or age != self.age:
                return self.status
            self.log.append((method, key))
            if body is None:
                self.objects.pop(key, None)
                return 204
            self.objects[key], self.headers[key] = body, headers
            return 200


@contextmanager
def serving() -> Iterator[Store]:
    store = Store()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def setup(self) -> None:
            super().setup()
            self.age = store.age

        def do_GET(self) -> None:
            body = store.objects.get(self._key())
            self._answer(404 if body is None else 200, body or b"")

        def do_PUT(self) -> None:
            size = int(self.headers["Content-Length"])
            body = self.rfile.read(size)
            if len(body) < size:  # who sent it is gone, and half an object is none
                self.close_connection = True
                return
            self._answer(store.change(self.age, "PUT", self._key(), body, dict(self.headers)))

        def do_DELETE(self) -> None:
            self._answer(store.change(self.age, "DELETE", self._key(), None, {}))

        def _key(self) -> str:
            return unquote(urlsplit(self.path).path).removeprefix("/site/")

        def _answer(self, status: int, body: bytes = b"") -> None:
            self.send_response(status)
            for name, value in (
                ("Content-Length", str(len(body))),
                ("ETag", '"1"'),
                ("Last-Modified", "Sun, 22 Nov 2026 12:00:00 GMT"),
            ):
                self.send_header(name, value)
            with suppress(ConnectionError):  # who asked is gone
                self.end_headers()
                self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    store.endpoint = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield store
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
