"""Apple's system status: one file, JSON in a call, services with their events.

An event shows its last message only and the type of trouble in place of a title. What is over
leaves the file a day after it was last touched. Of maintenance that is completed the one end no
longer tells what had been planned.
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta, timezone
from typing import Any

from generator.demo.pages import Answer, Page
from generator.demo.seeds import chance
from generator.model import BodyFormat, Impact, Incident, Kind, Phase

BODY_FORMAT: BodyFormat = "text"
KINDS: frozenset[Kind] = frozenset({"incident", "maintenance"})
IMPACTS: frozenset[Impact] = frozenset({"minor", "critical"})

# Without summer time, so that an offset is a constant.
PACIFIC = timezone(timedelta(hours=-8), "PST")
KEPT_FOR = timedelta(days=1)
TYPES: dict[Impact, str] = {
    "none": "Performance",
    "minor": "Issue",
    "major": "Outage",
    "critical": "Outage",
}
CARRIED: dict[str, Impact] = {"Performance": "minor", "Issue": "minor", "Outage": "critical"}
PHASES: dict[tuple[Kind, str], Phase] = {
    ("incident", "ongoing"): "investigating",
    ("incident", "resolved"): "resolved",
    ("maintenance", "upcoming"): "scheduled",
    ("maintenance", "ongoing"): "in_progress",
    ("maintenance", "completed"): "completed",
}
Json = dict[str, Any]


def options(status_page: str, variant: int) -> Mapping[str, str]:
    """Every other page has its file elsewhere, as the developers' page does."""
    if variant % 2 == 0:
        return {}
    return {"data": f"{status_page}/data/developer/system_status_en_US.js"}


def respond(page: Page, path: str, query: Mapping[str, str]) -> Answer | None:
    """The file; the developers' one is wrapped in a call."""
    if path != f"data/{'developer/' if page.variant % 2 else ''}system_status_en_US.js":
        return None
    events = [(incident, _event(incident)) for incident in page.incidents if shows(page, incident)]
    document = json.dumps(
        {
            "drMessage": None,
            "drpost": False,
            "services": [
                {
                    "redirectUrl": None,
                    "serviceName": name,
                    "events": [event for one, event in events if name in one.components],
                }
                for name in page.components
            ],
        },
        ensure_ascii=False,
    )
    if page.variant % 2:
        document = f"jsonCallback({document});"
    return Answer(document.encode(), "application/javascript")


def shows(page: Page, incident: Incident) -> bool:
    """What is not over, or was touched within the day."""
    return incident.ended_at is None or page.changed_at[incident.key] >= page.now - KEPT_FOR


def as_carried(page: Page, incident: Incident) -> Incident:
    """Four types of trouble in place of a title, and one message, dated to the minute."""
    word, last, over = _type(incident), incident.updates[-1], incident.ended_at is not None
    planned = incident.kind == "maintenance"
    status = _status(incident)
    message = replace(
        last,
        key="message",
        at=last.at.replace(second=0),
        phase=PHASES[incident.kind, status],
        phase_raw=status,
    )
    return replace(
        incident,
        key=_id(incident),
        title=_title(incident),
        url=None,
        impact="none" if planned else CARRIED[word],
        impact_raw=word,
        end_basis="end_field" if over else None,
        scheduled_until=None if over else incident.scheduled_until,
        regions=(),
        updates=(message,),
    )


def _event(incident: Incident) -> Json:
    last = incident.updates[-1]
    end = incident.ended_at or incident.scheduled_until
    return {
        "usersAffected": "Some users were affected",
        "epochStartDate": int(incident.started_at.timestamp()) * 1000,
        "epochEndDate": int(end.timestamp()) * 1000 if end else None,
        "messageId": _id(incident),
        "statusType": _type(incident),
        "datePosted": f"{last.at.astimezone(PACIFIC):%m/%d/%Y %H:%M} PST",
        "startDate": f"{incident.started_at.astimezone(PACIFIC):%m/%d/%Y %H:%M} PST",
        "endDate": f"{end.astimezone(PACIFIC):%m/%d/%Y %H:%M} PST" if end else None,
        "affectedServices": None,
        "eventStatus": _status(incident),
        "message": last.body,
    }


def _status(incident: Incident) -> str:
    if incident.kind == "incident":
        return "ongoing" if incident.ended_at is None else "resolved"
    if incident.ended_at is not None:
        return "completed"
    return "upcoming" if incident.updates[-1].phase == "scheduled" else "ongoing"


def _type(incident: Incident) -> str:
    return "Maintenance" if incident.kind == "maintenance" else TYPES[incident.impact]


def _title(incident: Incident) -> str:
    """What a reader would call it, for the file does not."""
    names, more = incident.components[:3], len(incident.components) - 3
    return f"{', '.join(names)}{f' and {more} more' if more > 0 else ''}: {_type(incident)}"


def _id(incident: Incident) -> str:
    return str(chance(incident.key, "message").randrange(2_000_000_000, 3_000_000_000))
