"""Version 3 of Cachet's API: JSON:API, with statuses and times as objects."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from generator.demo.pages import Page
from generator.demo.pages._cachet import (
    HUMAN,
    SCHEDULE,
    Json,
    guid,
    number,
    part,
    post_number,
    state,
    statuses,
    time,
)
from generator.model import Incident


def answer(page: Page, name: str, rows: Sequence[Incident], query: Mapping[str, str]) -> Json:
    size, page_number = int(query.get("per_page", "15")), int(query.get("page", "1"))
    shown = rows[size * (page_number - 1) : size * page_number]
    row = _new_schedule if name == "schedules" else _new_incident
    included = {
        (one["type"], one["id"]): one
        for incident in shown
        for one in (*_new_posts(page, incident), *_new_parts(page, incident))
    }
    following = page.address(f"api/{name}?page={page_number + 1}")
    return {
        "data": [
            {
                "id": str(number(page, incident)),
                "type": name,
                "attributes": row(page, incident),
                "relationships": {
                    "components": {"data": _links(_new_parts(page, incident))},
                    "updates": {"data": _links(_new_posts(page, incident))},
                },
            }
            for incident in shown
        ],
        "included": [*included.values()],
        "links": {
            "first": page.address(f"api/{name}?page=1"),
            "last": None,
            "prev": None,
            "next": following if size * page_number < len(rows) else None,
        },
        "meta": {"current_page": page_number, "per_page": size},
    }


def _new_incident(page: Page, incident: Incident) -> Json:
    status = statuses(incident)[-1]
    return {
        "id": number(page, incident),
        "guid": guid(incident),
        "name": incident.title,
        "message": incident.updates[0].body,
        "component_id": None,
        "visible": 1,
        "stickied": False,
        "notifications": False,
        "status": {"human": HUMAN[status], "value": status},
        "occurred": _moment(page, incident.started_at),
        "created": _moment(page, page.opened_at[incident.key]),
        "updated": _moment(page, page.changed_at[incident.key]),
    }


def _new_schedule(page: Page, incident: Incident) -> Json:
    status, completed_at = state(page, incident)
    return {
        "id": number(page, incident),
        "name": incident.title,
        "message": incident.updates[0].body,
        "status": {"human": SCHEDULE[status], "value": status},
        "scheduled": _moment(page, incident.started_at),
        "completed": _moment(page, completed_at),
        "created": _moment(page, page.opened_at[incident.key]),
        "updated": _moment(page, page.changed_at[incident.key]),
    }


def _new_posts(page: Page, incident: Incident) -> list[Json]:
    """A schedule's posts have no status at all."""
    rows = []
    for update, status in list(zip(incident.updates, statuses(incident), strict=True))[1:]:
        attributes: Json = {
            "id": post_number(update),
            "updateable_id": number(page, incident),
            "updateable_type": incident.kind,
            "message": update.body,
            "created": _moment(page, update.at),
            "updated": _moment(page, update.at),
        }
        if incident.kind == "incident":
            attributes["status"] = {"human": HUMAN[status], "value": status}
        rows.append({"id": str(post_number(update)), "type": "updates", "attributes": attributes})
    return rows


def _new_parts(page: Page, incident: Incident) -> list[Json]:
    return [
        {
            "id": str(part(page, name)),
            "type": "components",
            "attributes": {"id": part(page, name), "name": name, "status": 1},
        }
        for name in incident.components
    ]


def _links(resources: Sequence[Json]) -> list[Json]:
    return [{"id": resource["id"], "type": resource["type"]} for resource in resources]


def _moment(page: Page, moment: datetime | None) -> Json:
    return {"human": "some time ago" if moment else None, "string": time(page, moment)}
