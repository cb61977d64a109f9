"""The records. What a vendor said and what we observed are different types.

An `Incident` with its `Update`s is a vendor's word, mapped to the field's standard terms with
the vendor's own word kept beside each (`*_raw`). A `Kept` is an incident as the archive holds
it: with its public path, when we first saw it, and what it said before (`Revision`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from operator import attrgetter
from typing import Literal, NamedTuple, get_args

Kind = Literal["incident", "maintenance"]
Impact = Literal["none", "minor", "major", "critical", "unknown"]
Phase = Literal[
    "investigating",
    "identified",
    "monitoring",
    "resolved",
    "postmortem",
    "scheduled",
    "in_progress",
    "completed",
    "update",
    "unknown",
]
BodyFormat = Literal["text", "markdown", "html"]
Status = Literal["open", "resolved"]
# Where an end comes from: the vendor's resolve time, an update that says so, the platform's own
# end field, or only the last update. None: still open. "unstated": the page says neither.
EndBasis = Literal["resolve_time", "resolving_update", "end_field", "last_update", "unstated"]

KINDS: tuple[Kind, ...] = get_args(Kind)
IMPACTS: tuple[Impact, ...] = get_args(Impact)
PHASES: tuple[Phase, ...] = get_args(Phase)
END_BASES: tuple[EndBasis, ...] = get_args(EndBasis)
# The title of an incident whose words were taken out on request (removed.py).
REMOVED = "Removed on request"
# The phases after which nothing is broken any more.
ENDING: frozenset[Phase] = frozenset({"resolved", "postmortem", "completed"})


@dataclass(frozen=True, slots=True)
class Vendor:
    """One status page: a file of data/vendors. `options` are the platform's own settings.

    `language`: the tag (BCP 47) of the one that all its texts are in, if the file says so.
    """

    slug: str
    name: str
    homepage: str
    status_page: str
    platform: str
    category: str
    options: Mapping[str, str] = field(default_factory=dict)
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Update:
    """One post of a vendor about an incident. `key` is unique within the incident."""

    key: str
    at: datetime
    phase: Phase
    body: str
    phase_raw: str | None = None
    body_format: BodyFormat = "text"

    def __post_init__(self) -> None:
        if self.at.tzinfo is not UTC:
            _require_utc(self.at)


@dataclass(frozen=True, slots=True)
class Incident:
    """What a vendor says of one incident now. `key` is the vendor's id; updates oldest first.

    `scheduled_until` is the announced end of a maintenance, which is a plan and not an end.
    """

    key: str
    title: str
    kind: Kind
    impact: Impact
    started_at: datetime
    ended_at: datetime | None = None
    end_basis: EndBasis | None = None
    impact_raw: str | None = None
    url: str | None = None
    scheduled_until: datetime | None = None
    components: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    updates: tuple[Update, ...] = ()

    def __post_init__(self) -> None:
        _require_utc(self.started_at)
        if self.ended_at is not None:
            _require_utc(self.ended_at)
        if self.scheduled_until is not None:
            _require_utc(self.scheduled_until)
        if (self.ended_at is None) != (self.end_basis in (None, "unstated")):
            raise ValueError(f"ended_at {self.ended_at} with end_basis {self.end_basis}")
        if len({update.key for update in self.updates}) < len(self.updates):
            raise ValueError(f"two updates of {self.key} share a key")

    @property
    def status(self) -> Status:
        """ "resolved" once an end is known; an end nobody stated leaves it "open"."""
        return "open" if self.ended_at is None else "resolved"


@dataclass(frozen=True, slots=True)
class Revision:
    """What a field said until `seen_at`, when we saw it say something else.

    `field` is a field of the incident or, with `update_key`, of that update. "update" is a whole
    update that the vendor took away (`before` is its JSON); "withdrawn" notes when an incident
    that had been taken away, as of the time in `before`, came back.
    """

    seen_at: datetime
    field: str
    before: str
    update_key: str | None = None


@dataclass(frozen=True, slots=True)
class Origin:
    """The reply that a change came from: its address, when it was read, SHA-256 of its body."""

    url: str
    at: datetime
    sha256: bytes


@dataclass(frozen=True, slots=True)
class Kept:
    """An incident as the archive holds it.

    `slug` is minted once and never moves. `platform` is the one it was last read from, None if it
    was only imported. `changed_in` is the number of the run that last changed it, `update_seen_at`
    when each update was first seen, in their order. `origin` is the last reply that told news of
    it, None if that is not known; two records of the same facts are equal whatever theirs.
    """

    vendor: str
    slug: str
    incident: Incident
    first_seen_at: datetime
    changed_at: datetime
    withdrawn_at: datetime | None = None
    revisions: tuple[Revision, ...] = ()
    platform: str | None = None
    changed_in: int = 0
    update_seen_at: tuple[datetime, ...] = ()
    origin: Origin | None = field(default=None, compare=False)

    @property
    def goes_on(self) -> bool:
        """No end, and its page shows it as open: what a page lists no more is neither."""
        what = self.incident
        return self.withdrawn_at is None and what.ended_at is None and what.end_basis is None


class Outline(NamedTuple):
    """As much of an incident as lists over all vendors need: light, for there are very many.

    Times are text, as `times.text_of` writes them. The last update is told only where there is no
    end: without one, it is what says how things stand.
    """

    vendor: str
    slug: str
    title: str
    kind: Kind
    impact: Impact
    started_at: str
    ended_at: str | None
    end_basis: EndBasis | None
    scheduled_until: str | None
    changed_at: str
    last_at: str | None = None
    last_phase: Phase | None = None


class Start(NamedTuple):
    """That an incident began: its number in the archive, whose it is, and how bad."""

    number: int
    vendor: str
    kind: Kind
    impact: Impact


@dataclass(frozen=True, slots=True)
class Change:
    """One thing to write: the incident as it now stands, and the revisions that this makes.

    `held_as`: the key it was held under so far (vendors give incidents new ids when they move to
    another platform). `origin`: the reply that says so.
    """

    what: Literal["new", "changed", "withdrawn", "restored"]
    after: Kept
    held_as: str
    revisions: tuple[Revision, ...] = ()
    origin: Origin | None = None


@dataclass(frozen=True, slots=True)
class Health:
    """How the reading of a vendor's page fares. Times are those of runs; None: never, or not so.

    `newest_at` is the start of its newest incident, `fault` the class of what goes wrong.
    """

    vendor: Vendor
    read_at: datetime | None = None
    newest_at: datetime | None = None
    failing_since: datetime | None = None
    fault: str | None = None


@dataclass(frozen=True, slots=True)
class Fault:
    """Something a source did wrong, for the report: its class and a sentence."""

    kind: str
    reason: str


def oldest_first(updates: Iterable[Update]) -> tuple[Update, ...]:
    """Updates by time; of equal times the one that stood first stays first."""
    return tuple(sorted(updates, key=attrgetter("at")))


def _require_utc(moment: datetime) -> None:
    if moment.tzinfo is not UTC:
        raise ValueError(f"{moment!r} is not in UTC")
