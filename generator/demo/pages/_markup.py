"""Atom, RSS and the HTML inside them, as Statuspage writes them and others imitate."""

import html
from collections.abc import Iterable, Sequence
from datetime import datetime, tzinfo
from email.utils import format_datetime
from xml.sax.saxutils import escape

from generator.demo.pages import Answer, Page
from generator.demo.seeds import chance
from generator.model import Incident, Phase, Update
from generator.times import text_of

# Not `calendar`'s, which speak the machine's language.
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def atom(page: Page, name: str, incidents: Sequence[Incident], zone: tzinfo) -> Answer:
    """A feed of one entry an incident, with all of its updates in the content.

    "Published" is the last post and "updated" the last touch; the first post has no field.
    """
    vendor = escape(page.vendor.name)
    updated = max((page.changed_at[incident.key] for incident in incidents), default=page.now)
    entries = "".join(
        f"  <entry>\n    <id>{entry_id(page, incident)}</id>\n"
        f"    <published>{text_of(incident.updates[-1].at)}</published>\n"
        f"    <updated>{text_of(page.changed_at[incident.key])}</updated>\n"
        f'    <link rel="alternate" type="text/html" href="{link(page, incident)}"/>\n'
        f"    <title>{escape(incident.title)}</title>\n"
        f'    <content type="html">{escape(content(incident, zone))}</content>\n  </entry>\n'
        for incident in incidents
    )
    document = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<feed xml:lang="en-US" xmlns="http://www.w3.org/2005/Atom">\n'
        f"  <id>tag:{page.vendor.slug}.example,2005:/history</id>\n"
        f'  <link rel="alternate" type="text/html" href="{page.vendor.status_page}"/>\n'
        f'  <link rel="self" type="application/atom+xml" href="{page.address(name)}"/>\n'
        f"  <title>{vendor} Status - Incident History</title>\n"
        f"  <updated>{text_of(updated)}</updated>\n"
        f"  <author>\n    <name>{vendor}</name>\n  </author>\n{entries}</feed>\n"
    )
    return Answer(document.encode(), "application/atom+xml; charset=utf-8")


def rss(page: Page, items: Iterable[str]) -> Answer:
    """A feed of ready items."""
    title = f"{escape(page.vendor.name)} Status - Incident History"
    document = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0">\n  <channel>\n'
        f"    <title>{title}</title>\n    <link>{page.vendor.status_page}</link>\n"
        f"    <description>{title}</description>\n{''.join(items)}  </channel>\n</rss>\n"
    )
    return Answer(document.encode(), "application/rss+xml; charset=utf-8")


def item(title: str, description: str, at: datetime, address: str, guid: str) -> str:
    """An item of an RSS feed."""
    permanent = "" if guid == address else ' isPermaLink="false"'
    return (
        f"    <item>\n      <title>{escape(title)}</title>\n"
        f"      <description>{escape(description)}</description>\n"
        f"      <pubDate>{format_datetime(at)}</pubDate>\n      <link>{address}</link>\n"
        f"      <guid{permanent}>{guid}</guid>\n    </item>\n"
    )


def by_last_post(incidents: Iterable[Incident]) -> list[Incident]:
    """The order of Statuspage's lists and of its feeds: a long incident outlasts shorter ones."""
    return sorted(incidents, key=lambda incident: incident.updates[-1].at, reverse=True)


def content(incident: Incident, zone: tzinfo, *, marked: bool = True) -> str:
    """All updates of an incident as HTML, newest first; `marked` puts the times in elements."""
    paragraphs = [
        f"<p><small>{day_and_time(update.at, zone, marked=marked)} {update.at.astimezone(zone):%Z}"
        f"</small><br><strong>{phase.replace('_', ' ').capitalize()}</strong> - "
        f"{as_html(update)}</p>"
        for update, phase in zip(incident.updates, headings(incident), strict=True)
    ]
    return "".join(reversed(paragraphs))


def headings(incident: Incident) -> list[Phase]:
    """The phase that stands above each update: one that repeats the last is an "update"."""
    said: list[Phase] = []
    last: Phase = "unknown"
    for update in incident.updates:
        said.append("update" if update.phase == last else update.phase)
        last = update.phase if update.phase != "update" else last
    return said


def as_html(update: Update) -> str:
    """The text of an update as inline HTML."""
    if update.body_format == "html":
        return update.body
    return html.escape(update.body, quote=False).replace("\n", "<br />")


def day_and_time(moment: datetime, zone: tzinfo, *, marked: bool = True) -> str:
    """`Feb <var data-var='date'>25</var>, <var data-var='time'>16:44</var>`: no year, no zone."""
    local = moment.astimezone(zone)
    day = f"{local.day:2d}"
    if marked:
        day = f"<var data-var='date'>{day}</var>"
    return f"{MONTHS[local.month - 1][:3]} {day}, {time_of_day(moment, zone, marked=marked)}"


def time_of_day(moment: datetime, zone: tzinfo, *, marked: bool = True) -> str:
    """`<var data-var='time'>16:44</var>`."""
    text = f"{moment.astimezone(zone):%H:%M}"
    return f"<var data-var='time'>{text}</var>" if marked else text


def entry_id(page: Page, incident: Incident) -> str:
    """The number that feeds give an incident beside its code."""
    number = chance(incident.key).randrange(10_000_000, 40_000_000)
    return f"tag:{page.vendor.slug}.example,2005:Incident/{number}"


def link(page: Page, incident: Incident) -> str:
    """The page of one incident."""
    return page.address(f"incidents/{incident.key}")
