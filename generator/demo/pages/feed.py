"""Pages that offer a feed and nothing else: Atom, or RSS by the incident, or RSS by the update.

The vendors take turns: Atom as Statuspage writes it, RSS with one item an incident, RSS with one
item an update. Every other vendor's file names the feed; of the rest, the page links to it.
"""

import html
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from operator import itemgetter

from generator.demo.pages import Answer, Page
from generator.demo.pages._markup import (
    as_html,
    atom,
    by_last_post,
    content,
    entry_id,
    headings,
    item,
    link,
    rss,
)
from generator.model import BodyFormat, Impact, Incident, Kind, Update
from generator.times import text_of

BODY_FORMAT: BodyFormat = "html"
KINDS: frozenset[Kind] = frozenset({"incident", "maintenance"})
IMPACTS: frozenset[Impact] = frozenset()

FED = 25


def options(status_page: str, variant: int) -> Mapping[str, str]:
    """The address of the feed, for every other vendor."""
    return {"feed": f"{status_page}/{_name(variant)}"} if variant // 3 % 2 == 0 else {}


def respond(page: Page, path: str, query: Mapping[str, str]) -> Answer | None:
    """The feed, or the page that links to it."""
    if path == "":
        return _front(page)
    if path != _name(page.variant):
        return None
    newest = by_last_post(page.incidents)[:FED]
    if page.variant % 3 == 0:
        return atom(page, path, newest, UTC)
    if page.variant % 3 == 1:
        return rss(page, [_incident_item(page, incident) for incident in newest])
    posts = [post for incident in newest for post in _posts(page, incident)]
    return rss(page, [text for _, text in sorted(posts, key=itemgetter(0), reverse=True)])


def as_carried(page: Page, incident: Incident) -> Incident:
    """No impact, component, region or plan; times come from posts, in most feeds to the minute."""
    by_post = page.variant % 3 == 2
    address = link(page, incident)
    updates: list[Update] = []
    for update, phase in zip(incident.updates, headings(incident), strict=True):
        at = update.at if by_post else update.at.replace(second=0)
        word = phase.replace("_", " ")
        updates.append(
            replace(
                update,
                key=f"{address}#{update.key}" if by_post else _numbered(text_of(at), updates),
                at=at,
                phase=phase,
                phase_raw=word.upper() if by_post else word.capitalize(),
            )
        )
    ends = {before.at: after.at for before, after in zip(incident.updates, updates, strict=True)}
    begun = [update.at for update in updates if update.phase == "in_progress"]
    return replace(
        incident,
        key=entry_id(page, incident) if page.variant % 3 == 0 else address,
        url=address,
        impact="unknown",
        started_at=(begun or [updates[0].at])[0],
        ended_at=incident.ended_at and ends[incident.ended_at],
        scheduled_until=None,
        components=(),
        regions=(),
        updates=tuple(updates),
    )


def _numbered(key: str, before: list[Update]) -> str:
    """Two posts of one minute are told apart by their place."""
    same = sum(update.key.partition("#")[0] == key for update in before)
    return f"{key}#{same + 1}" if same else key


def _name(variant: int) -> str:
    return "feed.atom" if variant % 3 == 0 else "feed.rss"


def _front(page: Page) -> Answer:
    kind, name = ("atom" if page.variant % 3 == 0 else "rss"), html.escape(page.vendor.name)
    document = (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{name} Status</title>\n"
        f'<link rel="alternate" type="application/{kind}+xml" title="{name} Status" '
        f'href="{page.address(_name(page.variant))}">\n'
        f"</head>\n<body>\n<h1>{name} Status</h1>\n</body>\n</html>\n"
    )
    return Answer(document.encode(), "text/html; charset=utf-8")


def _incident_item(page: Page, incident: Incident) -> str:
    address = link(page, incident)
    text = content(incident, UTC, marked=False)
    return item(incident.title, text, incident.updates[-1].at, address, address)


def _posts(page: Page, incident: Incident) -> list[tuple[datetime, str]]:
    """An item for each update: all link to the incident, their titles begin with the phase."""
    address = link(page, incident)
    posts = [
        (
            update.at,
            item(
                f"{phase.replace('_', ' ').upper()}: {incident.title}",
                as_html(update),
                update.at,
                address,
                f"{address}#{update.key}",
            ),
        )
        for update, phase in zip(incident.updates, headings(incident), strict=True)
    ]
    return posts[::-1]
