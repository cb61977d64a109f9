"""Azure status: a feed of what is wrong now.

Seen at: azure.status.microsoft
History: none: what is over leaves the feed, and its review is a web page.
Quirks:  An empty feed is the usual one. The guid is made of the title and comes again with the next
         event of that title, so the date belongs to the key. The text is replaced in place and its
         date stays: each new one is a revision. When it began stands in the text. An item is
         open as long as it is listed; that it is gone says no more than that. Services and regions
         are categories alike. The link is of an internal host. No word on how bad it is. The feed
         at status.azure.com depends on where it is read: it was empty for the region that was down.
Options: feed: the address of the feed, when it is not feed/ below the status page.
"""

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from html import unescape

from generator.errors import SourceFault
from generator.model import Incident, Update, Vendor
from generator.providers._feeds import TAGS, Entry, parse
from generator.reading import Batch, Get, Reading
from generator.times import instant, text_of

OPTIONS = ("feed",)
# "Starting at approximately 14:44 UTC on 23 July, 2026"
# "Between 16:10 and 19:55 UTC on 07 Sep 2022"
BEGUN = re.compile(
    r"\b(?:Starting at|Between)\s+(?:approximately\s+)?(?P<hour>\d{1,2}):(?P<minute>\d{2})"
    r"(?:\s+and\s+\d{1,2}:\d{2})?\s+UTC\s+on\s+"
    r"(?P<day>\d{1,2})\s+(?P<month>[A-Z][a-z]{2})[a-z]*,?\s+(?P<year>\d{4})"
)
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
# It is noticed after it began, and within a month.
NOTICED = timedelta(days=31)

# A category is a region when all its words are of these, and one of them a place.
DIRECTIONS = frozenset(
    (
        "North",
        "South",
        "East",
        "West",
        "Central",
        "Northeast",
        "Northwest",
        "Southeast",
        "Southwest",
    )
)
PLACES = frozenset(
    (
        *("US", "Canada", "Mexico", "Brazil", "Chile"),
        *(
            "Europe",
            "UK",
            "France",
            "Germany",
            "Switzerland",
            "Norway",
            "Sweden",
            "Poland",
            "Italy",
        ),
        *("Spain", "Austria", "Belgium", "Denmark", "Finland", "Greece"),
        *("Israel", "Qatar", "UAE", "Arabia", "Africa"),
        *("Asia", "Japan", "Korea", "India", "Indonesia", "Malaysia", "Taiwan", "China"),
        *("Australia", "Zealand", "Gov"),
    )
)
QUALIFIERS = frozenset(("New", "Saudi", "Jio", "Virginia", "Texas", "Arizona", "Iowa", "DoD"))
NOWHERE = ("Non-Regional", "Public Non-Regional", "Global")


def recent(vendor: Vendor, watch: frozenset[str]) -> Reading:
    """Every item of the feed."""
    (reply,) = yield [Get(vendor.options.get("feed", "feed/"))]
    feed = parse(reply)
    if not feed.title:
        raise SourceFault("not what it says", f"{reply.url} is a feed without a title, not Azure's")
    incidents = {}
    for entry in feed.entries:
        incident = _incident(entry)
        incidents[incident.key] = incident
    return Batch(tuple(incidents.values()), lists_open=frozenset({"incident"}))


def _incident(entry: Entry) -> Incident:
    at = entry.published_at
    places = [name for name in entry.categories if _is_region(name)]
    update = Update(
        key=text_of(at), at=at, phase="update", body=entry.body.strip(), body_format="html"
    )
    return Incident(
        key=f"{entry.guid} {text_of(at)}",
        title=entry.title,
        kind="incident",
        impact="unknown",
        started_at=_begun(entry) or at,
        components=_once(name for name in entry.categories if name not in places),
        regions=_once(places),
        updates=(update,),
    )


def _begun(entry: Entry) -> datetime | None:
    """When the text says that it began, if it can have begun then."""
    mark = BEGUN.search(" ".join(unescape(TAGS.sub(" ", entry.body)).split()))
    if not mark or mark["month"] not in MONTHS:
        return None
    try:
        begun = datetime(
            int(mark["year"]),
            MONTHS.index(mark["month"]) + 1,
            int(mark["day"]),
            int(mark["hour"]),
            int(mark["minute"]),
            tzinfo=UTC,
        )
    except ValueError:
        return None
    return instant(begun) if timedelta() <= entry.published_at - begun <= NOTICED else None


def _is_region(name: str) -> bool:
    """`West US 2`, but not `Network Infrastructure`."""
    words = [word for word in name.split() if not word.isdigit()]
    known = DIRECTIONS | PLACES | QUALIFIERS
    return name in NOWHERE or (
        all(word in known for word in words) and any(word in PLACES for word in words)
    )


def _once(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
