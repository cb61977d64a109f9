"""The posts that an entry's HTML spells out, one after the other."""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from generator.model import Update, oldest_first
from generator.providers._feeds import PHASES, TAGS, Entry
from generator.providers._keys import timed_key
from generator.providers._years import near
from generator.times import parse_rfc822, zone_named

# Statuspage and its copies: <small>Jan 28, 15:54 UTC</small><br><strong>Resolved</strong> - ...
SMALL = re.compile(
    r"<p>\s*<small>(?P<when>.*?)</small>\s*<br\s*/?>\s*<strong>(?P<word>[^<]*)</strong>\s*-?\s*",
    re.DOTALL,
)
# A block a post: <div><p><strong>Fri, 31 Jul 2026 11:45:00 GMT</strong></p><h3>Identified</h3>...
DATED = re.compile(
    r"<div>\s*<p>\s*<strong>(?P<when>\w{3}, \d[^<]*)</strong>\s*</p>\s*"
    r"<h3>(?P<word>[^<]*)</h3>\s*(?P<body>.*?)</div>",
    re.DOTALL,
)
DAY = re.compile(
    r"(?P<month>[A-Z][a-z]{2})[a-z]*\s*(?P<day>\d{1,2})\s*,?\s*(?P<hour>\d{1,2}):(?P<minute>\d{2})"
    r"(?::\d{2})?(?:\s*-\s*\d{1,2}:\d{2})?\s*(?P<zone>[A-Z]{1,5})"
)
# As a post stands in the HTML: its time, its word, its text.
Post = tuple[datetime, str, str]
# Clocks differ, and posts are dated ahead: so much later than the entry's last touch one may be.
SLACK = timedelta(days=2)


def updates_of(entry: Entry) -> tuple[Update, ...]:
    """The updates that the entry's HTML spells out, oldest first; () when it spells out none."""
    updates: list[Update] = []
    for when, word, body in reversed([*_small(entry), *_dated(entry)]):
        updates.append(
            Update(
                key=timed_key(when, updates),
                at=when,
                phase=PHASES.get(word.lower(), "unknown"),
                phase_raw=word or None,
                body=body,
                body_format="html",
            )
        )
    return oldest_first(updates)


def _small(entry: Entry) -> list[Post]:
    """Posts in Statuspage's form: from one <small> date to the next, newest first."""
    marks = list(SMALL.finditer(entry.body))
    ends = [*(mark.start() for mark in marks), len(entry.body)][1:]
    texts = [entry.body[mark.end() : end].strip() for mark, end in zip(marks, ends, strict=True)]
    times = _times([_day(TAGS.sub(" ", mark["when"])) for mark in marks], entry)
    return [
        (at, mark["word"].strip(), text.removesuffix("</p>").strip())
        for at, mark, text in zip(times, marks, texts, strict=True)
    ]


def _dated(entry: Entry) -> Iterator[Post]:
    for mark in DATED.finditer(entry.body):
        yield parse_rfc822(mark["when"]), mark["word"].strip(), mark["body"].strip()


def _day(text: str) -> re.Match[str]:
    """`Jan 28, 15:54 UTC`."""
    mark = DAY.search(" ".join(text.split()))
    if not mark:
        raise ValueError(f"{text!r} is not a day and time")
    return mark


def _times(days: Sequence[re.Match[str]], entry: Entry) -> list[datetime]:
    """When the posts were made, which name no year, newest first.

    An entry is dated by its last post, by its first, or by both; and one that is touched long
    after its last post by neither. So from the end that lies nearest to its date on, each post is
    of the year that brings it nearest to the one beside it.
    """
    if not days:
        return []
    last, first = _year(days[0], entry.updated_at), _year(days[-1], entry.published_at)
    if abs(first - entry.published_at) < abs(last - entry.updated_at):
        times = [first]
        for day in reversed(days[:-1]):
            times.append(_year(day, times[-1]))
        return times[::-1]
    times = [last]
    latest = max(last, entry.updated_at) + SLACK
    for day in days[1:]:
        times.append(_year(day, times[-1], latest))
    return times


def _year(day: re.Match[str], beside: datetime, latest: datetime | None = None) -> datetime:
    """The day in the year that brings it nearest to what is beside it; none after the `latest`."""
    clock = (int(day["hour"]), int(day["minute"]), 0)
    return near(beside, day["month"], int(day["day"]), clock, zone_named(day["zone"]), latest)
