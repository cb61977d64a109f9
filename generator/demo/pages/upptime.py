"""Upptime: a repository's issues and their comments, as GitHub's API gives them.

Issues and comments by the query's order, a page at a time. A site is down or degraded and nothing
between. On some pages strangers comment; nothing that they say is the vendor's word.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from generator.demo.pages import Answer, Page, as_json
from generator.demo.pages._front import front
from generator.demo.seeds import chance
from generator.model import BodyFormat, Impact, Incident, Kind, Update
from generator.times import text_of

BODY_FORMAT: BodyFormat = "markdown"
KINDS: frozenset[Kind] = frozenset({"incident", "maintenance"})
IMPACTS: frozenset[Impact] = frozenset({"minor", "critical"})

MARKS: dict[Impact, str] = {
    "none": "⚠️",
    "minor": "⚠️",
    "major": "🛑",
    "critical": "🛑",
}
Json = dict[str, Any]


def options(status_page: str, variant: int) -> Mapping[str, str]:
    """The repository, and where the API is."""
    return {"repository": _repository(status_page), "api": status_page}


def respond(page: Page, path: str, query: Mapping[str, str]) -> Answer | None:
    """The API's answer, or the page that tells the repository."""
    repository = f"https://github.com/{_repository(page.vendor.status_page)}"
    if path == "":
        powered = 'powered by <a href="https://upptime.js.org">Upptime</a>'
        return front(page, body=f'<p><a href="{repository}">Open source</a>, {powered}</p>')
    folder, _, name = path.partition(f"repos/{_repository(page.vendor.status_page)}/issues")
    if folder:
        return None
    if name == "":
        label = query.get("labels", "")
        rows = [_issue(page, one) for one in page.incidents]
        rows = [row for row in rows if any(mark["name"] == label for mark in row["labels"])]
        return as_json(_paged(rows, query))
    if name == "/comments":
        said = [comment for one in page.incidents for comment in _comments(page, one)]
        recent = [row for row in said if row["updated_at"] >= query.get("since", "")]
        return as_json(_paged(recent, query))
    for one in page.incidents:
        if name == f"/{_number(page, one)}":
            return as_json(_issue(page, one))
        if name == f"/{_number(page, one)}/comments":
            return as_json(_paged(_comments(page, one), {"direction": "asc", **query}))
    return None


def as_carried(page: Page, incident: Incident) -> Incident:
    """Two impacts, sites for components; it began when the issue was opened."""
    planned = incident.kind == "maintenance"
    mark = MARKS[incident.impact]
    return replace(
        incident,
        key=str(_number(page, incident)),
        url=_address(page, incident),
        impact="none" if planned else "critical" if mark == "🛑" else "minor",
        impact_raw="maintenance" if planned else mark[0],
        started_at=incident.started_at if planned else page.opened_at[incident.key],
        end_basis=None if incident.ended_at is None else "resolve_time",
        components=tuple(map(_slug, incident.components)),
        regions=(),
        updates=tuple(
            replace(
                update,
                key=str(_comment_id(update)) if index else "issue",
                at=update.at if index else page.opened_at[incident.key],
                phase="resolved" if _is_resolving(update, index) else "update",
                phase_raw="Resolved" if _is_resolving(update, index) else None,
                body=_text(update, index),
            )
            for index, update in enumerate(incident.updates)
        ),
    )


def _issue(page: Page, incident: Incident) -> Json:
    planned = incident.kind == "maintenance"
    opened_at = page.opened_at[incident.key]
    body = incident.updates[0].body
    if planned:
        body = f"<!--\n{_plan(incident)}-->\n\n{body}"
    labels = ["maintenance" if planned else "status", *map(_slug, incident.components)]
    return {
        "url": page.address(f"repos/{_repository(page.vendor.status_page)}/issues"),
        "html_url": _address(page, incident),
        "id": chance(incident.key, "issue").randrange(10**9, 2 * 10**9),
        "number": _number(page, incident),
        "title": incident.title if planned else f"{MARKS[incident.impact]} {incident.title}",
        "user": _user(page, "Bot"),
        "labels": [{"name": name, "color": "ededed", "default": False} for name in labels],
        "state": "open" if incident.ended_at is None else "closed",
        "locked": not planned,
        "comments": len(_comments(page, incident)),
        "created_at": text_of(opened_at),
        "updated_at": text_of(page.changed_at[incident.key]),
        "closed_at": text_of(incident.ended_at) if incident.ended_at else None,
        "author_association": "OWNER",
        "body": body,
        "state_reason": None if incident.ended_at is None else "completed",
    }


def _plan(incident: Incident) -> str:
    ends = incident.scheduled_until or incident.started_at
    expected = ", ".join(map(_slug, incident.components))
    return (
        f"start: {_precise(incident.started_at)}\nend: {_precise(ends)}\nexpectedDown: {expected}\n"
    )


def _comments(page: Page, incident: Incident) -> list[Json]:
    rows = [
        _comment(page, incident, _comment_id(update), text_of(update.at), _text(update, index))
        for index, update in enumerate(incident.updates)
        if index
    ]
    if page.variant % 2 and incident.key[-1] in "bcd":
        at = text_of(incident.updates[-1].at)
        row = _comment(page, incident, _comment_id(incident.updates[0]), at, "**Resolved:** +1")
        rows.append(row | {"author_association": "NONE", "user": _user(page, "User")})
    return rows


def _comment(page: Page, incident: Incident, key: int, at: str, body: str) -> Json:
    repository = page.address(f"repos/{_repository(page.vendor.status_page)}")
    return {
        "id": key,
        "url": f"{repository}/issues/comments/{key}",
        "issue_url": f"{repository}/issues/{_number(page, incident)}",
        "html_url": f"{_address(page, incident)}#issuecomment-{key}",
        "user": _user(page, "User"),
        "created_at": at,
        "updated_at": text_of(page.changed_at[incident.key]),
        "author_association": "OWNER",
        "body": body,
    }


def _paged(rows: Iterable[Json], query: Mapping[str, str]) -> Sequence[Json]:
    """A page of the rows in the order asked for."""
    order = f"{query.get('sort', 'created')}_at"
    ordered = sorted(rows, key=lambda row: str(row[order]))
    if query.get("direction", "desc") == "desc":
        ordered.reverse()
    size, number = int(query.get("per_page", "30")), int(query.get("page", "1"))
    return ordered[size * (number - 1) : size * number]


def _text(update: Update, index: int) -> str:
    return f"**Resolved:** {update.body}" if _is_resolving(update, index) else update.body


def _is_resolving(update: Update, index: int) -> bool:
    return index > 0 and update.phase == "resolved"


def _number(page: Page, incident: Incident) -> int:
    """Later issues have higher numbers."""
    return int(page.opened_at[incident.key].timestamp()) - 1_500_000_000


def _comment_id(update: Update) -> int:
    return chance(update.key, "comment").randrange(10**9, 2 * 10**9)


def _repository(status_page: str) -> str:
    return f"{status_page.rpartition('/')[2]}/upptime"


def _address(page: Page, incident: Incident) -> str:
    return page.address(f"issues/{_number(page, incident)}")


def _user(page: Page, kind: str) -> Json:
    return {"login": f"{page.vendor.slug}-bot", "id": 1, "type": kind}


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


def _precise(moment: datetime) -> str:
    return f"{text_of(moment)[:-1]}.000Z"
