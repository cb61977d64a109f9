"""What passes between a provider and the network: requests out, replies in, a batch at the end.

A provider is a generator that yields a list of `Get` (fetched side by side), is sent the list of
their replies, and returns a `Batch`. It never opens anything itself.

    (page,) = yield [Get("incidents.json")]
"""

from collections.abc import Callable, Generator, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeVar
from urllib.parse import urlencode, urljoin, urlsplit

import msgspec

from generator.errors import SourceFault
from generator.model import Fault, Incident, Kind
from generator.times import parse_iso

T = TypeVar("T")
# What msgspec raises for bytes that are not the JSON of a shape.
UNDECODED = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)


class Get:
    """A request: a path below the status page (or a whole address) and its query.

    `optional`: a 404 is an answer, not a fault. `absent`: other statuses by which this host says
    the same. `always`: read in full even if the page says it has not changed, because what else is
    read hangs on it.
    """

    __slots__ = ("absent", "always", "params", "path")

    def __init__(
        self,
        path: str,
        *,
        optional: bool = False,
        absent: tuple[int, ...] = (),
        always: bool = False,
        **params: str,
    ) -> None:
        self.path = path
        self.params = params
        self.absent = (*((404, 410) if optional else ()), *absent)
        self.always = always

    def url(self, base: str) -> str:
        """The address, below `base` (which may have a path of its own)."""
        address = self.path
        if not urlsplit(self.path).scheme:
            address = urljoin(base.rstrip("/") + "/", self.path) if self.path else base
        if self.params:
            address += ("&" if "?" in address else "?") + urlencode(self.params)
        return address


@dataclass(slots=True)
class Reply:
    """A reply, whole and bounded.

    `faults` gathers what its reader had to skip, `told` the keys of the incidents it read there.
    """

    url: str
    status: int
    content_type: str
    body: bytes
    faults: list[Fault] = field(default_factory=list)
    told: set[str] = field(default_factory=set)

    @property
    def absent(self) -> bool:
        """An optional request that the page does not answer: no other such status gets here."""
        return self.status >= 400

    @property
    def is_html(self) -> bool:
        """A web page: what hosts send for a path they do not know, with a 200."""
        head = self.body[:256].lstrip().lower()
        return head.startswith((b"<!doctype html", b"<html"))

    def json(self, shape: type[T]) -> T:
        """The document, decoded; SourceFault when it is not JSON or not of that shape."""
        if self.is_html:
            raise SourceFault("not what it says", f"{self.url} answers with a web page, not JSON")
        try:
            return msgspec.json.decode(self.body, type=shape)
        except msgspec.ValidationError as error:
            reason = f"{self.url} is JSON of another shape: {error}"
            raise SourceFault("not what it says", reason) from None
        except UNDECODED as error:
            raise SourceFault("unparseable", f"{self.url} is not JSON: {error}") from None

    def records(
        self, rows: Iterable[msgspec.Raw], shape: type[T], convert: Callable[[T], Incident]
    ) -> list[Incident]:
        """Each row decoded and converted; one that cannot be is a fault and costs itself alone."""
        incidents: list[Incident] = []
        for number, row in enumerate(rows, start=1):
            try:
                incidents.append(convert(msgspec.json.decode(row, type=shape)))
            except (*UNDECODED, ValueError, OverflowError, SourceFault) as error:
                self.skip(f"record {number}", error)
        self.told |= {incident.key for incident in incidents}
        return incidents

    def moment(self, text: str | None) -> datetime | None:
        """A time of the document itself; one that cannot be read is a fault, and as good as none.

        ISO 8601 with its zone.
        """
        try:
            return parse_iso(text) if text else None
        except ValueError as error:
            self.skip("a time", error)
            return None

    def skip(self, where: str, error: Exception) -> None:
        """Note a record that was left out."""
        self.faults.append(Fault("bad record", f"{where} of {self.url}: {error}"))


@dataclass(frozen=True, slots=True)
class Validator:
    """What a page gave us to recognise an unchanged reply by."""

    etag: str | None
    modified: str | None
    sha256: bytes


@dataclass(frozen=True, slots=True)
class Batch:
    """What one reading found.

    `listed_since`: for a kind, every incident started after that time is in the batch, so that
    one held and not listed was taken away. `lists_open`: kinds of which all that is open is in the
    batch, so that one held open and not listed has left the page: not an end, but no longer
    said to be open either. `partial`: keys of incidents that may come without all
    of their updates. `cursor`: where a history goes on, None at its end. `complete_since`: with
    this batch, everything since then has been read. `digests`: by key, of all that is listed;
    where they are given, `incidents` are only those that were not listed just so before (`known`).
    """

    incidents: tuple[Incident, ...] = ()
    listed_since: Mapping[Kind, datetime] = field(default_factory=dict)
    lists_open: frozenset[Kind] = frozenset()
    partial: frozenset[str] = frozenset()
    cursor: str | None = None
    complete_since: datetime | None = None
    digests: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def unchanged(self) -> frozenset[str]:
        """The keys of incidents that are listed as they were before."""
        return frozenset(self.digests.keys() - {incident.key for incident in self.incidents})


def one_each(batch: Batch) -> tuple[Batch, list[Fault]]:
    """The batch with each key once, and what had to be left out for it.

    Lists of one page overlap, and two records alike are one. Of others under one key that of the
    older start keeps it, and of two tellings of one incident that with more posts; in whatever
    order they come.
    """
    found: dict[str, Incident] = {}
    twice: dict[str, None] = {}
    for incident in batch.incidents:
        first = found.setdefault(incident.key, incident)
        if first != incident:
            twice[incident.key] = None
            found[incident.key] = min(first, incident, key=_precedence)
    if len(found) == len(batch.incidents):
        return batch, []
    faults = [Fault("bad record", f"{key} is listed twice, with other facts") for key in twice]
    return replace(batch, incidents=tuple(found.values())), faults


def _precedence(incident: Incident) -> tuple[datetime, int, bytes]:
    return incident.started_at, -len(incident.updates), msgspec.json.encode(incident)


Reading = Generator[list[Get], list[Reply], Batch]
