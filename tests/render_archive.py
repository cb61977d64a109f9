"""A small archive in memory, for the tests of rendering: what is put into it is what it holds."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from generator.model import (
    Impact,
    Incident,
    Kept,
    Kind,
    Outline,
    Phase,
    Revision,
    Update,
    Vendor,
)
from generator.settings import SiteConfig
from generator.times import text_of

EPOCH = datetime(2026, 11, 1, 12, tzinfo=UTC)


def at(text: str) -> datetime:
    """`2022-07-29 15:19` in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@dataclass(frozen=True)
class Totals:
    vendors: int
    incidents: int
    maintenances: int
    updates: int
    first_started_at: datetime | None


@dataclass(frozen=True)
class Count:
    incidents: int
    open: int
    last_started_at: datetime | None
    changed_at: datetime
    years: Mapping[int, tuple[int, int]]


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

    def extends(self, fingerprint: str) -> bool:
        number, _, name = fingerprint.partition("@")
        return name == self.name and int(number) <= self.sequence

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

    def latest(self, count: int, kind: Kind, vendors: Collection[str] | None = None) -> list[Kept]:
        found = self._newest(vendors)
        return [kept for kept in found if kept.incident.kind == kind][:count]

    def gravest(self, count: int, vendors: Collection[str] | None = None) -> list[Kept]:
        found = [kept for kept in self._newest(vendors) if kept.incident.kind == "incident"]
        return [kept for kept in found if kept.incident.impact in ("major", "critical")][:count]

    def news(self, span: timedelta, vendors: Collection[str] | None = None) -> list[Kept]:
        found = self._newest(vendors)[::-1]
        since = max((kept.changed_at for kept in found), default=EPOCH) - span
        return [kept for kept in found if kept.changed_at >= since and _has_news(kept, since)]

    def runs(self) -> Sequence[str]:
        return [text_of(EPOCH + timedelta(hours=number + 1)) for number in range(self.sequence)]

    def totals(self) -> Totals:
        kinds = [kept.incident.kind for kept in self.records.values()]
        return Totals(
            vendors=len(self.vendors()),
            incidents=kinds.count("incident"),
            maintenances=kinds.count("maintenance"),
            updates=sum(len(kept.incident.updates) for kept in self.records.values()),
            first_started_at=min(
                (kept.incident.started_at for kept in self.records.values()), default=None
            ),
        )

    def counts(self) -> dict[str, Count]:
        return {vendor: self._count(vendor) for vendor in self.vendors()}

    def _count(self, vendor: str) -> Count:
        years: dict[int, tuple[int, int]] = {}
        for kept in self.kept(vendor):
            incidents, maintenances = years.get(kept.incident.started_at.year, (0, 0))
            planned = kept.incident.kind == "maintenance"
            years[kept.incident.started_at.year] = (
                incidents + (not planned),
                maintenances + planned,
            )
        standing = [kept for kept in self._standing() if kept.vendor == vendor]
        return Count(
            incidents=sum(incidents for incidents, _ in years.values()),
            open=sum(kept.vendor == vendor for kept in self.open()),
            last_started_at=standing[0].incident.started_at if standing else None,
            changed_at=max(kept.changed_at for kept in self.kept(vendor)),
            years=years,
        )

    def changed_since(self, run: int) -> Mapping[str, frozenset[str]]:
        return {
            vendor: frozenset(slugs)
            for vendor in self.vendors()
            if (slugs := [kept.slug for kept in self.kept(vendor) if kept.changed_in > run])
        }

    def changed(self, vendor: str, run: int) -> list[Kept]:
        return [kept for kept in self.kept(vendor) if kept.changed_in > run]

    def outlines(self) -> Iterator[Outline]:
        standing = [kept for kept in self.records.values() if kept.withdrawn_at is None]
        standing.sort(key=lambda kept: (kept.incident.started_at, kept.vendor, kept.slug))
        return map(outline, standing)

    def months(self) -> list[str]:
        return sorted({_month(kept) for kept in self.records.values()})

    def started_in(self, month: str) -> list[Kept]:
        found = [kept for kept in self.records.values() if _month(kept) == month]
        return sorted(found, key=lambda kept: (kept.incident.started_at, kept.vendor, kept.slug))

    def copy_to(self, file: Path) -> None:
        file.write_text(f"an archive of {len(self.records)} after run {self.sequence}")

    def complete_since(self, vendor: str) -> datetime | None:
        return self.complete.get(vendor)


def _has_news(kept: Kept, since: datetime) -> bool:
    times = [kept.incident.started_at, kept.withdrawn_at or kept.incident.started_at]
    return max(*times, *(post.at for post in kept.incident.updates)) >= since


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
