"""Reading the archive back into records."""

import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from generator.archive import counting, news
from generator.archive.copying import copy_whole
from generator.archive.glimpse import LAST_RUN
from generator.archive.outlines import lasting, outlines
from generator.archive.records import records
from generator.archive.standing import GOES_ON, Standing, standing, titles
from generator.census import MonthCount, VendorCount
from generator.model import Kept, Outline, Start
from generator.times import read, text_of


@dataclass(frozen=True, slots=True)
class Totals:
    """The size of the archive."""

    vendors: int
    incidents: int
    maintenances: int
    updates: int
    revisions: int
    first_started_at: datetime | None


class Archive:
    """The archive's records, read when asked for; times in UTC, years by the start."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    @property
    def sequence(self) -> int:
        """The number of the last run that changed anything; 0: none did."""
        return self._last_run()[0]

    @property
    def changed_at(self) -> datetime | None:
        """When that run was."""
        at = self._last_run()[1]
        return read(at) if at else None

    @property
    def fingerprint(self) -> str:
        """Tells what this archive holds from what another does, or this one did.

        `12@2026-11-20T11:40:00Z#5f0c…`: its last run, that run's time, and the hash it had come to.
        """
        number, at, sealed = self._last_run()
        return f"{number}@{at}#{_short(sealed)}"

    def extends(self, fingerprint: str) -> bool:
        """Whether this archive has grown from the one with that fingerprint."""
        return self.shared_with(fingerprint) is not None

    def shared_with(self, fingerprint: str) -> int | None:
        """The last run that the archive with that fingerprint had whole; None: of another history.

        A run goes on after others have read what it wrote so far: that one they had in part.
        """
        name, _, sealed = fingerprint.partition("#")
        number, _, at = name.partition("@")
        if number == "0":
            return 0
        found = self._connection.execute("SELECT at, hash FROM run WHERE id = ?", (number,))
        ours = found.fetchone()
        if ours is None or ours[0] != at:
            return None
        return int(number) - (_short(ours[1]) != sealed)

    def vendors(self) -> list[str]:
        """The slugs of all vendors that have incidents, sorted."""
        rows = self._connection.execute(
            "SELECT slug FROM vendor WHERE EXISTS "
            "(SELECT 1 FROM incident WHERE vendor_id = vendor.id) ORDER BY slug"
        )
        return [slug for (slug,) in rows]

    def kept(self, vendor: str) -> list[Kept]:
        """All incidents of a vendor, oldest start first."""
        return self._kept("WHERE vendor.slug = ? ORDER BY started_at, incident.slug", (vendor,))

    def among(self, vendor: str, numbers: Collection[int]) -> list[Kept]:
        """The vendor's incidents among those that have these numbers, oldest start first."""
        return self._kept(
            "WHERE vendor.slug = ? AND incident.id IN (SELECT value FROM json_each(?)) "
            "ORDER BY started_at, incident.slug",
            (vendor, msgspec.json.encode(sorted(numbers)).decode()),
        )

    def open(self) -> list[Kept]:
        """Incidents that are open as far as we know, of all vendors, newest start first."""
        return self._kept(
            f"WHERE {GOES_ON} AND kind = 'incident' "
            "ORDER BY started_at DESC, vendor.slug, incident.slug"
        )

    def starts(self) -> Iterator[Start]:
        """All incidents, withdrawn or not, newest start first, one at a time."""
        return map(Start._make, self._connection.execute(news.STARTS))

    def numbered(self, numbers: Collection[int]) -> list[Kept]:
        """The incidents with those numbers (`Start.number`), in their order."""
        listed = msgspec.json.encode(sorted(numbers)).decode()
        return self._kept(
            "WHERE incident.id IN (SELECT value FROM json_each(?)) ORDER BY incident.id", (listed,)
        )

    def news(self, since: datetime, vendors: Collection[str] | None = None) -> list[Kept]:
        """What changed since then and has news of that time; `vendors` None: of all."""
        return self._kept(news.LATELY, (*news.of(vendors), text_of(since)))

    def runs(self) -> list[str]:
        """When each run was that changed anything, ascending."""
        return [at for (at,) in self._connection.execute("SELECT at FROM run ORDER BY at")]

    def held(
        self,
        vendor: str,
        keys: Collection[str],
        since: datetime | None = None,
        besides: Collection[str] = (),
    ) -> dict[str, Kept]:
        """By key: the vendor's incidents with one of the keys, and all started since that time.

        None of those `besides`: to read one back is the dearest part of comparing it.
        """
        named, known = (msgspec.json.encode(sorted(each)).decode() for each in (keys, besides))
        # Asked for by keys alone they are found by the index: without, all of the vendor are read.
        by_key, by_start = "key IN (SELECT value FROM json_each(?))", "OR started_at >= ?"
        where = f"WHERE vendor.slug = ? AND ({by_key} {by_start if since else ''}) AND NOT {by_key}"
        times = (text_of(since),) if since else ()
        found = self._kept(where, (vendor, named, *times, known))
        return {kept.incident.key: kept for kept in found}

    def ever_named(self, vendor: str, keys: Collection[str]) -> list[Kept]:
        """The vendor's incidents that have one of the keys, or had it before."""
        return self._kept(
            "WHERE vendor.slug = ? AND EXISTS "
            "(SELECT 1 FROM json_each(?) WHERE value = incident.key OR value IN ("
            "SELECT before FROM revision WHERE incident_id = incident.id AND field = 'key')) "
            "ORDER BY incident.id",
            (vendor, msgspec.json.encode(sorted(keys)).decode()),
        )

    def titles(self, vendor: str, first: datetime, last: datetime) -> dict[str, str]:
        """By key: of the vendor's incidents that started in that time, its ends included."""
        return titles(self._connection, vendor, first, last)

    def standing(self, vendors: Collection[str]) -> dict[str, Standing]:
        """How those of the vendors stand that have incidents."""
        return standing(self._connection, vendors)

    def slugs(self, vendor: str) -> set[str]:
        """Every public path of a vendor that is taken."""
        rows = self._connection.execute(
            "SELECT incident.slug FROM incident JOIN vendor ON vendor.id = incident.vendor_id "
            "WHERE vendor.slug = ?",
            (vendor,),
        )
        return {slug for (slug,) in rows}

    def changed_since(self, run: int) -> dict[str, frozenset[str]]:
        """Vendor → public paths of its incidents that a later run changed, which may be none."""
        changed: defaultdict[str, set[str]] = defaultdict(set)
        for vendor, slug in self._connection.execute(
            "SELECT vendor.slug, incident.slug FROM incident "
            "JOIN vendor ON vendor.id = incident.vendor_id WHERE incident.changed_in > ?",
            (run,),
        ):
            changed[vendor].add(slug)
        for (vendor,) in self._connection.execute(
            "SELECT slug FROM vendor WHERE changed_in > ?", (run,)
        ):
            changed[vendor] |= set()
        return {vendor: frozenset(slugs) for vendor, slugs in changed.items()}

    def changed(self, vendor: str, run: int) -> list[Kept]:
        """The vendor's incidents that a later run changed, oldest start first."""
        return self._kept(
            "WHERE vendor.slug = ? AND incident.changed_in > ? ORDER BY started_at, incident.slug",
            (vendor, run),
        )

    def months(self, only: Collection[str] | None = None) -> dict[str, MonthCount]:
        """What starts in each month (`2026-11`), in order; `only` None: in all."""
        return counting.months(self._connection, only)

    def started_in(self, month: str) -> list[Kept]:
        """All that start in a month, of all vendors, by (started_at, vendor, slug)."""
        return self._kept(
            "WHERE started_at >= ? AND started_at < ? "
            "ORDER BY started_at, vendor.slug, incident.slug",
            (month, f"{month}~"),
        )

    def copy_to(self, file: Path) -> None:
        """The archive whole, as one file, while nobody else writes; the file must not be there."""
        copy_whole(self._connection, file)

    def lately(self, since: datetime, named: Collection[str]) -> list[Kept]:
        """Incidents that changed since then, and those with these names (`vendor/slug`)."""
        listed = msgspec.json.encode(sorted(named)).decode()
        return self._kept(
            "WHERE (kind = 'incident' AND changed_at >= ?) OR vendor.slug || '/' || incident.slug "
            "IN (SELECT value FROM json_each(?))",
            (text_of(since), listed),
        )

    def outlines(self, days: Collection[str] | None = None) -> Iterator[Outline]:
        """Incidents that were not withdrawn and started on those days (`2026-11-22`); None: all.

        By (started_at, vendor, slug), read one by one.
        """
        return outlines(self._connection, days)

    def lasting(self) -> Iterator[Outline]:
        """Of the same those that went on for days, or that have no end."""
        return lasting(self._connection)

    def complete_since(self, vendor: str) -> datetime | None:
        """Since when the archive holds all that the vendor's page holds, if that is known."""
        row = self._connection.execute(
            "SELECT complete_since FROM vendor WHERE slug = ?", (vendor,)
        ).fetchone()
        return read(row[0]) if row and row[0] else None

    def totals(self) -> Totals:
        """The size of the archive."""
        row = self._connection.execute(
            "SELECT count(DISTINCT vendor_id), count(*) FILTER (WHERE kind = 'incident'), "
            "count(*) FILTER (WHERE kind = 'maintenance'), min(started_at) FROM incident"
        ).fetchone()
        updates = self._connection.execute("SELECT count(*) FROM incident_update").fetchone()[0]
        revisions = self._connection.execute("SELECT count(*) FROM revision").fetchone()[0]
        return Totals(
            vendors=row[0],
            incidents=row[1],
            maintenances=row[2],
            updates=updates,
            revisions=revisions,
            first_started_at=read(row[3]) if row[3] else None,
        )

    def counts(self, vendors: Collection[str] | None = None) -> dict[str, VendorCount]:
        """The size of each vendor's record; `vendors` None: of all."""
        return counting.counts(self._connection, vendors)

    def _last_run(self) -> tuple[int, str, bytes]:
        return self._connection.execute(LAST_RUN).fetchone() or (0, "", b"")

    def _kept(self, where: str, values: tuple[Any, ...] = ()) -> list[Kept]:
        return records(self._connection, where, values)


def _short(sealed: bytes) -> str:
    return sealed.hex()[:16]
