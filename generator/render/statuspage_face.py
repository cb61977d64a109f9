"""The documents of a vendor's Statuspage face, below `/<vendor>/api/v2/`."""

from collections.abc import Iterator, Sequence
from datetime import date
from functools import cached_property, partial

from generator.model import Kept
from generator.render import facts, links, words
from generator.render.frame import Site
from generator.render.freshness import Freshness, freshness
from generator.render.page import STATE, VENDOR, Page
from generator.render.shapes import in_lines, indented
from generator.render.statuspage import components_of, incident_of, latest, maintenance_of
from generator.render.statuspage_shapes import (
    Indicator,
    StatuspageComponent,
    StatuspageComponents,
    StatuspageIncident,
    StatuspageIncidents,
    StatuspageLight,
    StatuspageMaintenance,
    StatuspageMaintenances,
    StatuspagePage,
    StatuspageStatus,
    StatuspageSummary,
)
from generator.times import text_of

# Statuspage lists 50 of each. What asks for them looks for news among the first, and here the years
# before are in the API.
NEWEST = 20
PLANNED = 10
ZONE = "Etc/UTC"


def face_pages(site: Site, vendor: str, kept: Sequence[Kept], as_of: date) -> Iterator[Page]:
    """The documents; `kept` are all the vendor's records."""
    face = Face(site, vendor, kept, freshness(site.health.get(vendor), as_of))
    ahead = partial(face.maintenances, "planned")
    under_way = partial(face.maintenances, "under_way")
    for name, draw, follows in (
        ("status.json", face.status, STATE),
        ("summary.json", face.summary, STATE),
        ("components.json", face.components, VENDOR),
        ("incidents.json", face.incidents, VENDOR),
        ("incidents/unresolved.json", face.unresolved, VENDOR),
        ("scheduled-maintenances.json", face.maintenances, VENDOR),
        ("scheduled-maintenances/upcoming.json", ahead, VENDOR),
        ("scheduled-maintenances/active.json", under_way, VENDOR),
    ):
        yield Page(links.statuspage(vendor, name), f"{name} of {vendor}", draw, follows)


class Face:
    """A vendor's record as its Statuspage would have it, for all its documents."""

    def __init__(self, site: Site, vendor: str, kept: Sequence[Kept], fresh: Freshness) -> None:
        self._site = site
        self._vendor = vendor
        self._all = kept
        self._fresh = fresh

    def status(self) -> bytes:
        """status.json."""
        return indented(StatuspageStatus(page=self._page, status=self._light()))

    def components(self) -> bytes:
        """components.json."""
        document = StatuspageComponents(page=self._page, components=[])
        return in_lines(document, self._components.values())

    def incidents(self) -> bytes:
        """incidents.json: the newest."""
        document = StatuspageIncidents(page=self._page, incidents=[])
        found = [each for each in self._kept if each.incident.kind == "incident"]
        return in_lines(document, map(self._incident, latest(found)[:NEWEST]))

    def unresolved(self) -> bytes:
        """incidents/unresolved.json: all that are open."""
        document = StatuspageIncidents(page=self._page, incidents=[])
        return in_lines(document, map(self._incident, self._open()))

    def maintenances(self, *states: facts.State) -> bytes:
        """scheduled-maintenances.json: the newest; those in one of some states alone: more."""
        document = StatuspageMaintenances(page=self._page, scheduled_maintenances=[])
        size = NEWEST if states else PLANNED
        return in_lines(document, map(self._maintenance, self._planned(*states)[:size]))

    def summary(self) -> bytes:
        """summary.json."""
        ahead = self._planned("planned", "under_way")
        document = StatuspageSummary(
            page=self._page,
            components=list(self._components.values()),
            incidents=[self._incident(each) for each in self._open()],
            scheduled_maintenances=[self._maintenance(each) for each in ahead],
            status=self._light(),
        )
        return indented(document)

    @cached_property
    def _kept(self) -> list[Kept]:
        return [each for each in self._all if each.withdrawn_at is None]

    @cached_property
    def _components(self) -> dict[str, StatuspageComponent]:
        return components_of(self._vendor, self._kept)

    @cached_property
    def _page(self) -> StatuspagePage:
        changed = max((each.changed_at for each in self._all), default=None)
        return StatuspagePage(
            id=self._vendor,
            name=self._site.name(self._vendor),
            url=self._site.address(links.vendor_page(self._vendor)),
            time_zone=ZONE,
            updated_at=text_of(changed) if changed else None,
        )

    def _open(self) -> list[Kept]:
        return latest(each for each in self._kept if facts.is_open(each))

    def _planned(self, *states: facts.State) -> list[Kept]:
        return latest(
            each
            for each in self._kept
            if each.incident.kind == "maintenance"
            and (not states or facts.state_of(each.incident) in states)
        )

    def _light(self) -> StatuspageLight:
        impacts = [each.incident.impact for each in self._open()]
        read_on = self._fresh.read_on
        indicator: Indicator = facts.worst(impacts)
        if indicator == "none" and not self._fresh.is_known:
            indicator = "unknown"
        told = words.open_incidents(len(impacts))
        if not self._fresh.is_known:
            told = words.as_last_read(told, read_on.isoformat() if read_on else "")
        return StatuspageLight(indicator=indicator, description=told)

    def _incident(self, kept: Kept) -> StatuspageIncident:
        return incident_of(self._site, kept, self._components)

    def _maintenance(self, kept: Kept) -> StatuspageMaintenance:
        return maintenance_of(self._site, kept, self._components)
