"""The complete history of a vendor's feed, by RFC 5005: a document a year, each linked to the next.

An incident stands in the year in which its vendor first said that it started, whatever is edited
later. The newest year grows; the others are closed, and change only where a vendor rewrites what
it had said. What it rewrites stands in the feed itself, too, for whoever read the year before.

An entry has the newest post of its incident, and links the rest: all posts of all years stand in
the pages and in the API already, and a third time would be the largest part of the site's bytes.
"""

from collections.abc import Iterator, Sequence
from functools import partial

from generator.model import Kept
from generator.render import links, words
from generator.render.feeds.choice import apart, newest
from generator.render.feeds.entries import Entries, entry_id
from generator.render.feeds.formats import Head, written
from generator.render.feeds.variants import INCIDENTS, Scope
from generator.render.first import first_start
from generator.render.frame import Site
from generator.render.page import Follows, Page

Relations = tuple[tuple[str, str], ...]


class History:
    """A vendor's incidents by year, each year a document."""

    def __init__(self, site: Site, scope: Scope, kept: Sequence[Kept], entries: Entries) -> None:
        self._site = site
        self._scope = scope
        self._entries = entries
        self._years: dict[int, list[Kept]] = {}
        # A year that has planned work alone may have had incidents.
        self._ever: set[int] = set()
        for each in kept:
            year = first_start(each).year
            self._ever.add(year)
            if each.incident.kind == "incident":
                self._years.setdefault(year, []).append(each)
        self._order = sorted(self._years)

    def latest(self) -> Relations:
        """How the feed itself names the newest year."""
        return self._named("prev-archive", self._order[-1]) if self._order else ()

    def pages(self, style: str) -> Iterator[Page]:
        """The documents; `style`: where their style sheet is."""
        vendor = self._scope.folder
        for at, year in enumerate(self._order):
            yield Page(
                links.year_feed(vendor, year),
                f"feed of {vendor} in {year}",
                partial(self._draw, at, style),
                Follows(year=year, beside=self._beside(at)),
            )

    def _beside(self, at: int) -> tuple[int, ...]:
        """The years next to one, and those that were or may come between."""
        earlier, later = self._order[:at][-1:], self._order[at + 1 :][:1]
        since, until = min(earlier, default=0), max(later, default=9999)
        return tuple(sorted(each for each in self._ever if since <= each <= until))

    def _draw(self, at: int, style: str) -> bytes:
        year, closed = self._order[at], at + 1 < len(self._order)
        kept = newest(self._years[year], len(self._years[year]), self._entries)
        site, scope = self._site, self._scope
        head = Head(
            id=entry_id(site, scope.key(INCIDENTS), str(year)),
            title=words.year_of_feed(scope.name, year),
            subtitle=words.year_of_feed_description(
                year, words.feed_note(site.address(links.FEEDS))
            ),
            address=site.address(links.year_feed(scope.folder, year)),
            page=site.address(links.year_page(scope.folder, year)),
            author=scope.author,
            maker=site.config.title,
            home=site.config.address,
            style=links.relative(scope.folder, style),
            links=self._around(at),
            closed=closed,
        )
        return written(
            "atom", head, apart([self._entries.incident(each, brief=True) for each in kept])
        )

    def _around(self, at: int) -> Relations:
        current = self._site.address(self._scope.path(INCIDENTS, "atom"))
        found: Relations = (("current", current),)
        if at:
            found += self._named("prev-archive", self._order[at - 1])
        if at + 1 < len(self._order):
            found += self._named("next-archive", self._order[at + 1])
        return found

    def _named(self, relation: str, year: int) -> Relations:
        return ((relation, self._site.address(links.year_feed(self._scope.folder, year))),)
