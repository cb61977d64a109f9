"""Google's dashboards: one bare array of all incidents, and the products.

Updates are newest first, have no id and no phase but the impact at their time. Maintenance is not
announced here. Times carry the offset +00:00, texts are Markdown.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from generator.demo.names import REGIONS
from generator.demo.pages import Answer, Page, as_json
from generator.demo.seeds import chance, code
from generator.model import BodyFormat, Impact, Incident, Kind, Update
from generator.times import text_of

BODY_FORMAT: BodyFormat = "markdown"
KINDS: frozenset[Kind] = frozenset({"incident"})
IMPACTS: frozenset[Impact] = frozenset({"none", "minor", "major", "critical"})

# The two words together are the impact.
WORDS: dict[Impact, tuple[str, str]] = {
    "none": ("SERVICE_INFORMATION", "low"),
    "minor": ("SERVICE_DISRUPTION", "medium"),
    "major": ("SERVICE_DISRUPTION", "high"),
    "critical": ("SERVICE_OUTAGE", "high"),
}
Json = dict[str, Any]


def respond(page: Page, path: str, query: Mapping[str, str]) -> Answer | None:
    """The dashboard's answer; a query is ignored."""
    if path == "incidents.json":
        return as_json([_row(page, incident) for incident in page.incidents])
    if path == "products.json":
        return as_json({"products": [_product(page, name) for name in page.components]})
    return None


def as_carried(page: Page, incident: Incident) -> Incident:
    """Updates are known by their time alone and lose their phase, but for what ends it."""
    updates = (
        replace(
            update,
            key=text_of(update.at),
            phase="resolved" if _word(update) == "AVAILABLE" else "update",
            phase_raw=_word(update),
        )
        for update in incident.updates
    )
    return replace(
        incident,
        url=page.address(f"incidents/{incident.key}"),
        impact_raw="/".join(WORDS[incident.impact]),
        end_basis=None if incident.ended_at is None else "end_field",
        regions=tuple(sorted(incident.regions)),
        updates=tuple(updates),
    )


def _row(page: Page, incident: Incident) -> Json:
    updates = [_update(incident, update) for update in reversed(incident.updates)]
    status, severity = WORDS[incident.impact]
    products = [_product(page, name) for name in incident.components]
    locations, over = _locations(incident), incident.ended_at is not None
    several = {"title": "Multiple Products", "id": "zall"}
    service = products[0] if len(products) == 1 else several
    row: Json = {
        "id": incident.key,
        "number": str(chance(incident.key, "number").getrandbits(63)),
        "begin": _time(incident.started_at),
        "created": _time(page.opened_at[incident.key]),
        "end": _time(incident.ended_at) if incident.ended_at else None,
        "modified": _time(page.changed_at[incident.key]),
        "external_desc": incident.title,
        "updates": updates,
        "most_recent_update": updates[0],
        "status_impact": status,
        "severity": severity,
        "service_key": service["id"],
        "service_name": service["title"],
        "affected_products": products,
        "uri": f"incidents/{incident.key}",
        "currently_affected_locations": [] if over else locations,
        "previously_affected_locations": locations if over else [],
    }
    if not over and page.variant % 2:
        del row["end"]  # an open incident has a null here, or nothing at all
    return row


def _update(incident: Incident, update: Update) -> Json:
    return {
        "created": _time(update.at),
        "modified": _time(update.at),
        "when": _time(update.at),
        "text": update.body,
        "status": _word(update),
        "affected_locations": _locations(incident),
    }


def _word(update: Update) -> str:
    """How bad it was when the update was posted."""
    if update.phase in ("resolved", "postmortem"):
        return "AVAILABLE"
    return "SERVICE_DISRUPTION" if update.phase == "investigating" else "SERVICE_INFORMATION"


def _product(page: Page, name: str) -> Json:
    return {"title": name, "id": code(page.vendor.slug, name, length=20)}


def _locations(incident: Incident) -> list[Json]:
    return [{"title": f"{REGIONS[key]} ({key})", "id": key} for key in incident.regions]


def _time(moment: datetime) -> str:
    return moment.isoformat()
