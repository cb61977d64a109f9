"""The pages about the archive itself: its method, its sources, its data, what it is."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import msgspec
from msgspec import Struct

from generator.census import VendorCount
from generator.exchange import schema
from generator.model import EndBasis, Health, Impact
from generator.render import calendars, conduct, links, stats, strip, words
from generator.render.facts import State
from generator.render.frame import Frame, Link, Site
from generator.render.text import safe_link

# Raised, with the month, whenever a rule changes that changes a figure or an end.
METHOD = 2
METHOD_SINCE = "2026-11"


class MethodView(Struct, frozen=True):
    """How figures come about: the rules' own constants, and the words of their values."""

    frame: Frame
    version: int
    since: str
    ends: Mapping[EndBasis, str]
    impacts: Mapping[Impact, str]
    states: Mapping[State, str]
    fewest: int
    days: int
    same_moment: str
    silence: str
    late: str


class SourceRow(Struct, frozen=True):
    """A source: days only, so that a run without news changes nothing. Empty: not so, or never."""

    name: str
    href: str
    own: str | None
    platform: str
    newest: str
    read_on: str
    failing_since: str
    fault: str


class SourcesView(Struct, frozen=True):
    """Every source and how its reading fares; `known` is False where the site's builder forgot."""

    frame: Frame
    known: bool
    total: str
    failing: tuple[SourceRow, ...]
    rows: tuple[SourceRow, ...]


class DataView(Struct, frozen=True):
    """What can be taken away."""

    frame: Frame
    repository: str | None
    downloads: str | None
    json_feed: bool
    calendars: bool
    newest: int
    statuspage: bool
    badges: bool


class AboutView(Struct, frozen=True):
    """What this is and whom to tell. `issues`: where the repository takes reports."""

    frame: Frame
    repository: str | None
    issues: str | None
    contact: Link | None
    vendors: str


def method_view(site: Site) -> MethodView:
    """The method, its numbers taken from the rules themselves."""
    return MethodView(
        frame=_frame(site, links.METHOD, words.METHOD_DESCRIPTION),
        version=METHOD,
        since=METHOD_SINCE,
        ends=words.END_BASIS,
        impacts=words.IMPACT,
        states=words.STATE,
        fewest=stats.FEWEST,
        days=strip.DAYS,
        same_moment=words.length(conduct.SAME_MOMENT),
        silence=words.count(conduct.SILENCE // timedelta(days=1), "day", "days"),
        late=words.length(conduct.LATE),
    )


def sources_view(
    site: Site, counts: Mapping[str, VendorCount], health: Sequence[Health] | None
) -> SourcesView:
    """Every source by name; None: the builder of this site does not know how they fare."""
    known = health or [Health(vendor) for vendor in site.vendors.values()]
    rows = sorted(
        (_source(site, counts, each) for each in known),
        key=lambda row: (row.name.casefold(), row.href),
    )
    failing = [row for row in rows if row.failing_since]
    return SourcesView(
        frame=_frame(site, links.SOURCES, words.SOURCES_DESCRIPTION),
        known=health is not None,
        total=words.count(len(rows), "source", "sources"),
        failing=tuple(sorted(failing, key=lambda row: row.failing_since)),
        rows=tuple(rows),
    )


def data_view(site: Site) -> DataView:
    """The formats, and where they are."""
    return DataView(
        frame=_frame(site, links.DATA, words.DATA_DESCRIPTION),
        repository=site.repository,
        downloads=links.DOWNLOADS if site.has("downloads") else None,
        json_feed=site.has("json-feed"),
        calendars=site.has("calendars"),
        newest=calendars.NEWEST,
        statuspage=site.has("statuspage"),
        badges=site.has("badges"),
    )


def about_view(site: Site) -> AboutView:
    """What this is."""
    repository = site.repository
    return AboutView(
        frame=_frame(site, links.ABOUT, words.ABOUT_DESCRIPTION),
        repository=repository,
        issues=safe_link(f"{repository.rstrip('/')}/issues") if repository else None,
        contact=site.contact,
        vendors=words.count(len(site.vendors), "service", "services"),
    )


def schema_json() -> bytes:
    """The JSON Schema of an incident, as years and exports carry it."""
    return msgspec.json.format(msgspec.json.encode(schema()), indent=2) + b"\n"


def _frame(site: Site, path: str, description: str) -> Frame:
    name = words.FOOTER[path]
    return site.frame(path, name, description, crumbs=(Link(name, path),))


def _source(site: Site, counts: Mapping[str, VendorCount], health: Health) -> SourceRow:
    vendor = health.vendor
    count = counts.get(vendor.slug)
    return SourceRow(
        name=site.name(vendor.slug),
        href=links.vendor_page(vendor.slug),
        own=site.status_page(vendor.slug),
        platform=vendor.platform,
        newest=_day(count.last_started_at if count else None),
        read_on=_day(health.read_at),
        failing_since=_day(health.failing_since),
        fault=words.fault(health.fault),
    )


def _day(at: datetime | None) -> str:
    return at.date().isoformat() if at else ""
