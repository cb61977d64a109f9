"""IBM Cloud's notifications: a feed in which incidents and maintenance stand among product news.

An item shows its last text, and labelled fields below it. Titles of what is over begin with the
word for it, on half of the pages for maintenance alone. The window is 90 days from the last post.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from email.utils import format_datetime
from xml.sax.saxutils import escape

from generator.demo.pages import Answer, Page
from generator.demo.pages._markup import MONTHS, as_html, by_last_post
from generator.demo.seeds import code
from generator.model import BodyFormat, EndBasis, Impact, Incident, Kind, Update

BODY_FORMAT: BodyFormat = "html"
KINDS: frozenset[Kind] = frozenset({"incident", "maintenance"})
IMPACTS: frozenset[Impact] = frozenset()

WINDOW = timedelta(days=90)
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
NEWS = (
    ("announcement", "A new size of {0} is here"),
    ("release", "{0}: release notes"),
    ("security", "Security bulletin: a library used by {0}"),
)


def respond(page: Page, path: str, query: Mapping[str, str]) -> Answer | None:
    """The feed."""
    if path != "api/notifications/feed.rss":
        return None
    recent = [one for one in page.incidents if one.updates[-1].at > page.now - WINDOW]
    items = [_news(page, number) for number in range(len(NEWS))]
    items += [_item(page, incident) for incident in by_last_post(recent)]
    document = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0">\n<channel>\n'
        f"<title>{escape(page.vendor.name)} Status</title>\n"
        f"<link>{page.vendor.status_page}</link>\n"
        f"<description>Notifications</description>\n{''.join(items)}</channel>\n</rss>\n"
    )
    return Answer(document.encode(), "application/rss+xml; charset=utf-8")


def as_carried(page: Page, incident: Incident) -> Incident:
    """No impact, and of what was said the last text alone, in a phase that only its title tells."""
    last, word = incident.updates[-1], _word(page, incident)
    planned = incident.kind == "maintenance"
    notice = replace(
        last,
        key="notice",
        phase="unknown",
        phase_raw=word,
        body=as_html(last),
    )
    if word:
        notice = replace(notice, phase="completed" if planned else "resolved")
    return replace(
        incident,
        url=_link(page, incident),
        impact="unknown",
        ended_at=last.at if planned and incident.ended_at else incident.ended_at,
        end_basis=_basis(incident),
        updates=(notice,),
    )


def _item(page: Page, incident: Incident) -> str:
    last, word = incident.updates[-1], _word(page, incident)
    stop = incident.scheduled_until or incident.ended_at
    fields = [
        f"ID: {incident.key}",
        f"Type: {incident.kind}",
        f"Regions: {', '.join(incident.regions)}",
        f"Resources: {', '.join(incident.components)}",
        f"Outage Start: {_printed(incident.started_at)}",
    ]
    if stop is not None:
        fields.append(f"Outage End: {_printed(stop)}")
    fields.append(f"Update Time: {_printed(last.at)}")
    title = f"{word}: {incident.title}" if word else incident.title
    return _entry(title, f"{as_html(last)} {_lines(fields)}", _link(page, incident), last)


def _news(page: Page, number: int) -> str:
    """What the feed is mostly made of."""
    kind, title = NEWS[number]
    at = page.now.replace(hour=0, minute=0, second=0) - timedelta(days=number + 1)
    fields = [f"ID: {code(page.vendor.slug, kind)}", f"Type: {kind}", "Regions: global"]
    address = page.address(f"?selected={kind}")
    update = Update("", at, "update", "")
    text = f"<p>Read on.</p> {_lines(fields)}"
    return _entry(title.format(page.components[number]), text, address, update)


def _entry(title: str, description: str, address: str, last: Update) -> str:
    safe = description.replace("]]>", "]]]]><![CDATA[>")
    return (
        f"<item>\n<title><![CDATA[{title}]]></title>\n<description><![CDATA[{safe}]]></description>\n"
        f'<link>{escape(address)}</link>\n<guid isPermaLink="false">{escape(address)}</guid>\n'
        f"<pubDate>{format_datetime(last.at, usegmt=True)}</pubDate>\n</item>\n"
    )


def _lines(fields: list[str]) -> str:
    return "".join(f"{field} <br />\n" for field in fields)


def _word(page: Page, incident: Incident) -> str | None:
    """What stands in front of the title of what is over."""
    if incident.ended_at is None:
        return None
    if incident.kind == "maintenance":
        return "Completed"
    return "Resolved" if page.variant % 2 else None


def _basis(incident: Incident) -> EndBasis | None:
    if incident.ended_at is None:
        return None
    return "resolving_update" if incident.kind == "maintenance" else "end_field"


def _link(page: Page, incident: Incident) -> str:
    kind = "maintenance" if incident.kind == "maintenance" else "history"
    return page.address(f"?selected={kind}&query={incident.key}")


def _printed(moment: datetime) -> str:
    """`Mon Oct 06 2026 10:00:00 GMT+0000 (Coordinated Universal Time)`."""
    day = f"{DAYS[moment.weekday()]} {MONTHS[moment.month - 1][:3]}"
    return f"{day} {moment:%d %Y %H:%M:%S} GMT+0000 (Coordinated Universal Time)"
