"""What a page of Cachet states, whatever its version: numbers, statuses, local times."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from generator.demo.pages import Page
from generator.demo.seeds import chance, code
from generator.model import Incident, Phase, Update

ZONES = ("Etc/UTC", "America/Phoenix", "Asia/Tokyo")
STATUSES: dict[Phase, int] = {
    "investigating": 1,
    "identified": 2,
    "monitoring": 3,
    "resolved": 4,
    "postmortem": 4,
}
HUMAN = ("Scheduled", "Investigating", "Identified", "Watching", "Fixed")
PHASES: tuple[Phase, ...] = (
    "scheduled",
    "investigating",
    "identified",
    "monitoring",
    "resolved",
)
SCHEDULE = ("Upcoming", "In Progress", "Complete")
Json = dict[str, Any]


def state(page: Page, incident: Incident) -> tuple[int, datetime | None]:
    """What a schedule's status is, and when it is or was to be complete."""
    completed_at = incident.ended_at or incident.scheduled_until
    if is_new(page):
        if incident.started_at >= page.now:
            return 0, completed_at
        return (1 if completed_at is None or completed_at >= page.now else 2), completed_at
    if incident.ended_at is not None:
        return 2, completed_at
    return int(any(update.phase == "in_progress" for update in incident.updates)), completed_at


def statuses(incident: Incident) -> list[int]:
    """The status of each post: one that only adds something repeats the one before."""
    said: list[int] = []
    for update in incident.updates:
        said.append(STATUSES.get(update.phase, said[-1] if said else 1))
    return said


def time(page: Page, moment: datetime | None) -> str | None:
    """The local time, without a word on where."""
    if moment is None:
        return None
    zone = ZoneInfo(ZONES[page.variant % len(ZONES)])
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M:%S}"


def is_new(page: Page) -> bool:
    return page.variant % 2 == 1


def number(page: Page, incident: Incident) -> int:
    """Later ones have higher numbers."""
    return int(page.opened_at[incident.key].timestamp()) - 1_500_000_000


def post_number(update: Update) -> int:
    return chance(update.key, "post").randrange(10**6, 10**8)


def guid(incident: Incident) -> str:
    return code(incident.key, "guid", length=20)


def part(page: Page, name: str) -> int:
    return page.components.index(name) + 1
