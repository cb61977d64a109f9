"""iCalendar documents (RFC 5545, RFC 7986), written by icalendar.

An event's UID is minted with the incident's path and never moves; SEQUENCE counts what the vendor
posted, edited and took back, so that a client knows the newer version. No date is the clock's.
"""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from icalendar import Calendar, vDuration, vText
from icalendar.parser import Contentline

from generator.model import Incident, Kept
from generator.render import facts, links, words
from generator.render.frame import Site, mark_of, title_of
from generator.render.text import excerpt, safe_html, shown
from generator.times import text_of

LAST_WORDS = 280
OFTEN = timedelta(hours=1)
# Lines of so many octets are folded.
FOLDED = 75
# As much as stands in one of them, but no half of an escape.
_PIECE = re.compile(rb".{1,72}[^\\^]|.{1,73}")
END = b"END:VCALENDAR\r\n"
BASIC = str.maketrans("", "", "-:")


def calendar(site: Site, name: str, path: str, page: str, held: Sequence[Kept]) -> bytes:
    """The document at `path`; `page` is the path of the page that shows the same."""
    made = Calendar()
    made.add("version", "2.0")
    made.add("prodid", f"-//{site.config.title}//outage-archive//{words.LANGUAGE.upper()}")
    made.add("uid", f"{path}@{site.config.authority}")
    for key in ("name", "x-wr-calname"):  # what clients knew before RFC 7986 named it
        made.add(key, vText(words.calendar_title(name)))
    made.add("description", words.calendar_description(name))
    made.add("url", site.address(page))
    made.add("source", site.address(path), {"VALUE": "URI"})
    made.add("refresh-interval", vDuration(OFTEN), {"VALUE": "DURATION"})
    made.add("x-published-ttl", vDuration(OFTEN))
    head: bytes = made.to_ical()
    return head.removesuffix(END) + b"".join(_event_of(site, kept) for kept in held) + END


def _event_of(site: Site, kept: Kept) -> bytes:
    """An event. The library escapes and folds; its own Event takes five times as long."""
    incident, end = kept.incident, _end_of(kept.incident)
    changed = _instant(kept.changed_at)
    lines = (
        "BEGIN:VEVENT",
        f"SUMMARY:{_escaped(f'{site.name(kept.vendor)}: {title_of(incident)}')}",
        f"DTSTART:{_instant(incident.started_at)}",
        *((f"DTEND:{_instant(end)}",) if end else ()),
        f"DTSTAMP:{changed}",
        f"UID:{_escaped(f'{kept.vendor}/{kept.slug}@{site.config.authority}')}",
        f"SEQUENCE:{sequence_of(kept)}",
        f"CATEGORIES:{_escaped(mark_of(incident)[1])}",
        f"CREATED:{_instant(kept.first_seen_at)}",
        f"DESCRIPTION:{_escaped(_description(kept))}",
        f"LAST-MODIFIED:{changed}",
        f"STATUS:{'CONFIRMED' if kept.withdrawn_at is None else 'CANCELLED'}",
        "TRANSP:TRANSPARENT",  # nobody is busy because a vendor is
        f"URL:{site.address(links.incident_page(kept.vendor, kept.slug))}",
        "END:VEVENT",
    )
    return b"".join(_folded(line) + b"\r\n" for line in lines)


def _folded(line: str) -> bytes:
    content = line.encode()
    if len(content) < FOLDED:
        return content
    if line.isascii():  # the library looks at every character: a fiftieth of a build
        return b"\r\n ".join(_PIECE.findall(content))
    folded: bytes = Contentline(line).to_ical()  # type: ignore[no-untyped-call]
    return folded


def _escaped(text: str) -> str:
    return vText(text).to_ical().decode()


def _instant(at: datetime) -> str:
    return text_of(at).translate(BASIC)


def _end_of(incident: Incident) -> datetime | None:
    """Its end, or its announced one; of what is still open as far as the vendor spoke of it."""
    end = incident.ended_at or incident.scheduled_until or facts.last_word_at(incident)
    return end if end > incident.started_at else None


def _description(kept: Kept) -> str:
    incident = kept.incident
    span = facts.length_of(incident)
    state = words.STATE[facts.state_of(incident)]
    lines = [state if span is None else f"{state}, {words.length(span)}"]
    if kept.withdrawn_at is not None:
        lines.append(words.FIELD["withdrawn"])
    if incident.components:
        lines.append(words.affected(", ".join(shown(name) for name in incident.components)))
    if incident.updates:
        last = incident.updates[-1]
        lines.append(excerpt(safe_html(last.body, last.body_format), LAST_WORDS))
    return "\n".join(filter(None, lines))


def sequence_of(kept: Kept) -> int:
    """How often the vendor posted, edited, or took something back: it never goes down.

    A revision of a whole update, or of a withdrawal, takes the place of what it is a revision of.
    """
    replaced = sum(edit.field in ("update", "withdrawn") for edit in kept.revisions)
    is_over = kept.incident.ended_at is not None
    reopened = sum(edit.field == "ended_at" for edit in kept.revisions)
    changes = len(kept.incident.updates) + len(kept.revisions) + replaced
    return changes + (kept.withdrawn_at is not None) + is_over + reopened
