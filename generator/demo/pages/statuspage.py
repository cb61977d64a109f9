"""Atlassian Statuspage: the documented v2 API, the undocumented history, the feeds.

The list is in the order of the last post: a long incident stays on it while shorter ones that
began after it slide off, and so does an open one that nobody writes about. History files an
incident under the month it ended in, knows no last page, and writes times without a year in the
page's own zone.
"""

from calendar import month_name, monthrange
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Any

from generator.demo.pages import Answer, Page, as_json
from generator.demo.pages._markup import (
    atom,
    by_last_post,
    content,
    day_and_time,
    item,
    link,
    rss,
    time_of_day,
)
from generator.demo.seeds import code
from generator.model import BodyFormat, EndBasis, Impact, Incident, Kind, Update

BODY_FORMAT: BodyFormat = "text"
KINDS: frozenset[Kind] = frozenset({"incident", "maintenance"})

LISTED = 50
FED = 25
# Zones without summer time, so that an offset is a constant: some pages write local times.
ZONES: tuple[tuple[str, tzinfo], ...] = (
    ("Etc/UTC", UTC),
    ("America/Phoenix", timezone(timedelta(hours=-7), "MST")),
    ("Asia/Tokyo", timezone(timedelta(hours=9), "JST")),
)
CONDITIONS: dict[Impact, str] = {
    "none": "operational",
    "minor": "degraded_performance",
    "major": "partial_outage",
    "critical": "major_outage",
}
DESCRIPTIONS = {
    "none": "All Systems Operational",
    "minor": "Minor Service Outage",
    "major": "Partial System Outage",
    "critical": "Major Service Outage",
}
Json = dict[str, Any]


def respond(page: Page, path: str, query: Mapping[str, str]) -> Answer | None:
    """The page's answer."""
    name, zone = path.removeprefix("api/v2/").removesuffix(".json"), _zone(page)
    newest = by_last_post(page.incidents)[:FED]
    if path == "history.atom":
        return atom(page, path, newest, zone)
    if path == "history.rss":
        return rss(page, [_item(page, incident, zone) for incident in newest])
    if not path.endswith(".json"):
        return None
    if path == "history.json":
        number = query.get("page", "1")
        return as_json(_history(page, int(number) if number.isdecimal() and int(number) else 1))
    if name.startswith("incidents/") and name != "incidents/unresolved":
        key = name.removeprefix("incidents/")
        found = (incident for incident in page.incidents if incident.key == key)
        return next((as_json(_whole(page, incident)) for incident in found), None)
    document = _document(page, name) if path.startswith("api/v2/") else None
    return as_json({"page": _page(page), **document}) if document is not None else None


def as_carried(page: Page, incident: Incident) -> Incident:
    """All but the regions; an end or a start that the wire leaves out is told by other facts."""
    opened_at = page.opened_at[incident.key]
    planned = incident.kind == "maintenance"
    ended_by: EndBasis = "resolving_update" if _unstated_end(incident) else "resolve_time"
    updates = zip(incident.updates, _statuses(incident), strict=True)
    return replace(
        incident,
        url=link(page, incident),
        impact_raw="maintenance" if planned else incident.impact,
        started_at=opened_at if _unstated_start(incident, opened_at) else incident.started_at,
        end_basis=None if incident.ended_at is None else ended_by,
        regions=(),
        updates=tuple(
            replace(
                update, phase=update.phase if update.phase != "update" else status, phase_raw=status
            )
            for update, status in updates
        ),
    )


def _document(page: Page, name: str) -> Json | None:
    incidents, maintenances = page.of("incident"), page.of("maintenance")
    unresolved = [incident for incident in incidents if incident.ended_at is None]
    ahead = [maintenance for maintenance in maintenances if maintenance.ended_at is None]
    active = [maintenance for maintenance in ahead if maintenance.updates[-1].phase != "scheduled"]
    upcoming = [maintenance for maintenance in ahead if maintenance not in active]
    match name:
        case "incidents":
            return {"incidents": _rows(page, by_last_post(incidents)[:LISTED])}
        case "incidents/unresolved":
            return {"incidents": _rows(page, unresolved)}
        case "scheduled-maintenances":
            return {"scheduled_maintenances": _rows(page, maintenances[:LISTED])}
        case "scheduled-maintenances/active":
            return {"scheduled_maintenances": _rows(page, active)}
        case "scheduled-maintenances/upcoming":
            return {"scheduled_maintenances": _rows(page, upcoming)}
        case "components":
            return {"components": _components(page)}
        case "status":
            return {"status": _status(page)}
        case "summary":
            return {
                "components": _components(page),
                "incidents": _rows(page, unresolved),
                "scheduled_maintenances": _rows(page, ahead),
                "status": _status(page),
            }
    return None


def _page(page: Page) -> Json:
    return {
        "id": code(page.vendor.slug, "page"),
        "name": page.vendor.name,
        "url": page.vendor.status_page,
        "time_zone": ZONES[page.variant % len(ZONES)][0],
        "updated_at": _time(max(page.changed_at.values(), default=page.now), _zone(page)),
    }


def _status(page: Page) -> Json:
    open_ = [i.impact for i in page.of("incident") if i.ended_at is None]
    worst = max(open_, key=list(DESCRIPTIONS).index, default="none")
    return {"indicator": worst, "description": DESCRIPTIONS[worst]}


def _components(page: Page, names: Sequence[str] | None = None) -> list[Json]:
    conditions: dict[str, str] = {}
    for incident in page.incidents:
        if incident.ended_at is None and incident.started_at <= page.now:
            for name in incident.components:
                conditions.setdefault(name, _condition(incident))
    zone, slug = _zone(page), page.vendor.slug
    return [
        {
            "id": code(slug, name),
            "name": name,
            "status": conditions.get(name, "operational"),
            "created_at": _time(datetime(2019, 3, 4, 9, 30, 12, tzinfo=UTC), zone),
            "updated_at": _time(datetime(2021, 5, 6, 11, 0, 41, tzinfo=UTC), zone),
            "position": position,
            "description": None,
            "showcase": True,
            "start_date": "2019-03-04",
            "group_id": None,
            "page_id": code(slug, "page"),
            "group": False,
            "only_show_if_degraded": False,
        }
        for position, name in enumerate(page.components, start=1)
        if names is None or name in names
    ]


def _condition(incident: Incident) -> str:
    if incident.ended_at is not None:
        return "operational"
    return "under_maintenance" if incident.kind == "maintenance" else CONDITIONS[incident.impact]


def _rows(page: Page, incidents: Sequence[Incident]) -> list[Json]:
    return [_row(page, incident) for incident in incidents]


def _row(page: Page, incident: Incident) -> Json:
    zone, slug = _zone(page), page.vendor.slug
    opened_at, changed_at = page.opened_at[incident.key], page.changed_at[incident.key]
    planned = incident.kind == "maintenance"
    watched = [update.at for update in incident.updates if update.phase == "monitoring"]
    statuses = _statuses(incident)
    row: Json = {
        "id": incident.key,
        "name": incident.title,
        "status": statuses[-1],
        "created_at": _time(opened_at, zone),
        "updated_at": _time(changed_at, zone),
        "monitoring_at": _time(watched[-1], zone) if watched else None,
        "resolved_at": None,
        "impact": "maintenance" if planned else incident.impact,
        "shortlink": f"https://stspg.example/{incident.key}",
        "started_at": _time(incident.started_at, zone),
        "page_id": code(slug, "page"),
        "incident_updates": [],
        "components": _components(page, incident.components),
        "reminder_intervals": None,
    }
    if incident.ended_at is not None and not _unstated_end(incident):
        row["resolved_at"] = _time(incident.ended_at, zone)
    if _unstated_start(incident, opened_at):
        del row["started_at"]
    if incident.scheduled_until is not None:
        row["scheduled_for"] = row["started_at"]
        row["scheduled_until"] = _time(incident.scheduled_until, zone)
    both = zip(incident.updates, statuses, strict=True)
    row["incident_updates"] = [_update(page, incident, u, status) for u, status in both][::-1]
    return row


def _update(page: Page, incident: Incident, update: Update, status: str) -> Json:
    zone = _zone(page)
    affected = [
        {
            "code": code(page.vendor.slug, name),
            "name": name,
            "old_status": "operational" if update is incident.updates[0] else "partial_outage",
            "new_status": "operational" if status == "resolved" else "partial_outage",
        }
        for name in incident.components
    ]
    # Posted some seconds after the time it is shown with: operators back-date.
    posted_at = _time(update.at + timedelta(seconds=7), zone)
    return {
        "id": update.key,
        "status": status,
        "body": update.body,
        "incident_id": incident.key,
        "created_at": posted_at,
        "updated_at": posted_at,
        "display_at": _time(update.at, zone),
        "affected_components": affected if incident.key[-1] not in "fg" else None,
        "deliver_notifications": True,
        "custom_tweet": None,
        "tweet_id": None,
    }


def _whole(page: Page, incident: Incident) -> Json:
    """One incident by itself: what the history leads to."""
    explained = [update for update in incident.updates if update.phase == "postmortem"]
    told = explained[-1] if explained else None
    return _row(page, incident) | {
        "postmortem_body": told and told.body,
        "postmortem_body_last_updated_at": told and _time(told.at, _zone(page)),
        "postmortem_published_at": told and _time(told.at, _zone(page)),
        "postmortem_ignored": False,
        "backfilled": False,
        "metadata": {},
    }


def _history(page: Page, number: int) -> Json:
    """Three calendar months, newest first; empty ones for ever after the end."""
    zone = _zone(page)
    now = page.now.astimezone(zone)
    last = now.year * 12 + (now.month - 1) // 3 * 3 + 2 - 3 * (number - 1)
    filed: dict[int, list[Incident]] = {}
    for incident in by_last_post(page.incidents):
        if incident.kind == "incident" or incident.ended_at is not None:
            end = (incident.ended_at or page.now).astimezone(zone)
            filed.setdefault(end.year * 12 + end.month - 1, []).append(incident)
    months = [_month(month, filed.get(month, []), zone) for month in (last, last - 1, last - 2)]
    return {
        "page_status": _status(page),
        "components": _components(page),
        "months": months,
        "show_component_filter": True,
    }


def _month(month: int, incidents: Sequence[Incident], zone: tzinfo) -> Json:
    year, index = max(month // 12, 1), month % 12
    weekday, days = monthrange(year, index + 1)
    return {
        "name": month_name[index + 1],
        "year": year,
        "starts_on": (weekday + 1) % 7,
        "days": days,
        "incidents": [
            {
                "code": incident.key,
                "name": incident.title,
                "message": incident.updates[-1].body,
                "impact": "maintenance" if incident.kind == "maintenance" else incident.impact,
                "timestamp": _span(incident, zone),
            }
            for incident in incidents
        ],
    }


def _span(incident: Incident, zone: tzinfo) -> str:
    """`Dec 31, 22:28 - 23:10 PST`, with the day of the end when it is another one."""
    start, end = incident.started_at.astimezone(zone), incident.ended_at
    text = day_and_time(start, zone)
    if end is not None:
        same_day = end.astimezone(zone).date() == start.date()
        text += f" - {(time_of_day if same_day else day_and_time)(end, zone)}"
    return f"{text} {start:%Z}"


def _item(page: Page, incident: Incident, zone: tzinfo) -> str:
    address = link(page, incident)
    html = content(incident, zone, marked=False)
    return item(incident.title, html, incident.updates[-1].at.astimezone(zone), address, address)


def _statuses(incident: Incident) -> list[Any]:
    """The word of each update; Statuspage knows no "update", it repeats the word before."""
    words: list[Any] = []
    for update in incident.updates:
        before = words[-1] if words else "investigating"
        words.append(before if update.phase == "update" else update.phase)
    return words


def _unstated_end(incident: Incident) -> bool:
    """Some ended incidents carry no `resolved_at`."""
    return incident.key[-1] in "bc"


def _unstated_start(incident: Incident, opened_at: datetime) -> bool:
    """Old incidents carry no `started_at`; they began when they were created."""
    return incident.key[-1] == "d" and incident.started_at == opened_at


def _zone(page: Page) -> tzinfo:
    return ZONES[page.variant % len(ZONES)][1]


def _time(moment: datetime, zone: tzinfo) -> str:
    """`2026-07-30T09:07:42.419Z`, or with the offset of the page's zone."""
    milliseconds = (moment.second * 61 + moment.minute * 7) % 1000
    local = moment.astimezone(zone).isoformat()
    return f"{local[:19]}.{milliseconds:03d}{'Z' if zone is UTC else local[19:]}"
