"""StatusCast: RSS with an item a post, newest first, in the page's local time.

Posts state no phase and incidents no impact. Every other page also lets its `incidents.json` be
read, which tells what is over and what was planned; of the rest, ends and kinds are not told.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta, timezone

from generator.demo.pages import Answer, Page, as_json
from generator.demo.pages._front import front, leads_to
from generator.demo.pages._markup import as_html, by_last_post, item, rss
from generator.demo.seeds import chance
from generator.model import BodyFormat, Impact, Incident, Kind, Update

BODY_FORMAT: BodyFormat = "html"
KINDS: frozenset[Kind] = frozenset({"incident", "maintenance"})
IMPACTS: frozenset[Impact] = frozenset()

FED = 60
ZONE = timezone(timedelta(hours=-7))


def options(status_page: str, variant: int) -> Mapping[str, str]:
    """Where the states are, on every other page."""
    return {} if variant % 2 else {"states": "incidents.json"}


def respond(page: Page, path: str, query: Mapping[str, str]) -> Answer | None:
    """The feed, the states, and the page itself."""
    fed = by_last_post(page.incidents)[:FED]
    match path:
        case "rss":
            posts = [(update, incident) for incident in fed for update in incident.updates]
            posts.sort(key=lambda post: post[0].at, reverse=True)
            return rss(page, [_item(page, incident, update) for update, incident in posts])
        case "incidents.json" if not page.variant % 2:
            return as_json([_state(page, incident) for incident in page.incidents])
        case "":
            hero = '<h2 class="sc-hero__title">All Systems Operational</h2>'
            return front(page, leads_to(page, "rss", "rss"), hero)
    return None


def as_carried(page: Page, incident: Incident) -> Incident:
    """It begins with its first post, and where its end is told it is the last one."""
    is_told = not page.variant % 2
    is_over = is_told and incident.ended_at is not None
    updates = (
        replace(update, key=str(_post_number(update)), phase="unknown", phase_raw=None)
        for update in incident.updates
    )
    return replace(
        incident,
        key=str(_number(incident)),
        kind=incident.kind if is_told or _is_titled(incident) else "incident",
        url=_link(page, incident),
        impact="unknown",
        started_at=incident.updates[0].at,
        ended_at=incident.updates[-1].at if is_over else None,
        end_basis="last_update" if is_over else None if is_told else "unstated",
        scheduled_until=None,
        components=(),
        regions=(),
        updates=tuple(updates),
    )


def _item(page: Page, incident: Incident, update: Update) -> str:
    guid = f"/{_number(incident)}/{_post_number(update)}"
    text, at = as_html(update), update.at.astimezone(ZONE)
    return item(incident.title, text, at, _link(page, incident), guid)


def _state(page: Page, incident: Incident) -> dict[str, object]:
    planned = incident.kind == "maintenance"
    is_ahead = planned and incident.started_at > page.now
    running = "Future" if is_ahead else "InProgress"
    return {
        "Id": _number(incident),
        "Title": incident.title,
        "Status": running if incident.ended_at is None else "Resolved",
        "IncidentType": "ScheduledMaintenance" if planned else "ServiceUnavailable",
        "ShortUrl": _link(page, incident),
    }


def _is_titled(incident: Incident) -> bool:
    """Whether its title alone tells that it was planned."""
    return "maintenance" in incident.title.lower()


def _number(incident: Incident) -> int:
    return chance(incident.key).randrange(100_000, 1_000_000)


def _post_number(update: Update) -> int:
    return chance(update.key).randrange(1_000_000, 100_000_000)


def _link(page: Page, incident: Incident) -> str:
    return page.address(f"incident/{_number(incident)}")
