"""The built site over HTTP on this machine, as a static host would serve it."""

from collections.abc import Callable
from functools import partial
from http.server import BaseHTTPRequestHandler, SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from generator.errors import BuildError
from generator.mediatypes import TYPES

USUAL = 8000


class Handler(SimpleHTTPRequestHandler):
    """Types by file name, and the site's own page for what is not there."""

    extensions_map = SimpleHTTPRequestHandler.extensions_map | TYPES

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """404.html for a page that is not there."""
        page = Path(self.directory) / "404.html"
        if code != 404 or not page.exists():
            super().send_error(code, message, explain)
            return
        body = page.read_bytes()
        self.send_response(404)
        self.send_header("Content-Type", TYPES[".html"])
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """A reader of pages needs no log."""


def serve_folder(folder: Path, port: int | None, announce: Callable[[str], None]) -> None:
    """Serve until Ctrl-C; `announce` is told the address. BuildError for a port that is taken.

    Where none was asked for, another takes its place.
    """
    if not (folder / "index.html").exists():
        raise BuildError(f"there is no site in {folder}. Build it first: outages build")
    handler = partial(Handler, directory=str(folder))
    server = _server(USUAL if port is None else port, handler, or_any=port is None)
    with server:
        announce(f"http://127.0.0.1:{server.server_port}/")
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            return


def _server(
    port: int, handler: Callable[..., BaseHTTPRequestHandler], *, or_any: bool
) -> ThreadingHTTPServer:
    try:
        return ThreadingHTTPServer(("127.0.0.1", port), handler)
    except OSError as error:
        if or_any:
            return ThreadingHTTPServer(("127.0.0.1", 0), handler)
        raise BuildError(
            f"port {port}: {error.strerror}. Choose another with --port, or 0 for any that is free."
        ) from None
