"""Status.io's feed, and its posts as both the feed and the API have them."""

import re
from datetime import UTC, datetime

from generator.model import EndBasis, Incident, Kind, Phase, Update, oldest_first
from generator.providers._feeds import Entry, parse
from generator.providers._keys import timed_key
from generator.providers._rules import end_of
from generator.providers._years import near
from generator.reading import Reply
from generator.times import instant, zone_named

PHASES: dict[str, Phase] = {
    "investigating": "investigating",
    "identified": "identified",
    "monitoring": "monitoring",
    "resolved": "resolved",
    "scheduled": "scheduled",
    "active": "in_progress",
    "completed": "completed",
    "closed": "completed",
}
# <small>October 2, 2026 14:33 UTC</small><br /><b>Investigating</b> - text<br />, oldest first.
POST = re.compile(
    r"<small>(?P<when>.*?)</small>\s*<br\s*/?>\s*"
    r"<(?:b|strong)>(?P<word>[^<]*)</(?:b|strong)>\s*(?:-\s*)?",
    re.DOTALL | re.IGNORECASE,
)
WHEN = re.compile(
    r"(?P<month>[A-Z][a-z]{2})[a-z]*\.? (?P<day>\d{1,2})(?:,? (?P<year>\d{4}))?,?(?: at)? "
    r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::\d{2})? ?(?P<half>[AP]M)? ?(?P<zone>[A-Z]{2,5})\b"
)
BREAKS = re.compile(r"(?:\s|<br\s*/?>)+$", re.IGNORECASE)


def told(reply: Reply, pages: str, page_id: str) -> dict[str, Incident]:
    """The feed's incidents by id; a maintenance without a start is left out."""
    found = {}
    for entry in parse(reply).entries:
        key = entry.guid.rstrip("/").rpartition("/")[2]
        kind: Kind = "maintenance" if "/maintenance/" in (entry.link or "") else "incident"
        try:
            incident = _from_feed(key, kind, entry, f"{pages}/{kind}/{page_id}/{key}")
        except ValueError as error:
            reply.skip(f"entry {entry.title!r}", error)
            continue
        if incident is not None:
            found[key] = incident
    return found


def _from_feed(key: str, kind: Kind, entry: Entry, url: str) -> Incident | None:
    posts = _posts(entry)
    started_at = posts[0].at if posts else minute(entry.published_at)
    if kind == "maintenance":
        begun = [post.at for post in posts if post.phase == "in_progress"]
        if not begun:
            return None
        started_at = begun[0]
    ended_at: datetime | None = None
    basis: EndBasis | None = None if posts else "unstated"
    if posts and posts[-1].phase in ("resolved", "completed"):
        ended_at, basis = end_of(posts, started_at)
    return Incident(
        key=key,
        title=entry.title,
        kind=kind,
        impact="unknown",
        url=url,
        started_at=started_at,
        ended_at=ended_at,
        end_basis=basis,
        updates=posts,
    )


def _posts(entry: Entry) -> tuple[Update, ...]:
    """The posts of an entry, oldest first."""
    marks = list(POST.finditer(entry.body))
    ends = [*(mark.start() for mark in marks), len(entry.body)][1:]
    posts: list[Update] = []
    for mark, end in zip(marks, ends, strict=True):
        body = BREAKS.sub("", entry.body[mark.end() : end])
        at = _when(mark["when"], entry.published_at)
        posts.append(post(at, mark["word"].strip() or None, body, posts))
    return oldest_first(posts)


def _when(text: str, about: datetime) -> datetime:
    """The time of a post, to the minute; without a year, the one nearest to the entry's date."""
    mark = WHEN.search(" ".join(text.split()))
    if not mark:
        raise ValueError(f"{text!r} is not a day and time with its zone")
    hour = int(mark["hour"]) % 12 if mark["half"] else int(mark["hour"])
    clock = (hour + 12 if mark["half"] == "PM" else hour, int(mark["minute"]), 0)
    zone = zone_named(mark["zone"])
    if not mark["year"]:
        return near(about, mark["month"], int(mark["day"]), clock, zone)
    year = datetime(int(mark["year"]), 7, 1, tzinfo=UTC)
    return near(year, mark["month"], int(mark["day"]), clock, zone)


def post(at: datetime, word: str | None, body: str, before: list[Update]) -> Update:
    """A post, known by its time; two of one minute by their place."""
    return Update(
        key=timed_key(at, before),
        at=at,
        phase=PHASES.get(word.lower(), "unknown") if word else "update",
        phase_raw=word,
        body=body,
        body_format="html",
    )


def minute(moment: datetime) -> datetime:
    """The time to the minute, all that the feed tells."""
    return instant(moment.replace(second=0))
