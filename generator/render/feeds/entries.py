"""The entries of incidents: one each, or one for the beginning and one for the end."""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Protocol

from msgspec import Struct, structs

from generator.model import Kept, Update
from generator.render import facts, links, words
from generator.render.feeds.dates import SECOND, Readings
from generator.render.first import first_posted, first_start, sightings, title_at
from generator.render.frame import Site, mark_of, moment
from generator.render.text import shown
from generator.render.turns import Turn, turns
from generator.render.updates import UpdateView, updates_of

# Ids are minted in the year in which the site took its name, and stay.
MINTED = 2026


class Entry(Struct, frozen=True):
    """An entry in no format yet. `content`: clean HTML; `author`: the vendor's name."""

    id: str
    title: str
    address: str
    author: str
    published: datetime
    updated: datetime
    content: str


class IncidentEntry(Struct, frozen=True):
    """What the content of an incident's entry is drawn from.

    `language`: that of the posts, where it is not the site's. `only_text`: of its posts.
    """

    word: str
    language: str
    facts: str
    withdrawn: str
    updates: tuple[UpdateView, ...]
    only_text: bool = False


class MomentEntry(Struct, frozen=True):
    """What the content of an entry for a beginning or an end is drawn from."""

    sentence: str
    language: str = ""
    updates: tuple[UpdateView, ...] = ()


class Drawing(Protocol):
    """What turns views into HTML."""

    site: Site

    def fragment(self, template: str, view: object) -> str: ...  # noqa: D102


class Entries:
    """Makes the entries of incidents; each is made once."""

    def __init__(self, press: Drawing, readings: Readings) -> None:
        self._press = press
        self.readings = readings
        self._made: dict[tuple[str, str, str], Entry] = {}
        self._published: dict[tuple[str, str], datetime] = {}

    def published(self, kept: Kept) -> datetime:
        """When it appeared; never moved by what its vendor edits."""
        key = (kept.vendor, kept.slug)
        if key not in self._published:
            self._published[key] = self.readings.date(first_start(kept), kept.first_seen_at)
        return self._published[key]

    def incident(self, kept: Kept, *, brief: bool = False) -> Entry:
        """The incident with all its posts, newest first; `brief`: with the newest alone."""
        key = (kept.vendor, kept.slug, "brief" if brief else "whole")
        if key not in self._made:
            self._made[key] = self._incident(kept, brief)
        return self._made[key]

    def opened_resolved(self, kept: Kept) -> Iterator[Entry]:
        """That it began, that it was over, that it was open again: an entry for each."""
        earlier = datetime.min.replace(tzinfo=UTC)
        for turn in turns(kept):
            entry = self._ended(kept, turn) if turn.at else self._began(kept, turn)
            # A second between them, for readers that go by the dates.
            at = max(entry.published, earlier + SECOND)
            yield structs.replace(entry, published=at, updated=at)
            earlier = at

    def _began(self, kept: Kept, turn: Turn) -> Entry:
        posts = [post for post, seen in self._posts(kept) if seen == turn.seen]
        first = min(posts, key=lambda post: post.at, default=None)
        if turn.number == 1:
            sentence = words.feed_started(moment(first_start(kept)).text)
            return self._moment(kept, turn, self.published(kept), turn.seen, sentence, first)
        at = self.readings.date(first.at if first else turn.seen, turn.seen)
        sentence = words.feed_reopened(moment(turn.seen).text)
        return self._moment(kept, turn, at, turn.seen, sentence, first)

    def _ended(self, kept: Kept, turn: Turn) -> Entry:
        ended = turn.at or turn.seen
        posts = (post for post in self._posts(kept) if post[0].at >= ended)
        last = next((post for post in posts if not (turn.until and post[1] >= turn.until)), None)
        seen = last[1] if last else max(ended, turn.seen)
        sentence = words.feed_ended(
            moment(ended).text, _length(facts.length_to(kept.incident, ended))
        )
        at = self.readings.date(ended, seen)
        return self._moment(kept, turn, at, seen, sentence, last and last[0])

    def _incident(self, kept: Kept, brief: bool) -> Entry:
        updated = self._updated(kept)
        told = kept.incident.updates[-1:] if brief else kept.incident.updates
        view = _view(kept, told, self._press.site.language(kept.vendor))
        if brief:
            # Of what is over, title and facts say already how it stands, and since when.
            view = structs.replace(view, only_text=kept.incident.ended_at is not None)
        return structs.replace(
            self._blank(kept, _title(self._press.site, kept)),
            published=min(self.published(kept), updated),
            updated=updated,
            content=self._press.fragment("feed-incident.html", view).strip(),
        )

    def _moment(
        self,
        kept: Kept,
        turn: Turn,
        at: datetime,
        seen: datetime,
        sentence: str,
        post: Update | None,
    ) -> Entry:
        site = self._press.site
        view = MomentEntry(
            sentence=sentence,
            language=site.language(kept.vendor),
            updates=updates_of((post,)) if post else (),
        )
        again = turn.what == "opened" and turn.number > 1
        word = words.FEED_MOMENT["reopened" if again else turn.what]
        entry = self._blank(kept, titled(site, kept, title_at(kept, seen), word))
        return structs.replace(
            entry,
            id=f"{entry.id}/{turn.name}",
            address=f"{entry.address}#{turn.name}",
            published=at,
            updated=at,
            content=self._press.fragment("feed-moment.html", view).strip(),
        )

    def _blank(self, kept: Kept, title: str) -> Entry:
        site = self._press.site
        return Entry(
            id=entry_id(site, kept.vendor, kept.slug),
            title=title,
            address=site.address(links.incident_page(kept.vendor, kept.slug)),
            author=site.name(kept.vendor),
            published=kept.first_seen_at,
            updated=kept.first_seen_at,
            content="",
        )

    def _posts(self, kept: Kept) -> list[tuple[Update, datetime]]:
        return [(first_posted(kept, post, seen), seen) for post, seen in sightings(kept)]

    def _updated(self, kept: Kept) -> datetime:
        """When it last changed: the vendor's word for it, or the reading that saw it.

        Much is seen changed by one reading, and the dates in a feed must differ: each takes a
        second of its own within the minute before, though never before the reading before.
        """
        seen = kept.changed_at
        told = [post.at for post, at in sightings(kept) if at == seen and not kept.withdrawn_at]
        if seen > kept.first_seen_at and not told:
            digest = hashlib.sha256(f"{kept.vendor}/{kept.slug}".encode()).digest()
            readings = (kept.first_seen_at, *kept.update_seen_at)
            edited = (edit.seen_at for edit in kept.revisions)
            last = max(at for at in (*readings, *edited) if at < seen)
            return max(seen - digest[0] % 60 * SECOND, last + SECOND)
        last = max(told, default=first_start(kept))
        return max(self.readings.date(last, seen), self.published(kept))


def entry_id(site: Site, *names: str) -> str:
    """An id that stays the same wherever the site moves."""
    return f"tag:{site.config.authority},{MINTED}:{'/'.join(names)}"


def titled(site: Site, kept: Kept, title: str, *about: str) -> str:
    """The title of an entry: whose, what, and how it stands."""
    return words.entry_title(site.name(kept.vendor), shown(title) or words.UNTITLED, about)


def _title(site: Site, kept: Kept) -> str:
    mark, word = mark_of(kept.incident)
    state = words.STATE[facts.state_of(kept.incident)]
    grave = () if mark == "unknown" else (word,)
    about = words.WITHDRAWN if kept.withdrawn_at else state
    return titled(site, kept, kept.incident.title, *grave, about)


def _view(kept: Kept, posts: tuple[Update, ...], language: str) -> IncidentEntry:
    incident = kept.incident
    _, word = mark_of(incident)
    told = words.entry_facts(
        moment(incident.started_at).text,
        moment(incident.ended_at).text if incident.ended_at else "",
        _length(facts.length_of(incident)),
        words.STATE[facts.state_of(incident)],
        words.basis_sentence(incident.end_basis),
    )
    named = ", ".join(shown(name) for name in incident.components)
    return IncidentEntry(
        word=word,
        language=language,
        facts=f"{told} {words.affected(named)}" if named else told,
        withdrawn=words.entry_withdrawn(moment(kept.withdrawn_at).text)
        if kept.withdrawn_at
        else "",
        updates=updates_of(posts),
    )


def _length(span: timedelta | None) -> str:
    return words.length(span) if span is not None else ""
