"""The words of PagerDuty's pages, and the older page, which has every incident in its script."""

import html
import json
from datetime import datetime
from typing import Any

from generator.demo.pages import Answer, Page
from generator.demo.seeds import code
from generator.model import Impact, Incident, Phase, Update

SEVERITIES: dict[Impact, str] = {
    "none": "all good",
    "minor": "minor",
    "major": "major",
    "critical": "outage",
}
# By what the fleet says: the word of the page, and what that means.
STATUSES: dict[Phase, tuple[str, Phase]] = {
    "investigating": ("detected", "investigating"),
    "identified": ("investigating", "investigating"),
    "update": ("investigating", "investigating"),
    "monitoring": ("investigating", "investigating"),
    "resolved": ("resolved", "resolved"),
    "postmortem": ("resolved", "resolved"),
}
PLANNED: dict[Phase, tuple[str, Phase]] = {
    "scheduled": ("scheduled", "scheduled"),
    "in_progress": ("in progress", "in_progress"),
    "monitoring": ("in progress", "in_progress"),
    "completed": ("completed", "completed"),
}
Json = dict[str, Any]


def older_page(page: Page) -> Answer:
    """The older page: everything in its script."""
    incidents = page.of("incident")
    summary = {
        "open_incidents": [_older(page, one) for one in incidents if one.ended_at is None],
        "posts": [],
        "resolved_incidents": [
            _older(page, one) | {"postmortem": _postmortem(one)}
            for one in incidents
            if one.ended_at is not None
        ],
    }
    # As it escapes them, so that no text ends the script.
    data = json.dumps({"summary": summary}).replace("<", "\\u003c").replace(">", "\\u003e")
    document = (
        f"\n<!DOCTYPE html>\n<html>\n<head><title>{html.escape(page.vendor.name)}</title></head>\n"
        f"<body>\n<div id='layout-1'></div>\n"
        f'<script id="data" type="application/json">{data}</script>\n</body>\n</html>\n'
    )
    return Answer(document.encode(), "text/html; charset=utf-8")


def _older(page: Page, incident: Incident) -> Json:
    said = [update for update in incident.updates if update.phase != "postmortem"]
    return {
        "id": identity(incident),
        "title": incident.title,
        "updates": [_said(page, incident, update) for update in reversed(said)],
    }


def _said(page: Page, incident: Incident, update: Update) -> Json:
    level = severity(incident, update).replace(" ", "_")
    return {
        "id": update.key,
        "reported_at": _iso(update.at),
        "created_at": _iso(update.at),
        "updated_at": _iso(update.at),
        "status": status(incident, update)[0],
        "severity": level,
        "message": f"<p>{update.body}</p>",
        "next_update_in_ms": None,
        "impacted_business_services": [
            {
                "business_service_id": code(page.vendor.slug, name, "business"),
                "id": code(page.vendor.slug, name),
                "name": name,
                "severity": level,
            }
            for name in incident.components
        ],
    }


def _postmortem(incident: Incident) -> Json | None:
    explained = [update for update in incident.updates if update.phase == "postmortem"]
    if not explained:
        return None
    last = explained[-1]
    return {"id": last.key, "reported_at": _iso(last.at), "message": f"<p>{last.body}</p>"}


def status(incident: Incident, update: Update) -> tuple[str, Phase]:
    """The word of the page for an update's phase, and what it means."""
    return (PLANNED if incident.kind == "maintenance" else STATUSES)[update.phase]


def severity(incident: Incident, update: Update) -> str:
    """At the end everything is good again."""
    if incident.kind == "maintenance":
        return "maintenance"
    over = update.phase in ("resolved", "postmortem")
    return SEVERITIES["none" if over else incident.impact]


def identity(incident: Incident) -> str:
    """The id of a post."""
    return f"P{incident.key[:6].upper()}"


def _iso(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"
