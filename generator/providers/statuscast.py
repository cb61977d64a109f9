"""StatusCast pages, by the RSS feed of their posts.

Seen at: status.campaignmonitor.com, www.fastlystatus.com, status.statuscast.com
History: none beyond the feed.
Quirks:  Most of a page answers 403 to programs and is left alone; the feed is for them.
         An item a post: `/706835/1601159` is post 1601159 of incident 706835. A post states no
         phase, so that only `incidents.json` tells what is over, and nobody tells the impact:
         its types call notices "ServiceUnavailable". Old posts slide off the feed before their
         incident does.
Options: states: "incidents.json" for a page that lets us read it; else ends are "unstated".
"""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

import msgspec

from generator.model import EndBasis, Incident, Kind, Update, Vendor, oldest_first
from generator.providers._feeds import Entry, parse
from generator.reading import UNDECODED, Batch, Get, Reading, Reply
from generator.times import text_of

OPTIONS = ("states",)
OVER = ("resolved", "complete", "completed", "closed")
OPEN = ("inprogress", "future", "upcoming", "scheduled")
MAINTENANCE = "scheduledmaintenance"
TITLED = re.compile(r"\bmaintenance\b", re.IGNORECASE)
NUMBERS = re.compile(r"/(\d+)/(\d+)/?$")
INCIDENT = re.compile(r"/incident/(\d+)")
# An incident hardly ever goes without a post for longer. One whose first post in the feed is so
# much younger than the feed's oldest has not lost an earlier one.
SILENCE = timedelta(days=30)


class WireState(msgspec.Struct, rename="pascal"):
    id: int | str
    status: str | None = None
    incident_type: str | None = None


def recent(vendor: Vendor, watch: frozenset[str]) -> Reading:
    """Every incident that the feed has posts of."""
    asked = [Get("rss")]
    if vendor.options.get("states"):
        asked.append(Get(vendor.options["states"]))
    feed_reply, *more = yield asked
    states = _states(more[0]) if more else {}
    feed = parse(feed_reply)
    posts: dict[str, list[Entry]] = {}
    for entry in feed.entries:
        posts.setdefault(_incident_id(entry), []).append(entry)
    incidents = []
    for key, entries in posts.items():
        try:
            incidents.append(_incident(key, entries, states.get(key)))
        except ValueError as error:
            feed_reply.skip(f"incident {key}", error)
    whole = feed.whole and not feed_reply.faults
    return Batch(
        incidents=tuple(incidents),
        listed_since=_range(incidents) if whole else {},
        partial=_maybe_cut(incidents),
    )


def _states(reply: Reply) -> dict[str, WireState]:
    """By incident, what the page says of it; a row that cannot be read costs itself alone."""
    found = {}
    for number, row in enumerate(reply.json(list[msgspec.Raw]), start=1):
        try:
            state = msgspec.json.decode(row, type=WireState)
        except UNDECODED as error:
            reply.skip(f"record {number}", error)
        else:
            found[str(state.id)] = state
    return found


def _incident(key: str, entries: list[Entry], state: WireState | None) -> Incident:
    posts = oldest_first({post.key: post for post in map(_post, reversed(entries))}.values())
    newest = max(entries, key=lambda entry: entry.published_at)
    if not newest.title:
        raise ValueError("no title")
    ended_at, basis = _end(posts, state)
    return Incident(
        key=key,
        title=newest.title,
        kind=_kind(newest.title, state),
        impact="unknown",
        url=newest.link,
        started_at=posts[0].at,
        ended_at=ended_at,
        end_basis=basis,
        updates=posts,
    )


def _incident_id(entry: Entry) -> str:
    numbers = NUMBERS.search(entry.guid)
    address = INCIDENT.search(entry.link or "")
    if numbers:
        return numbers[1]
    return address[1] if address else entry.id


def _post(entry: Entry) -> Update:
    numbers = NUMBERS.search(entry.guid)
    return Update(
        key=numbers[2] if numbers else text_of(entry.published_at),
        at=entry.published_at,
        phase="unknown",
        body=entry.body,
        body_format="html",
    )


def _kind(title: str, state: WireState | None) -> Kind:
    """By its type; where that is not told, by its title."""
    if state and state.incident_type:
        planned = state.incident_type.lower() == MAINTENANCE
    else:
        planned = bool(TITLED.search(title))
    return "maintenance" if planned else "incident"


def _end(
    posts: tuple[Update, ...], state: WireState | None
) -> tuple[datetime | None, EndBasis | None]:
    word = (state.status or "").lower() if state else ""
    if word in OVER:
        return posts[-1].at, "last_update"
    return None, None if word in OPEN else "unstated"


def _range(incidents: Iterable[Incident]) -> Mapping[Kind, datetime]:
    """Nothing that began after the stalest incident's last post has slid off, however it is cut.

    The feed lists posts whether their incident is over or not.
    """
    last = min((incident.updates[-1].at for incident in incidents), default=None)
    return {"incident": last, "maintenance": last} if last else {}


def _maybe_cut(incidents: list[Incident]) -> frozenset[str]:
    """The incidents that may have had posts before the oldest of the feed."""
    oldest = min((incident.started_at for incident in incidents), default=None)
    if oldest is None:
        return frozenset()
    return frozenset(i.key for i in incidents if i.started_at < oldest + SILENCE)
