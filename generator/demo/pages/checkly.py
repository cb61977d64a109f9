"""Checkly: what is open as JSON, the past inside web pages, as the payload of a Nuxt application.

Three lists at addresses with the page's slug, and `incidents/page/N` with 25 incidents each. A
maintenance is a window that is listed until it is over; whether it took place is not said.
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from generator.demo.pages import Answer, Page, as_json
from generator.demo.pages._stages import stages
from generator.demo.seeds import chance
from generator.model import BodyFormat, Impact, Incident, Kind, Phase
from generator.times import text_of

BODY_FORMAT: BodyFormat = "markdown"
KINDS: frozenset[Kind] = frozenset({"incident", "maintenance"})
IMPACTS: frozenset[Impact] = frozenset({"minor", "major", "critical"})

SEVERITIES: dict[Impact, tuple[str, Impact]] = {
    "none": ("MINOR", "minor"),
    "minor": ("MINOR", "minor"),
    "major": ("MAJOR", "major"),
    "critical": ("CRITICAL", "critical"),
}
WORDS: tuple[Phase, ...] = ("investigating", "identified", "monitoring", "resolved")
A_PAGE = 25
HTML = "text/html; charset=utf-8"
Json = dict[str, Any]


def options(status_page: str, variant: int) -> Mapping[str, str]:
    """The page's name in its own requests."""
    return {"slug": status_page.rpartition("/")[2]}


def respond(page: Page, path: str, query: Mapping[str, str]) -> Answer | None:
    """The page's answer."""
    api = f"api/status-page/{page.vendor.options['slug']}/"
    ahead = [item for item in page.of("maintenance") if item.ended_at is None]
    active = [item for item in ahead if item.started_at <= page.now]
    match path.removeprefix(api) if path.startswith(api) else path:
        case "unresolved-incidents":
            now = [item for item in page.of("incident") if item.ended_at is None]
            return as_json({"incidents": [_incident(page, item) for item in now]})
        case "maintenance-windows":
            upcoming = [item for item in ahead if item not in active]
            return as_json(
                {
                    "active": [_window(item) for item in active],
                    "upcoming": [_window(item) for item in upcoming],
                }
            )
        case _ if path.startswith("incidents/page/"):
            number = path.removeprefix("incidents/page/")
            return _past(page, max(1, int(number)) if number.isdecimal() else 1)
        case "":
            return _shell("")
    return None


def as_carried(page: Page, incident: Incident) -> Incident:
    """No address, no region; minor is the mildest; a window has no updates and no end."""
    if incident.kind == "maintenance":
        return replace(
            incident,
            key=f"window/{_id(incident.key)}",
            impact="unknown",
            ended_at=None,
            end_basis="unstated" if incident.ended_at else None,
            updates=(),
        )
    severity, impact = SEVERITIES[incident.impact]
    said = zip(incident.updates, stages(incident, WORDS), strict=True)
    return replace(
        incident,
        key=_id(incident.key),
        impact=impact,
        impact_raw=severity,
        started_at=incident.updates[0].at,
        regions=(),
        updates=tuple(
            replace(update, key=_id(update.key), phase=phase, phase_raw=phase.upper())
            for update, phase in said
        ),
    )


def _past(page: Page, number: int) -> Answer:
    incidents = page.of("incident")[(number - 1) * A_PAGE : number * A_PAGE]
    rows = [_incident(page, incident) for incident in incidents]
    data = {
        f"status-page-resolver-{page.vendor.slug}": {"statusPage": {"id": _id(page.vendor.slug)}},
        f"incidents-by-date-{_id(page.vendor.slug)}-{number}": {"incidents": rows},
    }
    payload = json.dumps(_flat({"data": data, "state": {}, "once": []}), separators=(",", ":"))
    text = payload.replace("<", "\\u003C")
    return _shell(
        f'<script type="application/json" id="__NUXT_DATA__" data-ssr="true">{text}</script>'
    )


def _shell(script: str) -> Answer:
    document = (
        '<!DOCTYPE html><html><head><meta charset="utf-8"><title>Status</title></head>'
        f'<body><div id="__nuxt"></div>{script}</body></html>'
    )
    return Answer(document.encode(), HTML)


def _flat(root: object) -> list[object]:
    """Nuxt's form of a document: every value has a place, objects and arrays name places."""
    flat: list[object] = []

    def place(value: object) -> int:
        mine = len(flat)
        flat.append(None)
        if isinstance(value, dict):
            flat[mine] = {key: place(inner) for key, inner in value.items()}
        elif isinstance(value, list):
            flat[mine] = [place(inner) for inner in value]
        else:
            flat[mine] = value
        return mine

    flat.append(["ShallowReactive", 1])
    place(root)
    return flat


def _incident(page: Page, incident: Incident) -> Json:
    said = stages(incident, WORDS)
    end, start = incident.ended_at, incident.updates[0].at
    return {
        "id": _id(incident.key),
        "name": incident.title,
        "severity": SEVERITIES[incident.impact][0],
        "duration": int((end - start).total_seconds()) if end else 0,
        "created_at": _time(page.opened_at[incident.key]),
        "updated_at": _time(page.changed_at[incident.key]),
        "lastUpdateStatus": said[-1].upper(),
        "services": [_service(name) for name in incident.components],
        "incidentUpdates": [
            {
                "id": _id(update.key),
                "status": phase.upper(),
                "description": update.body,
                "publicIncidentUpdateDate": _time(update.at),
                "created_at": _time(update.at),
                "notifySubscribers": True,
            }
            for update, phase in zip(incident.updates, said, strict=True)
        ][::-1],
    }


def _window(incident: Incident) -> Json:
    until = incident.scheduled_until
    return {
        "id": _id(incident.key),
        "name": incident.title,
        "startsAt": _time(incident.started_at),
        "endsAt": _time(until) if until else None,
        "services": [_service(name) for name in incident.components],
    }


def _service(name: str) -> Json:
    return {"id": _id(name), "name": name}


def _id(name: str) -> str:
    """A UUID in form."""
    text = f"{chance(name, 'id').getrandbits(128):032x}"
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))


def _time(moment: datetime) -> str:
    return f"{text_of(moment)[:-1]}.000Z"
