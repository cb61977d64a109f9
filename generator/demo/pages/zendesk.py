"""Zendesk's own page: JSON:API twice, in snake_case as documented and in camelCase as it reads.

The page's list has three months, by start; the documented paths have what is open or planned.
Posts have no state. `status` is stale: half of what is resolved is still being monitored. An
incident has no address until there is an article about it.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from generator.demo.pages import Answer, Page, as_json
from generator.model import BodyFormat, Impact, Incident, Kind
from generator.times import text_of

BODY_FORMAT: BodyFormat = "html"
KINDS: frozenset[Kind] = frozenset({"incident", "maintenance"})
IMPACTS: frozenset[Impact] = frozenset({"none", "minor", "major", "critical"})

WINDOW = 90
FIRST = datetime(2019, 1, 1, tzinfo=UTC)
Json = dict[str, Any]
Spelling = Callable[[str], str]


def respond(page: Page, path: str, query: Mapping[str, str]) -> Answer | None:
    """The page's answer."""
    going_on = [incident for incident in page.incidents if incident.ended_at is None]
    if path == "api/ssp/incidents.json":
        return as_json(_document(page, _window(page, query), _camel))
    if path in ("api/incidents/active", "api/incidents/maintenance"):
        kind = "incident" if path.endswith("active") else "maintenance"
        return as_json(_document(page, [i for i in going_on if i.kind == kind], str))
    number = path.removeprefix("api/incidents/")
    for incident in page.incidents:
        if _number(page, incident) == number:
            document = _document(page, [incident], str)
            return as_json(document | {"data": document["data"][0]})
    return None


def as_carried(page: Page, incident: Incident) -> Incident:
    """Posts without a state, no region, and an address only where there is an article."""
    number = _number(page, incident)
    updates = (
        replace(update, key=f"{number}{update.key[-3:]}", phase="update", phase_raw=None)
        for update in incident.updates
    )
    return replace(
        incident,
        key=number,
        impact_raw=incident.impact,
        url=_article(page, incident),
        end_basis="resolve_time" if incident.ended_at else None,
        regions=(),
        updates=tuple(updates),
    )


def _window(page: Page, query: Mapping[str, str]) -> list[Incident]:
    """What began in the days before a day; what is planned is always there."""
    until = page.now
    if "as_of_date" in query:
        until = datetime.fromisoformat(query["as_of_date"]).replace(tzinfo=UTC) + timedelta(days=1)
    begin = until - timedelta(days=int(query.get("days_back", WINDOW)) + 1)
    return [i for i in page.of("incident") if begin <= i.started_at <= until] + [
        i for i in page.of("maintenance") if begin <= i.started_at <= until + timedelta(days=30)
    ]


def _document(page: Page, incidents: Sequence[Incident], spelled: Spelling) -> Json:
    """The incidents, and beside them their services and posts."""
    rows, included = [], []
    for incident in incidents:
        number = _number(page, incident)
        services = [
            _record(
                f"{number}{position}",
                spelled("incident_service"),
                spelled,
                incident_id=int(number),
                service_id=page.components.index(name) + 1,
                service_name=name,
                started_at=_time(incident.started_at),
                resolved_at=_time(incident.ended_at),
                outage=incident.impact == "critical",
                degradation=incident.impact != "critical",
            )
            for position, name in enumerate(incident.components)
        ]
        posts = [
            _record(
                f"{number}{update.key[-3:]}",
                spelled("incident_update"),
                spelled,
                created_at=_time(update.at),
                description=update.body,
            )
            for update in reversed(incident.updates)
        ]
        relations = {spelled("incident_services"): services, spelled("incident_updates"): posts}
        rows.append(
            _incident(page, incident, spelled)
            | {
                "relationships": {
                    name: {"data": [{"id": part["id"], "type": part["type"]} for part in parts]}
                    for name, parts in relations.items()
                }
            }
        )
        included += [*services, *posts]
    return {"data": rows, "included": included}


def _incident(page: Page, incident: Incident, spelled: Spelling) -> Json:
    number = _number(page, incident)
    over = incident.ended_at is not None
    title = {"name" if spelled is _camel else "title": incident.title}
    return _record(
        number,
        "incident",
        spelled,
        **title,
        impact=incident.impact,
        postmortem=_article(page, incident),
        started_at=_time(incident.started_at),
        maint_resolves_at=_time(incident.scheduled_until),
        status="resolved" if over and int(number) % 2 else "monitoring",
        outage=incident.impact == "critical",
        degradation=incident.impact != "critical",
        internal_tools_only=False,
        resolved_at=_time(incident.ended_at),
    )


def _record(key: str, kind: str, spelled: Spelling, **facts: object) -> Json:
    attributes = {spelled(name): fact for name, fact in facts.items()}
    return {"id": key, "type": kind, "attributes": attributes}


def _camel(name: str) -> str:
    return re.sub(r"_([a-z])", lambda mark: mark[1].upper(), name)


def _article(page: Page, incident: Incident) -> str | None:
    explained = any(update.phase == "postmortem" for update in incident.updates)
    return page.address(f"hc/articles/{_number(page, incident)}") if explained else None


def _number(page: Page, incident: Incident) -> str:
    return str(int((page.opened_at[incident.key] - FIRST).total_seconds()))


def _time(moment: datetime | None) -> str | None:
    return f"{text_of(moment)[:19]}.000Z" if moment else None
