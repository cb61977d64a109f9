"""The size of the archive by vendor and by month: what adds up without reading it all again."""

from datetime import datetime

from msgspec import Struct


class VendorCount(Struct, frozen=True, array_like=True):
    """The size of one vendor's record, withdrawn ones included where nothing else is said.

    `open`, `first_started_at` and `last_started_at` are of incidents that were not withdrawn;
    `changed_at`: when anything last changed. `years`: year of the start → (incidents,
    maintenances). `standing`: year → how many were not withdrawn, by impact in the order of
    `model.IMPACTS`, planned work as the last.
    """

    incidents: int
    maintenances: int
    open: int
    updates: int
    first_started_at: datetime | None
    last_started_at: datetime | None
    changed_at: datetime
    years: dict[int, tuple[int, int]]
    standing: dict[int, tuple[int, ...]]


class MonthCount(Struct, frozen=True, array_like=True):
    """What starts in a month: all records, and the incidents that were not withdrawn."""

    records: int
    incidents: int


class Census(Struct, frozen=True):
    """The archive counted. `vendors`: by slug; `months`: by month (`2026-11`), in order."""

    vendors: dict[str, VendorCount] = {}
    months: dict[str, MonthCount] = {}

    @property
    def incidents(self) -> int:
        """Withdrawn ones included."""
        return sum(count.incidents for count in self.vendors.values())

    @property
    def maintenances(self) -> int:
        """Withdrawn ones included."""
        return sum(count.maintenances for count in self.vendors.values())

    @property
    def updates(self) -> int:
        """As the vendors show them now."""
        return sum(count.updates for count in self.vendors.values())
