"""PagerDuty's status pages: the posts behind the page, or all of them inside an older page.

Seen at: status.pagerduty.com, status.kick.com, *.trust.pagerduty.com
History: complete: posts by windows of eighty days, oldest first; an older page holds them all.
Quirks:  The list of featured posts shortens their texts and forgets what is over, so each post and
         each one held open is read on its own. Words are ids, spelled out by `post_enums`. Severity
         returns to "all good" at the end. An older page answers every path with itself, and has
         incidents and postmortems in its script, but no maintenance.
"""

from collections.abc import Generator, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import msgspec

from generator.errors import SourceFault
from generator.model import KINDS, Incident, Vendor
from generator.providers._moments import moment
from generator.providers._pagerduty import Post, Said, embedded, incident
from generator.providers._rules import listed_since
from generator.reading import Batch, Get, Reading, Reply
from generator.times import read, text_of

# A request for a whole year is refused. No such page existed before the first window.
FIRST = datetime(2021, 1, 1, tzinfo=UTC)
WINDOW = timedelta(days=80)
# Without a clock, the present is where nothing follows: three years of silence.
EMPTY_WINDOWS = 14
MOST_WINDOWS = 60


class WireEnum(msgspec.Struct):
    id: str
    name: str


class WireEnums(msgspec.Struct):
    post_enums: list[WireEnum]


class WireService(msgspec.Struct):
    id: str
    name: str | None = None
    display_name: str | None = None


class WireServices(msgspec.Struct):
    services: list[WireService]


class WireImpact(msgspec.Struct):
    service_id: str


class WireUpdate(msgspec.Struct):
    id: str
    reported_at: str | int | float
    message: str | None = None
    status_id: str | None = None
    severity_id: str | None = None
    impacts: list[WireImpact] | None = None


class WirePost(msgspec.Struct):
    id: str
    title: str
    post_type: str | None = None
    starts_at: str | int | float | None = None
    ends_at: str | int | float | None = None
    updates: list[WireUpdate] | None = None


class WireAlone(msgspec.Struct):
    post: msgspec.Raw


class WireNamed(msgspec.Struct):
    id: str


class WirePosts(msgspec.Struct):
    posts: list[WireNamed]
    following: str | None = msgspec.field(name="continuationToken", default=None)


def recent(vendor: Vendor, watch: frozenset[str]) -> Reading:
    """The featured posts and those that are watched; of an older page, all it holds."""
    (featured,) = yield [
        Get("api/posts", optional=True, always=True, is_featured="true", limit="500")
    ]
    if featured.absent or featured.is_html:
        return (yield from _older(featured, vendor))
    listed = [post.id for post in featured.json(WirePosts).posts]
    found = yield from _alone([*listed, *sorted(watch - set(listed))], vendor)
    # Whatever is held open has been asked for by itself, and has no page any more if it is missing.
    return Batch(found, lists_open=frozenset(KINDS))


def history(vendor: Vendor, cursor: str | None) -> Reading:
    """The posts of the next window. Cursor: window, empty ones, earliest start, page within it."""
    number, empty, oldest, place = (cursor or "0 0 - -").split(maxsplit=3)
    since = FIRST + int(number) * WINDOW
    span = {"since": _milliseconds(since), "until": _milliseconds(since + WINDOW)}
    if place != "-":
        span["continuation_token"] = place
    (reply,) = yield [Get(f"api/posts?{urlencode(span)}", optional=True)]
    if reply.absent or reply.is_html:
        return (yield from _older(reply, vendor))
    if f"since={span['since']}" not in reply.url:
        raise SourceFault("moved", f"the redirect to {reply.url} drops the window")
    page = reply.json(WirePosts)
    found = yield from _alone([post.id for post in page.posts], vendor)
    if found:
        first = text_of(min(post.started_at for post in found))
        oldest = first if oldest == "-" else min(first, oldest)
    if page.following and page.following != place and page.posts:
        return Batch(found, cursor=f"{number} 0 {oldest} {page.following}")
    # Before anything was found, silence is the time before the page.
    silent = int(empty) + 1 if not page.posts and place == "-" and oldest != "-" else 0
    if silent >= EMPTY_WINDOWS or int(number) + 1 >= MOST_WINDOWS:
        return Batch(found, complete_since=None if oldest == "-" else read(oldest))
    return Batch(found, cursor=f"{int(number) + 1} {silent} {oldest} -")


def _older(page: Reply, vendor: Vendor) -> Reading:
    """Every incident inside an older page, which is also its whole history."""
    if page.absent:
        (page,) = yield [Get("")]
    found = embedded(page, vendor.status_page)
    since = listed_since(found)
    return Batch(
        tuple(found),
        {"incident": since} if since else {},
        lists_open=frozenset({"incident"}),
        complete_since=min((one.started_at for one in found), default=None),
    )


def _alone(
    keys: Iterable[str], vendor: Vendor
) -> Generator[list[Get], list[Reply], tuple[Incident, ...]]:
    """Posts by their ids, each read on its own; one that is not there any more is left out."""
    alone = [Get(f"api/posts/{key}", optional=True) for key in dict.fromkeys(keys)]
    if not alone:
        return ()
    enums, services, *replies = yield [
        Get("api/post_enums", optional=True),
        Get("api/services", optional=True),
        *alone,
    ]
    words, names = _words(enums), _names(services)

    def convert(wire: WirePost) -> Incident:
        return _post(wire, words, names, vendor.status_page)

    found = []
    for reply in replies:
        if not reply.absent and not reply.is_html:
            found += reply.records([reply.json(WireAlone).post], WirePost, convert)
    return tuple(found)


def _post(
    wire: WirePost, words: Mapping[str, str], names: Mapping[str, str], page: str
) -> Incident:
    post = Post(
        id=wire.id,
        title=wire.title,
        planned=wire.post_type == "maintenance",
        starts_at=moment(wire.starts_at) if wire.starts_at else None,
        ends_at=moment(wire.ends_at) if wire.ends_at else None,
        said=[_said(update, words, names) for update in wire.updates or ()],
    )
    return incident(post, page)


def _said(wire: WireUpdate, words: Mapping[str, str], names: Mapping[str, str]) -> Said:
    services = [names.get(row.service_id, row.service_id) for row in wire.impacts or ()]
    return Said(
        id=wire.id,
        at=moment(wire.reported_at),
        status=words.get(wire.status_id or "", wire.status_id),
        severity=words.get(wire.severity_id or "", wire.severity_id),
        body=wire.message or "",
        services=services,
    )


def _words(reply: Reply) -> dict[str, str]:
    """What the ids of states and severities mean."""
    if reply.absent:
        return {}
    return {word.id: word.name for word in reply.json(WireEnums).post_enums}


def _names(reply: Reply) -> dict[str, str]:
    """What the ids of services mean."""
    if reply.absent:
        return {}
    rows = reply.json(WireServices).services
    return {row.id: row.display_name or row.name or row.id for row in rows}


def _milliseconds(moment: datetime) -> str:
    return f"{moment.timestamp() * 1000:.0f}"
