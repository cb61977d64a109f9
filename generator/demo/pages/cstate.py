"""cState: the list of all issues, the feed with their texts, the index.

One text an issue, rewritten as it goes on. The pages take turns in how their authors write the
time of the end: as Go prints it, as ISO 8601, or without a zone, in the one of the site.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from email.utils import format_datetime
from typing import Any
from xml.sax.saxutils import escape

from generator.demo.pages import Answer, Page, as_json
from generator.model import BodyFormat, Impact, Incident, Kind, Update

BODY_FORMAT: BodyFormat = "html"
KINDS: frozenset[Kind] = frozenset({"incident"})
IMPACTS: frozenset[Impact] = frozenset({"none", "minor", "major", "critical"})

SEVERITIES: dict[Impact, str] = {
    "none": "notice",
    "minor": "notice",
    "major": "disrupted",
    "critical": "down",
}
ZONES: tuple[tzinfo, ...] = (UTC, timezone(timedelta(hours=1), "CET"), timezone(timedelta(hours=9)))
Json = dict[str, Any]


def respond(page: Page, path: str, query: Mapping[str, str]) -> Answer | None:
    """The page's files; a query is ignored."""
    if path == "issues/index.json":
        rows = [_row(page, incident) for incident in page.incidents]
        return as_json(
            {
                "is": "issues",
                "title": "Issues",
                "baseURL": page.address(),
                "description": "",
                "pages": rows,
            }
        )
    if path == "index.json":
        return as_json(_index(page))
    if path == "index.xml":
        return _feed(page)
    return None


def as_carried(page: Page, incident: Incident) -> Incident:
    """One text without phase, dated as the issue; no regions."""
    informational = incident.impact == "none"
    return replace(
        incident,
        key=_name(incident),
        impact_raw=SEVERITIES[incident.impact] + ("/informational" if informational else ""),
        url=_permalink(page, incident),
        end_basis=None if incident.ended_at is None else "resolve_time",
        regions=(),
        updates=(
            Update("body", incident.started_at, "update", _text(incident), body_format="html"),
        ),
    )


def _index(page: Page) -> Json:
    unresolved = [incident for incident in page.incidents if incident.ended_at is None]
    severities = {SEVERITIES[incident.impact] for incident in unresolved}
    worst = next((word for word in ("down", "disrupted", "notice") if word in severities), "ok")
    return {
        "is": "index",
        "cStateVersion": "5.6.1",
        "apiVersion": "2.0",
        "title": page.vendor.name,
        "languageCodeHTML": "en",
        "baseURL": page.address(),
        "summaryStatus": worst,
        "systems": [_system(page, name, unresolved) for name in page.components],
        "buildDate": f"{page.now:%Y-%m-%d}",
        "buildTime": f"{page.now:%H:%M}",
        "buildTimezone": "UTC",
    }


def _system(page: Page, name: str, unresolved: list[Incident]) -> Json:
    own = [incident for incident in unresolved if name in incident.components]
    return {
        "name": name,
        "category": "Services",
        "status": SEVERITIES[own[0].impact] if own else "ok",
        "unresolvedIssues": [_row(page, incident) for incident in own],
    }


def _row(page: Page, incident: Incident) -> Json:
    return {
        "is": "issue",
        "title": incident.title,
        "createdAt": _go(incident.started_at, _zone(page)),
        "lastMod": _go(page.changed_at[incident.key], _zone(page)),
        "permalink": _permalink(page, incident),
        "severity": SEVERITIES[incident.impact],
        "resolved": incident.ended_at is not None,
        "informational": incident.impact == "none",
        "resolvedAt": _resolved_at(page, incident),
        "affected": [*incident.components],
        "filename": f"{_name(incident)}.md",
    }


def _resolved_at(page: Page, incident: Incident) -> str:
    """As the author of the page writes it."""
    if incident.ended_at is None:
        return "<nil>" if page.variant % 2 else ""
    local = incident.ended_at.astimezone(_zone(page))
    match page.variant % 3:
        case 0:
            return _go(local, _zone(page))
        case 1:
            return local.isoformat()
    return f"{local:%Y-%m-%d} {local.hour}:{local:%M:%S}"


def _feed(page: Page) -> Answer:
    items = "".join(_item(page, incident) for incident in page.incidents)
    title = escape(page.vendor.name)
    # The line before the declaration is theirs: it is a template.
    document = (
        '\n<?xml version="1.0" encoding="utf-8"?>\n'
        '  <rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom">\n    <channel>\n'
        f"      <title>{title}</title>\n      <link>{page.address()}</link>\n"
        "      <description>Incident history</description>\n"
        f"      <generator>github.com/cstate</generator>\n{items}    </channel>\n  </rss>\n"
    )
    return Answer(document.encode(), "application/xml; charset=utf-8")


def _item(page: Page, incident: Incident) -> str:
    address = _permalink(page, incident)
    mark = "[Resolved] " if incident.ended_at is not None else ""
    return (
        f"        <item>\n          <title>{mark}{escape(incident.title)}</title>\n"
        f"          <link>{address}</link>\n"
        f"          <pubDate>{format_datetime(incident.started_at.astimezone(_zone(page)))}"
        f"</pubDate>\n          <guid>{address}</guid>\n"
        f"          <category>{escape(_resolved_at(page, incident))}</category>\n"
        f"          <description>{escape(_text(incident))}</description>\n        </item>\n"
    )


def _text(incident: Incident) -> str:
    """All posts in one text, the newest on top."""
    posts = (
        f"<p><strong>{update.phase.capitalize()}</strong> ({update.at:%d %b %H:%M})</p>\n"
        f"{update.body}"
        for update in reversed(incident.updates)
    )
    return "\n<hr>\n".join(posts).strip()


def _name(incident: Incident) -> str:
    return f"{incident.key[:6]}-{incident.key[6:]}"


def _permalink(page: Page, incident: Incident) -> str:
    return page.address(f"issues/{_name(incident)}/")


def _zone(page: Page) -> tzinfo:
    return ZONES[page.variant % len(ZONES)]


def _go(moment: datetime, zone: tzinfo) -> str:
    """`2026-01-02 15:04:05 +0100 CET`: a zone without a name is its offset again."""
    local = moment.astimezone(zone)
    name = f"{local:%Z}" if not f"{local:%Z}".startswith("UTC+") else f"{local:%z}"
    return f"{local:%Y-%m-%d %H:%M:%S %z} {name}"
