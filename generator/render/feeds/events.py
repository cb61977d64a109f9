"""The entries of the updates feed: one a post, and one when an incident goes or comes back.

Once published an entry never changes: it says what the post said when we first saw it. What was
history by then has none.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from markupsafe import Markup
from msgspec import Struct

from generator.model import Kept, Update
from generator.render import links, words
from generator.render.feeds.dates import Readings, is_history
from generator.render.feeds.entries import Drawing, Entry, MomentEntry, entry_id, titled
from generator.render.first import first_posted, sightings, title_at
from generator.render.frame import Moment, moment
from generator.render.text import safe_html
from generator.render.updates import post_anchor
from generator.times import read

# What such an event is called, before its time.
RETURNS = ("withdrawn-", "restored-")


class UpdateEntry(Struct, frozen=True):
    """What the content of an update's entry is drawn from. `late`: that it is dated back."""

    phase: str
    at: Moment
    late: str
    language: str
    body: Markup


@dataclass(frozen=True, slots=True, order=True)
class Event:
    """Something that happened, and how to tell it. Events order by time, then by their places."""

    date: datetime
    vendor: str
    slug: str
    number: int
    name: str
    draw: Callable[[], tuple[str, str]]


class Events:
    """Tells what happened to records, oldest first."""

    def __init__(self, press: Drawing, readings: Readings) -> None:
        self._press = press
        self.readings = readings

    def of(self, records: Iterable[Kept]) -> list[Event]:
        """All that happened to them and was news."""
        found: list[Event] = []
        for kept in records:
            found += self._posts(kept)
            found += self._returns(kept)
        return sorted(found)

    def entry(self, event: Event, date: datetime) -> Entry:
        """The entry of an event; `date` is its own in this feed."""
        site = self._press.site
        title, content = event.draw()
        page = site.address(links.incident_page(event.vendor, event.slug))
        return Entry(
            id=entry_id(site, event.vendor, event.slug, event.name),
            title=title,
            # A return has no place on the page, but an address of its own: chats tell by that.
            address=f"{page}{'?' if event.name.startswith(RETURNS) else '#'}{event.name}",
            author=site.name(event.vendor),
            published=date,
            updated=date,
            content=content,
        )

    def _posts(self, kept: Kept) -> Iterator[Event]:
        for number, (update, seen) in enumerate(sightings(kept)):
            post = first_posted(kept, update, seen)
            if is_history(post.at, seen):
                continue
            date = self.readings.date(post.at, seen)
            late = seen if date == seen != post.at else None
            draw = partial(self._drawn, kept, post, seen, late)
            name = post_anchor(update.key)
            yield Event(date, kept.vendor, kept.slug, number, name, draw)

    def _returns(self, kept: Kept) -> Iterator[Event]:
        """That its vendor took it away, and that it came back, as often as that happened."""
        for edit in kept.revisions:
            if edit.field == "withdrawn" and edit.before:
                yield self._noted(kept, "withdrawn", read(edit.before))
                yield self._noted(kept, "restored", edit.seen_at)
        if kept.withdrawn_at is not None:
            yield self._noted(kept, "withdrawn", kept.withdrawn_at)

    def _noted(self, kept: Kept, what: str, seen: datetime) -> Event:
        site = self._press.site

        def draw() -> tuple[str, str]:
            title = titled(site, kept, title_at(kept, seen), words.FEED_MOMENT[what])
            sentence = words.feed_return(what, site.name(kept.vendor), moment(seen).text)
            return title, self._press.fragment("feed-moment.html", MomentEntry(sentence)).strip()

        name = f"{what}-{seen:%Y%m%dT%H%M%SZ}"
        return Event(seen, kept.vendor, kept.slug, len(kept.incident.updates), name, draw)

    def _drawn(
        self, kept: Kept, post: Update, seen: datetime, late: datetime | None
    ) -> tuple[str, str]:
        phase = words.PHASE[post.phase]
        view = UpdateEntry(
            phase=phase,
            at=moment(post.at),
            language=self._press.site.language(kept.vendor),
            late=words.posted_late(moment(late).text) if late else "",
            body=safe_html(post.body, post.body_format),
        )
        title = titled(self._press.site, kept, title_at(kept, seen), phase)
        return title, self._press.fragment("feed-update.html", view).strip()
