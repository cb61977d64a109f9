"""UptimeRobot: a page whose script names its API, and the feed of events there.

An event is one text, rewritten in place, dated when it was opened. Nothing says that it goes on or
what phase it is in; an end once given is not taken back. Without a date the feed covers a quarter.
"""

import html
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from generator.demo.pages import Answer, Page, as_json
from generator.demo.pages._markup import MONTHS, as_html
from generator.demo.seeds import chance, code
from generator.model import BodyFormat, Impact, Incident, Kind

BODY_FORMAT: BodyFormat = "html"
KINDS: frozenset[Kind] = frozenset({"incident", "maintenance"})
IMPACTS: frozenset[Impact] = frozenset({"none", "minor", "major", "critical"})

WINDOW = timedelta(days=90)
ICONS: dict[Impact, str] = {
    "none": "info",
    "minor": "alert-circle",
    "major": "alert-triangle",
    "critical": "alert-octagon",
}
Json = dict[str, Any]


def options(status_page: str, variant: int) -> Mapping[str, str]:
    """The address of the feed, for every third vendor."""
    if variant % 3 != 2:
        return {}
    return {"events": f"{status_page}/api/getEventFeed/{_key(status_page)}"}


def respond(page: Page, path: str, query: Mapping[str, str]) -> Answer | None:
    """The page, its monitors or its events since a date."""
    key = _key(page.vendor.status_page)
    if path == "":
        return _front(page, key)
    if path == f"api/getMonitorList/{key}":
        return as_json({"status": "ok", "data": [_monitor(page, name) for name in page.components]})
    if path == f"api/getEventFeed/{key}":
        date = query.get("from_date", "")
        since = datetime.fromtimestamp(int(date), UTC) if date.isdecimal() else page.now - WINDOW
        return as_json(_feed(page, since))
    return None


def as_carried(page: Page, incident: Incident) -> Incident:
    """One text, from the opening on; of maintenance its announcement and its planned end."""
    last, at, planned = incident.updates[-1], _dated(page, incident), incident.kind == "maintenance"
    ended_at = None if planned else _end(incident)
    return replace(
        incident,
        key=_id(incident),
        url=None,
        impact_raw=ICONS[incident.impact],
        started_at=at,
        ended_at=ended_at,
        end_basis="end_field" if ended_at else "unstated",
        components=(),
        regions=(),
        updates=(
            replace(last, key="event", at=at, phase="unknown", phase_raw=None, body=as_html(last)),
        ),
    )


def _front(page: Page, key: str) -> Answer:
    name = html.escape(page.vendor.name)
    address = page.address("api")
    events = f"window.eventsApiPath = '{address}/getEventFeed/{key}';\n" if page.variant % 2 else ""
    document = (
        f"<!DOCTYPE html>\n<html>\n<head><title>{name} Status</title></head>\n<body>\n<script>\n"
        f"window.pspApiPath = '{address}/getMonitorList/{key}';\n{events}</script>\n"
        "</body>\n</html>\n"
    )
    return Answer(document.encode(), "text/html; charset=utf-8")


def _monitor(page: Page, name: str) -> Json:
    return {
        "monitorId": int(_number(page.vendor.slug, name)),
        "name": name,
        "statusClass": "success",
        "groupId": 0,
        "groupName": "Monitors (default)",
        "90dRatio": {"ratio": "99.970", "label": "excellent"},
        "lastDowntime": None,
    }


def _feed(page: Page, since: datetime) -> Json:
    events = [_event(page, one) for one in page.incidents if _dated(page, one) >= since]
    return {
        "status": True,
        "results": events,
        "meta": {
            "count": len(events),
            "date_range": {"from": f"{since:%Y-%m-%d %H:%M:%S}", "to": f"{page.now:%Y-%m-%d}"},
        },
    }


def _event(page: Page, incident: Incident) -> Json:
    at = _dated(page, incident)
    stop = incident.scheduled_until or _end(incident)
    return {
        "type": "announcement",
        "eventType": incident.kind,
        "id": int(_id(incident)),
        "title": incident.title,
        "content": as_html(incident.updates[-1]),
        "description": "",
        "date": f"{MONTHS[at.month - 1][:3]} {at.day}, {at.year}",
        "time": f"{at:%H:%M}",
        "timeGMT": f"{at:%H:%M}",
        "endDate": f"{stop:%Y-%m-%d %H:%M:%S}" if stop else None,
        "endDateGMT": f"{stop:%Y-%m-%d %H:%M:%S}" if stop else None,
        "timestamp": int(at.timestamp()),
        "status": 2,
        "icon": ICONS[incident.impact],
    }


def _dated(page: Page, incident: Incident) -> datetime:
    """The date of the event: of maintenance, when it was announced."""
    if incident.kind == "maintenance":
        return page.opened_at[incident.key].replace(microsecond=0)
    return incident.started_at


def _end(incident: Incident) -> datetime | None:
    ends = [update.at for update in incident.updates if update.phase == "resolved"]
    return ends[-1] if ends else None


def _id(incident: Incident) -> str:
    return _number(incident.key)


def _number(*name: str) -> str:
    return str(chance(*name, "id").randrange(100_000_000, 999_999_999))


def _key(status_page: str) -> str:
    return code(status_page.rpartition("/")[2], "page", length=10)
