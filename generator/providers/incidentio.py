"""incident.io status pages: the JSON behind the page, or else its copy of Statuspage's API.

Seen at: status.openai.com, linearstatus.com, status.cohere.com
History: complete: windows of thirty days backwards, to where the page says its data begins.
Quirks:  The page's own JSON has no list of the newest, only windows of at most three months; where
         the newest is, the copy of Statuspage's API tells, which lists about 25. An incident has
         no severity: how bad it was is what its components suffered, and these may be well again
         while it goes on. The copy has ids of 26 letters, no components, no maintenance and no
         incident on its own. Posts are back-dated, to before what the components suffered.
Options: proxy: the address of the page's own JSON, where it is not /proxy/HOST and the page's path.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import msgspec

from generator.errors import SourceFault
from generator.model import Incident, Kind, Vendor
from generator.providers import _incidentio_shim as shim
from generator.providers._incidentio import WireIncident, incident
from generator.providers._rules import listed_since
from generator.reading import Batch, Get, Reading, Reply
from generator.times import EARLIEST, read, text_of

OPTIONS = ("proxy",)
WINDOW = timedelta(days=30)
# Windows overlap, and reach beyond the newest that is known: what is newer still is ongoing.
OVERLAP = timedelta(days=1)
BEYOND = timedelta(days=2)
# A page that does not say where its data begins has ended after three years of nothing.
EMPTY_WINDOWS = 36


class WireComponent(msgspec.Struct):
    id: str
    name: str


class WireSummary(msgspec.Struct):
    id: str
    name: str
    public_url: str | None = None
    components: list[WireComponent] | None = None
    ongoing_incidents: list[msgspec.Raw] | None = None
    scheduled_maintenances: list[msgspec.Raw] | None = None
    data_available_since: str | None = None


class WireRoot(msgspec.Struct):
    summary: WireSummary


class WireList(msgspec.Struct):
    incidents: list[msgspec.Raw] | None


class WireAlone(msgspec.Struct):
    incident: msgspec.Raw


class Page:
    """What the summary says of the page, for reading its incidents."""

    def __init__(self, vendor: Vendor, reply: Reply) -> None:
        wire = reply.json(WireRoot).summary
        self._url = (wire.public_url or vendor.status_page).rstrip("/")
        self._names = {part.id: part.name for part in wire.components or ()}
        self.begins = reply.moment(wire.data_available_since)
        lists: dict[Kind, bool] = {
            "incident": wire.ongoing_incidents is not None,
            "maintenance": None not in (wire.ongoing_incidents, wire.scheduled_maintenances),
        }
        self.lists_open = frozenset(kind for kind, is_there in lists.items() if is_there)
        rows = [*(wire.ongoing_incidents or ()), *(wire.scheduled_maintenances or ())]
        self.now = self.incidents(reply, rows)

    def incidents(self, reply: Reply, rows: Iterable[msgspec.Raw]) -> list[Incident]:
        """The incidents of a reply."""
        return reply.records(
            rows, WireIncident, lambda wire: incident(wire, self._url, self._names)
        )


def recent(vendor: Vendor, watch: frozenset[str]) -> Reading:
    """What is ongoing, all of the last thirty days, and what is watched beyond them."""
    proxy = _proxy(vendor)
    root, copy = yield [
        Get(proxy, optional=True),
        Get("api/v2/incidents.json", optional=True),
    ]
    if root.absent:
        return shim.batch(copy, vendor)
    page = Page(vendor, root)
    found, since = list(page.now), None
    newest = _newest(page, copy)
    if newest:
        begin = newest - WINDOW
        (window,) = yield [_window(proxy, begin, newest + BEYOND)]
        listed = _listed(window, page)
        found += listed
        oldest = listed_since(one for one in listed if one.kind == "incident")
        since = oldest and max(oldest, begin + OVERLAP)
    missing = sorted(watch - {one.key for one in found})
    if missing:
        alone = yield [Get(f"{proxy}/incidents/{key}", optional=True) for key in missing]
        for reply in alone:
            if not reply.absent:
                found += page.incidents(reply, [reply.json(WireAlone).incident])
    return Batch(
        _once(found),
        listed_since={"incident": since} if since else {},
        lists_open=page.lists_open,
    )


def history(vendor: Vendor, cursor: str | None) -> Reading:
    """The next window. Cursor: where it ends, empty windows so far, oldest start so far."""
    proxy = _proxy(vendor)
    (root,) = yield [Get(proxy, optional=True)]
    if root.absent:
        return Batch()
    page = Page(vendor, root)
    if cursor is None:
        (copy,) = yield [Get("api/v2/incidents.json", optional=True)]
        newest = _newest(page, copy)
        if newest is None and (copy.absent or copy.faults):
            reason = f"{copy.url} lists nothing, so that no time is known to go back from"
            raise SourceFault("not what it says", reason)
        if newest is None:
            return Batch(complete_since=page.begins)
        cursor = f"{text_of(newest + BEYOND)} 0 -"
    ends, empty, oldest = cursor.split()
    end = read(ends)
    begin = end - WINDOW
    (window,) = yield [_window(proxy, begin, end + OVERLAP)]
    if "start_at=" not in window.url:
        raise SourceFault("moved", f"the redirect to {window.url} drops the window")
    found = _listed(window, page)
    empties = 0 if found else int(empty) + 1
    starts = [one.started_at for one in found if one.kind == "incident"]
    reached = min((*starts, *([read(oldest)] if oldest != "-" else [])), default=None)
    # Incidents may be told from before the data begins; a window more than that is not asked.
    over = begin < page.begins - WINDOW if page.begins else empties >= EMPTY_WINDOWS
    if over or begin < EARLIEST + WINDOW:
        return Batch(_once(found), complete_since=page.begins or reached)
    told = text_of(reached) if reached else "-"
    return Batch(_once(found), cursor=f"{text_of(begin)} {empties} {told}")


def _proxy(vendor: Vendor) -> str:
    """Where the page's own JSON is: on its host, under the host's name and the page's path."""
    parts = urlsplit(vendor.status_page)
    return vendor.options.get("proxy") or f"/proxy/{parts.netloc}{parts.path.rstrip('/')}"


def _window(proxy: str, begin: datetime, end: datetime) -> Get:
    return Get(f"{proxy}/incidents", start_at=text_of(begin), end_at=text_of(end))


def _listed(reply: Reply, page: Page) -> list[Incident]:
    return page.incidents(reply, reply.json(WireList).incidents or ())


def _newest(page: Page, copy: Reply) -> datetime | None:
    """The last time that the page mentions: there is no clock here, and no list without one."""
    times = [update.at for one in page.now for update in one.updates]
    if not copy.absent:
        try:
            times += shim.times(copy)
        except SourceFault as fault:
            copy.skip("all", fault)
    return max(times, default=None)


def _once(incidents: Iterable[Incident]) -> tuple[Incident, ...]:
    """Each key once: what is ongoing stands in its window too."""
    return tuple({one.key: one for one in incidents}.values())
