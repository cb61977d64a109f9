"""PagerDuty: the posts behind the page on every other vendor's, an older page with a script else.

The list of posts has the featured ones, with their last text cut short; each post by itself has
all. States and severities are ids there, and times numbers. The older page answers the paths of
the newer with itself; its script has every incident, the postmortem apart, but no maintenance.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from generator.demo.pages import Answer, Page, as_json
from generator.demo.pages._pagerduty import SEVERITIES, identity, older_page, severity, status
from generator.demo.seeds import code
from generator.model import BodyFormat, EndBasis, Impact, Incident, Kind, Update

BODY_FORMAT: BodyFormat = "html"
KINDS: frozenset[Kind] = frozenset({"incident", "maintenance"})
IMPACTS: frozenset[Impact] = frozenset({"none", "minor", "major", "critical"})

FEATURED_FOR = timedelta(days=10)
FEATURED_AT_LEAST = 6
SHORT = 60
Json = dict[str, Any]


def respond(page: Page, path: str, query: Mapping[str, str]) -> Answer | None:
    """The answer of either generation."""
    if _is_older(page):
        return older_page(page) if path == "" or path.startswith("api/posts") else None
    if path == "api/post_enums":
        return as_json({"post_enums": _enums(page)})
    if path == "api/services":
        return as_json({"services": [_service(page, name) for name in page.components]})
    if path == "api/posts":
        return as_json(_posts(page, query))
    if path.startswith("api/posts/"):
        found = (one for one in page.incidents if path == f"api/posts/{identity(one)}")
        return next((as_json({"post": _post(page, one, whole=True)}) for one in found), None)
    return None


def as_carried(page: Page, incident: Incident) -> Incident:
    """Few words for phases; severity by the last word that was not "all good"."""
    planned = incident.kind == "maintenance"
    told = any(update.phase not in ("resolved", "postmortem") for update in incident.updates)
    word = "maintenance" if planned else SEVERITIES[incident.impact] if told else None
    first = incident.updates[0].at
    return replace(
        incident,
        key=identity(incident),
        url=page.address(f"posts/details/{identity(incident)}"),
        impact=incident.impact if told else "unknown",
        impact_raw=word and _spelled(page, word),
        started_at=incident.started_at if planned else first,
        end_basis=_basis(incident),
        components=incident.components,
        regions=(),
        updates=tuple(_carried(page, incident, update) for update in incident.updates),
    )


def _carried(page: Page, incident: Incident, update: Update) -> Update:
    body = f"<p>{update.body}</p>"
    if update.phase == "postmortem" and _is_older(page):
        return replace(update, body=body, phase_raw=None)
    word, phase = status(incident, update)
    return replace(update, phase=phase, phase_raw=_spelled(page, word), body=body)


def _posts(page: Page, query: Mapping[str, str]) -> Json:
    if "since" in query:
        since, until = (_moment(query[name]) for name in ("since", "until"))
        chosen = [one for one in page.incidents if since <= one.updates[0].at < until]
    else:
        last = sorted(page.incidents, key=lambda one: page.changed_at[one.key], reverse=True)
        kept = {one.key for one in last[:FEATURED_AT_LEAST]}
        recently = page.now - FEATURED_FOR
        chosen = [
            one
            for one in page.incidents
            if one.ended_at is None or one.key in kept or page.changed_at[one.key] >= recently
        ]
    return {
        "posts": [_post(page, one, whole=False) for one in chosen],
        "continuationToken": None,
    }


def _post(page: Page, incident: Incident, *, whole: bool) -> Json:
    """A post, with all of its updates or with the beginning of the last."""
    updates = [_update(page, incident, update) for update in reversed(incident.updates)]
    planned = incident.kind == "maintenance"
    post: Json = {
        "id": identity(incident),
        "title": incident.title,
        "post_type": incident.kind,
        "is_featured": True,
        "starts_at": _milliseconds(incident.started_at) if planned else None,
        "ends_at": _milliseconds(incident.scheduled_until) if incident.scheduled_until else None,
        "first_update_at": _milliseconds(incident.updates[0].at),
        "last_update_at": _milliseconds(incident.updates[-1].at),
        "latest_update": updates[0] | {"message": updates[0]["message"][:SHORT]},
    }
    return post | {"updates": updates} if whole else post


def _update(page: Page, incident: Incident, update: Update) -> Json:
    word, _ = status(incident, update)
    level = severity(incident, update)
    return {
        "id": update.key,
        "message": f"<p>{update.body}</p>",
        "reported_at": _milliseconds(update.at),
        "status_id": _enum(page, incident.kind, "status", word),
        "severity_id": _enum(page, incident.kind, "severity", level),
        "impacts": [
            {
                "service_id": code(page.vendor.slug, name),
                "severity_id": _enum(page, incident.kind, "impacts", "operational"),
            }
            for name in incident.components
        ],
    }


def _enums(page: Page) -> list[Json]:
    words: list[tuple[Kind, str, str]] = [
        *(("incident", "status", word) for word in ("investigating", "detected", "resolved")),
        *(("incident", "severity", word) for word in SEVERITIES.values()),
        *(("incident", "impacts", word) for word in ("operational", "partial outage", "outage")),
        *(("maintenance", "status", word) for word in ("scheduled", "in progress", "completed")),
        *(("maintenance", "severity", word) for word in ("all good", "maintenance")),
        *(("maintenance", "impacts", word) for word in ("operational", "maintenance")),
    ]
    return [
        {
            "id": _enum(page, kind, type_, word),
            "name": word,
            "description": word,
            "post_type": kind,
            "post_enum_type": type_,
        }
        for kind, type_, word in words
    ]


def _service(page: Page, name: str) -> Json:
    return {
        "id": code(page.vendor.slug, name),
        "name": f"prod - {name}",
        "display_name": name,
        "is_active": True,
    }


def _spelled(page: Page, word: str) -> str:
    return word.replace(" ", "_") if _is_older(page) else word


def _basis(incident: Incident) -> EndBasis | None:
    return None if incident.ended_at is None else "resolving_update"


def _is_older(page: Page) -> bool:
    return page.variant % 2 == 0


def _enum(page: Page, kind: Kind, type_: str, word: str) -> str:
    return f"P{code(page.vendor.slug, kind, type_, word, length=6).upper()}"


def _milliseconds(moment: datetime) -> int:
    return int(moment.timestamp()) * 1000


def _moment(milliseconds: str) -> datetime:
    return datetime.fromtimestamp(int(milliseconds) / 1000, UTC)
