"""The documents of the API, as they are published and described.

Fields may be added to a document, none is renamed or given another meaning under `/api/v1/`. A
list comes last in its document and is written one entry a line.
"""

from collections.abc import Iterable
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from generator.exchange import Line, Name, Slug, Time
from generator.model import Impact, Phase

# Tells a folder that this program made, even where its manifest was lost.
GENERATOR = "outage-archive"

Day = Annotated[str, Meta(pattern=r"^\d{4}-\d{2}-\d{2}$")]
Address = Annotated[str, Meta(pattern="^https?://")]
Count = Annotated[int, Meta(ge=0)]
Seconds = Annotated[int, Meta(ge=0)]
ByImpact = dict[Impact, Count]


class Index(msgspec.Struct, kw_only=True):
    """Where everything is. In an address, `{vendor}` and the like stand for what to put there."""

    title: str
    description: str
    address: Annotated[Address, Meta(description="The first page of the site.")]
    openapi: Annotated[Address, Meta(description="The description of all documents.")]
    schema: Annotated[Address, Meta(description="The JSON Schema of an incident.")]
    status: Address
    vendors: Address
    vendor: Address
    year: Address
    day: Address
    open: Address
    statistics: Address
    sources: Address
    incident_page: Annotated[Address, Meta(description="The page of an incident, for people.")]
    statuspage: Annotated[
        Address | None,
        Meta(description="What tools for Statuspage take for a page; null: the site has none."),
    ]
    badge: Annotated[
        Address | None,
        Meta(description="What shields.io draws a badge from; null: the site has none."),
    ]


class VendorEntry(msgspec.Struct, kw_only=True):
    """A vendor in the list of all. What the vendor withdrew is not counted."""

    vendor: Name
    name: str
    category: Name
    platform: Annotated[str | None, Meta(description="What its status page runs on.")]
    homepage: str | None
    status_page: str | None
    incidents: Count
    maintenances: Count
    open: Annotated[Count, Meta(description="Incidents that are open as far as we know.")]
    last_started_at: Annotated[Time | None, Meta(description="The start of its newest incident.")]


class Vendors(msgspec.Struct, kw_only=True):
    """All vendors."""

    vendors: list[VendorEntry]


class LengthFigures(msgspec.Struct, kw_only=True):
    """How long incidents took, in seconds; null of fewer than five."""

    known: Annotated[Count, Meta(description="Incidents with an end after their start.")]
    presumed: Annotated[
        Count, Meta(description="Those of them whose end is only the time of the last update.")
    ]
    median: Seconds | None
    p90: Annotated[Seconds | None, Meta(description="The 90th percentile, by nearest rank.")]
    longest: Seconds | None


class BetweenFigures(msgspec.Struct, kw_only=True):
    """The time from one start to the next, in seconds; null of fewer than five."""

    known: Count
    median: Seconds | None


class VendorYear(msgspec.Struct, kw_only=True):
    """A year of a vendor, by the start, and where its incidents are."""

    year: int
    incidents: Count
    maintenances: Count
    url: Address


class Vendor(msgspec.Struct, kw_only=True):
    """A vendor, its record in figures, and its years. What it withdrew is not counted."""

    vendor: Name
    name: str
    category: Name
    platform: str | None
    homepage: str | None
    status_page: str | None
    url: Annotated[Address, Meta(description="Its page in the archive.")]
    complete_since: Annotated[
        Time | None,
        Meta(description="Since when all that its page holds is held here; null: not known."),
    ]
    first_started_at: Annotated[Time | None, Meta(description="The start of its oldest incident.")]
    incidents: Count
    by_impact: ByImpact
    lengths: LengthFigures
    between_starts: BetweenFigures
    open: Annotated[list[Slug], Meta(description="The incidents that are open as far as we know.")]
    years: list[VendorYear]


class Year(msgspec.Struct, kw_only=True):
    """Every incident and maintenance of a vendor that started in a year, in full, oldest first.

    Fields that are null or an empty list are left out, and `body_format` of plain text.
    """

    vendor: Name
    year: int
    incidents: list[Line]


class Standing(msgspec.Struct, kw_only=True):
    """An incident or maintenance in outline; in full it is in the document of its year."""

    vendor: Name
    slug: Slug
    title: str
    kind: Annotated[
        Literal["maintenance"] | msgspec.UnsetType, Meta(description="Left out of an incident.")
    ] = msgspec.UNSET
    impact: Impact
    started_at: Time
    ended_at: Annotated[
        Time | msgspec.UnsetType, Meta(description="Left out: no end is known.")
    ] = msgspec.UNSET
    scheduled_until: Annotated[
        Time | msgspec.UnsetType, Meta(description="Only of maintenance with an announced end.")
    ] = msgspec.UNSET


class DayOfAll(msgspec.Struct, kw_only=True):
    """What stands on a day (UTC), of all vendors, by its start; only days with an incident are.

    What went on for more than seven days stands on its first seven and on its last.
    """

    day: Day
    incidents: list[Standing]


class Open(msgspec.Struct, kw_only=True):
    """The incidents that are open as far as we know, of all vendors, in full, newest first.

    Fields are left out as in the documents of years.
    """

    incidents: list[Line]


class YearFigures(msgspec.Struct, kw_only=True):
    """A year of all vendors, by the start."""

    year: int
    incidents: Count
    maintenances: Count
    by_impact: ByImpact


class CategoryFigures(msgspec.Struct, kw_only=True):
    """A category."""

    category: Name
    name: str
    vendors: Count
    incidents: Count
    maintenances: Count
    by_impact: ByImpact


class Statistics(msgspec.Struct, kw_only=True):
    """The whole archive in figures. What vendors withdrew is not counted."""

    vendors: Count
    incidents: Count
    maintenances: Count
    by_impact: ByImpact
    first_started_at: Time | None
    categories: list[CategoryFigures]
    years: list[YearFigures]


class SourceEntry(msgspec.Struct, kw_only=True):
    """How the reading of a vendor's status page fares."""

    vendor: Name
    name: str
    platform: str
    status_page: str
    newest_on: Annotated[Day | None, Meta(description="The day its newest incident began.")]
    read_on: Annotated[Day | None, Meta(description="The day of the last good read.")]
    failing_since: Annotated[Day | None, Meta(description="Null: the last read was good.")]
    fault: Annotated[str | None, Meta(description="The kind of what goes wrong.")]


class Sources(msgspec.Struct, kw_only=True):
    """Every status page that is read, and how its reading fares."""

    known: Annotated[bool, Meta(description="False: the builder did not know how they fare.")]
    sources: list[SourceEntry]


class OpenEntry(msgspec.Struct, kw_only=True):
    """An incident that is open as far as we know."""

    slug: Slug
    title: str
    impact: Impact
    phase: Phase | None
    started_at: Time
    url: Address


class Totals(msgspec.Struct, kw_only=True):
    """All that is held; what vendors withdrew is held, too."""

    vendors: Count
    incidents: Count
    maintenances: Count
    updates: Count


class Status(msgspec.Struct, kw_only=True):
    """The state of the archive: small, so that it can be asked often whether anything changed."""

    generator: str
    sequence: Annotated[Count, Meta(description="Number of the last run that changed anything.")]
    changed_at: Annotated[Time | None, Meta(description="When that run was.")]
    as_of: Annotated[Day, Meta(description="The day of the site's figures.")]
    totals: Totals
    open: Annotated[dict[str, list[OpenEntry]], Meta(description="By vendor.")]


class Badge(msgspec.Struct, kw_only=True):
    """A badge as shields.io's endpoint badge asks for it; its names are shields.io's."""

    schemaVersion: Literal[1]  # noqa: N815
    label: str
    message: str
    color: str
    labelColor: str  # noqa: N815
    isError: Annotated[  # noqa: N815
        bool, Meta(description="The vendor's page was not read of late.")
    ]


def in_lines(document: msgspec.Struct, rows: Iterable[object]) -> bytes:
    """A document whose last field is a list that is still empty, with these rows in it."""
    head = msgspec.json.encode(document)
    lines = b",\n".join(map(msgspec.json.encode, rows))
    return head[:-2] + (b"\n" + lines + b"\n" if lines else b"") + b"]}\n"


def indented(document: msgspec.Struct) -> bytes:
    """A small document without a list of rows, for people's eyes too."""
    return msgspec.json.format(msgspec.json.encode(document), indent=1) + b"\n"
