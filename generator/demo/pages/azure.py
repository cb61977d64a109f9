"""Azure's feed: what is wrong now, each item with one text that is replaced as it changes.

Empty when all is well. The guid is made of what the event is about and comes again; the date is of
the first post and stays. Services and regions are categories alike, and named as Azure names them.
The link is of an internal host, and some titles end in a space.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from email.utils import format_datetime
from xml.sax.saxutils import escape

from generator.demo.pages import Answer, Page
from generator.demo.pages._markup import MONTHS
from generator.model import BodyFormat, Impact, Incident, Kind, Update
from generator.slugs import words
from generator.times import text_of

BODY_FORMAT: BodyFormat = "html"
KINDS: frozenset[Kind] = frozenset({"incident"})
IMPACTS: frozenset[Impact] = frozenset()

PLACES = {
    "harbor-east1": "East US",
    "harbor-west2": "West US 2",
    "valley-central1": "Central US",
    "fjord-north1": "North Europe",
    "delta-south1": "Brazil South",
    "island-sea1": "East Asia",
}
INNER = "https://azurestatusprod.azure.example/en-us/status/"


def shows(page: Page, incident: Incident) -> bool:
    """What is over is gone."""
    return incident.ended_at is None


def respond(page: Page, path: str, query: Mapping[str, str]) -> Answer | None:
    """The feed."""
    if path != "feed/":
        return None
    items = "".join(_item(page, one) for one in page.incidents if shows(page, one))
    document = (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<rss xmlns:a10="http://www.w3.org/2005/Atom"\n  version="2.0">\n  <channel>\n'
        f"    <title>{escape(page.vendor.name)} Status</title>\n    <link>{INNER}</link>\n"
        f"    <description>{escape(page.vendor.name)} Status</description>\n"
        "    <language>en-us</language>\n"
        f"    <lastBuildDate>{_rfc822(page.now)}</lastBuildDate>\n{items}  </channel>\n</rss>"
    )
    return Answer(document.encode(), "application/xml; charset=utf-8")


def as_carried(page: Page, incident: Incident) -> Incident:
    """One text with the date of the first, a start to the minute; no impact, no end, no address."""
    at = page.opened_at[incident.key]
    text = Update(key=text_of(at), at=at, phase="update", body=_text(incident), body_format="html")
    return replace(
        incident,
        key=f"{_guid(incident)} {text_of(at)}",
        impact="unknown",
        started_at=incident.started_at.replace(second=0),
        ended_at=None,
        end_basis="unstated" if incident.ended_at else None,
        regions=tuple(PLACES[key] for key in incident.regions),
        updates=(text,),
    )


def _item(page: Page, incident: Incident) -> str:
    names = [*incident.components, *(PLACES[key] for key in incident.regions)]
    categories = "".join(f"      <category>{escape(name)}</category>\n" for name in names)
    return (
        f'    <item>\n      <guid\n        isPermaLink="false">{_guid(incident)}</guid>\n'
        f"      <link>{INNER}</link>\n{categories}"
        f"      <title>{escape(incident.title)} </title>\n"
        f"      <description>{escape(_text(incident))}</description>\n"
        f"      <pubDate>{_rfc822(page.opened_at[incident.key])}</pubDate>\n    </item>\n"
    )


def _text(incident: Incident) -> str:
    begun = incident.started_at
    return (
        f"<p>Starting at {begun:%H:%M} UTC on {begun.day} {MONTHS[begun.month - 1]} {begun.year}, "
        "customers may experience errors or delays.</p><p>Current Status:</p>"
        f"<p>{incident.updates[-1].body}</p>"
    )


def _guid(incident: Incident) -> str:
    return f"issues-with-{words(incident.components[0])}"


def _rfc822(moment: datetime) -> str:
    return format_datetime(moment).replace("+0000", "Z")
