"""HTTP as we speak it: what is sent with a request, and what an answer means. No network here."""

import time
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin, urlsplit

import httpcore
import httpx

from generator.bodies import Body
from generator.errors import FaultKind, SourceFault
from generator.reading import Validator

# Of headers: an ETag that is sent back is the bytes that came.
BYTES = "iso-8859-1"
# The hash of what is not there: however a host words it, it is the same nothing.
ABSENT = b""
REDIRECTS = (301, 302, 303, 307, 308)
FAULTS: dict[int, FaultKind] = {
    401: "blocked",
    403: "blocked",
    404: "gone",
    410: "gone",
    429: "blocked",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What came, and from which address as it was asked."""

    url: str
    status: int
    headers: httpx.Headers
    body: Body


def asking(asked: httpx.URL, agent: str, known: Validator | None) -> list[tuple[bytes, bytes]]:
    """The headers of a request; `known`: what the same address gave us last time."""
    headers = [
        (b"Host", asked.netloc),
        (b"User-Agent", agent.encode()),
        (b"Accept", b"*/*"),
        (b"Accept-Encoding", b"gzip"),
        (b"Connection", b"keep-alive"),
    ]
    if known and known.etag:
        headers.append((b"If-None-Match", known.etag.encode(BYTES)))
    if known and known.modified:
        headers.append((b"If-Modified-Since", known.modified.encode(BYTES)))
    return headers


def on_the_wire(asked: httpx.URL) -> httpcore.URL:
    """An address in the parts that a connection wants."""
    return httpcore.URL(
        scheme=asked.raw_scheme, host=asked.raw_host, port=asked.port, target=asked.raw_path
    )


def headers_of(response: httpcore.Response) -> httpx.Headers:
    """The headers of a response, as text that is the bytes that came."""
    return httpx.Headers(response.headers, encoding=BYTES)


def validator_of(answer: Answer, *, absent: bool) -> Validator:
    """What to ask with next time; `absent`: it says that there is nothing, and may."""
    digest = ABSENT if absent else answer.body.sha256
    return Validator(answer.headers.get("etag"), answer.headers.get("last-modified"), digest)


def fault_of(url: str, status: int) -> SourceFault:
    """What is wrong where a status is no answer."""
    kind = FAULTS.get(status, "server error" if status >= 500 else "not what it says")
    return SourceFault(kind, f"{url} answers {status}")


def redirected(address: str, answer: Answer) -> str | None:
    """Where an answer leads, if elsewhere."""
    location: str | None = answer.headers.get("location")
    if answer.status not in REDIRECTS or not location:
        return None
    try:
        return urljoin(address, location)
    except ValueError:
        raise SourceFault("refused", f"{address} redirects to {location!r}") from None


def check_redirect(address: str, following: str) -> None:
    """SourceFault for a redirect to another host, or from https to http."""
    if not _same_host(address, following):
        raise SourceFault("moved", f"{address} redirects to {following}")
    if address.startswith("https:") and following.startswith("http:"):
        raise SourceFault("refused", f"{address} redirects from https to http")


def is_passing(status: int) -> bool:
    """Whether a later try may fare better."""
    return status == 429 or status >= 500


def _same_host(one: str, other: str) -> bool:
    hosts = {(urlsplit(url).hostname or "").removeprefix("www.") for url in (one, other)}
    return len(hosts) == 1


def seconds_to_wait(retry_after: str | None) -> float:
    """Retry-After: seconds, or the seconds until its date; 0 when absent or unreadable."""
    if not retry_after:
        return 0.0
    try:
        return float(retry_after)
    except ValueError:
        pass
    try:
        return max(0.0, parsedate_to_datetime(retry_after).timestamp() - time.time())
    except (ValueError, OverflowError):
        return 0.0
