"""The REST API of the host that keeps the repository, as GitHub has it and Forgejo follows it.

Beside `fetch`, which reads vendors' pages, the only code that opens a socket. What it may do is
what the token of the job may do; no other place knows that token.
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

import httpx

from generator.errors import HostError, InputError
from generator.times import instant

TOKENS = ("GITHUB_TOKEN", "GH_TOKEN")
AGAIN = "What was done so far stands: run it again."
RIGHTS = "The token of the job lacks the right: see permissions in the workflow's file."
TIMEOUT = 30.0
PER_PAGE = 100
# A list of so many pages is longer than any of ours: something is wrong with it.
PAGES = 50


class Forge:
    """One repository's part of the API: paths are below `repos/OWNER/NAME/`."""

    def __init__(self, api: str, repository: str, token: str | None, agent: str) -> None:
        self.repository = repository
        self.clock: datetime | None = None  # the host's, at its last answer
        headers = {"User-Agent": agent, "Accept": "application/vnd.github+json"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        self._client = httpx.Client(
            base_url=f"{api.rstrip('/')}/repos/{repository}/",
            headers=headers,
            timeout=TIMEOUT,
            follow_redirects=True,
        )

    def get(self, path: str = "", **parameters: str) -> Any:
        """The answer's JSON; None where there is none by that name."""
        return self._ask("GET", path, params=parameters)

    def pages(self, path: str, **parameters: str) -> Iterator[dict[str, Any]]:
        """Every row of a list that comes in pages."""
        for number in range(1, PAGES + 1):
            asked = {**parameters, "per_page": str(PER_PAGE), "page": str(number)}
            rows = self.get(path, **asked) or []
            yield from rows
            if len(rows) < PER_PAGE:
                return

    def post(self, path: str, **fields: object) -> Any:
        """Make something new."""
        return self._ask("POST", path, json=fields)

    def patch(self, path: str, **fields: object) -> None:
        """Change what is there."""
        self._ask("PATCH", path, json=fields)

    def put(self, path: str) -> None:
        """Set something as the path says."""
        self._ask("PUT", path)

    def download(self, path: str, limit: int) -> bytes:
        """A file of at most `limit` bytes; HostError when it is longer."""
        held = bytearray()
        with _explained(), self._client.stream("GET", path) as reply:
            if reply.is_error:
                reply.read()
            _check(reply)
            for piece in reply.iter_bytes():
                held += piece
                if len(held) > limit:
                    raise HostError(f"{reply.url} is longer than {limit:,} bytes.")
        return bytes(held)

    def close(self) -> None:
        """Let go of the connection."""
        self._client.close()

    def _ask(self, method: str, path: str, **how: Any) -> Any:
        """The answer's JSON; None for an empty one, and for a GET of what is not there."""
        with _explained():
            reply = self._client.request(method, path, **how)
            self.clock = _date(reply)
            if method == "GET" and reply.status_code == httpx.codes.NOT_FOUND:
                return None
            _check(reply)
            return reply.json() if reply.content else None


@contextmanager
def forge(agent: str, environment: Mapping[str, str] = os.environ) -> Iterator[Forge]:
    """That of the job that runs us; InputError when nothing tells which."""
    repository = environment.get("GITHUB_REPOSITORY")
    if not repository:
        raise InputError(
            "which repository is meant? Expected GITHUB_REPOSITORY=owner/name in the environment, "
            f"and a token in {TOKENS[0]}, as a job of the host has them."
        )
    api = environment.get("GITHUB_API_URL", "https://api.github.com")
    token = next((environment[name] for name in TOKENS if environment.get(name)), None)
    found = Forge(api, repository, token, agent)
    try:
        yield found
    finally:
        found.close()


@contextmanager
def _explained() -> Iterator[None]:
    """The network's errors as sentences."""
    try:
        yield
    except httpx.HTTPError as error:
        asked = f"{error.request.method} {error.request.url}"
        raise HostError(f"{asked}: {str(error) or type(error).__name__}. {AGAIN}") from None
    except ValueError as error:
        raise HostError(
            f"The host's API answered something else than JSON: {error}. Is GITHUB_API_URL its "
            "address?"
        ) from None


def _date(reply: httpx.Response) -> datetime | None:
    try:
        return instant(parsedate_to_datetime(reply.headers["Date"]))
    except (KeyError, ValueError):
        return None


def _check(reply: httpx.Response) -> None:
    if reply.is_error:
        asked = f"{reply.request.method} {reply.url}"
        raise HostError(
            f"{asked} answers {reply.status_code}: {reply.text[:200].strip()}. "
            f"{RIGHTS if reply.status_code in (401, 403) else AGAIN}",
            reply.status_code,
        )
