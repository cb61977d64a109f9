"""A small archive in memory, for the tests of rendering: what is put into it is what it holds."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from generator.census import MonthCount, VendorCount
from generator.model import (
    IMPACTS,
    Impact,
    Incident,
    Kept,
    Kind,
    Outline,
    Phase,
    Revision,
    Start,
    Update,
    Vendor,
)
from generator.settings import SiteConfig
from generator.times import read, text_of

EPOCH = datetime(2026, 11, 1, 12, tzinfo=UTC)
DAYS = timedelta(days=5)


def at(text: str) -> datetime:
    """`2022-07-29 15:19` in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@dataclass
class Memory:
    """An archive whose runs are calls of `run`. Run n happens n hours after the epoch."""

    records: dict[tuple[str, str], Kept] = field(default_factory=dict)
    sequence: int = 0
    name: str = "a"
    complete: dict[str, datetime] = field(default_factory=dict)

    def run(self, *records: Kept) -> None:
        """Keep the records, as changed by one run."""
        self.sequence += 1
        for record in records:
            self.records[record.vendor, record.slug] = replace(record, changed_in=self.sequence)

    def get(self, vendor: str, slug: str) -> Kept:
        return self.records[vendor, slug]

    @property
    def now(self) -> datetime:
        return EPOCH + timedelta(hours=self.sequence)

    @property
    def changed_at(self) -> datetime | None:
        return self.now if self.sequence else None

    @property
    def fingerprint(self) -> str:
        return f"{self.sequence}@{self.name}"

    def shared_with(self, fingerprint: str) -> int | None:
        number, _, name = fingerprint.partition("@")
        return int(number) if name == self.name and int(number) <= self.sequence else None

    def vendors(self) -> Sequence[str]:
        return sorted({vendor for vendor, _ in self.records})

    def kept(self, vendor: str) -> list[Kept]:
        found = [kept for kept in self.records.values() if kept.vendor == vendor]
        return sorted(found, key=lambda kept: (kept.incident.started_at, kept.slug))

    def _standing(self) -> list[Kept]:
        found = [
            kept
            for kept in self.records.values()
            if kept.withdrawn_at is None and kept.incident.kind == "incident"
        ]
        found.sort(key=lambda kept: (kept.vendor, kept.slug))
        return sorted(found, key=lambda kept: kept.incident.started_at, reverse=True)

    def open(self) -> list[Kept]:
        return [
            kept
            for kept in self._standing()
            if kept.incident.ended_at is None and kept.incident.end_basis is None
        ]

    def _newest(self, vendors: Collection[str] | None) -> list[Kept]:
        found = [
            kept for kept in self.records.values() if vendors is None or kept.vendor in vendors
        ]
        found.sort(key=lambda kept: (kept.vendor, kept.slug))
        return sorted(found, key=lambda kept: kept.incident.started_at, reverse=True)

    def starts(self) -> Iterator[Start]:
        numbers = {key: number for number, key in enumerate(self.records)}
        for kept in self._newest(None):
            what = kept.incident
            yield Start(numbers[kept.vendor, kept.slug], kept.vendor, what.kind, what.impact)

    def numbered(self, numbers: Collection[int]) -> list[Kept]:
        return [kept for number, kept in enumerate(self.records.values()) if number in numbers]

    def news(self, since: datetime, vendors: Collection[str] | None = None) -> list[Kept]:
        found = self._newest(vendors)[::-1]
        return [kept for kept in found if kept.changed_at >= since and _has_news(kept, since)]

    def runs(self) -> Sequence[str]:
        return [text_of(EPOCH + timedelta(hours=number + 1)) for number in range(self.sequence)]

    def counts(self, vendors: Collection[str] | None = None) -> dict[str, VendorCount]:
        return {
            vendor: self._count(vendor)
            for vendor in self.vendors()
            if vendors is None or vendor in vendors
        }

    def _count(self, vendor: str) -> VendorCount:
        years: dict[int, tuple[int, int]] = {}
        numbers: dict[int, list[int]] = {}
        for kept in self.kept(vendor):
            year, planned = kept.incident.started_at.year, kept.incident.kind == "maintenance"
            incidents, maintenances = years.get(year, (0, 0))
            years[year] = (incidents + (not planned), maintenances + planned)
            if kept.withdrawn_at is None:
                marks = numbers.setdefault(year, [0] * (len(IMPACTS) + 1))
                marks[-1 if planned else IMPACTS.index(kept.incident.impact)] += 1
        standing = [kept.incident.started_at for kept in self._standing() if kept.vendor == vendor]
        return VendorCount(
            incidents=sum(incidents for incidents, _ in years.values()),
            maintenances=sum(maintenances for _, maintenances in years.values()),
            open=sum(kept.vendor == vendor for kept in self.open()),
            updates=sum(len(kept.incident.updates) for kept in self.kept(vendor)),
            first_started_at=min(standing, default=None),
            last_started_at=max(standing, default=None),
            changed_at=max(kept.changed_at for kept in self.kept(vendor)),
            years=years,
            standing={year: tuple(marks) for year, marks in numbers.items()},
        )

    def changed_since(self, run: int) -> Mapping[str, frozenset[str]]:
        return {
            vendor: frozenset(slugs)
            for vendor in self.vendors()
            if (slugs := [kept.slug for kept in self.kept(vendor) if kept.changed_in > run])
        }

    def changed(self, vendor: str, run: int) -> list[Kept]:
        return [kept for kept in self.kept(vendor) if kept.changed_in > run]

    def outlines(self, days: Collection[str] | None = None) -> Iterator[Outline]:
        standing = [kept for kept in self.records.values() if kept.withdrawn_at is None]
        standing.sort(key=lambda kept: (kept.incident.started_at, kept.vendor, kept.slug))
        return (
            found
            for found in map(outline, standing)
            if days is None or found.started_at[:10] in days
        )

    def lasting(self) -> Iterator[Outline]:
        for each in self.outlines():
            if each.ended_at is None or read(each.ended_at) - read(each.started_at) > DAYS:
                yield each

    def months(self, only: Collection[str] | None = None) -> dict[str, MonthCount]:
        found: dict[str, list[Kept]] = {}
        for kept in sorted(self.records.values(), key=_month):
            if only is None or _month(kept) in only:
                found.setdefault(_month(kept), []).append(kept)
        return {
            month: MonthCount(len(of), sum(kept in self._standing() for kept in of))
            for month, of in found.items()
        }

    def started_in(self, month: str) -> list[Kept]:
        found = [kept for kept in self.records.values() if _month(kept) == month]
        return sorted(found, key=lambda kept: (kept.incident.started_at, kept.vendor, kept.slug))

    def copy_to(self, file: Path) -> None:
        file.write_text(f"an archive of {len(self.records)} after run {self.sequence}")

    def complete_since(self, vendor: str) -> datetime | None:
        return self.complete.get(vendor)


def _has_news(kept: Kept, since: datetime) -> bool:
    what = kept.incident
    times = [what.started_at, kept.withdrawn_at, what.ended_at, *(post.at for post in what.updates)]
    edits = (edit for edit in kept.revisions if edit.field in ("ended_at", "withdrawn"))
    return max(time for time in (*times, *(edit.seen_at for edit in edits)) if time) >= since


def _month(kept: Kept) -> str:
    return text_of(kept.incident.started_at)[:7]


def outline(kept: Kept) -> Outline:
    what = kept.incident
    last = what.updates[-1] if what.updates and what.ended_at is None else None
    return Outline(
        vendor=kept.vendor,
        slug=kept.slug,
        title=what.title,
        kind=what.kind,
        impact=what.impact,
        started_at=text_of(what.started_at),
        ended_at=text_of(what.ended_at) if what.ended_at else None,
        end_basis=what.end_basis,
        scheduled_until=text_of(what.scheduled_until) if what.scheduled_until else None,
        changed_at=text_of(kept.changed_at),
        last_at=text_of(last.at) if last else None,
        last_phase=last.phase if last else None,
    )


def update(key: str, when: datetime, phase: Phase, body: str, raw: str | None = None) -> Update:
    return Update(key, when, phase, body, phase_raw=raw)


def incident(
    title: str,
    start: datetime,
    minutes: int | None = 60,
    *,
    key: str = "",
    impact: Impact = "minor",
    kind: Kind = "incident",
    updates: tuple[Update, ...] = (),
    components: tuple[str, ...] = (),
) -> Incident:
    """An incident that lasted so many minutes; None: still open."""
    ended = None if minutes is None else start + timedelta(minutes=minutes)
    return Incident(
        key=key or title,
        title=title,
        kind=kind,
        impact=impact,
        started_at=start,
        ended_at=ended,
        end_basis=None if ended is None else "resolve_time",
        updates=updates or (update("1", start, "investigating", "We are looking into it."),),
        components=components,
    )


def keep(vendor: str, slug: str, what: Incident, revisions: tuple[Revision, ...] = ()) -> Kept:
    """As it is held when first seen five minutes after its start."""
    seen = what.started_at + timedelta(minutes=5)
    return Kept(
        vendor=vendor,
        slug=slug,
        incident=what,
        first_seen_at=seen,
        changed_at=max([seen, *(revision.seen_at for revision in revisions)]),
        revisions=revisions,
        update_seen_at=tuple(seen for _ in what.updates),
    )


def vendor(slug: str, name: str = "", category: str = "cloud") -> Vendor:
    return Vendor(
        slug=slug,
        name=name or slug.title(),
        homepage=f"https://{slug}.example",
        status_page=f"https://status.{slug}.example",
        platform="statuspage",
        category=category,
    )


CONFIG = SiteConfig(
    title="Outage Archive",
    address="https://example.org/archive/",
    contact="someone@example.org",
    authority="example.org",
    description="What broke, when, and for how long.",
    repository="https://example.org/source",
    categories={"cloud": "Cloud", "package-registry": "Package registries"},
)

PYPI = keep(
    "python",
    "2022-07-29-pypi-mass-cdn-purge",
    Incident(
        key="pypi-purge",
        title="Notice: PyPI Mass CDN Purge",
        kind="incident",
        impact="minor",
        impact_raw="minor",
        started_at=at("2022-07-29 15:19"),
        ended_at=at("2022-07-29 16:30"),
        end_basis="last_update",
        components=("PyPI",),
        updates=(
            update("1", at("2022-07-29 15:19"), "monitoring", "A purge of all is needed."),
            update("2", at("2022-07-29 15:30"), "monitoring", "The purge has been issued."),
            update("3", at("2022-07-29 16:03"), "monitoring", "The backends steady themselves."),
            update("4", at("2022-07-29 16:30"), "monitoring", "Error rates are at their baseline."),
        ),
    ),
)
