"""IBM Cloud's notifications: one feed of incidents, maintenance and product news.

Seen at: cloud.ibm.com/status
History: none beyond the feed, about 90 days.
Quirks:  Most items are announcements, releases and security bulletins, which are left out. Below
         an item's text stand labelled fields: ID, Type, Regions, Resources, Outage Start and End,
         Update Time, the times as JavaScript prints them. An item is rewritten in place and has no
         state word but, sometimes, in front of its title. For maintenance the outage is the plan.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from generator.model import ENDING, EndBasis, Incident, Kind, Update, Vendor
from generator.providers._feeds import TAGS, Entry, Feed, parse, plain_title, whole_entry
from generator.reading import Batch, Get, Reading
from generator.times import instant

KINDS: dict[str, Kind | None] = {
    "incident": "incident",
    "maintenance": "maintenance",
    # News of products, not of their health.
    "announcement": None,
    "release": None,
    "security": None,
}
BETWEEN = r"(?:\s|<[^>]*>)*"
TYPE = re.compile(
    rf"(?:\s|<br\s*/?>)*(?:\bID:\s*(?P<id>[^\s<]+){BETWEEN})?\bType:\s*(?P<type>[A-Za-z][\w-]*)"
)
LABEL = re.compile(
    r"\b(ID|Regions|(?:Affected )?Resources|Outage Start|Outage End|Update Time):", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Fields:
    """What an item's labels say; `text` is the HTML in front of them."""

    id: str | None
    type: str
    text: str
    labels: dict[str, str]

    def names(self, label: str) -> tuple[str, ...]:
        """The names of a list."""
        names = (name.strip() for name in self.labels.get(label, "").split(","))
        return tuple(dict.fromkeys(name for name in names if name))

    def time(self, label: str) -> datetime | None:
        """A time as JavaScript prints it: `Mon Oct 06 2026 10:00:00 GMT+0000 (...)`."""
        text = self.labels.get(label, "").partition("(")[0].strip()
        return instant(datetime.strptime(text, "%a %b %d %Y %H:%M:%S GMT%z")) if text else None


def recent(vendor: Vendor, watch: frozenset[str]) -> Reading:
    """Every incident and maintenance of the feed."""
    (reply,) = yield [Get("api/notifications/feed.rss")]
    feed = parse(reply)
    incidents = []
    for entry in feed.entries:
        try:
            fields = _fields(entry)
            kind = _kind(fields)
            if kind:
                incidents.append(_incident(entry, fields, kind))
        except ValueError as error:
            reply.skip(f"entry {entry.title!r}", error)
    return Batch(tuple(incidents), _range(feed, incidents))


def _fields(entry: Entry) -> Fields:
    """The labels below the text; the last `Type:` begins them, whatever the text says before."""
    marks = list(TYPE.finditer(entry.body))
    if not marks:
        raise ValueError("it states no type")
    mark = marks[-1]
    parts = LABEL.split(TAGS.sub(" ", entry.body[mark.end() :]))
    labels = {
        name.lower().removeprefix("affected "): " ".join(value.split())
        for name, value in zip(parts[1::2], parts[2::2], strict=True)
    }
    identity = mark["id"] or labels.get("id")
    return Fields(identity, mark["type"].lower(), entry.body[: mark.start()].strip(), labels)


def _kind(fields: Fields) -> Kind | None:
    if fields.type not in KINDS:
        raise ValueError(f"its type is {fields.type!r}, expected one of {', '.join(KINDS)}")
    return KINDS[fields.type]


def _incident(entry: Entry, fields: Fields, kind: Kind) -> Incident:
    update = _update(entry, fields)
    stop = fields.time("outage end")
    ended_at, basis = _end(kind, stop, update)
    return Incident(
        key=fields.id or entry.id,
        title=plain_title(entry.title),
        kind=kind,
        impact="unknown",
        url=entry.link,
        started_at=fields.time("outage start") or entry.published_at,
        ended_at=ended_at,
        end_basis=basis,
        scheduled_until=stop if kind == "maintenance" else None,
        components=fields.names("resources"),
        regions=fields.names("regions"),
        updates=(update,),
    )


def _update(entry: Entry, fields: Fields) -> Update:
    """The item's one text, under one name: it is rewritten in place."""
    told = whole_entry(entry, "notice")
    return Update(
        key=told.key,
        at=fields.time("update time") or told.at,
        phase=told.phase,
        phase_raw=told.phase_raw,
        body=fields.text,
        body_format="html",
    )


def _end(
    kind: Kind, stop: datetime | None, update: Update
) -> tuple[datetime | None, EndBasis | None]:
    """The end of an outage; of maintenance, whose outage is planned, the word that it is done."""
    if kind == "incident" and stop:
        return stop, "end_field"
    if update.phase in ENDING:
        return update.at, "resolving_update"
    return None, None


def _range(feed: Feed, incidents: Iterable[Incident]) -> dict[Kind, datetime]:
    """The window may be cut by start, end or change: see the oldest incident's last sign of life.

    Only of incidents: maintenance lies ahead, whatever the window.
    """
    outages = [incident for incident in incidents if incident.kind == "incident"]
    over = sum(incident.ended_at is not None for incident in outages)
    if not feed.whole or over * 2 <= len(outages):
        return {}
    return {
        "incident": min(
            max(filter(None, (one.started_at, one.ended_at, one.updates[0].at))) for one in outages
        )
    }
