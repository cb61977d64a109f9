"""Hund: an Atom feed with an entry an issue, whose title begins with its label.

The content spells out every post, newest first and to the minute. Every other page serves the
feed by its short name only. No impact, no component, no planned time.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC
from xml.sax.saxutils import escape

from generator.demo.pages import Answer, Page
from generator.demo.pages import feed as plain
from generator.demo.pages._front import front, leads_to
from generator.demo.pages._markup import by_last_post, content, headings
from generator.model import BodyFormat, Impact, Incident, Kind, Phase
from generator.times import text_of

BODY_FORMAT: BodyFormat = "html"
KINDS: frozenset[Kind] = frozenset({"incident", "maintenance"})
IMPACTS: frozenset[Impact] = frozenset()

FED = 40
LABELS: dict[Phase, str] = {
    "investigating": "Investigating",
    "identified": "Problem Identified",
    "monitoring": "Monitoring",
    "resolved": "Resolved",
    "postmortem": "Resolved",
    "scheduled": "Upcoming",
    "in_progress": "Maintenance",
    "completed": "Ended",
}


def respond(page: Page, path: str, query: Mapping[str, str]) -> Answer | None:
    """The feed, and the page that leads to it."""
    if path == "":
        powered = '<p>Powered by <a href="https://hund.io">Hund.io</a></p>'
        return front(page, leads_to(page, _name(page)), powered)
    if path == _name(page):
        return _feed(page)
    return None


def as_carried(page: Page, incident: Incident) -> Incident:
    """What any feed with an entry an incident carries; the key is that of the issue."""
    carried = plain.as_carried(replace(page, variant=0), incident)
    return replace(carried, key=incident.key, url=_link(page, incident), scheduled_until=None)


def _feed(page: Page) -> Answer:
    host, name = f"{page.vendor.slug}.example", escape(page.vendor.name)
    newest = by_last_post(page.incidents)[:FED]
    updated = max((page.changed_at[incident.key] for incident in newest), default=page.now)
    entries = "".join(
        f"  <entry>\n    <id>tag:{host},2005:State::FeedNotifier::Entry/{incident.key}</id>\n"
        f"    <published>{text_of(incident.updates[0].at)}</published>\n"
        f"    <updated>{text_of(page.changed_at[incident.key])}</updated>\n"
        f'    <link rel="alternate" type="text/html" href="{_link(page, incident)}"/>\n'
        f"    <title>{escape(f'[{_label(incident)}] {incident.title}')}</title>\n"
        f'    <content type="html">{escape(content(incident, UTC))}</content>\n  </entry>\n'
        for incident in newest
    )
    document = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<feed xml:lang="en" xmlns="http://www.w3.org/2005/Atom">\n'
        f"  <id>tag:{host},2005:/{_name(page).removesuffix('.atom')}</id>\n"
        f'  <link rel="alternate" type="text/html" href="{page.vendor.status_page}"/>\n'
        f"  <title>{name} Status</title>\n  <updated>{text_of(updated)}</updated>\n"
        f"{entries}</feed>\n"
    )
    return Answer(document.encode(), "application/atom+xml; charset=utf-8")


def _label(incident: Incident) -> str:
    """The label of the last post that has one."""
    told = [phase for phase in headings(incident) if phase in LABELS]
    return LABELS[told[-1]] if told else LABELS["investigating"]


def _link(page: Page, incident: Incident) -> str:
    return page.address(f"issues/{incident.key}")


def _name(page: Page) -> str:
    return "feed.atom" if page.variant % 2 else "state_feed/feed.atom"
