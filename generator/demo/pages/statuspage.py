"""Atlassian Statuspage: the documented v2 API, the undocumented history, the feeds.

The list is in the order of the last post: a long incident stays on it while shorter ones that
began after it slide off, and so does an open one that nobody writes about. History files an
incident under the month it ended in, knows no last page, and writes times without a year in the
page's own zone.
"""

from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import tzinfo

from generator.demo.pages import Answer, Page, as_json
from generator.demo.pages._markup import (
    MONTHS,
    atom,
    by_last_post,
    content,
    day_and_time,
    item,
    link,
    rss,
    time_of_day,
)
from generator.demo.pages._statuspage import (
    Json,
    Records,
    impact_word,
    leaves_out_end,
    leaves_out_start,
    phases,
    word,
)
from generator.model import BodyFormat, EndBasis, Impact, Incident, Kind

BODY_FORMAT: BodyFormat = "text"
KINDS: frozenset[Kind] = frozenset({"incident", "maintenance"})
IMPACTS: frozenset[Impact] = frozenset({"none", "minor", "major", "critical"})

LISTED = 50
FED = 25


def respond(page: Page, path: str, query: Mapping[str, str]) -> Answer | None:
    """The page's answer."""
    records = Records(page)
    name, _, suffix = path.rpartition(".")
    if path == "history.atom":
        return atom(page, path, by_last_post(page.incidents)[:FED], records.zone)
    if path == "history.rss":
        newest = by_last_post(page.incidents)[:FED]
        return rss(page, [_item(page, incident, records.zone) for incident in newest])
    if suffix != "json":
        return None
    if name == "history":
        number = query.get("page", "")
        return as_json(_history(records, max(1, int(number)) if number.isdecimal() else 1))
    document = _document(records, name.removeprefix("api/v2/")) if "api/v2/" in name else None
    if document is not None:
        return as_json({"page": records.about(), **document})
    folder, _, key = name.removeprefix("api/v2/").partition("/")
    found = (i for i in page.incidents if folder == "incidents" and i.key == key)
    return next((as_json(records.whole(incident)) for incident in found), None)


def as_carried(page: Page, incident: Incident) -> Incident:
    """All but the regions; an end or a start that the wire leaves out is told by other facts."""
    opened_at = page.opened_at[incident.key]
    ended_by: EndBasis = "resolving_update" if leaves_out_end(incident) else "resolve_time"
    updates = (
        replace(update, phase=phase, phase_raw=word(incident, phase))
        for update, phase in zip(incident.updates, phases(incident), strict=True)
    )
    return replace(
        incident,
        url=link(page, incident),
        impact_raw=impact_word(incident),
        started_at=opened_at if leaves_out_start(incident, opened_at) else incident.started_at,
        end_basis=None if incident.ended_at is None else ended_by,
        regions=(),
        updates=tuple(updates),
    )


def _document(records: Records, name: str) -> Json | None:
    """What the documented API answers at a path; None: it has no such path."""
    incidents, maintenances = records.page.of("incident"), records.page.of("maintenance")
    unresolved = [incident for incident in incidents if incident.ended_at is None]
    ahead = [maintenance for maintenance in maintenances if maintenance.ended_at is None]
    active = [maintenance for maintenance in ahead if maintenance.updates[-1].phase != "scheduled"]
    listed: dict[str, tuple[str, list[Incident]]] = {
        "incidents": ("incidents", by_last_post(incidents)[:LISTED]),
        "incidents/unresolved": ("incidents", unresolved),
        "scheduled-maintenances": ("scheduled_maintenances", maintenances[:LISTED]),
        "scheduled-maintenances/active": ("scheduled_maintenances", active),
        "scheduled-maintenances/upcoming": (
            "scheduled_maintenances",
            [maintenance for maintenance in ahead if maintenance not in active],
        ),
    }
    match name:
        case "components":
            return {"components": records.components()}
        case "status":
            return {"status": records.status()}
        case "summary":
            return {
                "components": records.components(),
                "incidents": [records.incident(incident) for incident in unresolved],
                "scheduled_maintenances": [records.incident(m) for m in ahead],
                "status": records.status(),
            }
        case _ if name in listed:
            kind, chosen = listed[name]
            return {kind: [records.incident(incident) for incident in chosen]}
    return None


def _history(records: Records, number: int) -> Json:
    """Three calendar months, newest first; empty ones for ever after the end."""
    page, zone = records.page, records.zone
    now = page.now.astimezone(zone)
    last = now.year * 12 + (now.month - 1) // 3 * 3 + 2 - 3 * (number - 1)
    filed: dict[int, list[Incident]] = {}
    for incident in by_last_post(page.incidents):
        if incident.kind == "incident" or incident.ended_at is not None:
            end = (incident.ended_at or page.now).astimezone(zone)
            filed.setdefault(end.year * 12 + end.month - 1, []).append(incident)
    return {
        "page_status": records.status(),
        "components": records.components(),
        "months": [
            _month(month, filed.get(month, []), zone) for month in range(last, last - 3, -1)
        ],
        "show_component_filter": True,
    }


def _month(number: int, incidents: Sequence[Incident], zone: tzinfo) -> Json:
    """A month of the history, counted from the year 0."""
    year, month = max(number // 12, 1), number % 12 + 1
    weekday, days = monthrange(year, month)
    return {
        "name": MONTHS[month - 1],
        "year": year,
        "starts_on": (weekday + 1) % 7,
        "days": days,
        "incidents": [
            {
                "code": incident.key,
                "name": incident.title,
                "message": incident.updates[-1].body,
                "impact": impact_word(incident),
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
