"""A record as Statuspage's API v2 tells it, so that what reads Statuspage reads any vendor here.

Ids, titles, texts and times are the vendor's; what Statuspage has no place for (earlier versions,
regions, on what an end rests, what was withdrawn) is left to `/api/v1/`.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final

from msgspec.structs import asdict, replace

from generator.model import Impact, Incident, Kept, Update
from generator.render import facts, links
from generator.render.components import slug_of
from generator.render.frame import Site, title_of
from generator.render.statuspage_shapes import (
    Condition,
    FaceImpact,
    FacePhase,
    StatuspageComponent,
    StatuspageIncident,
    StatuspageMaintenance,
    StatuspageUpdate,
)
from generator.times import text_of

# Statuspage takes an incident's impact from the worst state of its components: the way back.
CONDITIONS: Mapping[Impact, Condition] = {
    "minor": "degraded_performance",
    "major": "partial_outage",
    "critical": "major_outage",
}
# The words of an incident that goes on.
GOING_ON: Final = ("investigating", "identified", "monitoring")

Components = Mapping[str, StatuspageComponent]


def latest(kept: Iterable[Kept]) -> list[Kept]:
    """By the last that was said, newest first, as Statuspage lists them."""
    return sorted(kept, key=lambda each: (_last_at(each.incident), each.slug), reverse=True)


def components_of(vendor: str, kept: Sequence[Kept]) -> dict[str, StatuspageComponent]:
    """By id: the components that records name, those named most first; `kept` stand, by start.

    Spellings of one component are one, under the name it has in its newest record.
    """
    names = {slug_of(name): name for each in kept for name in each.incident.components}
    counts: Counter[str] = Counter()
    states: dict[str, Condition] = {}
    for each in sorted(kept, key=_gravity):
        condition = _condition(each)
        for name in each.incident.components:
            counts[slug_of(name)] += 1
            if condition:
                states[slug_of(name)] = condition
    ranked = sorted(counts, key=lambda slug: (-counts[slug], slug))
    return {
        slug: StatuspageComponent(
            id=slug,
            name=names[slug],
            status=states.get(slug, "unknown"),
            position=position,
            page_id=vendor,
        )
        for position, slug in enumerate(ranked, start=1)
    }


def incident_of(site: Site, kept: Kept, components: Components) -> StatuspageIncident:
    """The incident."""
    incident = kept.incident
    updates = _updates(incident)
    watched = [each.at for each in incident.updates if each.phase == "monitoring"]
    return StatuspageIncident(
        id=incident.key,
        name=title_of(incident),
        status=_status(incident),
        created_at=updates[-1].created_at if updates else text_of(incident.started_at),
        updated_at=text_of(facts.updated_at(kept)),
        monitoring_at=text_of(watched[-1]) if watched else None,
        resolved_at=text_of(incident.ended_at) if incident.ended_at else None,
        impact=_impact(incident),
        shortlink=site.address(links.incident_page(kept.vendor, kept.slug)),
        started_at=text_of(incident.started_at),
        page_id=kept.vendor,
        incident_updates=updates,
        components=[replace(components[slug_of(n)], name=n) for n in incident.components],
    )


def maintenance_of(site: Site, kept: Kept, components: Components) -> StatuspageMaintenance:
    """The planned work."""
    until = kept.incident.scheduled_until
    return StatuspageMaintenance(
        **asdict(incident_of(site, kept, components)),
        scheduled_for=text_of(kept.incident.started_at),
        scheduled_until=text_of(until) if until else None,
    )


def _updates(incident: Incident) -> list[StatuspageUpdate]:
    """Newest first."""
    said: list[StatuspageUpdate] = []
    before: FacePhase = "unknown"
    for update in incident.updates:
        before = _phase(incident, update, before)
        at = text_of(update.at)
        said.append(
            StatuspageUpdate(
                id=update.key,
                status=before,
                body=update.body,
                incident_id=incident.key,
                created_at=at,
                updated_at=at,
                display_at=at,
            )
        )
    return said[::-1]


def _phase(incident: Incident, update: Update, before: FacePhase) -> FacePhase:
    if update.phase == "update":
        return before
    if update.phase == "monitoring" and incident.kind == "maintenance":
        return "verifying"
    return update.phase


def _status(incident: Incident) -> FacePhase:
    """Where it stands: in a word that says it is over if it is, and in none of these if not."""
    state = facts.state_of(incident)
    maintenance = incident.kind == "maintenance"
    if state == "unstated":
        return "unknown"
    if incident.ended_at is not None:
        explained = bool(incident.updates) and incident.updates[-1].phase == "postmortem"
        return "completed" if maintenance else "postmortem" if explained else "resolved"
    if maintenance:
        return "in_progress" if state == "under_way" else "scheduled"
    known = (each.phase for each in reversed(incident.updates))
    return next((phase for phase in known if phase in GOING_ON), "investigating")


def _impact(incident: Incident) -> FaceImpact:
    """Planned work without an impact has that of its own name."""
    planned = incident.kind == "maintenance" and incident.impact == "none"
    return "maintenance" if planned else incident.impact


def _condition(kept: Kept) -> Condition | None:
    """What it says of its components now."""
    if facts.is_open(kept):
        return CONDITIONS.get(kept.incident.impact)
    under_way = facts.state_of(kept.incident) == "under_way"
    return "under_maintenance" if under_way else None


def _gravity(kept: Kept) -> tuple[bool, int, datetime]:
    """What speaks last of a component: an incident after planned work, the gravest at the end."""
    incident = kept.incident
    severity = facts.SEVERITY[incident.impact]
    return incident.kind == "incident", severity, incident.started_at


def _last_at(incident: Incident) -> datetime:
    return max(incident.started_at, facts.last_word_at(incident))
