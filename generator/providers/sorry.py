"""Sorry, the API that every page documents at /api.

Seen at: status.postmarkapp.com, status.pingdom.com, status.pipedrive.com
History: complete: `notices` page by page, then each notice by itself.
Quirks:  The list knows neither components nor updates, so each notice is read by itself: those that
         are open or watched, and the last that were touched. The rest of the list is left to the
         history. There is no severity. A planned notice begins at `begins_at`; `began_at` is when
         somebody said so. A false alarm is resolved, what is cancelled is complete. An update may
         come without id: then its time is its name. Links to the next page drop the filters.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime

import msgspec

from generator.errors import SourceFault
from generator.model import ENDING, EndBasis, Incident, Kind, Phase, Update, Vendor, oldest_first
from generator.providers._keys import timed_key
from generator.providers._rules import end_of
from generator.reading import UNDECODED, Batch, Get, Reading, Reply
from generator.times import parse_iso, read, text_of

PHASES: dict[str, Phase] = {
    "investigating": "investigating",
    "identified": "identified",
    "recovering": "monitoring",
    "resolved": "resolved",
    "false_alarm": "resolved",
    "scheduled": "scheduled",
    "underway": "in_progress",
    "complete": "completed",
    "cancelled": "completed",
}
LIST = "api/v1/notices"
# As many of the list are read by themselves as a page of it usually has.
MOST = 25


class WireComponent(msgspec.Struct):
    name: str


class WireUpdate(msgspec.Struct):
    created_at: str
    id: int | str | None = None
    state: str | None = None
    content: str | None = None


class WireNotice(msgspec.Struct):
    """A notice by itself; in the list it has neither components nor updates."""

    id: int | str
    subject: str
    created_at: str
    type: str | None = None
    state: str | None = None
    url: str | None = None
    link: str | None = None
    began_at: str | None = None
    ended_at: str | None = None
    begins_at: str | None = None
    ends_at: str | None = None
    updated_at: str | None = None
    components: list[WireComponent] | None = None
    updates: list[WireUpdate] | None = None


class WireAlone(msgspec.Struct):
    notice: msgspec.Raw


class WireMeta(msgspec.Struct):
    next_page: str | None = None


class WireList(msgspec.Struct):
    notices: list[msgspec.Raw]
    meta: WireMeta


def recent(vendor: Vendor, watch: frozenset[str]) -> Reading:
    """The first page of notices, as many of them in full as have news."""
    (reply,) = yield [Get(LIST)]
    listed = [*_listed(reply)]
    over = [notice for notice in listed if notice.ended_at is not None]
    over.sort(key=lambda notice: notice.updated_at or notice.created_at, reverse=True)
    wanted = {str(notice.id) for notice in listed if notice.ended_at is None} | watch
    wanted |= {str(notice.id) for notice in over[:MOST]}
    alone = yield [Get(f"{LIST}/{key}", optional=True) for key in sorted(wanted)]
    found = _alone(alone)
    is_whole = reply.json(WireList).meta.next_page is None
    return Batch(tuple(found), _listed_since(listed, found, is_whole=is_whole))


def history(vendor: Vendor, cursor: str | None) -> Reading:
    """The next page of notices, each in full. Cursor: page, first notice of the last, oldest."""
    page, last, oldest = (cursor or "1 - -").split()
    (reply,) = yield [Get(LIST, page=page)]
    keys = [str(notice.id) for notice in _listed(reply)]
    if keys and keys[0] == last:
        raise SourceFault("not what it says", f"{reply.url} repeats the page before")
    found: list[Incident] = []
    if keys:
        found = _alone((yield [Get(f"{LIST}/{key}", optional=True) for key in keys]))
    starts = [text_of(incident.started_at) for incident in found]
    oldest = min([*starts, *([oldest] if oldest != "-" else [])], default="-")
    listed = reply.json(WireList)
    if listed.notices and listed.meta.next_page:
        first = keys[0] if keys else last
        return Batch(tuple(found), cursor=f"{int(page) + 1} {first} {oldest}")
    return Batch(tuple(found), complete_since=None if oldest == "-" else read(oldest))


def _listed(reply: Reply) -> Iterator[WireNotice]:
    for number, row in enumerate(reply.json(WireList).notices, start=1):
        try:
            notice = msgspec.json.decode(row, type=WireNotice)
            _entered(notice)
        except (*UNDECODED, ValueError) as error:
            reply.skip(f"record {number}", error)
            continue
        yield notice


def _alone(replies: Iterable[Reply]) -> list[Incident]:
    """Each notice in full; one that is not there any more is left out."""
    found = []
    for reply in replies:
        if not reply.absent:
            found += reply.records([reply.json(WireAlone).notice], WireNotice, _incident)
    return found


def _listed_since(
    listed: list[WireNotice], found: Iterable[Incident], *, is_whole: bool
) -> dict[Kind, datetime]:
    """Since when nothing is left out, if the list is whole or begins with the newest."""
    entered = [notice.created_at for notice in listed]
    if not listed or not (is_whole or entered == sorted(entered, reverse=True)):
        return {}
    read_in_full = {incident.key: incident for incident in found}
    holes = [_start(notice) for notice in listed if str(notice.id) not in read_in_full]
    kinds: tuple[Kind, ...] = ("incident", "maintenance") if is_whole else ("incident",)
    since = max([min(map(_start if is_whole else _entered, listed)), *holes])
    return dict.fromkeys(kinds, since)


def _start(wire: WireNotice) -> datetime:
    return parse_iso(wire.begins_at or wire.began_at or wire.created_at)


def _entered(wire: WireNotice) -> datetime:
    """When it was entered, or when it begins if that is later."""
    return max(parse_iso(wire.created_at), _start(wire))


def _incident(wire: WireNotice) -> Incident:
    updates = _updates(wire.updates or ())
    is_planned = wire.type == "planned"
    ended_at, basis = _end(wire, updates)
    names = (part.name for part in wire.components or ())
    return Incident(
        key=str(wire.id),
        title=wire.subject,
        kind="maintenance" if is_planned else "incident",
        impact="none" if is_planned else "unknown",
        url=wire.url or wire.link,
        started_at=_start(wire),
        ended_at=ended_at,
        end_basis=basis,
        scheduled_until=parse_iso(wire.ends_at) if wire.ends_at else None,
        components=tuple(dict.fromkeys(names)),
        updates=updates,
    )


def _end(wire: WireNotice, updates: tuple[Update, ...]) -> tuple[datetime | None, EndBasis | None]:
    """`ended_at`; of a notice that is closed without it, what its updates tell."""
    if wire.ended_at:
        return parse_iso(wire.ended_at), "resolve_time"
    if PHASES.get(wire.state or "", "unknown") not in ENDING:
        return None, None
    return end_of(updates, parse_iso(wire.updated_at or wire.created_at))


def _updates(rows: Iterable[WireUpdate]) -> tuple[Update, ...]:
    updates: list[Update] = []
    for row in sorted(rows, key=lambda row: row.created_at):
        at = parse_iso(row.created_at)
        updates.append(
            Update(
                key=timed_key(at, updates) if row.id is None else str(row.id),
                at=at,
                phase=PHASES.get(row.state, "unknown") if row.state else "update",
                phase_raw=row.state,
                body=row.content or "",
                body_format="markdown",
            )
        )
    return oldest_first(updates)
