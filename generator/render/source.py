"""What rendering asks of an archive. The archive offers it without knowing of this module."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Protocol

from generator.census import MonthCount, VendorCount
from generator.model import Kept, Outline, Start


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
        """Tells what this archive holds from what another does, or this one did."""
        ...

    def shared_with(self, fingerprint: str) -> int | None:
        """The last run that an archive had whole; None: it is of another history."""
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

    def starts(self) -> Iterator[Start]:
        """All, withdrawn or not, by (newest start, vendor, slug), one at a time."""
        ...

    def numbered(self, numbers: Collection[int]) -> list[Kept]:
        """The incidents with those numbers (`Start.number`), in their order."""
        ...

    def news(self, since: datetime, vendors: Collection[str] | None = None) -> list[Kept]:
        """What changed since then, and has news of that time; `vendors` None: of all.

        News: it was posted, began, ended, was open again, was withdrawn or came back since then.
        """
        ...

    def runs(self) -> Sequence[str]:
        """When each run was that changed anything, ascending; text, as `times.text_of` has it."""
        ...

    def counts(self, vendors: Collection[str] | None = None) -> Mapping[str, VendorCount]:
        """The size of each vendor's record; `vendors` None: of all."""
        ...

    def months(self, only: Collection[str] | None = None) -> Mapping[str, MonthCount]:
        """What starts in each month (`2026-11`), in order; `only` None: in all."""
        ...

    def changed_since(self, run: int) -> Mapping[str, frozenset[str]]:
        """Vendor → slugs of the incidents that a later run changed."""
        ...

    def changed(self, vendor: str, run: int) -> list[Kept]:
        """The vendor's incidents that a later run changed, in full."""
        ...

    def outlines(self, days: Collection[str] | None = None) -> Iterator[Outline]:
        """All that were not withdrawn and started on those days (`2026-11-22`); None: on any.

        By (started_at, vendor, slug), one at a time.
        """
        ...

    def lasting(self) -> Iterator[Outline]:
        """Of the same those that went on for more than five days, or have no end."""
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
