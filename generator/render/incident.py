"""The view of an incident's page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from generator.model import Kept
from generator.render import facts, links, words
from generator.render.facts import State
from generator.render.frame import Frame, Link, Moment, Row, Site, mark_of, moment, title_of
from generator.render.text import safe_link, shown
from generator.render.updates import (
    Edit,
    Removed,
    UpdateView,
    earlier_versions,
    own_word,
    removed_updates,
    updates_with_edits,
)

# How many outages before it a page lists.
BEFORE = 3


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
        own_word=own_word(incident.impact_raw, word),
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
        updates=updates_with_edits(kept),
        removed=removed_updates(kept.revisions),
        edits=earlier_versions(kept.revisions, incident.started_at),
        withdrawn=moment(kept.withdrawn_at) if kept.withdrawn_at else None,
        first_seen=moment(kept.first_seen_at),
        source=safe_link(incident.url) or site.status_page(kept.vendor),
        data=links.relative(kept.vendor, links.year_data(kept.vendor, year)),
        neighbours=neighbours,
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
