"""The records of Statuspage's JSON, as its API and those who copy its API write them."""

from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Any

from generator.demo.pages import Page
from generator.demo.seeds import code
from generator.model import ENDING, Impact, Incident, Phase, Update

# Zones without summer time, so that an offset is a constant: some pages write local times.
ZONES: tuple[tuple[str, tzinfo], ...] = (
    ("Etc/UTC", UTC),
    ("America/Phoenix", timezone(timedelta(hours=-7), "MST")),
    ("Asia/Tokyo", timezone(timedelta(hours=9), "JST")),
)
# From the mildest to the worst.
CONDITIONS: dict[Impact, str] = {
    "none": "operational",
    "minor": "degraded_performance",
    "major": "partial_outage",
    "critical": "major_outage",
}
DESCRIPTIONS: dict[Impact, str] = {
    "none": "All Systems Operational",
    "minor": "Minor Service Outage",
    "major": "Partial System Outage",
    "critical": "Major Service Outage",
}
Json = dict[str, Any]


class Records:
    """The records of one page. Some pages write local times and group their components."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.zone_name, self.zone = ZONES[page.variant % len(ZONES)]
        self.page_id = code(page.vendor.slug, "page")
        self._components = {
            name: self._component(name, position, conditions(page).get(name, "operational"))
            for position, name in enumerate(page.components, start=1)
        }

    def about(self) -> Json:
        """The page itself."""
        return {
            "id": self.page_id,
            "name": self.page.vendor.name,
            "url": self.page.vendor.status_page,
            "time_zone": self.zone_name,
            "updated_at": self.time(max(self.page.changed_at.values(), default=self.page.now)),
        }

    def status(self) -> Json:
        """The page's one light."""
        ongoing = {i.impact for i in self.page.of("incident") if i.ended_at is None}
        worst: Impact = next(
            (impact for impact in reversed(CONDITIONS) if impact in ongoing), "none"
        )
        return {"indicator": worst, "description": DESCRIPTIONS[worst]}

    def components(self) -> list[Json]:
        """All components, on some pages with a group of the first two."""
        records = [*self._components.values()]
        if self.page.variant % 2 == 0:
            return records
        group = self._component("Platform", 0, "operational") | {
            "group": True,
            "components": [record["id"] for record in records[:2]],
        }
        return [group, *(r | {"group_id": group["id"]} for r in records[:2]), *records[2:]]

    def incident(self, incident: Incident) -> Json:
        """An incident or a maintenance, as it stands in a list."""
        opened_at = self.page.opened_at[incident.key]
        said = [word(incident, phase) for phase in phases(incident)]
        watched = [update.at for update in incident.updates if update.phase == "monitoring"]
        ended_at = None if leaves_out_end(incident) else incident.ended_at
        updates = zip(incident.updates, said, strict=True)
        record: Json = {
            "id": incident.key,
            "name": incident.title,
            "status": said[-1],
            "created_at": self.time(opened_at),
            "updated_at": self.time(self.page.changed_at[incident.key]),
            "monitoring_at": self.time(watched[-1]) if watched else None,
            "resolved_at": self.time(ended_at) if ended_at else None,
            "impact": impact_word(incident),
            "shortlink": f"https://stspg.example/{incident.key}",
            "started_at": self.time(incident.started_at),
            "page_id": self.page_id,
            "incident_updates": [self._update(incident, *both) for both in updates][::-1],
            "components": [self._components[name] for name in incident.components],
            "reminder_intervals": None,
        }
        if incident.scheduled_until is not None:
            record["scheduled_for"] = record["started_at"]
            record["scheduled_until"] = self.time(incident.scheduled_until)
        if leaves_out_start(incident, opened_at):
            del record["started_at"]
        return record

    def whole(self, incident: Incident) -> Json:
        """An incident by itself: what the history leads to."""
        explained = [update for update in incident.updates if update.phase == "postmortem"]
        at = self.time(explained[-1].at) if explained else None
        return self.incident(incident) | {
            "postmortem_body": explained[-1].body if explained else None,
            "postmortem_body_last_updated_at": at,
            "postmortem_published_at": at,
            "postmortem_ignored": False,
            "backfilled": False,
            "metadata": {},
        }

    def time(self, moment: datetime) -> str:
        """`2026-07-30T09:07:42.419Z`, or with the offset of the page's zone."""
        milliseconds = (moment.second * 61 + moment.minute * 7) % 1000
        local = moment.astimezone(self.zone).isoformat()
        return f"{local[:19]}.{milliseconds:03d}{'Z' if self.zone is UTC else local[19:]}"

    def _component(self, name: str, position: int, condition: str) -> Json:
        return {
            "id": code(self.page.vendor.slug, name),
            "name": name,
            "status": condition,
            "created_at": self.time(datetime(2019, 3, 4, 9, 30, 12, tzinfo=UTC)),
            "updated_at": self.time(datetime(2021, 5, 6, 11, 0, 41, tzinfo=UTC)),
            "position": position,
            "description": None,
            "showcase": True,
            "start_date": "2019-03-04",
            "group_id": None,
            "page_id": self.page_id,
            "group": False,
            "only_show_if_degraded": False,
        }

    def _update(self, incident: Incident, update: Update, status: str) -> Json:
        ill = CONDITIONS[incident.impact]
        over = update.phase in ENDING
        affected = [
            {
                "code": self._components[name]["id"],
                "name": name,
                "old_status": ill if over else "operational",
                "new_status": "operational" if over else ill,
            }
            for name in incident.components
        ]
        # Posted some seconds after the time it is shown with: operators back-date.
        posted_at = self.time(update.at + timedelta(seconds=7))
        return {
            "id": update.key,
            "status": status,
            "body": update.body,
            "incident_id": incident.key,
            "created_at": posted_at,
            "updated_at": posted_at,
            "display_at": self.time(update.at),
            "affected_components": affected if incident.key[-1] not in "fg" else None,
            "deliver_notifications": True,
            "custom_tweet": None,
            "tweet_id": None,
        }


def conditions(page: Page) -> dict[str, str]:
    """The components that are not well now, and how they are."""
    ill: dict[str, str] = {}
    for incident in page.incidents:
        if incident.ended_at is None and incident.started_at <= page.now:
            planned = incident.kind == "maintenance"
            condition = "under_maintenance" if planned else CONDITIONS[incident.impact]
            ill.update(dict.fromkeys(incident.components, condition))
    return ill


def impact_word(incident: Incident) -> str:
    """The impact; every maintenance has that of its own name."""
    return "maintenance" if incident.kind == "maintenance" else incident.impact


def phases(incident: Incident) -> list[Phase]:
    """The phase of each update. There is no "update": it repeats the phase before."""
    said: list[Phase] = []
    for update in incident.updates:
        before = said[-1] if said else "investigating"
        said.append(before if update.phase == "update" else update.phase)
    return said


def word(incident: Incident, phase: Phase) -> str:
    """The platform's word for a phase."""
    verified = incident.kind == "maintenance" and phase == "monitoring"
    return "verifying" if verified else phase


def leaves_out_end(incident: Incident) -> bool:
    """Some ended incidents carry no `resolved_at`."""
    return incident.key[-1] in "bc"


def leaves_out_start(incident: Incident, opened_at: datetime) -> bool:
    """Old incidents carry no `started_at`; they began when they were created."""
    return incident.key[-1] == "d" and incident.started_at == opened_at
