"""Upptime: an uptime monitor in a GitHub repository, whose issues are its incidents.

Seen at: demo.upptime.js.org and the status pages of many small projects, on GitHub Pages
History: complete: issues labelled `status` and `maintenance`, oldest first.
Quirks:  The monitor opens an issue when a site fails its check, says so with a mark in the title,
         and closes it with a comment when the site is back. Sites are labels. Planned work keeps
         its times in an HTML comment of its text. Comments of all issues are one list. Anyone may
         comment where an issue is not locked: only the repository's own people and bots count.
         60 requests an hour for those without a token; unchanged answers are free.
Options: repository: `owner/name`, when the status page is not below github.com or github.io.
         api: where the GitHub API is, if not at https://api.github.com.
"""

import re
from collections.abc import Container, Generator, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from urllib.parse import urlsplit

from generator.errors import SourceFault
from generator.model import KINDS, EndBasis, Impact, Incident, Kind, Update, Vendor, oldest_first
from generator.providers._feeds import PHASES
from generator.providers._github import (
    PAGE,
    Comments,
    Listed,
    WireComment,
    WireIssue,
    alone,
    listed,
    needed,
)
from generator.reading import Batch, Get, Reading, Reply
from generator.times import parse_iso, read, text_of

OPTIONS = ("repository", "api")
STATUS = "status"
MAINTENANCE = "maintenance"
# The marks in front of a title: "🛑 API is down", "⚠️ API has degraded performance".
IMPACTS: dict[str, Impact] = {"🛑": "critical", "⚠": "minor"}
MARK = re.compile(r"^([🛑⚠])\ufe0f?\s*")
# <!-- start: 2026-01-02T15:00:00Z ... -->
HIDDEN = re.compile(r"<!--(.*?)-->\s*", re.DOTALL)
PLANNED = re.compile(r"^\s*(start|end):\s*(\S+)\s*$", re.MULTILINE)
# "**Resolved:** API is back up"
STATED = re.compile(r"^\*\*([A-Za-z ]+?):?\*\*")
OWN_PEOPLE = ("OWNER", "MEMBER", "COLLABORATOR")
LAST_TOUCHED = f"comments?sort=updated&direction=desc&per_page={PAGE}"
# Issues whose comments are read one by one, and issues of one step of the history.
FEW = 20
STEP = 50
# The name of an issue's own text among its updates.
OPENING = "issue"


def recent(vendor: Vendor, watch: frozenset[str]) -> Reading:
    """The newest hundred incidents and hundred maintenances with the comments last touched."""
    address = _address(vendor)
    replies = yield [
        Get(f"{address}?state=all&labels={STATUS}&per_page={PAGE}"),
        Get(f"{address}?state=all&labels={MAINTENANCE}&per_page={PAGE}"),
        Get(f"{address}/{LAST_TOUCHED}"),
    ]
    lists = [listed(reply) for reply in replies[:2]]
    numbers = {str(issue.number) for each in lists for issue in each.issues}
    missing = sorted(watch - numbers)
    if missing:
        single = yield [Get(f"{address}/{number}", optional=True) for number in missing]
        lists += [alone(reply) for reply in single if not reply.absent]
    comments = Comments()
    comments.add(replies[2])
    yield from needed(f"{address}/{LAST_TOUCHED}", comments, _all(lists))
    news = [one for one in _all(lists) if comments.lack(one) and _is_news(one, comments)]
    yield from _own(address, comments, news[:FEW])
    # What nobody has touched for so long is no news; without its comments it is left to history.
    left = {
        str(one.number) for one in _all(lists) if comments.lack(one) and not _is_news(one, comments)
    }
    batch = _batch(lists, comments)
    return Batch(
        tuple(incident for incident in batch.incidents if incident.key not in left),
        listed_since=_listed_since(batch.incidents, lists, left),
        partial=batch.partial - left,
    )


def history(vendor: Vendor, cursor: str | None) -> Reading:
    """The next fifty issues, oldest first. Cursor: label, page, last opening, oldest start."""
    label, page, last, oldest = (cursor or f"{STATUS} 1 - -").split()
    address, order = _address(vendor), "sort=created&direction=asc"
    query = f"state=all&labels={label}&{order}&per_page={STEP}&page={page}"
    (reply,) = yield [Get(f"{address}?{query}")]
    found, comments = listed(reply, STEP), Comments()
    if found.issues:
        since = found.issues[0].created_at
        if last != "-" and since < last:
            raise SourceFault("not what it says", f"{reply.url} is a page that came before")
        last = found.issues[-1].created_at
        stream = f"{address}/comments?since={since}&{order}&per_page={PAGE}"
        yield from needed(stream, comments, found.issues)
        yield from _own(address, comments, found.issues)
    batch = _batch([found], comments)
    starts = [text_of(incident.started_at) for incident in batch.incidents]
    oldest = min([*starts, *([oldest] if oldest != "-" else [])], default="-")
    if found.is_cut:
        return replace(batch, cursor=f"{label} {int(page) + 1} {last} {oldest}")
    if label == STATUS:
        return replace(batch, cursor=f"{MAINTENANCE} 1 - {oldest}")
    return replace(batch, complete_since=None if oldest == "-" else read(oldest))


def _address(vendor: Vendor) -> str:
    """Where the API has the issues of the vendor's repository."""
    repository = vendor.options.get("repository") or _repository(vendor.status_page)
    if not repository:
        reason = f"{vendor.status_page} does not tell its repository: name it in the vendor's file"
        raise SourceFault("not what it says", f"{reason}, as repository under [options]")
    api = vendor.options.get("api", "https://api.github.com").rstrip("/")
    return f"{api}/repos/{repository}/issues"


def _repository(page: str) -> str | None:
    """`owner/name` of a page at github.com/owner/name or owner.github.io/name."""
    parts = urlsplit(page)
    host, path = parts.hostname or "", parts.path.strip("/").split("/")
    if host == "github.com" and len(path) >= 2:
        return "/".join(path[:2])
    if host.endswith(".github.io") and path[0]:
        return f"{host.removesuffix('.github.io')}/{path[0]}"
    return None


def _own(
    address: str, comments: Comments, issues: Iterable[WireIssue]
) -> Generator[list[Get], list[Reply], None]:
    """Read the comments of the issues that still lack some, one by one."""
    lacking = [issue for issue in issues if comments.lack(issue)]
    if lacking:
        wanted = [Get(f"{address}/{one.number}/comments?per_page={PAGE}") for one in lacking]
        for reply in (yield wanted):
            comments.add(reply)


def _is_news(issue: WireIssue, comments: Comments) -> bool:
    return issue.state != "closed" or bool(comments.of(issue))


def _all(lists: Iterable[Listed]) -> list[WireIssue]:
    return [issue for each in lists for issue in each.issues]


def _batch(lists: Iterable[Listed], comments: Comments) -> Batch:
    incidents, partial = {}, set()
    for each in lists:
        for issue in each.issues:
            try:
                incident = _incident(issue, comments.of(issue))
            except ValueError as error:
                each.reply.skip(f"issue {issue.number}", error)
                continue
            incidents[incident.key] = incident
            if comments.lack(issue):
                partial.add(incident.key)
    return Batch(tuple(incidents.values()), partial=frozenset(partial))


def _listed_since(
    incidents: Iterable[Incident], lists: Sequence[Listed], left: Container[str]
) -> dict[Kind, datetime]:
    """Since when nothing is left out; planned work is not listed by its start, so all or none."""
    since: dict[Kind, datetime] = {}
    for kind, each in zip(KINDS, lists, strict=False):
        keys = {str(issue.number) for issue in each.issues}
        found = [one for one in incidents if one.kind == kind and one.key in keys]
        holes = [one.started_at for one in found if one.key in left]
        if found and (kind == "incident" or not (each.is_cut or holes)):
            since[kind] = max([min(one.started_at for one in found), *holes])
    return since


def _incident(wire: WireIssue, comments: Iterable[WireComment]) -> Incident:
    names = [label.name for label in wire.labels]
    is_planned = MAINTENANCE in names
    hidden = HIDDEN.search(wire.body or "") if is_planned else None
    times = dict(PLANNED.findall(hidden[1])) if hidden else {}
    mark = MARK.match(wire.title)
    ended_at, basis = _end(wire)
    return Incident(
        key=str(wire.number),
        title=wire.title[mark.end() :] if mark else wire.title,
        kind="maintenance" if is_planned else "incident",
        impact="none" if is_planned else IMPACTS[mark[1]] if mark else "unknown",
        impact_raw=MAINTENANCE if is_planned else mark[1] if mark else None,
        url=wire.html_url,
        started_at=parse_iso(times.get("start", wire.created_at)),
        ended_at=ended_at,
        end_basis=basis,
        scheduled_until=parse_iso(times["end"]) if "end" in times else None,
        components=tuple(name for name in names if name not in (STATUS, MAINTENANCE)),
        updates=_updates(wire, comments),
    )


def _end(wire: WireIssue) -> tuple[datetime | None, EndBasis | None]:
    if wire.state != "closed":
        return None, None
    if wire.closed_at:
        return parse_iso(wire.closed_at), "resolve_time"
    return parse_iso(wire.updated_at or wire.created_at), "last_update"


def _updates(wire: WireIssue, comments: Iterable[WireComment]) -> tuple[Update, ...]:
    """The text of the issue and what its people said under it."""
    opening = HIDDEN.sub("", wire.body or "").strip()
    updates = [
        Update(OPENING, parse_iso(wire.created_at), "update", opening, body_format="markdown")
    ]
    for comment in comments:
        is_bot = comment.user is not None and comment.user.type == "Bot"
        if not is_bot and comment.author_association not in OWN_PEOPLE:
            continue
        body = (comment.body or "").strip()
        stated = STATED.match(body)
        word = stated[1] if stated and stated[1].lower() in PHASES else None
        updates.append(
            Update(
                key=str(comment.id),
                at=parse_iso(comment.created_at),
                phase=PHASES[word.lower()] if word else "update",
                phase_raw=word,
                body=body,
                body_format="markdown",
            )
        )
    return oldest_first(updates)
