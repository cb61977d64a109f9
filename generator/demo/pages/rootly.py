"""Rootly: an API of what is active, which forgets what is over, and a feed that remembers.

Incidents have no id but their address, updates none at all. A phase that the API has no word for
repeats that before it; a postmortem is one more "resolved".
"""

from collections.abc import Mapping
from dataclasses import replace
from email.utils import format_datetime
from typing import Any
from xml.sax.saxutils import escape

from generator.demo.pages import Answer, Page, as_json
from generator.demo.pages._front import front, leads_to
from generator.demo.pages._markup import as_html, by_last_post
from generator.model import BodyFormat, Impact, Incident, Kind, Phase, Update
from generator.times import text_of

BODY_FORMAT: BodyFormat = "text"
KINDS: frozenset[Kind] = frozenset({"incident", "maintenance"})
IMPACTS: frozenset[Impact] = frozenset({"none", "minor", "major", "critical"})

FED = 40
MOST = 100
WORDS: Mapping[Kind, frozenset[Phase]] = {
    "incident": frozenset({"investigating", "identified", "monitoring", "resolved"}),
    "maintenance": frozenset({"scheduled", "in_progress", "completed"}),
}
Json = dict[str, Any]


def respond(page: Page, path: str, query: Mapping[str, str]) -> Answer | None:
    """The API, the feed, and the page that leads to it."""
    active = [incident for incident in page.incidents if incident.ended_at is None]
    match path:
        case "api/v1/incidents.json":
            size = min(int(query.get("per_page", "25")), MOST)
            first = (int(query.get("page", "1")) - 1) * size
            rows = [_row(page, incident) for incident in active[first : first + size]]
            return as_json({"page": _head(page), "incidents": rows})
        case "api/v1/status.json":
            status = {"indicator": "none", "description": "All Systems Operational"}
            rows = [_row(page, incident) for incident in active]
            return as_json({"page": _head(page), "status": status, "incidents": rows})
        case "atom":
            return _atom(page, by_last_post(page.incidents)[:FED])
        case "":
            return front(page, leads_to(page, "atom"), "<p>Powered by Rootly</p>")
    return None


def as_carried(page: Page, incident: Incident) -> Incident:
    """No component, region or planned end; an update is known by its time."""
    updates: list[Update] = []
    for update, phase in zip(incident.updates, _phases(incident), strict=True):
        key = text_of(update.at)
        same = sum(before.key.partition("#")[0] == key for before in updates)
        key = f"{key}#{same + 1}" if same else key
        updates.append(replace(update, key=key, phase=phase, phase_raw=phase))
    return replace(
        incident,
        url=_link(page, incident),
        impact_raw=incident.impact,
        scheduled_until=None,
        components=(),
        regions=(),
        updates=tuple(updates),
    )


def _head(page: Page) -> Json:
    return {
        "name": f"{page.vendor.name} Status",
        "url": page.vendor.status_page,
        "time_zone": "Etc/UTC",
        "updated_at": text_of(page.now.replace(minute=0, second=0)),
    }


def _row(page: Page, incident: Incident) -> Json:
    posts = [
        {"body": update.body, "status": phase, "created_at": text_of(update.at)}
        for update, phase in zip(incident.updates, _phases(incident), strict=True)
    ]
    return {
        "name": incident.title,
        "status": "started" if incident.kind == "incident" else posts[-1]["status"],
        "impact": incident.impact,
        "started_at": text_of(incident.started_at),
        "resolved_at": None,
        "url": _link(page, incident),
        "incident_updates": posts[::-1],
    }


def _atom(page: Page, fed: list[Incident]) -> Answer:
    updated = max((page.changed_at[incident.key] for incident in fed), default=page.now)
    entries = "".join(
        f"  <entry>\n    <id>{_link(page, incident)}</id>\n"
        f"    <published>{text_of(incident.started_at)}</published>\n"
        f"    <updated>{text_of(page.changed_at[incident.key])}</updated>\n"
        f'    <link rel="alternate" type="text/html" href="{_link(page, incident)}"/>\n'
        f'    <title>{escape(incident.title)}</title>\n    <category term="{incident.impact}"/>\n'
        f'    <content type="html">{escape(_content(incident))}</content>\n  </entry>\n'
        for incident in fed
    )
    document = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">\n'
        f"  <id>{page.vendor.status_page}</id>\n"
        f"  <title>{escape(page.vendor.name)} Status</title>\n"
        f"  <updated>{text_of(updated)}</updated>\n{entries}</feed>\n"
    )
    return Answer(document.encode(), "application/atom+xml; charset=utf-8")


def _content(incident: Incident) -> str:
    """A block a post, newest first."""
    blocks = [
        f"<div><p><strong>{format_datetime(update.at, usegmt=True)}</strong></p>"
        f"<h3>{phase.replace('_', ' ').capitalize()}</h3>{as_html(update)}</div>"
        for update, phase in zip(incident.updates, _phases(incident), strict=True)
    ]
    return "".join(reversed(blocks))


def _phases(incident: Incident) -> list[Phase]:
    """The word of each update; one that the API has no word for repeats that before it."""
    words = WORDS[incident.kind]
    last: Phase = "scheduled" if incident.kind == "maintenance" else "investigating"
    phases = []
    for update in incident.updates:
        spoken: Phase = "resolved" if update.phase == "postmortem" else update.phase
        last = spoken if spoken in words else last
        phases.append(last)
    return phases


def _link(page: Page, incident: Incident) -> str:
    return page.address(f"incidents/{incident.key}")
