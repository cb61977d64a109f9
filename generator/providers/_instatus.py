"""Instatus's words, times and month pages."""

import json
import re
from collections.abc import Iterable
from datetime import datetime

import msgspec

from generator.errors import SourceFault
from generator.model import ENDING, Impact, Incident, Kind, Phase
from generator.providers._embedded import flight
from generator.reading import Reply
from generator.times import instant, parse_iso

IMPACTS: dict[str, Impact] = {
    "OPERATIONAL": "none",
    "UNDERMAINTENANCE": "none",
    "DEGRADEDPERFORMANCE": "minor",
    "MINOROUTAGE": "minor",
    "PARTIALOUTAGE": "major",
    "MAJOROUTAGE": "critical",
}
PHASES: dict[str, Phase] = {
    "INVESTIGATING": "investigating",
    "IDENTIFIED": "identified",
    "MONITORING": "monitoring",
    "RESOLVED": "resolved",
    "NOTSTARTEDYET": "scheduled",
    "INPROGRESS": "in_progress",
    "COMPLETED": "completed",
}
PLANNED = ("NOTSTARTEDYET", "INPROGRESS", "COMPLETED")
# Of a flight: `"notices":{"<id>":{...},...}` and `"components":[{...},...]`, once or more often.
NOTICES = re.compile(r'"notices":\s*(?=\{)')
COMPONENTS = re.compile(r'"components":\s*(?=\[)')


class WireName(msgspec.Struct):
    default: str


class WireComponent(msgspec.Struct):
    id: str
    name: WireName | str | None = None


class WireNotice(msgspec.Struct):
    id: str
    name: WireName | str
    started: str
    status: str
    resolved: str | None = None
    impact: str | None = None
    components: list[WireComponent] | None = None


def word_of(text: str) -> str:
    """A state as the JSON writes it: the feed says "Not started yet"."""
    return text.replace(" ", "").upper()


def moment(text: str) -> datetime:
    """A time of any age of pages: ISO, or `Sat Jun 11 2022 18:55:50 GMT+0000 (Coordinated ...)`."""
    try:
        return parse_iso(text.removeprefix("$D"))
    except ValueError:
        plain = text.partition(" (")[0]
        return instant(datetime.strptime(plain, "%a %b %d %Y %H:%M:%S GMT%z"))


def notices(reply: Reply, page: str) -> list[Incident]:
    """The incidents of a month page; they have no updates."""
    text = flight(reply)
    found = list(_objects(text, NOTICES))
    if not found:
        raise SourceFault("not what it says", f"{reply.url} is a page without notices")
    names = _names(text)
    rows = {key: row for each in found if isinstance(each, dict) for key, row in each.items()}
    raw = [msgspec.Raw(msgspec.json.encode(row)) for row in rows.values()]
    return reply.records(raw, WireNotice, lambda wire: _notice(wire, page, names))


def _notice(wire: WireNotice, page: str, names: dict[str, str]) -> Incident:
    kind: Kind = "maintenance" if wire.status in PLANNED else "incident"
    over = PHASES.get(wire.status) in ENDING and wire.resolved not in (None, "$undefined")
    return Incident(
        key=wire.id,
        title=_text(wire.name),
        kind=kind,
        impact=IMPACTS.get(wire.impact or "", "unknown"),
        impact_raw=wire.impact,
        url=f"{page}/{kind}/{wire.id}",
        started_at=moment(wire.started),
        ended_at=moment(wire.resolved) if wire.resolved and over else None,
        # It is the time of the post that the feed has: one fact must not have two bases.
        end_basis="resolving_update" if over else None,
        components=tuple(
            sorted({names[part.id] for part in wire.components or () if part.id in names})
        ),
    )


def _names(text: str) -> dict[str, str]:
    names: dict[str, str] = {}
    for parts in _objects(text, COMPONENTS):
        for part in parts if isinstance(parts, list) else ():
            try:
                wire = msgspec.convert(part, WireComponent)
            except msgspec.ValidationError:
                continue
            if wire.name is not None:
                names[wire.id] = _text(wire.name)
    return names


def _objects(text: str, mark: re.Pattern[str]) -> Iterable[object]:
    """The JSON values that follow a mark; what breaks off is no value."""
    decoder = json.JSONDecoder()
    for found in mark.finditer(text):
        try:
            yield decoder.raw_decode(text, found.end())[0]
        except (ValueError, RecursionError):
            continue


def _text(name: WireName | str) -> str:
    return name if isinstance(name, str) else name.default
