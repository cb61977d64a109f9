"""What else was reported at the same time: other vendors' incidents that overlap one. No cause."""

from array import array
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from heapq import heappop, heappush
from typing import Generic, Protocol, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from generator.model import Impact, Incident, Kept, Kind
from generator.render import facts

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SECOND = timedelta(seconds=1)
NOTHING = timedelta(0)
MOST = 5
# Of four bytes: seconds since 1970 fit into them until 2106, and no time here is so late.
SECONDS = "I"
T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Shelf(Protocol[T_co]):
    """Where incidents are kept: each is found by its place."""

    def __getitem__(self, place: int, /) -> T_co: ...


class Brief(Struct, frozen=True):
    """As much of an incident as is needed beside another. `ended_at` None: it still goes on."""

    vendor: str
    slug: str
    title: str
    kind: Kind
    impact: Impact
    started_at: datetime
    ended_at: datetime | None = None
    withdrawn: bool = False


class Overlap(Struct, frozen=True):
    """An incident of another vendor, and for how long both went on.

    `length` is zero if one is a moment, None while both still go on.
    """

    other: Brief
    length: timedelta | None


def brief(kept: Kept) -> Brief:
    """A record in brief. One whose page does not say whether it is over ends at its last word."""
    found = brief_of(kept.vendor, kept.slug, kept.incident)
    return found if kept.withdrawn_at is None else replace(found, withdrawn=True)


def brief_of(vendor: str, slug: str, incident: Incident) -> Brief:
    """The same of an incident that stands."""
    is_open = incident.kind == "incident" and facts.state_of(incident) == "open"
    return Brief(
        vendor=vendor,
        slug=slug,
        title=incident.title,
        kind=incident.kind,
        impact=incident.impact,
        started_at=incident.started_at,
        ended_at=None if is_open else facts.known_until(incident, incident.started_at),
    )


def overlap_of(own: Brief, other: Brief) -> Overlap:
    """For how long two that overlap both went on."""
    ends = [each.ended_at for each in (own, other) if each.ended_at is not None]
    if not ends:
        return Overlap(other, None)
    return Overlap(other, max(NOTHING, min(ends) - max(own.started_at, other.started_at)))


class Overlaps(Generic[T]):
    """All vendors' incidents, to be asked which of them overlap one. `brief`: what tells of each.

    Maintenance and what was withdrawn are left out; what still goes on lasts until `now`. Spans
    run from the start up to, and without, the end; one without length, or whose end lies before
    its start, is the second of its start.

    Asking takes O((k + m) log n) steps for the k most overlapping of n, however many overlap and
    however long those are open: a binary tree over the starts is searched with the most promising
    block first, and m counts the blocks that promise more than they hold (a long incident at one
    end, an early start at the other), few in any real record. Beside the incidents themselves it
    takes less than 120 bytes each; briefs are made again of the few that are found. `shelf`: what
    keeps the incidents.
    """

    def __init__(
        self,
        incidents: Iterable[T],
        brief: Callable[[T], Brief],
        now: datetime,
        shelf: Callable[[Iterable[T]], Shelf[T]] = list,
    ) -> None:
        self._now = now
        told = [(brief(each), each) for each in incidents]
        found = [pair for pair in told if pair[0].kind == "incident" and not pair[0].withdrawn]
        found.sort(key=lambda pair: (pair[0].started_at, pair[0].vendor, pair[0].slug))
        self._incidents = shelf(each for _, each in found)
        self._numbers: dict[str, int] = {}
        owners = [self._numbers.setdefault(b.vendor, len(self._numbers)) for b, _ in found]
        whole = [self._span(each) for each, _ in found]
        self._levels = max(0, len(whole) - 1).bit_length()
        self._starts = array(SECONDS, (start for start, _ in whole))
        self._ends = _Largest([end for _, end in whole], owners, 1 << self._levels)
        self._lengths = _Largest([end - start for start, end in whole], owners, 1 << self._levels)

    def of(self, brief: Brief, most: int = MOST) -> list[T]:
        """The incidents of other vendors that overlap it, the most overlapping first.

        Of those that overlap it equally the one that began last. `brief` need not be among those
        given, and may be a maintenance.
        """
        start, end = self._span(brief)
        own = self._numbers.get(brief.vendor, -1)
        queue: list[tuple[int, int, int]] = []
        found: list[T] = []
        self._offer(queue, 1, start, end, own)
        while queue and len(found) < most:
            _, place, node = heappop(queue)
            if node >> self._levels:
                found.append(self._incidents[-place])
            else:
                self._offer(queue, 2 * node, start, end, own)
                self._offer(queue, 2 * node + 1, start, end, own)
        return found

    def _offer(
        self, queue: list[tuple[int, int, int]], node: int, start: int, end: int, own: int
    ) -> None:
        """Queue a block by the most that any in it can overlap; for a single one, that it does."""
        shift = self._levels + 1 - node.bit_length()
        first = (node << shift) - (1 << self._levels)
        if first >= len(self._starts):
            return
        shared = min(self._ends.of(node, own), end) - max(self._starts[first], start)
        promise = min(shared, self._lengths.of(node, own))
        if promise > 0:
            heappush(queue, (-promise, -first, node))

    def _span(self, brief: Brief) -> tuple[int, int]:
        start = (brief.started_at - EPOCH) // SECOND
        return start, max(start + 1, ((brief.ended_at or self._now) - EPOCH) // SECOND)


class _Largest:
    """The largest of the values in each block of a list, leaving out those of one owner.

    A binary tree in flat arrays: node 1 is the whole, 2n and 2n + 1 are the halves of n, the
    leaves begin at `size`, a power of two. A node keeps its largest value, whose that is, and the
    largest of anybody else: so no owner's own values are ever in the way. 0: there is none.
    """

    def __init__(self, values: Sequence[int], owners: Sequence[int], size: int) -> None:
        self._largest = array(SECONDS, [0]) * (2 * size)
        self._owner = array("i", [-1]) * (2 * size)
        self._other = array(SECONDS, [0]) * (2 * size)
        self._largest[size : size + len(values)] = array(SECONDS, values)
        self._owner[size : size + len(owners)] = array("i", owners)
        for node in range(size - 1, 0, -1):
            self._unite(node, 2 * node, 2 * node + 1)

    def of(self, node: int, without: int) -> int:
        """The largest value in a block that is not of the owner `without`."""
        return (self._other if self._owner[node] == without else self._largest)[node]

    def _unite(self, node: int, more: int, less: int) -> None:
        if self._largest[more] < self._largest[less]:
            more, less = less, more
        self._largest[node] = self._largest[more]
        self._owner[node] = self._owner[more]
        self._other[node] = max(self._other[more], self.of(less, self._owner[more]))
