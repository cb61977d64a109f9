"""StatusIQ: one summary with what is open, and what was resolved in each of the last days.

Severities and phases are numbers with their words beside them. An "update" repeats the phase
before it, a postmortem is one more "Resolved". Times carry the page's offset, as `-0800`.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

from generator.demo.pages import Answer, Page, as_json
from generator.demo.pages._front import front
from generator.demo.seeds import code
from generator.model import BodyFormat, EndBasis, Impact, Incident, Kind, Phase

BODY_FORMAT: BodyFormat = "text"
KINDS: frozenset[Kind] = frozenset({"incident", "maintenance"})
IMPACTS: frozenset[Impact] = frozenset({"none", "minor", "major", "critical"})

DAYS = 60
SEVERITIES: dict[Impact, tuple[int, str]] = {
    "none": (2, "Informational"),
    "minor": (3, "Degraded Performance"),
    "major": (5, "Partial Outage"),
    "critical": (6, "Major Outage"),
}
MAINTENANCE = (4, "Under Maintenance")
STATES: dict[Kind, dict[Phase, tuple[int, str]]] = {
    "incident": {
        "investigating": (11, "Investigating"),
        "identified": (12, "Identified"),
        "monitoring": (13, "Monitoring"),
        "resolved": (14, "Resolved"),
        "postmortem": (14, "Resolved"),
    },
    "maintenance": {
        "scheduled": (21, "Scheduled"),
        "in_progress": (22, "In Progress"),
        "monitoring": (23, "Monitoring"),
        "completed": (24, "Completed"),
    },
}
ZONES = (UTC, timezone(timedelta(hours=-8)), timezone(timedelta(hours=5, minutes=30)))
Json = dict[str, Any]


def respond(page: Page, path: str, query: Mapping[str, str]) -> Answer | None:
    """The summary, and the page that draws it."""
    if path == "":
        details = f'{{"enc_statuspage_id":"{_page_id(page)}"}}'
        return front(page, f"<script>statuspages.globals.statuspageDetails = {details};</script>")
    if path != "sp/api/u/summary_details":
        return None
    data = {
        "statuspage_details": {
            "enc_statuspage_id": _page_id(page),
            "displayname": page.vendor.name,
            "statuspage_url": page.vendor.status_page,
            "status": 1,
        },
        "current_status": [_component(page, name) for name in page.components],
        "active_incident_details": [_row(page, i) for i in page.incidents if i.ended_at is None],
        "resolved_incident_details": _days(page),
        "last_polled_time": _time(page, page.now.replace(minute=0, second=0)),
    }
    return as_json({"code": 0, "message": "success", "data": data})


def as_carried(page: Page, incident: Incident) -> Incident:
    """No region; an incident's end is a field; phases are those that the numbers have."""
    states = [STATES[incident.kind][phase] for phase in _phases(incident)]
    updates = (
        replace(update, phase=phase, phase_raw=word)
        for update, phase, (_, word) in zip(
            incident.updates, _carried_phases(incident), states, strict=True
        )
    )
    return replace(
        incident,
        url=page.address(f"#/incidents/{incident.key}"),
        impact_raw=_severity(incident)[1],
        end_basis=_basis(incident),
        regions=(),
        updates=tuple(updates),
    )


def _days(page: Page) -> list[Json]:
    """A group a day, newest first; a day without incidents has a sentence instead."""
    today = page.now.astimezone(_zone(page)).replace(hour=0, minute=0, second=0)
    over = [incident for incident in page.incidents if incident.ended_at is not None]
    groups = []
    for back in range(DAYS):
        day = today - timedelta(days=back)
        rows = [i for i in over if _ended_on(page, i) == day.date()]
        groups.append(
            {
                "grp_by_date": f"{day:%Y-%m-%dT%H:%M:%S%z}",
                "grp_by_incidents_count": len(rows),
                "grp_by_incidents_list": [_row(page, incident) for incident in rows],
                "grp_by_status_msg": "" if rows else "No incidents have been reported.",
            }
        )
    return groups


def _ended_on(page: Page, incident: Incident) -> date | None:
    return incident.ended_at and incident.ended_at.astimezone(_zone(page)).date()


def _row(page: Page, incident: Incident) -> Json:
    severity, word = _severity(incident)
    ended_at = incident.scheduled_until or incident.ended_at
    return {
        "enc_inc_id": incident.key,
        "incident_title": incident.title,
        "incident_desc": incident.updates[0].body,
        "incident_type": 2 if incident.kind == "maintenance" else 1,
        "incident_severity": word,
        "incident_severity_id": severity,
        "incident_began_at": _time(page, incident.started_at),
        "incident_ended_at": _time(page, ended_at) if ended_at else None,
        "email_sent_count": 0,
        "sms_sent_count": 0,
        "incident_affected_components": [{"display_name": name} for name in incident.components],
        "incident_status_updates": _posts(page, incident),
    }


def _posts(page: Page, incident: Incident) -> list[Json]:
    posts = []
    for update, phase in zip(incident.updates, _phases(incident), strict=True):
        number, word = STATES[incident.kind][phase]
        post = {
            "enc_inc_state_progress_id": update.key,
            "incident_status": word,
            "incident_status_id": number,
            "incident_status_desc": update.body,
            "status_updated_at": _time(page, update.at),
        }
        posts.append(post)
    return posts[::-1]


def _phases(incident: Incident) -> list[Phase]:
    """The phase of each update; one that this page has no number for keeps that before it."""
    states = STATES[incident.kind]
    last: Phase = "scheduled" if incident.kind == "maintenance" else "investigating"
    phases = []
    for update in incident.updates:
        last = update.phase if update.phase in states else last
        phases.append(last)
    return phases


def _carried_phases(incident: Incident) -> list[Phase]:
    return ["resolved" if phase == "postmortem" else phase for phase in _phases(incident)]


def _basis(incident: Incident) -> EndBasis | None:
    if incident.ended_at is None:
        return None
    return "resolving_update" if incident.kind == "maintenance" else "end_field"


def _severity(incident: Incident) -> tuple[int, str]:
    return MAINTENANCE if incident.kind == "maintenance" else SEVERITIES[incident.impact]


def _component(page: Page, name: str) -> Json:
    return {
        "enc_component_id": f"{code(page.vendor.slug, name, length=20)}=",
        "display_name": name,
        "component_status": 1,
        "is_group": False,
        "componentgroup_components": [],
    }


def _page_id(page: Page) -> str:
    return f"{code(page.vendor.slug, 'page', length=43)}="


def _zone(page: Page) -> timezone:
    return ZONES[page.variant % len(ZONES)]


def _time(page: Page, moment: datetime) -> str:
    return f"{moment.astimezone(_zone(page)):%Y-%m-%dT%H:%M:%S%z}"
