"""Status.io pages: the public status API, and the page's feed for what is over.

Seen at: status.gitlab.com, status.docker.com, letsencrypt.status.io, neonstatus.com
History: none as data, beyond the feed; what came before is web pages.
Quirks:  The API lists what is active and nothing else; the feed has the posts of the newest,
         active or over, but neither impact nor components nor the plan of a maintenance: one
         that never became active cannot be placed from it. How the feed is cut is not known, so
         it vouches for nothing; and what it does not end is open only if the API has it. A post has
         no id and the feed dates it to the minute: so both surfaces are read to the minute, and a
         post is the same in both. The states are numbers in the API and words in the feed.
         `containers` are places.
Options: page_id: the 24 digits and letters by which the API knows the page.
         api: the address before the page_id, where it is not https://api.status.io/1.0/status/.
"""

import msgspec

from generator.errors import SourceFault
from generator.model import Impact, Incident, Kind, Update, Vendor
from generator.providers._rules import unless_listed
from generator.providers._statusio_feed import minute, post, told
from generator.reading import Batch, Get, Reading, Reply
from generator.times import parse_iso

OPTIONS = ("page_id", "api")
API = "https://api.status.io/1.0/status/"
# From the mildest to the worst; 600 is a "security event", which says nothing of how bad it is.
IMPACTS: dict[int, Impact] = {
    100: "none",
    200: "none",
    300: "minor",
    400: "major",
    500: "critical",
}
WORDS: dict[Kind, dict[int, str]] = {
    "incident": {100: "Investigating", 200: "Identified", 300: "Monitoring", 400: "Resolved"},
    "maintenance": {100: "Scheduled", 200: "Active", 300: "Completed"},
}


class WireNamed(msgspec.Struct):
    name: str


class WireMessage(msgspec.Struct):
    datetime: str
    state: int | None = None
    status: int | None = None
    details: str | None = None


class WireItem(msgspec.Struct):
    """An incident, or with a plan a maintenance."""

    id: str = msgspec.field(name="_id")
    name: str
    datetime_open: str
    datetime_planned_start: str | None = None
    datetime_planned_end: str | None = None
    messages: list[WireMessage] | None = None
    containers_affected: list[WireNamed] | None = None
    components_affected: list[WireNamed] | None = None


class WireMaintenance(msgspec.Struct):
    active: list[msgspec.Raw] | None = None
    upcoming: list[msgspec.Raw] | None = None


class WireOverall(msgspec.Struct):
    status_code: int


class WireResult(msgspec.Struct):
    status_overall: WireOverall
    incidents: list[msgspec.Raw] | None = None
    maintenance: WireMaintenance | None = None


class WireRoot(msgspec.Struct):
    result: WireResult


def recent(vendor: Vendor, watch: frozenset[str]) -> Reading:
    """What is active, and the newest of what is over."""
    page_id = _page_id(vendor)
    api, feed = yield [
        Get(vendor.options.get("api", API) + page_id),
        Get(f"pages/{page_id}/rss", optional=True),
    ]
    result = api.json(WireRoot).result
    pages = f"{vendor.status_page.rstrip('/')}/pages"
    planned = result.maintenance or WireMaintenance()
    active = api.records(
        result.incidents or (),
        WireItem,
        lambda wire: _active(wire, "incident", f"{pages}/incident/{page_id}"),
    ) + api.records(
        [*(planned.active or ()), *(planned.upcoming or ())],
        WireItem,
        lambda wire: _active(wire, "maintenance", f"{pages}/maintenance/{page_id}"),
    )
    now = {incident.key: incident for incident in active}
    open_kinds = _all_open(result) if not api.faults else frozenset()
    fed = _known(feed, pages, page_id)
    found = {one.key: one for one in unless_listed(fed.values(), now, open_kinds)} | now
    # Without posts it comes from the feed alone, which may not have been understood.
    partial = frozenset(key for key, one in found.items() if not one.updates)
    return Batch(tuple(found.values()), lists_open=open_kinds, partial=partial)


def _all_open(result: WireResult) -> frozenset[Kind]:
    """The kinds of which the API has its list, which may be empty."""
    planned = result.maintenance or WireMaintenance()
    lists: dict[Kind, bool] = {
        "incident": result.incidents is not None,
        "maintenance": planned.active is not None and planned.upcoming is not None,
    }
    return frozenset(kind for kind, is_there in lists.items() if is_there)


def _known(feed: Reply, pages: str, page_id: str) -> dict[str, Incident]:
    """What the feed tells; without it, what is active is read all the same."""
    if feed.absent:
        return {}
    try:
        return told(feed, pages, page_id)
    except SourceFault as fault:
        feed.skip("all", fault)
        return {}


def _page_id(vendor: Vendor) -> str:
    try:
        return vendor.options["page_id"]
    except KeyError:
        raise SourceFault(
            "not what it says",
            f"{vendor.slug} needs options.page_id, the 24 digits and letters of the page's feed: "
            "/pages/PAGE_ID/rss",
        ) from None


def _active(wire: WireItem, kind: Kind, folder: str) -> Incident:
    updates: list[Update] = []
    for message in sorted(wire.messages or (), key=lambda message: parse_iso(message.datetime)):
        updates.append(_message(message, kind, updates))
    codes = [message.status for message in wire.messages or () if message.status is not None]
    known = [code for code in codes if code in IMPACTS]
    worst = max(known, default=next(iter(codes), None))
    begun = updates[0].at if updates else minute(parse_iso(wire.datetime_open))
    planned, until = wire.datetime_planned_start, wire.datetime_planned_end
    return Incident(
        key=wire.id,
        title=wire.name,
        kind=kind,
        impact=IMPACTS.get(worst, "unknown") if worst is not None else "unknown",
        impact_raw=None if worst is None else str(worst),
        url=f"{folder}/{wire.id}",
        started_at=parse_iso(planned) if planned else begun,
        scheduled_until=parse_iso(until) if until else None,
        components=_named(wire.components_affected),
        regions=_named(wire.containers_affected),
        updates=tuple(updates),
    )


def _message(wire: WireMessage, kind: Kind, before: list[Update]) -> Update:
    at = minute(parse_iso(wire.datetime))
    word = None if wire.state is None else WORDS[kind].get(wire.state, str(wire.state))
    return post(at, word, wire.details or "", before)


def _named(parts: list[WireNamed] | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.name for part in parts or ()))
