"""Better Stack's feed of posts: the ends of reports that have left index.json."""

import re
from collections.abc import Iterable

from generator.errors import SourceFault
from generator.model import Incident
from generator.providers._feeds import PLANNED, Entry, parse, plain_title, whole_entry
from generator.reading import Reply

REPORT = re.compile(r"/incidents?/([^/#?]+)")


def ends_of(reply: Reply, missing: Iterable[str]) -> list[Incident]:
    """Of the feed, the missing reports that it shows from their first post to their end."""
    if reply.absent:
        return []
    try:
        entries = parse(reply).entries
    except SourceFault as fault:  # what is listed is read all the same
        reply.skip("all", fault)
        return []
    posts: dict[str, list[Entry]] = {}
    for entry in entries:
        if report := REPORT.search(entry.guid) or REPORT.search(entry.link or ""):
            posts.setdefault(report[1], []).append(entry)
    oldest = min(entries, key=lambda entry: entry.published_at, default=None)
    found = []
    for key in sorted(posts.keys() & set(missing)):
        told = sorted(posts[key], key=lambda entry: entry.published_at)
        # With the feed's oldest post, the report's own first one may have slid off.
        if told[0] is not oldest and (incident := _from_feed(key, told)):
            found.append(incident)
    return found


def _from_feed(key: str, told: list[Entry]) -> Incident | None:
    """The incident as the feed ends it; None while its last post does not say so.

    A maintenance is left as it is: its planned start is not among the dates of its posts.
    """
    last = told[-1]
    post = whole_entry(last, last.guid)
    phases = {whole_entry(entry, entry.guid).phase for entry in told}
    if post.phase != "resolved" or phases & PLANNED:
        return None
    return Incident(
        key=key,
        title=plain_title(last.title),
        kind="incident",
        impact="unknown",
        started_at=told[0].published_at,
        ended_at=post.at,
        end_basis="resolving_update",
        updates=(post,),
    )
