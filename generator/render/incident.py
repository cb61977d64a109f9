"""The view of an incident's page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

import msgspec
from markupsafe import Markup

from generator.exchange import UpdateLine
from generator.model import BodyFormat, Incident, Kept, Revision, Update
from generator.render import facts, links, words
from generator.render.facts import State
from generator.render.frame import Frame, Link, Moment, Row, Site, mark_of, moment, title_of
from generator.render.text import safe_html, safe_link, shown
from generator.times import read

TIMES = frozenset({"started_at", "ended_at", "scheduled_until", "at"})
# How many outages before it a page lists.
BEFORE = 3
LISTS = frozenset({"components", "regions"})


@dataclass(frozen=True, slots=True)
class Edit:
    """What a field said before. `body` is HTML where the field is a text, else `said` has it."""

    what: str
    said: str
    body: Markup
    seen: Moment
    later: str


@dataclass(frozen=True, slots=True)
class UpdateView:
    """One post. `own_word`: the vendor's word where ours differs from it."""

    anchor: str
    phase: str
    own_word: str
    at: Moment
    body: Markup
    edits: tuple[Edit, ...]


@dataclass(frozen=True, slots=True)
class Removed:
    """A post that the vendor took away."""

    post: UpdateView
    seen: Moment


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The outages before it, newest first, and the one after."""

    before: tuple[Row, ...] = ()
    after: Row | None = None


@dataclass(frozen=True, slots=True)
class IncidentView:
    """All that an incident's page shows, in words."""

    frame: Frame
    title: str
    vendor: str
    maintenance: bool
    mark: str
    word: str
    own_word: str
    state: State
    state_word: str
    last_phase: str
    started: Moment
    long_day: str
    ended: Moment | None
    planned_end: Moment | None
    last_word: Moment
    length: str
    minutes: str
    contradiction: bool
    basis: str
    basis_sentence: str
    components: tuple[str, ...]
    regions: tuple[str, ...]
    updates: tuple[UpdateView, ...]
    removed: tuple[Removed, ...]
    edits: tuple[Edit, ...]
    withdrawn: Moment | None
    first_seen: Moment
    source: str | None
    data: str
    neighbours: Neighbours


def incident_view(site: Site, kept: Kept, neighbours: Neighbours) -> IncidentView:
    """The view of one incident."""
    incident = kept.incident
    mark, word = mark_of(incident)
    state = facts.state_of(incident)
    span = facts.length_of(incident)
    sound = span is not None and span >= timedelta(0)
    year = incident.started_at.year
    return IncidentView(
        frame=_frame(site, kept),
        title=title_of(incident),
        vendor=site.name(kept.vendor),
        maintenance=incident.kind == "maintenance",
        mark=mark,
        word=word,
        own_word=_own_word(incident.impact_raw, word),
        state=state,
        state_word=words.STATE[state],
        last_phase=words.PHASE[incident.updates[-1].phase] if incident.updates else "",
        started=moment(incident.started_at),
        long_day=words.long_day(incident.started_at),
        ended=moment(incident.ended_at) if incident.ended_at else None,
        planned_end=moment(incident.scheduled_until) if incident.scheduled_until else None,
        last_word=moment(facts.last_word_at(incident)),
        length=words.length(span) if span is not None else "",
        minutes=words.minutes(span) if span is not None and sound else "",
        contradiction=span is not None and not sound,
        basis=words.END_BASIS[incident.end_basis] if incident.end_basis else "",
        basis_sentence=words.basis_sentence(incident.end_basis),
        components=tuple(shown(name) for name in incident.components),
        regions=tuple(shown(name) for name in incident.regions),
        updates=_updates(kept),
        removed=_removed(kept.revisions),
        edits=_edits(kept.revisions, incident.started_at),
        withdrawn=moment(kept.withdrawn_at) if kept.withdrawn_at else None,
        first_seen=moment(kept.first_seen_at),
        source=safe_link(incident.url) or site.status_page(kept.vendor),
        data=links.relative(kept.vendor, links.year_data(kept.vendor, year)),
        neighbours=neighbours,
    )


def updates_of(incident: Incident) -> tuple[UpdateView, ...]:
    """The posts as they stand, newest first; the oldest is u1 for ever."""
    return tuple(
        _update(update, f"u{number}", ())
        for number, update in reversed(tuple(enumerate(incident.updates, start=1)))
    )


def summary(site: Site, kept: Kept) -> str:
    """The incident in a sentence, for the head of its page and search engines."""
    incident = kept.incident
    _, word = mark_of(incident)
    span = facts.length_of(incident)
    state = words.STATE[facts.state_of(incident)]
    length = state if span is None else words.length(span)
    start = moment(incident.started_at).text
    return f"{site.name(kept.vendor)}: {word}, {start}, {length}."


def neighbours_of(listed: Sequence[Row], at: int, standing: bool) -> Neighbours:
    """Those beside the incident that stands at index `at` of a vendor's list, by start.

    One that was withdrawn is not in the list itself, it only would stand there.
    """
    following = at + standing
    after = listed[following] if following < len(listed) else None
    return Neighbours(tuple(reversed(listed[max(0, at - BEFORE) : at])), after)


def _frame(site: Site, kept: Kept) -> Frame:
    vendor = kept.vendor
    year = kept.incident.started_at.year
    name = site.name(vendor)
    return site.frame(
        links.incident_page(vendor, kept.slug),
        f"{title_of(kept.incident)} · {name}",
        summary(site, kept),
        vendor=vendor,
        crumbs=(
            Link(name, links.relative(vendor, links.vendor_page(vendor))),
            Link(str(year), links.relative(vendor, links.year_page(vendor, year))),
        ),
    )


def _updates(kept: Kept) -> tuple[UpdateView, ...]:
    incident = kept.incident
    edits: dict[str, list[Revision]] = {}
    for revision in kept.revisions:
        if revision.update_key is not None and revision.field != "update":
            edits.setdefault(revision.update_key, []).append(revision)
    return tuple(
        _update(update, f"u{number}", edits.get(update.key, ()))
        for number, update in reversed(tuple(enumerate(incident.updates, start=1)))
    )


def _update(update: Update, anchor: str, revisions: Sequence[Revision]) -> UpdateView:
    word = words.PHASE[update.phase]
    return UpdateView(
        anchor=anchor,
        phase=word,
        own_word=_own_word(update.phase_raw, word),
        at=moment(update.at),
        body=safe_html(update.body, update.body_format),
        edits=tuple(_edit(edit, update.at, update.body_format) for edit in reversed(revisions)),
    )


def _removed(revisions: Sequence[Revision]) -> tuple[Removed, ...]:
    removed = []
    for revision in revisions:
        if revision.field != "update":
            continue
        try:
            line = msgspec.json.decode(revision.before, type=UpdateLine)
            post = Update(
                line.key, read(line.at), line.phase, line.body, line.phase_raw, line.body_format
            )
        except (msgspec.DecodeError, ValueError):
            # An import may have brought anything: show it as the text it is.
            post = Update("", revision.seen_at, "unknown", revision.before)
        removed.append(Removed(_update(post, "", ()), moment(revision.seen_at)))
    return tuple(reversed(removed))


def _edits(revisions: Sequence[Revision], started_at: datetime) -> tuple[Edit, ...]:
    """Earlier words of the incident itself, latest change first."""
    return tuple(
        _edit(revision, started_at, "text")
        for revision in reversed(revisions)
        if revision.update_key is None and revision.field != "update"
    )


def _edit(revision: Revision, since: datetime, body_format: BodyFormat) -> Edit:
    is_body = revision.field == "body"
    return Edit(
        what=words.FIELD.get(revision.field, revision.field),
        said="" if is_body else _said(revision.field, revision.before),
        body=safe_html(revision.before, body_format) if is_body else Markup(),
        seen=moment(revision.seen_at),
        later=words.rough_length(revision.seen_at - since),
    )


def _said(field: str, before: str) -> str:
    """An earlier value in words; a value that is not what the field holds is shown as it is."""
    if not before:
        return words.EMPTY
    try:
        if field in TIMES or field == "withdrawn":
            return moment(read(before)).text
        if field in LISTS:
            names = msgspec.json.decode(before, type=list[str])
            return ", ".join(shown(name) for name in names) or words.EMPTY
    except (ValueError, msgspec.DecodeError):
        return shown(before)
    return shown(words.VALUE.get((field, before), before))


@lru_cache(maxsize=1024)
def _own_word(raw: str | None, ours: str) -> str:
    """The vendor's word, where it is not just ours in another spelling."""
    word = shown(raw or "")
    return "" if _letters(word) == _letters(ours) else word


def _letters(word: str) -> str:
    return "".join(letter for letter in word.casefold() if letter.isalnum())
