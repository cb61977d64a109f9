"""incident.io: the JSON behind the page, and the copy of Statuspage's API that every page has.

The page's own JSON answers below `proxy/` and the host's name: what is ongoing, windows of at most
three months, one incident. It has no severity, but what components suffered and when. Of the
copy the newest 25 and nothing else is served, without components; every third vendor has no more.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from generator.demo.pages import Answer, Page, as_json
from generator.demo.pages._stages import stages
from generator.demo.seeds import chance
from generator.model import BodyFormat, EndBasis, Impact, Incident, Kind, Phase
from generator.times import parse_iso, text_of

BODY_FORMAT: BodyFormat = "markdown"
KINDS: frozenset[Kind] = frozenset({"incident", "maintenance"})
IMPACTS: frozenset[Impact] = frozenset({"none", "minor", "major", "critical"})

WORDS: dict[Impact, str] = {
    "none": "operational",
    "minor": "degraded_performance",
    "major": "partial_outage",
    "critical": "full_outage",
}
PHASES: dict[Phase, str] = {
    "investigating": "investigating",
    "identified": "identified",
    "monitoring": "monitoring",
    "resolved": "resolved",
    "scheduled": "maintenance_scheduled",
    "in_progress": "maintenance_in_progress",
    "completed": "maintenance_complete",
}
LISTED = 25
WIDEST = timedelta(days=93)
CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
PROXY = re.compile(r"proxy/[^/]+(?:/(?P<what>.*))?")
Json = dict[str, Any]


def options(status_page: str, variant: int) -> Mapping[str, str]:
    """Where the page's own JSON is: on a host of its own, no vendor need say so."""
    if _copied(variant):
        return {}
    return {"proxy": f"{status_page}/proxy/{status_page.rpartition('/')[2]}.example"}


def respond(page: Page, path: str, query: Mapping[str, str]) -> Answer | None:
    """The page's answer."""
    if path == "api/v2/incidents.json":
        listed = [_copy(page, incident) for incident in page.of("incident")[:LISTED]]
        return as_json({"page": _about(page), "incidents": listed or None})
    asked = PROXY.fullmatch(path)
    if asked is None or _copied(page.variant):
        return None
    match asked["what"]:
        case None | "" | "summary":
            return as_json({"summary": _summary(page)})
        case "incidents":
            return _window(page, query.get("start_at", ""), query.get("end_at", ""))
        case str(what) if what.startswith("incidents/"):
            key = what.removeprefix("incidents/")
            found = (one for one in page.incidents if _id(one.key) == key)
            return next((as_json({"incident": _incident(page, one)}) for one in found), None)
    return None


def as_carried(page: Page, incident: Incident) -> Incident:
    """No region; of the copy no component either, and the start is when it was opened."""
    carried = replace(
        incident,
        key=_id(incident.key),
        url=page.address(f"incidents/{_id(incident.key)}"),
        regions=(),
        updates=tuple(
            replace(update, key=_id(update.key), phase=phase, phase_raw=PHASES[phase])
            for update, phase in zip(incident.updates, stages(incident, PHASES), strict=True)
        ),
    )
    if not _copied(page.variant):
        return replace(carried, impact_raw=_word(incident))
    ended_by: EndBasis = "resolve_time" if _states_end(incident) else "resolving_update"
    return replace(
        carried,
        impact_raw=incident.impact,
        started_at=page.opened_at[incident.key],
        end_basis=ended_by if incident.ended_at else None,
        components=(),
    )


def _copied(variant: int) -> bool:
    """Whether the page has nothing but the copy of Statuspage's API."""
    return variant % 3 == 2


def _states_end(incident: Incident) -> bool:
    return incident.key[-1] in "bcdf"


def _about(page: Page) -> Json:
    return {
        "id": _id(page.vendor.slug),
        "name": page.vendor.name,
        "url": f"{page.vendor.status_page}/",
        "updated_at": text_of(max(page.changed_at.values(), default=page.now)),
    }


def _copy(page: Page, incident: Incident) -> Json:
    said = stages(incident, PHASES)
    opened_at = text_of(page.opened_at[incident.key])
    row: Json = {
        "id": _id(incident.key),
        "name": incident.title,
        "status": said[-1],
        "created_at": opened_at,
        "updated_at": text_of(page.changed_at[incident.key]),
        "impact": incident.impact,
        "page_id": _id(page.vendor.slug),
        "incident_updates": [
            {
                "id": _id(update.key),
                "body": update.body,
                "created_at": text_of(update.at),
                "display_at": text_of(update.at),
                "incident_id": _id(incident.key),
                "status": phase,
                "updated_at": text_of(update.at),
            }
            for update, phase in zip(incident.updates, said, strict=True)
        ][::-1],
    }
    if incident.ended_at and _states_end(incident):
        row["resolved_at"] = text_of(incident.ended_at)
    return row


def _summary(page: Page) -> Json:
    ongoing = [one for one in page.of("incident") if one.ended_at is None]
    ahead = [one for one in page.of("maintenance") if one.ended_at is None]
    return {
        **_about(page),
        "public_url": f"{page.vendor.status_page}/",
        "components": [{"id": _id(name), "name": name} for name in page.components],
        "affected_components": [],
        "ongoing_incidents": [_incident(page, incident) for incident in ongoing],
        "scheduled_maintenances": [_incident(page, incident) for incident in ahead],
        "data_available_since": _time(min(page.opened_at.values(), default=page.now)),
    }


def _window(page: Page, begins: str, ends: str) -> Answer | None:
    """What was told or went on between two times; more than three months are refused."""
    try:
        begin, end = parse_iso(begins), parse_iso(ends)
    except ValueError:
        return None
    if end - begin > WIDEST:
        return None
    told = [one for one in page.incidents if _touches(page, one, begin, end)]
    return as_json({"incidents": [_incident(page, incident) for incident in told]})


def _touches(page: Page, incident: Incident, begin: datetime, end: datetime) -> bool:
    times: Sequence[datetime] = (page.opened_at[incident.key], incident.updates[-1].at)
    return any(begin <= moment <= end for moment in times)


def _incident(page: Page, incident: Incident) -> Json:
    said = [PHASES[phase] for phase in stages(incident, PHASES)]
    word, end = _word(incident), incident.scheduled_until or incident.ended_at
    affected = [{"component_id": _id(name), "status": word} for name in incident.components]
    span = {"start_at": _time(incident.started_at), "end_at": _time(end) if end else None}
    return {
        "id": _id(incident.key),
        "name": incident.title,
        "status": said[-1],
        "type": incident.kind,
        "published_at": _time(page.opened_at[incident.key]),
        "status_page_id": _id(page.vendor.slug),
        "affected_components": [{**part, "current_status": "operational"} for part in affected],
        "component_impacts": [
            {**part, **span, "id": _id(incident.key + part["component_id"])} for part in affected
        ],
        "status_summaries": [{**span, "worst_component_status": word}],
        "updates": [
            {
                "id": _id(update.key),
                "published_at": _time(update.at),
                "to_status": status,
                "message": {"content": [], "type": "doc"},
                "message_string": update.body,
                "component_statuses": affected,
                "automated_update": False,
            }
            for update, status in zip(incident.updates, said, strict=True)
        ],
    }


def _word(incident: Incident) -> str:
    return "under_maintenance" if incident.kind == "maintenance" else WORDS[incident.impact]


def _id(name: str) -> str:
    """A ULID in form."""
    rng = chance(name, "ulid")
    return "01" + "".join(rng.choice(CROCKFORD) for _ in range(24))


def _time(moment: datetime) -> str:
    return f"{text_of(moment)[:-1]}.000Z"
