"""Apple's system status: one file, JSON in a call, services with their events.

An event shows its last message only and the type of trouble in place of a title. What is over
leaves the file a day after it was last touched; the last few stay, so that no page is empty.
Maintenance is left out here: once completed, its one end no longer tells what had been planned.
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta, timezone
from typing import Any

from generator.demo.pages import Answer, Page
from generator.demo.seeds import chance
from generator.model import BodyFormat, Impact, Incident, Kind

BODY_FORMAT: BodyFormat = "text"
KINDS: frozenset[Kind] = frozenset({"incident"})
IMPACTS: frozenset[Impact] = frozenset({"minor", "critical"})

# Without summer time, so that an offset is a constant.
PACIFIC = timezone(timedelta(hours=-8), "PST")
KEPT_FOR = timedelta(days=1)
KEPT_AT_LEAST = 6
TYPES: dict[Impact, str] = {
    "none": "Performance",
    "minor": "Issue",
    "major": "Outage",
    "critical": "Outage",
}
CARRIED: dict[str, Impact] = {"Performance": "minor", "Issue": "minor", "Outage": "critical"}
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
    events = [(incident, _event(incident)) for incident in _listed(page)]
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


def as_carried(page: Page, incident: Incident) -> Incident:
    """Three types of trouble in place of a title, and one message, dated to the minute."""
    word, last, over = TYPES[incident.impact], incident.updates[-1], incident.ended_at is not None
    message = replace(
        last,
        key="message",
        at=last.at.replace(second=0),
        phase="resolved" if over else "investigating",
        phase_raw=_status(incident),
    )
    return replace(
        incident,
        key=_id(incident),
        title=_title(incident),
        url=None,
        impact=CARRIED[word],
        impact_raw=word,
        end_basis="end_field" if over else None,
        regions=(),
        updates=(message,),
    )


def _listed(page: Page) -> list[Incident]:
    """What is not over, was touched within the day, or is among the last that were."""
    last = sorted(page.incidents, key=lambda one: page.changed_at[one.key], reverse=True)
    kept = {one.key for one in last[:KEPT_AT_LEAST]}
    return [
        one
        for one in page.incidents
        if one.ended_at is None
        or one.key in kept
        or page.changed_at[one.key] >= page.now - KEPT_FOR
    ]


def _event(incident: Incident) -> Json:
    last = incident.updates[-1]
    end = incident.ended_at
    return {
        "usersAffected": "Some users were affected",
        "epochStartDate": int(incident.started_at.timestamp()) * 1000,
        "epochEndDate": int(end.timestamp()) * 1000 if end else None,
        "messageId": _id(incident),
        "statusType": TYPES[incident.impact],
        "datePosted": f"{last.at.astimezone(PACIFIC):%m/%d/%Y %H:%M} PST",
        "startDate": f"{incident.started_at.astimezone(PACIFIC):%m/%d/%Y %H:%M} PST",
        "endDate": f"{end.astimezone(PACIFIC):%m/%d/%Y %H:%M} PST" if end else None,
        "affectedServices": None,
        "eventStatus": _status(incident),
        "message": last.body,
    }


def _status(incident: Incident) -> str:
    return "ongoing" if incident.ended_at is None else "resolved"


def _title(incident: Incident) -> str:
    """What a reader would call it, for the file does not."""
    names, more = incident.components[:3], len(incident.components) - 3
    return f"{', '.join(names)}{f' and {more} more' if more > 0 else ''}: {TYPES[incident.impact]}"


def _id(incident: Incident) -> str:
    return str(chance(incident.key, "message").randrange(2_000_000_000, 3_000_000_000))
