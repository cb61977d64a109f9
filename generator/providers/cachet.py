"""Cachet, versions 2 and 3, which companies host themselves.

Seen at: www.clevercloudstatus.com, www.hostpapastatus.com, status.inmotionhosting.com
History: complete: incidents and then schedules, newest first, page by page.
Quirks:  Times are local and name no zone. An incident has no severity, and its status is that of
         its newest update: its own message has none. Only what everybody may see is kept. A
         schedule's `completed_at` is its planned end until its status says complete. Incidents of
         old versions with status 0 are planned work that nothing ends. `permalink` is version 2's;
         version 3 has a `guid`. An API may be switched off: then there is only the feed.
Options: time_zone: the zone of all times, such as Europe/Paris; needed, as the page tells none.
         api: `api/v1` or `api`, so that the other version is not asked for.
"""

from datetime import datetime

import msgspec

from generator.errors import SourceFault
from generator.model import EndBasis, Incident, Kind, Phase, Update, Vendor, oldest_first
from generator.providers._cachet import WireItem, WireList, WirePost, told
from generator.providers._rules import end_of
from generator.providers._zones import zone_of
from generator.reading import Batch, Get, Reading, Reply
from generator.times import parse_iso, read, text_of

OPTIONS = ("time_zone", "api")
VERSION_2, VERSION_3 = "api/v1", "api"
INCIDENTS, SCHEDULES = "incidents", "schedules"
COMPONENTS = Get(f"{VERSION_2}/components", optional=True, per_page="500")
QUERIES: dict[tuple[str, str], str] = {
    (VERSION_2, INCIDENTS): "sort=id&order=desc&per_page=50",
    (VERSION_2, SCHEDULES): "sort=id&order=desc&per_page=50",
    (VERSION_3, INCIDENTS): "include=components,updates&per_page=50",
    (VERSION_3, SCHEDULES): "sort=-id&include=components,updates&per_page=50",
}
PHASES: dict[int, Phase] = {
    0: "scheduled",
    1: "investigating",
    2: "identified",
    3: "monitoring",
    4: "resolved",
}
PLANNED, FIXED = 0, 4
COMPLETE = 2
# The name of an item's own message among its updates.
MESSAGE = "message"


class WireComponent(msgspec.Struct):
    id: int
    name: str


class WireComponents(msgspec.Struct):
    data: list[WireComponent]


def recent(vendor: Vendor, watch: frozenset[str]) -> Reading:
    """The newest fifty incidents and fifty schedules."""
    page = Page(vendor)
    apis = _apis(vendor)
    lists = [_get(api, name) for api in apis for name in (INCIDENTS, SCHEDULES)]
    *replies, components = yield [*lists, COMPONENTS]
    chosen = _chosen(replies[::2], vendor)
    incidents, schedules = replies[2 * chosen : 2 * chosen + 2]
    page.name_components(components)
    found = told(incidents, page.incident)
    since: dict[Kind, datetime] = {}
    numbers = [item.id for item, _ in found]
    if found and numbers == sorted(numbers, reverse=True):
        # It is cut by when they were entered, which may be long after they began.
        since["incident"] = min(page.entered_at(*one) for one in found)
    if _answers(schedules):
        planned = told(schedules, page.schedule)
        found += planned
        if planned and not schedules.json(WireList).goes_on():
            since["maintenance"] = min(schedule.started_at for _, schedule in planned)
    return Batch(tuple(one for _, one in found), since)


def history(vendor: Vendor, cursor: str | None) -> Reading:
    """The next page. Cursor: API, list, page, oldest start."""
    if cursor is None:
        replies = yield [_get(api, INCIDENTS) for api in _apis(vendor)]
        cursor = f"{_apis(vendor)[_chosen(replies, vendor)]} {INCIDENTS} 1 -"
    api, name, number, oldest = cursor.split()
    page = Page(vendor)
    reply, components = yield [_get(api, name, page=number), COMPONENTS]
    found: list[Incident] = []
    goes_on = False
    # Planned work alone may have no list.
    if not _answers(reply) and (name, number) != (SCHEDULES, "1"):
        reason = f"{reply.url} is no page, though the list goes on there"
        raise SourceFault("not what it says", reason)
    if _answers(reply):
        listed = reply.json(WireList)
        if (listed.page() or 1) != int(number):
            raise SourceFault("not what it says", f"{reply.url} is page {listed.page()}")
        page.name_components(components)
        convert = page.incident if name == INCIDENTS else page.schedule
        found = [incident for _, incident in told(reply, convert)]
        goes_on = bool(listed.data) and listed.goes_on()
    starts = [text_of(incident.started_at) for incident in found]
    oldest = min([*starts, *([oldest] if oldest != "-" else [])], default="-")
    if goes_on:
        return Batch(tuple(found), cursor=f"{api} {name} {int(number) + 1} {oldest}")
    if name == INCIDENTS:
        return Batch(tuple(found), cursor=f"{api} {SCHEDULES} 1 {oldest}")
    return Batch(tuple(found), complete_since=None if oldest == "-" else read(oldest))


class Page:
    """How one page's items are read: in its zone, with the names of its components."""

    def __init__(self, vendor: Vendor) -> None:
        self._vendor = vendor
        self._zone = zone_of(vendor)
        self._names: dict[int, str] = {}

    def name_components(self, reply: Reply) -> None:
        """Version 2 tells an incident's component by its number."""
        if not _answers(reply):
            return
        try:
            self._names = {part.id: part.name for part in reply.json(WireComponents).data}
        except SourceFault as fault:
            reply.skip("the names", fault)

    def incident(self, item: WireItem) -> Incident:
        """An incident; one of an old version may be planned work."""
        status = item.status if item.latest_status is None else item.latest_status
        is_planned = status == PLANNED and item.scheduled_at is not None
        started_at = self._at(item.occurred_at or item.created_at)
        posts = [self._post(post) for post in item.updates or ()]
        ended_at, basis = self._end(item, status, posts)
        name = self._names.get(item.component_id or 0)
        link = (
            f"{self._vendor.status_page.rstrip('/')}/incidents/{item.guid}" if item.guid else None
        )
        return Incident(
            key=str(item.id),
            title=item.name,
            kind="maintenance" if is_planned else "incident",
            impact="none" if is_planned else "unknown",
            url=item.permalink or link,
            started_at=self._at(item.scheduled_at) if is_planned else started_at,
            ended_at=ended_at,
            end_basis="unstated" if is_planned else basis,
            components=tuple(item.components or ([name] if name else [])),
            updates=self._updates(item, started_at, "update", posts),
        )

    def schedule(self, item: WireItem) -> Incident:
        """Planned work. Its numbers are not those of the incidents."""
        until = self._at(item.completed_at) if item.completed_at else None
        is_over = item.status == COMPLETE and until is not None
        created_at = self._at(item.created_at or item.scheduled_at)
        posts = [self._post(post) for post in item.updates or ()]
        return Incident(
            key=f"{SCHEDULES}/{item.id}",
            title=item.name,
            kind="maintenance",
            impact="none",
            started_at=self._at(item.scheduled_at or item.created_at),
            ended_at=until if is_over else None,
            end_basis="end_field" if is_over else "unstated" if item.status == COMPLETE else None,
            scheduled_until=until,
            components=tuple(item.components or ()),
            updates=self._updates(item, created_at, "scheduled", posts),
        )

    def entered_at(self, item: WireItem, incident: Incident) -> datetime:
        """When an incident was entered; its start where that was later, or is all we can read."""
        try:
            return max(self._at(item.created_at or item.occurred_at), incident.started_at)
        except ValueError:
            return incident.started_at

    def _at(self, text: str | None) -> datetime:
        if not text:
            raise ValueError("it has no time")
        return parse_iso(text, self._zone)

    def _end(
        self, item: WireItem, status: int | None, posts: list[Update]
    ) -> tuple[datetime | None, EndBasis | None]:
        if status != FIXED:
            return None, None
        return end_of(oldest_first(posts), self._at(item.updated_at or item.created_at))

    def _post(self, post: WirePost) -> Update:
        phase = "update" if post.status is None else PHASES.get(post.status, "unknown")
        word = post.human_status or (None if post.status is None else str(post.status))
        return Update(
            key=str(post.id),
            at=self._at(post.created_at),
            phase=phase,
            phase_raw=word,
            body=post.message or "",
            body_format="markdown",
        )

    def _updates(
        self, item: WireItem, at: datetime, phase: Phase, posts: list[Update]
    ) -> tuple[Update, ...]:
        """The item's own message and the posts under it."""
        message = Update(MESSAGE, at, phase, item.message or "", body_format="markdown")
        return oldest_first([message, *posts] if item.message else posts)


def _apis(vendor: Vendor) -> list[str]:
    named = vendor.options.get("api", VERSION_2)
    if named not in (VERSION_2, VERSION_3):
        reason = (
            f"the option api of {vendor.slug} is {named!r}, expected {VERSION_2} or {VERSION_3}"
        )
        raise SourceFault("not what it says", reason)
    return [named] if "api" in vendor.options else [VERSION_2, VERSION_3]


def _get(api: str, name: str, page: str = "") -> Get:
    query = QUERIES[api, name] + (f"&page={page}" if page else "")
    return Get(f"{api}/{name}?{query}", optional=True)


def _answers(reply: Reply) -> bool:
    return not (reply.absent or reply.is_html)


def _chosen(replies: list[Reply], vendor: Vendor) -> int:
    """Which of the APIs asked is there."""
    there = [number for number, reply in enumerate(replies) if not reply.absent]
    for number in there:
        if not replies[number].is_html:
            return number
    if there:
        reason = f"{replies[there[0]].url} answers with a web page, not JSON"
        raise SourceFault("not what it says", reason)
    raise SourceFault("gone", f"{vendor.status_page} has no Cachet API, or it is switched off")
