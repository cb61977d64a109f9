"""The built site over HTTP on this machine, as a static host would serve it."""

from collections.abc import Callable
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from generator.errors import BuildError
from generator.mediatypes import TYPES


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


def serve_folder(folder: Path, port: int, announce: Callable[[str], None]) -> None:
    """Serve until Ctrl-C; `announce` is told the address. A taken port gives way to a free one."""
    if not (folder / "index.html").exists():
        raise BuildError(f"there is no site in {folder}. Build it first: outages build")
    handler = partial(Handler, directory=str(folder))
    try:
        server = ThreadingHTTPServer(("127.0.0.1", port), handler)
    except OSError:
        server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    with server:
        announce(f"http://127.0.0.1:{server.server_port}/")
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            return
