"""The only code that reads pages. Polite, bounded, and deaf to private addresses.

A session reads one vendor: requests one at a time per host, each reply whole within the deadline
and the size limits or a SourceFault. Replies that a page says, or that their hash shows, to be
the same as last time come back as None.
"""

import asyncio
import random
import ssl
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import urlsplit

import httpcore
import httpx

from generator.addresses import address_of, check
from generator.answers import (
    ABSENT,
    Answer,
    asking,
    check_redirect,
    fault_of,
    headers_of,
    is_passing,
    on_the_wire,
    redirected,
    seconds_to_wait,
    validator_of,
)
from generator.bodies import Body, Held
from generator.errors import SourceFault
from generator.model import Vendor
from generator.network import PublicNetwork
from generator.raw import Exchange
from generator.reading import Get, Validator

BROKEN = (httpcore.NetworkError, httpcore.ProtocolError, httpx.InvalidURL, OSError, UnicodeError)

Record = Callable[[Exchange], None]
Replay = Callable[[str, str], Exchange | None]


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one source: seconds and bytes, of a reply and of all together (`whole`)."""

    deadline: float = 30.0
    wire: int = 5_000_000
    inflated: int = 20_000_000
    whole: int = 60_000_000
    redirects: int = 5
    attempts: int = 3
    backoff: float = 1.0
    in_flight: int = 100


class Fetcher:
    """All sessions of a run: they share one TLS context, the bounds and the politeness.

    `record` is handed every answer; `replay` gives them in place of the network.
    """

    def __init__(
        self,
        agent: str,
        *,
        allow_loopback: bool = False,
        limits: Limits | None = None,
        record: Record | None = None,
        replay: Replay | None = None,
    ) -> None:
        self.agent = agent
        self.record = record
        self.replay = replay
        self.allow_loopback = allow_loopback
        self.limits = limits or Limits()
        waits = ("connect", "read", "write", "pool")
        self.extensions = {"timeout": dict.fromkeys(waits, self.limits.deadline)}
        self.slots = asyncio.Semaphore(self.limits.in_flight)
        self.hosts: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    @cached_property
    def tls(self) -> ssl.SSLContext:
        """One for all: building it costs more than a page. SSL_CERT_FILE names its authorities."""
        return httpx.create_ssl_context()

    @asynccontextmanager
    async def session(
        self, vendor: Vendor, known: Mapping[str, Validator] | None = None
    ) -> AsyncIterator["Session"]:
        """A client for one vendor; `known`: what its page gave us last time, by address."""
        # The pool below httpx's client: that takes no network backend, and its cookies, proxies and
        # redirects are not wanted here and a quarter of what a request costs.
        network = PublicNetwork(allow_loopback=self.allow_loopback)
        async with httpcore.AsyncConnectionPool(self.tls, network_backend=network) as pool:
            yield Session(self, pool, vendor, known or {})


@dataclass
class Session:
    """One vendor's requests. `seen` becomes next time's `known`."""

    fetcher: Fetcher
    pool: httpcore.AsyncConnectionPool
    vendor: Vendor
    known: Mapping[str, Validator]
    seen: dict[str, Validator] = field(default_factory=dict)
    requests: int = 0
    received: int = 0
    inflated: int = 0
    spent: float = 0.0

    @property
    def found_something(self) -> bool:
        """Whether any page that was asked for is there."""
        return any(validator.sha256 != ABSENT for validator in self.seen.values())

    async def get(self, asked: Iterable[Get], *, fresh: bool) -> list[Held | None]:
        """The replies, in order; None for one that has not changed (never if `fresh`)."""
        # One after the other: they are of one host, which is asked one thing at a time anyway.
        return [await self._get(get, fresh or get.always) for get in asked]

    async def _get(self, get: Get, fresh: bool) -> Held | None:
        page, allow_loopback = self.vendor.status_page, self.fetcher.allow_loopback
        url = address_of(get, page, allow_loopback=allow_loopback)
        known = None if fresh else self.known.get(url)
        for attempt in range(1, self.fetcher.limits.attempts + 1):
            last = attempt == self.fetcher.limits.attempts
            try:
                answer = await self._send(url, known)
            except SourceFault as fault:
                if fault.kind != "unreachable" or last:
                    raise
                await self._pause(attempt, None)
                continue
            if last or not is_passing(answer.status):
                break
            await self._pause(attempt, answer.headers.get("retry-after"))
        return self._reply(get, url, answer, known)

    def _reply(self, get: Get, url: str, answer: Answer, known: Validator | None) -> Held | None:
        status = answer.status
        if status == 304 and known:
            self.seen[url] = known
            return None
        if status >= 300 and status not in get.absent:
            raise fault_of(url, status)
        self.seen[url] = seen = validator_of(answer, absent=status in get.absent)
        if known and known.sha256 == seen.sha256:
            return None
        return Held(answer.url, status, answer.headers.get("content-type") or "", answer.body)

    async def _send(self, url: str, known: Validator | None) -> Answer:
        """One request, with its redirects, in its turn and within what is left of the deadline."""
        host = urlsplit(url).netloc
        async with self.fetcher.hosts[host], self.fetcher.slots:
            begun = time.monotonic()
            try:
                async with asyncio.timeout(self.fetcher.limits.deadline - self.spent):
                    return await self._follow(url, known)
            except TimeoutError:
                limit = self.fetcher.limits.deadline
                raise SourceFault("slow", f"{url} took over {limit:g} s") from None
            except httpcore.TimeoutException:
                raise SourceFault("slow", f"{url} does not answer") from None
            except BROKEN as error:
                reason = str(error) or type(error).__name__
                raise SourceFault("unreachable", f"{url}: {reason}") from None
            finally:
                self.spent += time.monotonic() - begun

    async def _follow(self, url: str, known: Validator | None) -> Answer:
        address = url
        for _ in range(self.fetcher.limits.redirects + 1):
            answer = await self._once(address, known)
            following = redirected(address, answer)
            if following is None:
                return answer
            self._check(following)
            check_redirect(address, following)
            address = following
        raise SourceFault("moved", f"{url} redirects without end")

    def _check(self, url: str) -> None:
        check(
            url,
            allow_loopback=self.fetcher.allow_loopback,
            allow_http=self.vendor.status_page.startswith("http:"),
        )

    async def _once(self, url: str, known: Validator | None) -> Answer:
        self.requests += 1
        asked = httpx.URL(url)
        if self.fetcher.replay:
            return self._replayed(url, str(asked), self.fetcher.replay)
        async with self.pool.stream(
            "GET",
            on_the_wire(asked),
            headers=asking(asked, self.fetcher.agent, known),
            extensions=self.fetcher.extensions,
        ) as response:
            headers = headers_of(response)
            encoding = headers.get("content-encoding") or "identity"
            body = await self._body(str(asked), encoding.lower(), response)
            answer = Answer(str(asked), response.status, headers, body)
        if self.fetcher.record:
            told = tuple(headers.multi_items())
            self.fetcher.record(Exchange(self.vendor.slug, url, answer.status, told, body))
        return answer

    def _replayed(self, url: str, address: str, replay: Replay) -> Answer:
        found = replay(self.vendor.slug, url)
        if found is None:
            raise httpcore.ConnectError("nothing that came of it was kept")
        # Nobody waits twice.
        headers = [pair for pair in found.headers if pair[0].lower() != "retry-after"]
        return Answer(address, found.status, httpx.Headers(headers), found.body)

    async def _body(self, url: str, encoding: str, response: httpcore.Response) -> Body:
        if encoding not in ("identity", "gzip"):
            reason = f"{url} answers in {encoding}, only gzip was asked for"
            raise SourceFault("not what it says", reason)
        limits = self.fetcher.limits
        # What a reading holds of its replies, it holds until its end.
        largest = min(limits.inflated, limits.whole - self.inflated)
        body = Body(url, encoding == "gzip", limits.wire, largest)
        async for chunk in response.aiter_stream():
            self.received += len(chunk)
            body.feed(chunk)
        body.end()
        self.inflated += body.size
        return body

    async def _pause(self, attempt: int, retry_after: str | None) -> None:
        """Wait as the server asks or ever longer, if the deadline leaves time for it."""
        limits = self.fetcher.limits
        wait = limits.backoff * 2 ** (attempt - 1) * random.uniform(0.5, 1.0)  # noqa: S311 - not a secret
        wait = max(wait, seconds_to_wait(retry_after))
        self.spent += wait
        if self.spent >= limits.deadline:
            raise SourceFault(
                "slow", f"{self.vendor.status_page} asks to come back in {wait:.0f} s"
            )
        await asyncio.sleep(wait)
