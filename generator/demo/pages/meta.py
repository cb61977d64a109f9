"""Meta's page: organisations with services, and the outages of each organisation's services.

An outage is of one service, the first that an incident names, and has no title; its words tell
how bad it is until it is resolved. A file that does not exist answers with the page's own shell.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from generator.demo.pages import Answer, Page, as_json
from generator.demo.pages._markup import by_last_post
from generator.model import BodyFormat, EndBasis, Impact, Incident, Kind, Update
from generator.times import text_of

BODY_FORMAT: BodyFormat = "text"
KINDS: frozenset[Kind] = frozenset({"incident"})
IMPACTS: frozenset[Impact] = frozenset({"minor", "major", "critical"})

WORDS: dict[Impact, tuple[str, Impact]] = {
    "none": ("Low disruptions", "minor"),
    "minor": ("Low disruptions", "minor"),
    "major": ("Medium disruptions", "major"),
    "critical": ("High disruptions", "critical"),
}
ORGS = (("platform", "Platform"), ("apis", "APIs"))
SHELL = Answer(
    b"<!DOCTYPE html>\n<html><head><title>Status</title></head><body></body></html>\n",
    "text/html; charset=utf-8",
)
Json = dict[str, Any]


def respond(page: Page, path: str, query: Mapping[str, str]) -> Answer | None:
    """All organisations, or the outages of one; the shell for any other file."""
    if path == "data/orgs.json":
        return as_json([_org(page, number) for number in range(len(ORGS))])
    for number, (name, _) in enumerate(ORGS):
        outages = [one for one in by_last_post(page.incidents) if _place(page, one)[0] == number]
        if path == f"data/outages/{name}.history.json":
            return as_json([_outage(page, one) for one in outages])
        if path == f"data/outages/{name}.json":
            return as_json([_outage(page, one) for one in outages if one.ended_at is None])
    return SHELL if path == "" or path.startswith("data/") else None


def as_carried(page: Page, incident: Incident) -> Incident:
    """One service, which is also the title; posts are known by their time."""
    number, _ = _place(page, incident)
    org, name = ORGS[number]
    updates: list[Update] = []
    for update in incident.updates:
        said, same = _said(incident, update), sum(post.at == update.at for post in updates)
        updates.append(
            replace(
                update,
                key=text_of(update.at) + (f"#{same + 1}" if same else ""),
                phase="resolved" if said == "Resolved" else "update",
                phase_raw=said,
            )
        )
    word, impact = WORDS[incident.impact]
    told = any(update.phase == "update" for update in updates)
    return replace(
        incident,
        key=f"{org}/{incident.key}",
        title=f"{name}: {incident.components[0]}",
        url=page.address(org),
        impact=impact if told else "unknown",
        impact_raw=word if told else None,
        started_at=min(incident.started_at, updates[0].at),
        end_basis=_basis(incident),
        components=incident.components[:1],
        regions=(),
        updates=tuple(updates),
    )


def _org(page: Page, number: int) -> Json:
    name, title = ORGS[number]
    return {
        "id": name,
        "name": title,
        "services": [
            {"id": place, "name": service, "status": _condition(page, service)}
            for place, service in enumerate(page.components)
            if place % len(ORGS) == number
        ],
        "rss_file_paths": [f"outage-events-feed-{name}.rss"],
    }


def _condition(page: Page, service: str) -> str:
    ongoing = [
        one for one in page.incidents if one.ended_at is None and one.components[0] == service
    ]
    return WORDS[ongoing[0].impact][0] if ongoing else "No known issues"


def _outage(page: Page, incident: Incident) -> Json:
    over = incident.ended_at is not None
    return {
        "id": incident.key,
        "service_id": _place(page, incident)[1],
        "status": "Resolved" if over else WORDS[incident.impact][0],
        "time": text_of(incident.started_at),
        "posts": [
            {
                "time": text_of(update.at),
                "status": _said(incident, update),
                "description": update.body,
            }
            for update in incident.updates
        ],
    }


def _place(page: Page, incident: Incident) -> tuple[int, int]:
    """The organisation and the service of an incident, by their numbers."""
    place = page.components.index(incident.components[0])
    return place % len(ORGS), place


def _said(incident: Incident, update: Update) -> str:
    over = update.phase in ("resolved", "postmortem")
    return "Resolved" if over else WORDS[incident.impact][0]


def _basis(incident: Incident) -> EndBasis | None:
    return None if incident.ended_at is None else "resolving_update"
