"""What rendering asks of an archive. The archive offers it without knowing of this module."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from generator.model import Kept, Kind, Outline


class Totals(Protocol):
    """The size of the archive."""

    @property
    def vendors(self) -> int: ...  # noqa: D102 - the names say it
    @property
    def incidents(self) -> int: ...  # noqa: D102
    @property
    def maintenances(self) -> int: ...  # noqa: D102
    @property
    def updates(self) -> int: ...  # noqa: D102
    @property
    def first_started_at(self) -> datetime | None: ...  # noqa: D102


class VendorCount(Protocol):
    """The size of one vendor's record."""

    @property
    def incidents(self) -> int: ...  # noqa: D102
    @property
    def open(self) -> int: ...  # noqa: D102
    @property
    def last_started_at(self) -> datetime | None: ...  # noqa: D102
    @property
    def changed_at(self) -> datetime:
        """When anything of it last changed, what was withdrawn included."""
        ...

    @property
    def years(self) -> Mapping[int, tuple[int, int]]:
        """Year of the start → (incidents, maintenances), withdrawn ones included."""
        ...


class Source(Protocol):
    """An archive, as far as pages are concerned."""

    @property
    def sequence(self) -> int:
        """The number of the last run that changed anything; 0: none did."""
        ...

    @property
    def changed_at(self) -> datetime | None:
        """When that run was."""
        ...

    @property
    def fingerprint(self) -> str:
        """Tells this archive's history from another's."""
        ...

    def extends(self, fingerprint: str) -> bool:
        """Whether this archive has grown from the one with that fingerprint."""
        ...

    def vendors(self) -> Sequence[str]:
        """The slugs of all vendors that have incidents, sorted."""
        ...

    def kept(self, vendor: str) -> list[Kept]:
        """All of a vendor's, by (started_at, slug)."""
        ...

    def open(self) -> list[Kept]:
        """Incidents open as far as we know, of all vendors, newest start first."""
        ...

    def latest(self, count: int, kind: Kind, vendors: Collection[str] | None = None) -> list[Kept]:
        """The newest of a kind, withdrawn or not, newest start first; `vendors` None: of all."""
        ...

    def gravest(self, count: int, vendors: Collection[str] | None = None) -> list[Kept]:
        """The newest incidents of impact major or critical, withdrawn or not."""
        ...

    def news(self, span: timedelta, vendors: Collection[str] | None = None) -> list[Kept]:
        """What changed in the last `span` before their last change, and has news of that time.

        News: it was posted, began or was withdrawn then.
        """
        ...

    def runs(self) -> Sequence[str]:
        """When each run was that changed anything, ascending; text, as `times.text_of` has it."""
        ...

    def totals(self) -> Totals:
        """The size of the archive."""
        ...

    def counts(self) -> Mapping[str, VendorCount]:
        """The size of each vendor's record."""
        ...

    def changed_since(self, run: int) -> Mapping[str, frozenset[str]]:
        """Vendor → slugs of the incidents that a later run changed."""
        ...

    def changed(self, vendor: str, run: int) -> list[Kept]:
        """The vendor's incidents that a later run changed, in full."""
        ...

    def outlines(self) -> Iterator[Outline]:
        """All incidents that were not withdrawn, by (started_at, vendor, slug), one at a time."""
        ...

    def months(self) -> Sequence[str]:
        """The months (`2026-11`) in which incidents start, withdrawn ones included, in order."""
        ...

    def started_in(self, month: str) -> list[Kept]:
        """All that start in a month, of all vendors, by (started_at, vendor, slug)."""
        ...

    def copy_to(self, file: Path) -> None:
        """The archive whole, as one SQLite file."""
        ...

    def complete_since(self, vendor: str) -> datetime | None:
        """Since when the archive holds all that the vendor's page holds, if that is known."""
        ...
