"""The view of an incident's page."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from msgspec import Struct

from generator.exchange import line_of
from generator.model import Incident, Kept
from generator.render import facts, linked, links, words
from generator.render.bidi import isolated
from generator.render.edits import Edit, edits_of
from generator.render.facts import State
from generator.render.first import as_first_told
from generator.render.frame import Frame, Link, Moment, Row, Site, mark_of, moment, title_of
from generator.render.lasting import pauses, untold
from generator.render.overlaps import Overlap
from generator.render.phases import PhaseBar, phase_bar
from generator.render.text import safe_link, shown
from generator.render.turns import Turn, turns
from generator.render.updates import UpdateView, own_word, timeline

# How many outages before it a page lists.
BEFORE = 1


class Neighbours(Struct, frozen=True):
    """The outages before it, newest first, and the one after."""

    before: tuple[Row, ...] = ()
    after: Row | None = None


class Meanwhile(Struct, frozen=True):
    """Another vendor's incident at the same time, and for how long both went on."""

    href: str
    vendor: str
    title: str
    mark: str
    word: str
    shared: str
    language: str


class Again(Struct, frozen=True):
    """An end that did not last, or the reading that saw the incident open again."""

    anchor: str
    over: bool
    at: Moment


class IncidentView(Struct, frozen=True):
    """All that an incident's page shows, in words."""

    frame: Frame
    title: str
    vendor: str
    language: str
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
    ended_anchor: str
    again: tuple[Again, ...]
    planned_end: Moment | None
    last_word: Moment
    length: str
    minutes: str
    pauses: str
    untold: str
    basis: str
    method: str
    basis_sentence: str
    components: tuple[str, ...]
    regions: tuple[str, ...]
    phases: PhaseBar | None
    updates: tuple[UpdateView, ...]
    edits: tuple[Edit, ...]
    withdrawn: Moment | None
    first_seen: Moment
    changed: Moment | None
    start_basis: str
    source: str | None
    reply: str | None
    reply_hash: str
    data: str
    citation: str
    neighbours: Neighbours
    meanwhile: tuple[Meanwhile, ...]


def incident_view(
    site: Site, kept: Kept, neighbours: Neighbours, overlaps: Sequence[Overlap] = ()
) -> IncidentView:
    """The view of one incident; `overlaps`: other vendors' at the same time."""
    incident = kept.incident
    mark, word = mark_of(incident)
    state = facts.state_of(incident)
    span = facts.length_of(incident)
    sound = span is not None and span >= timedelta(0)
    name = site.name(kept.vendor)
    title = title_of(incident)
    started = moment(incident.started_at)
    frame = _frame(site, kept)
    taken = tuple(turns(kept))
    first_told = _as_first_told(kept)
    return IncidentView(
        frame=frame,
        title=title,
        vendor=name,
        language=site.language(kept.vendor),
        maintenance=incident.kind == "maintenance",
        mark=mark,
        word=word,
        own_word=own_word(incident.impact_raw, word),
        state=state,
        state_word=words.STATE[state],
        last_phase=_last_phase(incident, state),
        started=started,
        long_day=words.long_day(incident.started_at),
        ended=moment(incident.ended_at) if incident.ended_at else None,
        ended_anchor=taken[-1].name,
        again=again_of(taken),
        planned_end=moment(incident.scheduled_until) if incident.scheduled_until else None,
        last_word=moment(facts.last_word_at(incident)),
        length=words.length(span) if span is not None and sound else "",
        minutes=words.minutes(span) if span is not None and sound else "",
        pauses=pauses(incident, taken) if sound else "",
        untold=untold(incident, span),
        basis=words.END_BASIS[incident.end_basis] if incident.end_basis else "",
        method=_method(kept.vendor, incident),
        basis_sentence=words.basis_sentence(incident.end_basis),
        components=tuple(shown(name) for name in incident.components),
        regions=tuple(shown(name) for name in incident.regions),
        phases=phase_bar(first_told),
        updates=timeline(kept),
        edits=_edits(kept),
        withdrawn=moment(kept.withdrawn_at) if kept.withdrawn_at else None,
        first_seen=moment(kept.first_seen_at),
        changed=moment(kept.changed_at) if kept.changed_at != kept.first_seen_at else None,
        start_basis=_start_basis(first_told),
        source=safe_link(incident.url) or site.status_page(kept.vendor),
        reply=safe_link(kept.origin.url) if kept.origin else None,
        reply_hash=kept.origin.sha256.hex() if kept.origin else "",
        data=links.relative(kept.vendor, links.year_data(kept.vendor, incident.started_at.year)),
        citation=words.citation(name, title, started.text, site.config.title),
        neighbours=neighbours,
        meanwhile=meanwhile_of(site, kept.vendor, overlaps),
    )


def again_of(taken: Sequence[Turn]) -> tuple[Again, ...]:
    """What lies between the first beginning and how it stands now."""
    between = taken[1:-1] if taken[-1].at else taken[1:]
    return tuple(
        Again(turn.name, turn.at is not None, moment(turn.at or turn.seen)) for turn in between
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


def neighbours_of(
    rows: Mapping[str, Row], listed: Sequence[str], at: int, standing: bool
) -> Neighbours:
    """Those beside the incident that stands at index `at` of a vendor's list of slugs, by start.

    One that was withdrawn is not in the list itself, it only would stand there.
    """
    following = at + standing
    after = rows[listed[following]] if following < len(listed) else None
    before = reversed(listed[max(0, at - BEFORE) : at])
    return Neighbours(tuple(rows[slug] for slug in before), after)


def _edits(kept: Kept) -> tuple[Edit, ...]:
    """What was changed of the incident itself, first to last."""
    own = [revision for revision in kept.revisions if revision.update_key is None]
    own = [revision for revision in own if revision.field != "update"]
    return edits_of(own, line_of(kept), kept.incident.started_at) if own else ()


def _last_phase(incident: Incident, state: State) -> str:
    """The phase of the last update, where the state does not say the same."""
    phase = words.PHASE[incident.updates[-1].phase] if incident.updates else ""
    return "" if phase == words.STATE[state] else phase


def _method(folder: str, incident: Incident) -> str:
    """Where it is explained how the end is known; "" without one."""
    page = links.relative(folder, links.METHOD)
    return f"{page}#end-{incident.end_basis}" if incident.end_basis else ""


def _start_basis(incident: Incident) -> str:
    first = min((update.at for update in incident.updates), default=incident.started_at)
    return words.start_basis(bool(incident.updates), first - incident.started_at)


def meanwhile_of(site: Site, vendor: str, overlaps: Iterable[Overlap]) -> tuple[Meanwhile, ...]:
    """What a page of the vendor names as going on at the same time."""
    return tuple(_meanwhile(site, vendor, overlap) for overlap in overlaps)


def _meanwhile(site: Site, folder: str, overlap: Overlap) -> Meanwhile:
    other = overlap.other
    return Meanwhile(
        href=links.relative(folder, links.incident_page(other.vendor, other.slug)),
        vendor=site.name(other.vendor),
        title=shown(other.title) or words.UNTITLED,
        mark=other.impact,
        word=words.IMPACT[other.impact],
        shared=words.shared(overlap.length),
        language=site.language(other.vendor),
    )


def _as_first_told(kept: Kept) -> Incident:
    """The incident with the times that its posts bore at first; hardly any has others now."""
    incident, updates = kept.incident, as_first_told(kept)
    return incident if updates == incident.updates else replace(incident, updates=updates)


def _frame(site: Site, kept: Kept) -> Frame:
    vendor = kept.vendor
    year = kept.incident.started_at.year
    name = site.name(vendor)
    return site.frame(
        links.incident_page(vendor, kept.slug),
        f"{isolated(title_of(kept.incident))} · {isolated(name)}",
        summary(site, kept),
        vendor=vendor,
        more=linked.record(kept.first_seen_at, kept.changed_at),
        crumbs=(
            Link(name, links.relative(vendor, links.vendor_page(vendor))),
            Link(str(year), links.relative(vendor, links.year_page(vendor, year))),
        ),
    )
