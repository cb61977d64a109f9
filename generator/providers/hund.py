"""Hund status pages, by the Atom feed of their issues.

Seen at: status.dogado.de, bluebeam.hund.io, scraperapi.hund.io, status.planview.com
History: none beyond the feed.
Quirks:  The API wants a key, the live stream never ends: the feed is what remains.
         An entry an issue, rewritten in place: the label in front of its title is the state, in
         the page's language. Labels are free text. Impact and components are not told.
         Content that spells out no posts is one post, as old as its last change.
         An informational issue is over as soon as it is posted.
"""

import re
from datetime import datetime
from typing import NamedTuple

from generator.model import (
    ENDING,
    EndBasis,
    Incident,
    Kind,
    Phase,
    Update,
    Vendor,
    oldest_first,
)
from generator.providers._feeds import PLANNED, Entry, end_of, parse
from generator.providers._posts import updates_of
from generator.providers._rules import start_of, vouched_since
from generator.reading import Batch, Get, Reading
from generator.times import text_of

PHASES: dict[str, Phase] = {
    "investigating": "investigating",
    "reopened": "investigating",
    "assessed": "identified",
    "identified": "identified",
    "problem identified": "identified",
    "monitoring": "monitoring",
    "problem partially resolved": "monitoring",
    "resolved": "resolved",
    "fixed": "resolved",
    "postmortem": "postmortem",
    "upcoming": "scheduled",
    "pending": "scheduled",
    "scheduled": "scheduled",
    "maintenance": "in_progress",
    "started": "in_progress",
    "in progress": "in_progress",
    "ended": "completed",
    "completed": "completed",
    "cancelled": "completed",
    "update": "update",
    "information": "update",
    "informational": "update",
    "gelöst": "resolved",
    "behoben": "resolved",
    "beendet": "completed",
}
# A bulletin: it lasts no time at all.
INFORMATION = ("information", "informational")
LABEL = re.compile(r"^\s*\[([^\]]+)\]\s*")
ISSUE = re.compile(r"/issues/([\w-]+)")


class End(NamedTuple):
    """When it was over, and how that is known."""

    at: datetime | None
    basis: EndBasis | None


def recent(vendor: Vendor, watch: frozenset[str]) -> Reading:
    """Every issue of the feed."""
    (reply,) = yield [Get("state_feed/feed.atom", optional=True, always=True)]
    if reply.absent:
        (reply,) = yield [Get("feed.atom")]
    feed = parse(reply)
    incidents = []
    partial = set()
    for entry in feed.entries:
        try:
            spelled_out = updates_of(entry)
            incident = _incident(entry, spelled_out)
        except ValueError as error:
            reply.skip(f"entry {entry.title!r}", error)
            continue
        incidents.append(incident)
        if not spelled_out:
            partial.add(incident.key)
    signs = [entry.updated_at for entry in feed.entries]
    whole = feed.whole and not reply.faults
    return Batch(
        incidents=tuple(incidents),
        listed_since=vouched_since(incidents, signs, whole=whole),
        partial=frozenset(partial),
    )


def _incident(entry: Entry, spelled_out: tuple[Update, ...]) -> Incident:
    label = _label(entry.title)
    posts = spelled_out or (_whole(entry, label),)
    ended_at, basis = _end(entry, spelled_out, label)
    issue = ISSUE.search(entry.link or "")
    kind = _kind(label, posts)
    return Incident(
        key=issue[1] if issue else entry.id.rpartition("/")[2],
        title=LABEL.sub("", entry.title) or entry.title,
        kind=kind,
        impact="unknown",
        url=entry.link,
        started_at=start_of(posts, kind, entry.published_at),
        ended_at=ended_at,
        end_basis=basis,
        updates=oldest_first(posts),
    )


def _label(title: str) -> str | None:
    """The label as the page wrote it: `[Gelöst] Mail is slow`."""
    mark = LABEL.match(title)
    return mark[1].strip() if mark else None


def _phase(label: str | None) -> Phase:
    return PHASES.get((label or "").casefold(), "unknown")


def _whole(entry: Entry, label: str | None) -> Update:
    """The entry as one post: its text now, under the time of its last change."""
    return Update(
        key=text_of(entry.updated_at),
        at=entry.updated_at,
        phase=_phase(label),
        phase_raw=label,
        body=entry.body,
        body_format="html",
    )


def _kind(label: str | None, posts: tuple[Update, ...]) -> Kind:
    planned = _phase(label) in PLANNED or any(post.phase in PLANNED for post in posts)
    return "maintenance" if planned else "incident"


def _end(entry: Entry, spelled_out: tuple[Update, ...], label: str | None) -> End:
    """What the posts say; where they say nothing, what the label says of the whole."""
    if spelled_out:
        told = End(*end_of(spelled_out))
        if told.at or label is None:
            return told
    if _phase(label) in ENDING or (label or "").casefold() in INFORMATION:
        return End(entry.updated_at, "last_update")
    return End(None, None if _phase(label) != "unknown" else "unstated")
