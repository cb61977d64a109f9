"""Statuspal: the summary of what goes on, and the list of all, at an API of another host.

Times are the page's own and name no zone. On half of the pages nobody says that planned work is
done: what its page has no more has no end that anybody states.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from generator.demo.pages import Answer, Page, as_json
from generator.demo.seeds import chance
from generator.model import BodyFormat, EndBasis, Impact, Incident, Kind, Phase, Update

BODY_FORMAT: BodyFormat = "html"
KINDS: frozenset[Kind] = frozenset({"incident", "maintenance"})
IMPACTS: frozenset[Impact] = frozenset({"minor", "major"})

ZONES = ("Etc/UTC", "Asia/Tehran", "America/Phoenix")
TYPES: dict[Phase, str] = {
    "investigating": "issue",
    "resolved": "resolved",
    "scheduled": "scheduled",
}
PHASES: dict[str, Phase] = {
    "issue": "investigating",
    "update": "update",
    "resolved": "resolved",
    "scheduled": "scheduled",
}
Json = dict[str, Any]


def options(status_page: str, variant: int) -> Mapping[str, str]:
    """The name of the page, and where the API is."""
    return {"subdomain": status_page.rpartition("/")[2], "api": f"{status_page}/api/v2"}


def respond(page: Page, path: str, query: Mapping[str, str]) -> Answer | None:
    """The API's answer."""
    folder, _, name = path.rpartition("/")
    if folder != f"api/v2/status_pages/{page.vendor.slug}":
        return None
    if name == "summary":
        return as_json(_summary(page))
    if name == "status":
        return as_json({"status_page": _about(page)})
    return as_json(_list(page, query)) if name == "incidents" else None


def as_carried(page: Page, incident: Incident) -> Incident:
    """Two impacts, no regions, few phases; planned work ends if a post says so."""
    planned = incident.kind == "maintenance"
    said = page.variant % 2 == 0
    ended_by: EndBasis = "end_field"
    if planned:
        ended_by = "resolving_update" if said else "unstated"
    kind = _type(incident)
    impact: Impact = "major" if kind == "major" else "minor"
    return replace(
        incident,
        key=str(_number(incident.key)),
        url=page.address(f"incidents/{_number(incident.key)}"),
        impact="none" if planned else impact,
        impact_raw=kind,
        ended_at=None if planned and not said else incident.ended_at,
        end_basis=None if incident.ended_at is None else ended_by,
        scheduled_until=_ends_at(incident) if planned else None,
        regions=(),
        updates=tuple(_as_carried(page, incident, update) for update in incident.updates),
    )


def _as_carried(page: Page, incident: Incident, update: Update) -> Update:
    word = _word(page, update)
    over: Phase = "completed" if incident.kind == "maintenance" else "resolved"
    phase = over if word == "resolved" else PHASES[word]
    return replace(update, key=str(_number(update.key)), phase=phase, phase_raw=word)


def _summary(page: Page) -> Json:
    works = [work for work in page.of("maintenance") if work.ended_at is None]
    going_on = [work for work in works if work.started_at <= page.now]
    ahead = [work for work in works if work.started_at > page.now]
    incidents = [one for one in page.of("incident") if one.ended_at is None]
    return {
        "status_page": _about(page),
        "services": [
            {
                "id": _number(page.components[0]),
                "name": page.components[0],
                "current_incident_type": None,
                "children": [
                    {"id": _number(name), "name": name, "children": []}
                    for name in page.components[1:]
                ],
            }
        ],
        "incidents": _rows(page, incidents),
        "maintenances": _rows(page, going_on),
        "upcoming_maintenances": _rows(page, ahead),
        "info_notices": [],
    }


def _about(page: Page) -> Json:
    types = {_type(one) for one in page.of("incident") if one.ended_at is None}
    return {
        "url": page.vendor.homepage,
        "time_zone": ZONES[page.variant % len(ZONES)],
        "subdomain": page.vendor.slug,
        "name": page.vendor.name,
        "current_incident_type": next((word for word in ("major", "minor") if word in types), None),
    }


def _list(page: Page, query: Mapping[str, str]) -> Json:
    """By the start, newest first; planned work only if it is asked for."""
    asked = query.get("type")
    listed = page.of("maintenance" if asked == "scheduled" else "incident")
    rows = [one for one in listed if asked in (None, _type(one))]
    size = min(int(query.get("limit", "20")), 100)
    numbers = [str(_number(one.key)) for one in rows]
    first = numbers.index(query["after"]) + 1 if query.get("after") in numbers else 0
    shown, goes_on = rows[first : first + size], first + size < len(rows)
    following = None
    if goes_on:
        kind = f"type={asked}&" if asked else ""
        query_text = f"{kind}limit={size}&after={numbers[first + size - 1]}"
        # Their links name the version before.
        path = f"api/v1/status_pages/{page.vendor.slug}/incidents"
        following = page.address(f"{path}?{query_text}")
    return {
        "incidents": _rows(page, shown),
        "links": {"next": following, "prev": None},
        "meta": {"total_count": len(rows)},
    }


def _rows(page: Page, incidents: Iterable[Incident]) -> list[Json]:
    return [_row(page, incident) for incident in incidents]


def _row(page: Page, incident: Incident) -> Json:
    ends_at = _ends_at(incident)
    return {
        "id": _number(incident.key),
        "inserted_at": _time(page, page.opened_at[incident.key]),
        "updated_at": _time(page, page.changed_at[incident.key]),
        "title": incident.title,
        "starts_at": _time(page, incident.started_at),
        "ends_at": _time(page, ends_at) if ends_at else None,
        "type": _type(incident),
        "service_ids": [_number(name) for name in incident.components],
        "updates": [_update(page, update) for update in reversed(incident.updates)],
        "url": page.address(f"incidents/{_number(incident.key)}"),
        "translations": {"en": {"title": incident.title}},
    }


def _update(page: Page, update: Update) -> Json:
    at = _time(page, update.at)
    return {
        "id": _number(update.key),
        "inserted_at": at,
        "updated_at": at,
        "posted_at": at,
        "type": _word(page, update),
        "description": update.body,
        "description_html": update.body,
        "translations": {},
        "subscribers_notified_at": at,
        "tweet": False,
    }


def _ends_at(incident: Incident) -> datetime | None:
    return incident.ended_at or incident.scheduled_until


def _type(incident: Incident) -> str:
    if incident.kind == "maintenance":
        return "scheduled"
    return "major" if incident.impact in ("major", "critical") else "minor"


def _word(page: Page, update: Update) -> str:
    if update.phase == "completed" and page.variant % 2 == 0:
        return "resolved"
    return TYPES.get(update.phase, "update")


def _number(name: str) -> int:
    return chance(name, "number").randrange(1, 10**8)


def _time(page: Page, moment: datetime) -> str:
    zone = ZoneInfo(ZONES[page.variant % len(ZONES)])
    return f"{moment.astimezone(zone):%Y-%m-%dT%H:%M:%S}"
