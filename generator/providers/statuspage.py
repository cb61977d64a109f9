"""Atlassian Statuspage, API v2 and the public history.

Seen at: githubstatus.com, status.python.org, cloudflarestatus.com and most other status pages
History: complete: history.json pages of three months, then each incident by its code.
Quirks:  `incidents.json` lists the 50 newest, whatever is asked; an open one can slide off it, so
         what the archive holds open is read on its own. `started_at` and `resolved_at` may be
         missing or null; operators back-date posts, `display_at` is what the page shows. An
         incident that is filed afterwards has "started" when it was filed, after its end.
         Times carry the page's own offset. History pages never end: empty ones follow for ever,
         and years without an incident may lie before more of them. Statuspage began in 2012: an
         empty page of before is the end.
"""

from collections.abc import Iterable
from datetime import datetime

import msgspec

from generator.errors import SourceFault
from generator.model import Incident, Kind, Vendor
from generator.providers._statuspage import WireIncident, incident
from generator.reading import Batch, Get, Reading, Reply
from generator.times import parse_iso, read, text_of

# One step of the history reads this many incidents, so that a killed walk repeats few requests.
STEP = 25
# No page is older than what it is made with, unless something is filed there all the same.
FOUNDED = 2012
MOST_QUARTERS = 80


class WirePage(msgspec.Struct):
    id: str
    url: str | None = None


class WireList(msgspec.Struct):
    """incidents.json, scheduled-maintenances.json and summary.json, by what they have."""

    page: WirePage
    incidents: list[msgspec.Raw] | None = None
    scheduled_maintenances: list[msgspec.Raw] | None = None


class WireMonth(msgspec.Struct):
    name: str
    year: int
    incidents: list["WireCode"] = []


class WireCode(msgspec.Struct):
    code: str


class WireHistory(msgspec.Struct):
    months: list[WireMonth]


class WireAlone(msgspec.Struct):
    """One incident on its own: bare, or in an envelope."""

    incident: msgspec.Raw = msgspec.Raw()


def recent(vendor: Vendor, watch: frozenset[str]) -> Reading:
    """The newest 50 incidents and 50 maintenances, and what is watched beyond them."""
    incidents, maintenances = yield [
        Get("api/v2/incidents.json", optional=True),
        Get("api/v2/scheduled-maintenances.json", optional=True),
    ]
    if incidents.absent:
        (summary,) = yield [Get("api/v2/summary.json")]
        return _open_ones(summary, vendor)
    found, incidents_since = _listed(incidents, vendor)
    planned: list[Incident] = []
    planned_since: datetime | None = None
    if not maintenances.absent:
        planned, planned_since = _listed(maintenances, vendor)
    found += planned
    missing = sorted(watch - {one.key for one in found})
    if missing:
        alone = yield [Get(f"incidents/{key}.json", optional=True) for key in missing]
        for reply in alone:
            try:
                found += _each([reply], vendor)
            except SourceFault as fault:
                reply.skip("the incident", fault)
    since = {"incident": incidents_since, "maintenance": planned_since}
    return Batch(
        incidents=_once(found),
        listed_since={kind: at for kind, at in since.items() if at},  # type: ignore[misc]
    )


def history(vendor: Vendor, cursor: str | None) -> Reading:
    """The next incidents of the history. Cursor: page, offset in it, oldest month."""
    # Cursors of before have a number more.
    page, offset, *_, oldest = (cursor or "1 0 -").split()
    (reply,) = yield [Get("history.json", page=page)]
    if f"page={page}" not in reply.url:
        raise SourceFault("moved", f"the redirect to {reply.url} drops the page number")
    months = reply.json(WireHistory).months
    codes = [row.code for month in months for row in month.incidents]
    chosen = codes[int(offset) : int(offset) + STEP]
    replies = yield [Get(f"incidents/{code}.json", optional=True) for code in chosen]
    found = _once(_each(replies, vendor))
    if int(offset) + STEP < len(codes):
        return Batch(found, cursor=f"{page} {int(offset) + STEP} {oldest}")
    if codes:
        oldest = text_of(min(_first_day(month) for month in months if month.incidents))
    before_all = not codes and months and max(month.year for month in months) < FOUNDED
    if before_all or int(page) >= MOST_QUARTERS:
        return Batch(found, complete_since=None if oldest == "-" else read(oldest))
    return Batch(found, cursor=f"{int(page) + 1} 0 {oldest}")


def _listed(reply: Reply, vendor: Vendor) -> tuple[list[Incident], datetime | None]:
    """The incidents of a list, and since when it is complete.

    The list is ordered by the last post, so that a long incident outlasts later, shorter ones:
    only what started after the last sign of life of every listed one cannot have slid off.
    """
    document = reply.json(WireList)
    rows = [*(document.incidents or ()), *(document.scheduled_maintenances or ())]
    latest: list[datetime] = []

    def convert(wire: WireIncident) -> Incident:
        one = incident(wire, document.page.url or vendor.status_page)
        posts = (update.at for update in one.updates)
        stated = (parse_iso(at) for at in (wire.created_at, wire.started_at) if at)
        latest.append(max(one.started_at, *stated, *posts))
        return one

    found = reply.records(rows, WireIncident, convert)
    return found, min(latest, default=None)


def _open_ones(summary: Reply, vendor: Vendor) -> Batch:
    """The summary: what is unresolved and what is planned, and nothing that is over."""
    found, _ = _listed(summary, vendor)
    document = summary.json(WireList)
    lists: dict[Kind, list[msgspec.Raw] | None] = {
        "incident": document.incidents,
        "maintenance": document.scheduled_maintenances,
    }
    there = frozenset(kind for kind, rows in lists.items() if rows is not None)
    return Batch(tuple(found), lists_open=there)


def _each(replies: Iterable[Reply], vendor: Vendor) -> list[Incident]:
    """The incident of each reply; an incident that is not there any more is left out."""
    found = []
    for reply in replies:
        if reply.absent:
            continue
        row = reply.json(WireAlone).incident
        if not bytes(row):
            row = msgspec.Raw(reply.body)
        found += reply.records([row], WireIncident, lambda wire: incident(wire, vendor.status_page))
    return found


def _once(incidents: Iterable[Incident]) -> tuple[Incident, ...]:
    """Each key once: a maintenance in progress can stand in both lists."""
    return tuple({one.key: one for one in incidents}.values())


def _first_day(month: WireMonth) -> datetime:
    try:
        number = datetime.strptime(month.name[:3], "%b").month  # noqa: DTZ007 - a name to its number
        return parse_iso(f"{month.year:04}-{number:02}-01T00:00:00Z")
    except ValueError:
        reason = f"the history has a month {month.name!r} of {month.year}"
        raise SourceFault("unparseable", reason) from None
