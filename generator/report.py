"""What a run did, a row a vendor."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Literal

from generator.model import Change, Fault, Incident
from generator.times import text_of

Outcome = Literal["changed", "unchanged", "failed"]


@dataclass
class Row:
    """One vendor's part of a run. `unknown`: words of the page that we have no word for.

    `bytes` came off the network, about `added` of them into the archive.
    """

    vendor: str
    platform: str
    outcome: Outcome = "unchanged"
    requests: int = 0
    bytes: int = 0
    new: int = 0
    changed: int = 0
    withdrawn: int = 0
    restored: int = 0
    added: int = 0
    unknown: dict[str, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def count(self, changes: Iterable[Change]) -> None:
        """Add decided changes."""
        self.add(Counter(change.what for change in changes))

    def add(self, changes: Counter[str]) -> None:
        """The same by their kinds."""
        if changes:
            self.outcome = "changed"
        for what, number in changes.items():
            setattr(self, what, getattr(self, what) + number)


@dataclass
class Report:
    """A whole run."""

    command: str
    at: datetime
    rows: list[Row] = field(default_factory=list)

    @property
    def failed(self) -> int:
        """How many vendors could not be read."""
        return sum(row.outcome == "failed" for row in self.rows)

    @property
    def mostly_failed(self) -> bool:
        """More than half could not be read: it is us or the network, not them."""
        return self.failed * 2 > len(self.rows)

    def document(self) -> dict[str, object]:
        """The report as JSON has it."""
        return {
            "command": self.command,
            "at": text_of(self.at),
            "vendors": len(self.rows),
            "failed": self.failed,
            "rows": [asdict(row) for row in sorted(self.rows, key=lambda row: row.vendor)],
        }


def unknown_words(incidents: tuple[Incident, ...]) -> dict[str, int]:
    """The vendor's words that were mapped to "unknown", counted: `impact: catastrophic`."""
    words = Counter(
        f"impact: {incident.impact_raw}"
        for incident in incidents
        if incident.impact == "unknown" and incident.impact_raw
    )
    words.update(
        f"phase: {update.phase_raw}"
        for incident in incidents
        for update in incident.updates
        if update.phase == "unknown" and update.phase_raw
    )
    return dict(words)
