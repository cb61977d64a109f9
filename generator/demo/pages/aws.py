"""AWS Health: what goes on and what was within a year, in UTF-16 with a mark, numbers as texts.

An event is known by its ARN, which has its region. `status` is how bad it is, and 0 that it is
over; in the history it stays how bad it was. A post has no id and no phase. Summaries of great
events are published elsewhere. There is no maintenance. The services come in any order.
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from generator.demo.names import REGIONS
from generator.demo.pages import Answer, Page
from generator.demo.seeds import chance
from generator.model import BodyFormat, Impact, Incident, Kind, Update
from generator.times import text_of

BODY_FORMAT: BodyFormat = "text"
KINDS: frozenset[Kind] = frozenset({"incident"})
IMPACTS: frozenset[Impact] = frozenset({"none", "minor", "critical"})

KEPT = timedelta(days=365)
# An ARN never changes, so no event is of a single service: it might spread.
SERVICE = "Multiple services"
KIND = "AWS_MULTIPLE_SERVICES_OPERATIONAL_ISSUE"
NUMBERS: dict[Impact, int] = {"none": 1, "minor": 2, "major": 2, "critical": 3}
Json = dict[str, Any]


def options(status_page: str, variant: int) -> Mapping[str, str]:
    """Where the history is."""
    return {"history": f"{status_page}/historyevents.json"}


def shows(page: Page, incident: Incident) -> bool:
    """What goes on, and what was within a year; whether that is all, the page does not say."""
    return incident.ended_at is None or incident.ended_at > page.now - KEPT


def respond(page: Page, path: str, query: Mapping[str, str]) -> Answer | None:
    """The page's answer."""
    if path == "public/currentevents":
        return _as_utf16([_row(i) for i in page.incidents if i.ended_at is None])
    if path == "historyevents.json":
        services: dict[str, list[Json]] = {}
        for incident in page.incidents:
            if incident.ended_at is not None and shows(page, incident):
                services.setdefault(_service(incident), []).append(_row(incident))
        return _as_utf16(services)
    return None


def as_carried(page: Page, incident: Incident) -> Incident:
    """Three impacts, a heading in front of the title; updates lose id and phase."""
    updates: list[Update] = []
    for update in _posts(incident):
        at = text_of(update.at)
        same = sum(post.key.partition("#")[0] == at for post in updates)
        word = str(_number(incident, update))
        updates.append(
            replace(
                update,
                key=f"{at}#{same + 1}" if same else at,
                phase="resolved" if word == "0" else "update",
                phase_raw=word,
                body=update.body.replace("<br>", "\n"),
            )
        )
    region = incident.regions[0] if incident.regions else None
    where = SERVICE + (f" ({REGIONS[region]})" if region else "")
    return replace(
        incident,
        key=_arn(incident),
        title=f"{where}: {incident.title}",
        url=page.address(f"health/status?eventID={_arn(incident)}"),
        impact="minor" if incident.impact == "major" else incident.impact,
        impact_raw=str(NUMBERS[incident.impact]),
        components=tuple(sorted(incident.components)),
        regions=(region,) if region else (),
        updates=tuple(updates),
    )


def _row(incident: Incident) -> Json:
    region, over = incident.regions[:1], incident.ended_at is not None
    number = NUMBERS[incident.impact]
    names = [*incident.components]
    chance(incident.key, len(incident.updates)).shuffle(names)
    row: Json = {
        "date": str(_epoch(incident.started_at)),
        "arn": _arn(incident),
        "region_name": REGIONS[region[0]] if region else "",
        "status": str(number),
        "service": _service(incident),
        "service_name": SERVICE,
        "summary": incident.title,
        "event_log": [
            {
                "summary": incident.title,
                "message": update.body,
                "status": _number(incident, update),
                "timestamp": _epoch(update.at),
            }
            for update in _posts(incident)
        ],
        "impacted_services": {
            _code(name): {
                "service_name": name,
                "current": "0" if over else str(number),
                "max": str(number),
            }
            for name in names
        },
    }
    if not region:
        del row["region_name"]
    return row


def _posts(incident: Incident) -> list[Update]:
    return [update for update in incident.updates if update.phase != "postmortem"]


def _number(incident: Incident, update: Update) -> int:
    return 0 if update.phase == "resolved" else NUMBERS[incident.impact]


def _arn(incident: Incident) -> str:
    region = incident.regions[0] if incident.regions else "global"
    return f"arn:aws:health:{region}::event/MULTIPLE_SERVICES/{KIND}/{KIND}_{incident.key.upper()}"


def _service(incident: Incident) -> str:
    return "-".join(("multipleservices", *incident.regions[:1]))


def _code(name: str) -> str:
    return "".join(letter for letter in name.lower() if letter.isascii() and letter.isalnum())


def _epoch(moment: datetime) -> int:
    return int(moment.timestamp())


def _as_utf16(document: object) -> Answer:
    text = "\ufeff" + json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    return Answer(text.encode("utf-16-be"), "application/json;charset=utf-16")
