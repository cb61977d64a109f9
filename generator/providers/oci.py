"""Oracle Cloud Infrastructure status: the incident feed, and the severities of the region reports.

Seen at: ocistatus.oraclecloud.com, gov.ocistatus.com
History: none beyond the feed, 25 incidents; what came before is on the page's own date selector.
Quirks:  The paths are Statuspage's, the documents are not. A title is "service | region | number".
         Posts are dated to the minute and without a year; start and end are stated in their text,
         in UTC. `components.json` alone knows how bad an incident is, by its OCID; it says
         "NormalPerformance" of what is over, which is no severity. "Multiple Services" is none.
"""

import re
from collections.abc import Iterable
from datetime import UTC, datetime

import msgspec

from generator.errors import SourceFault
from generator.model import ENDING, EndBasis, Impact, Incident, Kind, Update, Vendor, oldest_first
from generator.providers._feeds import TAGS, Entry, Feed, end_of, parse, whole_entry
from generator.providers._posts import updates_of
from generator.reading import Batch, Get, Reading, Reply
from generator.times import instant, text_of

# From the mildest to the worst; the documentation spells them with a space.
IMPACTS: dict[str, Impact] = {
    "informational": "none",
    "servicedisruption": "major",
    "servicedown": "critical",
}
NORMAL = "normalperformance"
STATED_TIME = re.compile(
    r"(?P<what>Start|End) Time\s*:\s*"
    r"(?P<month>[A-Z][a-z]{2})[a-z]*\s+(?P<day>\d{1,2}),\s*(?P<year>\d{4}),?\s+"
    r"(?P<hour>\d{1,2}):(?P<minute>\d{2})\s*UTC"
)


class WireIncident(msgspec.Struct):
    incidentId: str  # noqa: N815 - Oracle's spelling
    severity: str | None = None


class WireService(msgspec.Struct, rename="camel"):
    service_name: str
    incidents: list[WireIncident] | None = None


class WireRegion(msgspec.Struct, rename="camel"):
    region_name: str
    service_health_reports: list[WireService] | None = None


class WireReports(msgspec.Struct, rename="camel"):
    region_health_reports: list[WireRegion]


class Report(msgspec.Struct):
    """What the region reports say of one incident."""

    severities: list[str] = []
    services: list[str] = []
    regions: list[str] = []


def recent(vendor: Vendor, watch: frozenset[str]) -> Reading:
    """Every incident of the feed, with the severity of those that are still reported."""
    page, components = yield [
        Get("api/v2/incident-summary.rss"),
        Get("api/v2/components.json", optional=True),
    ]
    feed = parse(page)
    reports = _reports(components)
    incidents, partial = [], set()
    for entry in feed.entries:
        try:
            posts = updates_of(entry)
            if not posts:
                posts = (whole_entry(entry, text_of(entry.updated_at)),)
                partial.add(entry.id)
            report = (reports or {}).get(entry.id, Report())
            incidents.append(_incident(entry, posts, report))
        except ValueError as error:
            page.skip(f"entry {entry.title!r}", error)
    return Batch(
        incidents=tuple(incidents),
        listed_since=_range(feed, incidents),
        lists_open=_all_open(reports, incidents),
        partial=frozenset(partial),
    )


def _reports(reply: Reply) -> dict[str, Report] | None:
    """By incident, what the regions report; None when they cannot be read."""
    reports: dict[str, Report] = {}
    if reply.absent:
        return None
    try:
        document = reply.json(WireReports)
    except SourceFault as fault:
        reply.skip("severities", fault)
        return None
    for region in document.region_health_reports:
        for service in region.service_health_reports or ():
            for row in service.incidents or ():
                report = reports.setdefault(row.incidentId, Report())
                report.severities.append(row.severity or "")
                report.services.append(service.service_name)
                report.regions.append(region.region_name)
    return reports if document.region_health_reports else None


def _all_open(reports: dict[str, Report] | None, incidents: Iterable[Incident]) -> frozenset[Kind]:
    """Whether the feed has all that the regions report as going on; without reports nobody knows.

    A long incident can slide off the feed while it is still reported.
    """
    if reports is None:
        return frozenset()
    open_now = {key for key, report in reports.items() if _is_going_on(report)}
    fed = {incident.key for incident in incidents}
    return frozenset({"incident"} if open_now <= fed else ())


def _is_going_on(report: Report) -> bool:
    return any(_plain(word) != NORMAL for word in report.severities)


def _incident(entry: Entry, posts: tuple[Update, ...], report: Report) -> Incident:
    impact, word = _impact(report.severities)
    ended_at, basis = _end(posts)
    service, region = _named(entry.title)
    return Incident(
        key=entry.id,
        title=entry.title,
        kind="incident",
        impact=impact,
        impact_raw=word,
        url=entry.link,
        started_at=_stated("Start", posts) or posts[0].at,
        ended_at=ended_at,
        end_basis=basis,
        # What the reports add is gone once it is over, so they speak only where the title does not.
        components=_once(service or report.services),
        regions=_once(region or report.regions),
        updates=oldest_first(posts),
    )


def _impact(severities: Iterable[str]) -> tuple[Impact, str | None]:
    """The worst of what the services report; an unknown word before any that is known."""
    words = [word for word in severities if _plain(word) not in ("", NORMAL)]
    unknown = [word for word in words if _plain(word) not in IMPACTS]
    if unknown:
        return "unknown", unknown[0]
    if not words:
        return "unknown", None
    worst = max(words, key=lambda word: list(IMPACTS).index(_plain(word)))
    return IMPACTS[_plain(worst)], worst


def _end(posts: tuple[Update, ...]) -> tuple[datetime | None, EndBasis | None]:
    """The end that the text states once it is resolved, else the post that resolved it."""
    ended_at, basis = end_of(posts)
    if posts[-1].phase in ENDING and (stated := _stated("End", posts)):
        return stated, "end_field"
    return ended_at, basis


def _stated(what: str, posts: tuple[Update, ...]) -> datetime | None:
    """The time that the newest post states as the start or the end."""
    for post in reversed(posts):
        for mark in STATED_TIME.finditer(TAGS.sub("", post.body)):
            if mark["what"] == what:
                month = datetime.strptime(mark["month"], "%b").month  # noqa: DTZ007 - a name's number
                day = (int(mark["year"]), month, int(mark["day"]))
                return instant(datetime(*day, int(mark["hour"]), int(mark["minute"]), tzinfo=UTC))
    return None


def _named(title: str) -> tuple[list[str], list[str]]:
    """The service and the region of a title, where it names one of each."""
    parts = [part.strip() for part in title.split("|")]
    if len(parts) != 3:
        return [], []
    service, region, _ = ([] if part.startswith("Multiple ") else [part] for part in parts)
    return service, region


def _range(feed: Feed, incidents: list[Incident]) -> dict[Kind, datetime]:
    """The feed is in the order of the last post: what began after its oldest one is in it."""
    over = sum(incident.ended_at is not None for incident in incidents)
    if not feed.whole or not feed.entries or over * 2 <= len(incidents):
        return {}
    return {"incident": min(entry.published_at for entry in feed.entries)}


def _plain(word: str) -> str:
    return word.replace(" ", "").lower()


def _once(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name in names if name))
