"""Pages that offer a feed and nothing else: Atom, or RSS by the incident, or RSS by the update.

The vendors take turns: Atom as Statuspage writes it, RSS with one item an incident, RSS with one
item an update. Every other vendor's file names the feed; of the rest, the page links to it.
"""

import html
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC

from generator.demo.pages import Answer, Page
from generator.demo.pages._markup import (
    as_html,
    atom,
    content,
    entry_id,
    headings,
    item,
    link,
    rss,
)
from generator.model import BodyFormat, Incident, Kind

BODY_FORMAT: BodyFormat = "html"
KINDS: frozenset[Kind] = frozenset({"incident"})

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
    newest = page.incidents[:FED]
    if page.variant % 3 == 0:
        return atom(page, path, newest, UTC)
    if page.variant % 3 == 1:
        return rss(page, [_incident_item(page, incident) for incident in newest])
    return rss(page, [text for incident in newest for text in _update_items(page, incident)])


def as_carried(page: Page, incident: Incident) -> Incident:
    """No impact, no component, no region; it began with its first update, and to the minute."""
    by_update = page.variant % 3 == 2
    return replace(
        incident,
        key=entry_id(page, incident) if page.variant % 3 == 0 else link(page, incident),
        url=link(page, incident),
        impact="unknown",
        started_at=incident.updates[0].at.replace(second=0),
        ended_at=incident.ended_at and incident.ended_at.replace(second=0),
        components=(),
        regions=(),
        updates=tuple(
            replace(
                update,
                at=update.at if by_update else update.at.replace(second=0),
                phase=phase,
                phase_raw=phase.replace("_", " ").capitalize(),
            )
            for update, phase in zip(incident.updates, headings(incident), strict=True)
        ),
    )


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


def _update_items(page: Page, incident: Incident) -> list[str]:
    """One item an update, newest first, all with the link of the incident."""
    address = link(page, incident)
    return [
        item(
            f"{phase.replace('_', ' ').upper()}: {incident.title}",
            f"<p>{as_html(update)}</p>",
            update.at,
            address,
            f"{entry_id(page, incident)}.{update.key}",
        )
        for update, phase in zip(incident.updates, headings(incident), strict=True)
    ][::-1]
