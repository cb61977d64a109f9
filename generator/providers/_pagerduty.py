"""What both generations of PagerDuty's pages say, and the older one's script."""

import re
from dataclasses import dataclass, field
from datetime import datetime

import msgspec

from generator.errors import SourceFault
from generator.model import ENDING, EndBasis, Impact, Incident, Phase, Update, oldest_first
from generator.providers._rules import end_of
from generator.reading import Reply
from generator.times import parse_iso

PHASES: dict[str, Phase] = {
    "detected": "investigating",
    "investigating": "investigating",
    "identified": "identified",
    "monitoring": "monitoring",
    "resolved": "resolved",
    "scheduled": "scheduled",
    "in progress": "in_progress",
    "completed": "completed",
}
FINE = "all good"
IMPACTS: dict[str, Impact] = {
    FINE: "none",
    "maintenance": "none",
    "minor": "minor",
    "major": "major",
    "outage": "critical",
    "critical": "critical",
}
SCRIPT = re.compile(rb"""<script[^>]*\bid=["']data["'][^>]*>(.*?)</script>""", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Said:
    """One update of a post, its words spelled out."""

    id: str
    at: datetime
    status: str | None
    severity: str | None
    body: str
    services: list[str]


@dataclass(frozen=True, slots=True)
class Post:
    """A post, its updates in any order. `starts_at` and `ends_at` are the plan of a maintenance."""

    id: str
    title: str
    said: list[Said]
    planned: bool = False
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    afterwards: tuple[Update, ...] = field(default=())


class WireAffected(msgspec.Struct):
    name: str


class WireUpdate(msgspec.Struct):
    id: str
    reported_at: str
    status: str | None = None
    severity: str | None = None
    message: str | None = None
    impacted_business_services: list[WireAffected] | None = None


class WirePostmortem(msgspec.Struct):
    id: str
    reported_at: str
    message: str | None = None


class WireIncident(msgspec.Struct):
    id: str
    title: str
    updates: list[WireUpdate]
    postmortem: WirePostmortem | None = None


class WireSummary(msgspec.Struct):
    open_incidents: list[msgspec.Raw]
    resolved_incidents: list[msgspec.Raw]


class WireData(msgspec.Struct):
    summary: WireSummary


def embedded(page: Reply, address: str) -> list[Incident]:
    """The incidents inside an older page's script; SourceFault when it has none."""
    script = SCRIPT.search(page.body)
    if not script:
        raise SourceFault("not what it says", f"{page.url} is no page of PagerDuty's")
    document = Reply(page.url, page.status, page.content_type, script[1], page.faults)
    summary = document.json(WireData).summary
    rows = [*summary.open_incidents, *summary.resolved_incidents]
    return page.records(rows, WireIncident, lambda wire: _older(wire, address))


def incident(post: Post, page: str) -> Incident:
    """The post as a record; ValueError when it has no update and no start."""
    said = sorted(post.said, key=lambda one: one.at)
    started_at = post.starts_at or (said[0].at if said else None)
    if started_at is None:
        raise ValueError(f"post {post.id} has no time")
    updates = tuple(
        Update(one.id, one.at, phase_of(one.status), one.body, one.status, "html") for one in said
    )
    impact, word = _impact(said)
    ended_at, basis = _end(updates, started_at)
    return Incident(
        key=post.id,
        title=post.title,
        kind="maintenance" if post.planned else "incident",
        impact=impact,
        impact_raw=word,
        url=f"{page.rstrip('/')}/posts/details/{post.id}",
        started_at=started_at,
        ended_at=ended_at,
        end_basis=basis,
        scheduled_until=post.ends_at if post.planned else None,
        components=tuple(dict.fromkeys(name for one in said for name in one.services)),
        updates=oldest_first((*updates, *post.afterwards)),
    )


def phase_of(word: str | None) -> Phase:
    """The phase of a status, in either spelling: `in progress`, `in_progress`."""
    return PHASES.get(_plain(word), "unknown")


def _older(wire: WireIncident, page: str) -> Incident:
    said = [
        Said(
            id=update.id,
            at=parse_iso(update.reported_at),
            status=update.status,
            severity=update.severity,
            body=update.message or "",
            services=[row.name for row in update.impacted_business_services or ()],
        )
        for update in wire.updates
    ]
    report = wire.postmortem
    afterwards = () if report is None else (_postmortem(report),)
    return incident(Post(wire.id, wire.title, said, afterwards=afterwards), page)


def _postmortem(wire: WirePostmortem) -> Update:
    at = parse_iso(wire.reported_at)
    return Update(wire.id, at, "postmortem", wire.message or "", body_format="html")


def _impact(said: list[Said]) -> tuple[Impact, str | None]:
    """The last severity that was not "all good", which is what an end returns to."""
    words = [
        one.severity
        for one in said
        if one.severity and not (phase_of(one.status) in ENDING and _plain(one.severity) == FINE)
    ]
    bad = [word for word in words if _plain(word) != FINE]
    word = next(reversed(bad or words), None)
    return IMPACTS.get(_plain(word), "unknown"), word


def _end(updates: tuple[Update, ...], opened: datetime) -> tuple[datetime | None, EndBasis | None]:
    """The update that ended it, if its last status is an end; an unknown status says neither."""
    if not updates or updates[-1].phase == "unknown":
        return None, "unstated"
    if updates[-1].phase not in ENDING:
        return None, None
    return end_of(updates, opened)


def _plain(word: str | None) -> str:
    return (word or "").lower().replace("_", " ")
