"""A repository's host on loopback: as much of its API as we use, with its state in plain lists."""

import json
import re
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

REPOSITORY = "who/archive"
TOKEN = "lent-to-the-job"
Row = dict[str, Any]
BOT = {"login": "github-actions[bot]", "type": "Bot"}


@dataclass
class Host:
    """`answers`: what a GET of a path below the repository answers; `refused`: paths it may not
    ask. What is posted, patched and put is noted in `said` and kept in `issues` and `comments`.
    """

    answers: dict[str, Any] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)
    issues: list[Row] = field(default_factory=list)
    comments: dict[int, list[Row]] = field(default_factory=dict)
    said: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.01,), daemon=True)

    @property
    def environment(self) -> dict[str, str]:
        """What a job of this host has in its environment."""
        return {
            "GITHUB_API_URL": f"http://127.0.0.1:{self._http.server_port}",
            "GITHUB_REPOSITORY": REPOSITORY,
            "GITHUB_TOKEN": TOKEN,
        }

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

    def answer(self, method: str, path: str, query: Mapping[str, str], fields: Row) -> Any:
        """The answer to a request: JSON, bytes, or the number of a status."""
        if path in self.refused:
            return 403
        if method != "GET":
            self.said.append((method, path))
        for pattern, act in ROUTES:
            found = re.fullmatch(pattern, f"{method} {path}")
            if found:
                return act(self, query, fields, *map(int, found.groups()))
        if method == "PUT":
            return 204
        return self.answers.get(path, 404)

    def _list_issues(self, query: Mapping[str, str], _: Row) -> list[Row]:
        rows = [
            row
            for row in self.issues
            if row["state"] == query["state"]
            and query.get("labels", "") in ["", *(label["name"] for label in row["labels"])]
        ]
        size = int(query["per_page"])
        start = (int(query["page"]) - 1) * size
        return rows[start : start + size]

    def _open_issue(self, _: Mapping[str, str], fields: Row) -> Row:
        labels = [{"name": name} for name in fields.pop("labels")]
        row = {**fields, "labels": labels, "state": "open", "number": len(self.issues) + 1}
        self.issues.append(row)
        return row

    def _change_issue(self, _: Mapping[str, str], fields: Row, number: int) -> Row:
        row = next(row for row in self.issues if row["number"] == number)
        row.update(fields)
        return row

    def _list_comments(self, query: Mapping[str, str], _: Row, number: int) -> list[Row]:
        return self.comments.get(number, []) if query["page"] == "1" else []

    def _post_comment(self, _: Mapping[str, str], fields: Row, number: int) -> Row:
        row = {"id": 1000 * number + len(self.comments.get(number, ())), "user": BOT, **fields}
        self.comments.setdefault(number, []).append(row)
        return row

    def _change_comment(self, _: Mapping[str, str], fields: Row, identity: int) -> Row:
        rows = [row for rows in self.comments.values() for row in rows]
        row = next(row for row in rows if row["id"] == identity)
        row.update(fields)
        return row


ROUTES: list[tuple[str, Callable[..., Any]]] = [
    (r"GET issues", Host._list_issues),
    (r"POST issues", Host._open_issue),
    (r"PATCH issues/(\d+)", Host._change_issue),
    (r"GET issues/(\d+)/comments", Host._list_comments),
    (r"POST issues/(\d+)/comments", Host._post_comment),
    (r"PATCH issues/comments/(\d+)", Host._change_comment),
]


def _handler(host: Host) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _respond(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            fields = json.loads(self.rfile.read(length) or b"{}")
            address = urlsplit(self.path)
            path = address.path.removeprefix(f"/repos/{REPOSITORY}").strip("/")
            known = self.headers.get("Authorization") == f"Bearer {TOKEN}"
            query = dict(parse_qsl(address.query))
            found = host.answer(self.command, path, query, fields) if known else 401
            status = found if isinstance(found, int) else 200
            body = found if isinstance(found, bytes) else json.dumps(found).encode()
            self.send_response(status)
            self.send_header("Content-Length", "0" if status == 204 else str(len(body)))
            self.end_headers()
            if status != 204:
                with suppress(ConnectionError):  # who asked may have heard enough
                    self.wfile.write(body)

        do_GET = do_POST = do_PATCH = do_PUT = _respond  # noqa: N815 - names the server looks for

        def log_message(self, *_: object) -> None:
            pass

    return Handler
