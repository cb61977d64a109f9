"""The documents of a vendor's Statuspage face, in the shape of Statuspage's API v2.

One word is beyond Statuspage's own: `unknown`, where the vendor said nothing that is known here. It
stands for an impact, an indicator, a phase or the state of a component, and is never "all is well".
"""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from generator.exchange import Name, Time
from generator.render.shapes import Address

FaceImpact = Literal["none", "maintenance", "minor", "major", "critical", "unknown"]
Indicator = Literal["none", "minor", "major", "critical", "unknown"]
FacePhase = Literal[
    "investigating",
    "identified",
    "monitoring",
    "resolved",
    "postmortem",
    "scheduled",
    "in_progress",
    "verifying",
    "completed",
    "unknown",
]
Condition = Literal[
    "degraded_performance", "partial_outage", "major_outage", "under_maintenance", "unknown"
]


class StatuspagePage(msgspec.Struct, kw_only=True):
    """The vendor, in the place of a page."""

    id: Name
    name: str
    url: Annotated[Address, Meta(description="The vendor's page in the archive.")]
    time_zone: str
    updated_at: Annotated[Time | None, Meta(description="When its record last changed here.")]


class StatuspageLight(msgspec.Struct, kw_only=True):
    """The worst impact of what is open, and a sentence."""

    indicator: Annotated[
        Indicator,
        Meta(
            description="`none` only where the vendor's own page was read of late and nothing is "
            "open; `unknown` where it was not, or where no impact is stated."
        ),
    ]
    description: str


class StatuspageComponent(msgspec.Struct, kw_only=True):
    """A component that incidents of the vendor name."""

    id: str
    name: str
    status: Annotated[
        Condition,
        Meta(
            description="By the worst open incident that names it, or planned work under way. "
            "Never `operational`: that nothing is open does not say so."
        ),
    ]
    position: int
    page_id: Name
    group_id: None = None
    group: bool = False
    only_show_if_degraded: bool = False


class StatuspageUpdate(msgspec.Struct, kw_only=True):
    """A post. What Statuspage has no word for repeats the phase before it, as Statuspage does."""

    id: str
    status: FacePhase
    body: str
    incident_id: str
    created_at: Time
    updated_at: Time
    display_at: Time


class StatuspageIncident(msgspec.Struct, kw_only=True):
    """An incident, its posts newest first. `id` is the vendor's own."""

    id: str
    name: str
    status: Annotated[
        FacePhase,
        Meta(
            description="An open incident without a phase that is known is `investigating`; "
            "`unknown` where the vendor neither calls it over nor keeps it open."
        ),
    ]
    created_at: Annotated[Time, Meta(description="The time of the first post.")]
    updated_at: Time
    monitoring_at: Time | None
    resolved_at: Time | None
    impact: FaceImpact
    shortlink: Annotated[Address, Meta(description="Its page in the archive.")]
    started_at: Time
    page_id: Name
    incident_updates: list[StatuspageUpdate]
    components: list[StatuspageComponent]


class StatuspageMaintenance(StatuspageIncident, kw_only=True):
    """Planned work."""

    scheduled_for: Time
    scheduled_until: Annotated[Time | None, Meta(description="Null: no end was announced.")]


class StatuspageStatus(msgspec.Struct, kw_only=True):
    """The vendor's state."""

    page: StatuspagePage
    status: StatuspageLight


class StatuspageComponents(msgspec.Struct, kw_only=True):
    """The components that incidents of the vendor name, those named most first."""

    page: StatuspagePage
    components: list[StatuspageComponent]


class StatuspageIncidents(msgspec.Struct, kw_only=True):
    """Incidents of the vendor, those with the latest post first."""

    page: StatuspagePage
    incidents: list[StatuspageIncident]


class StatuspageMaintenances(msgspec.Struct, kw_only=True):
    """Planned work of the vendor, that with the latest post first."""

    page: StatuspagePage
    scheduled_maintenances: list[StatuspageMaintenance]


class StatuspageSummary(msgspec.Struct, kw_only=True):
    """The vendor's state, its components, what is open, and planned work ahead or under way."""

    page: StatuspagePage
    components: list[StatuspageComponent]
    incidents: list[StatuspageIncident]
    scheduled_maintenances: list[StatuspageMaintenance]
    status: StatuspageLight
