"""What a change dirties beyond its own vendor: days, months, categories, pages at the same time.

A day's page lists what stands on it, so a change dirties the days an incident stands on now or
may have stood on before, and the pages that link to a day that comes or goes: its neighbours. An
incident's page names others of the same time; whether it still says what it should is seen by
looking at it, for what it said before nobody else knows.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date

import msgspec
from msgspec import Struct

from generator.model import Kept, Revision
from generator.render import facts, links
from generator.render.almanac import DAY, FIRST_DAYS, SECOND
from generator.render.downloads import FORMS
from generator.render.env import Press
from generator.render.incident import Meanwhile, meanwhile_of
from generator.render.manifest import Manifest
from generator.render.overlaps import brief
from generator.render.plan import Plan
from generator.render.sametime import SameTime, together
from generator.render.writer import Folder
from generator.times import read, text_of

# Fields whose earlier value may have put the incident on a day.
TIMES = frozenset({"ended_at", "at"})
# What the part of a page about others of the same time holds, and no other part.
ANCHOR = b'id="meanwhile"'


class _Part(Struct, frozen=True):
    """The view of that part alone."""

    meanwhile: tuple[Meanwhile, ...]


class Ripples(Struct, frozen=True):
    """The incidents that changed, and all that their pages have to do with."""

    press: Press
    folder: Folder
    same_time: SameTime
    changed: Sequence[Kept]

    def paths(
        self, vendors: Iterable[str], touched: Collection[str], before: Collection[str]
    ) -> Mapping[str, frozenset[str]]:
        """Folder → paths to draw again.

        `vendors` changed, and what stands on `touched` days; `before`: the days with pages so far.
        """
        found: defaultdict[str, set[str]] = defaultdict(set)
        almanac = self.same_time.almanac
        months = {day[:7] for day in touched}
        found[links.DAYS_FOLDER] |= _pages(before, almanac.days, touched)
        found[links.DAYS_FOLDER] |= _pages({d[:7] for d in before}, almanac.months, months)
        found[links.API_DAYS_FOLDER] |= {links.day_data(day) for day in touched}
        began = {text_of(at)[:7] for kept in self.changed for at in facts.starts(kept)}
        found[links.FILES] |= {links.download(month, form) for month in began for form in FORMS}
        for vendor in vendors:
            category = self.press.site.category_slug(vendor)
            found[links.CATEGORIES_FOLDER].add(links.category_page(category))
        for vendor, path in self._outdated():
            found[vendor].add(path)
        return {folder: frozenset(paths) for folder, paths in found.items()}

    def _outdated(self) -> Iterator[tuple[str, str]]:
        """Vendor and path of the incident pages that say something else of the same time."""
        slugs = [kept.slug.encode() for kept in self.changed]
        standing = [brief(kept) for kept in self.changed if kept.withdrawn_at is None]
        for each in self.same_time.near(
            start for kept in self.changed for start in facts.starts(kept)
        ):
            path = links.incident_page(each.vendor, each.slug)
            page = self.folder.read(path) or b""
            # Of the thousands near in time few name one that changed, or may name it now.
            if not together(each, standing) and not any(slug in page for slug in slugs):
                continue
            overlaps = self.same_time.of_outline(each)
            part = _Part(meanwhile_of(self.press.site, each.vendor, overlaps))
            if not _holds(page, self.press.fragment("meanwhile.html", part)):
                yield each.vendor, path


def ripples_of(
    changed: Sequence[Kept],
    touched: Collection[str],
    before: Manifest,
    plan: Plan,
    press: Press,
    folder: Folder,
    same_time: SameTime,
) -> Mapping[str, frozenset[str]]:
    """What the changes since the last build dirty beyond their vendors."""
    ripples = Ripples(press, folder, same_time, changed)
    return ripples.paths({*plan.changed, *plan.fared}, touched, before.days)


def days_touched(changed: Iterable[Kept], plan: Plan, before: str, after: date) -> set[str]:
    """The days that changed incidents stand or may have stood on.

    And all between the days of the figures, where those moved: what is open stands on them anew.
    """
    days = between(before, after) if plan.overviews else ()
    return {*days, *(day for kept in changed for day in days_ever(kept))}


def between(one: str, other: date) -> list[str]:
    """The days from one to the other, whichever is earlier, both included."""
    first, last = sorted((date.fromisoformat(one), other))
    return [(first + DAY * number).isoformat() for number in range((last - first).days + 1)]


def days_ever(kept: Kept) -> set[str]:
    """Days an incident stands on or may have stood on: after each start, at each end or word."""
    starts = {start.date() for start in facts.starts(kept)}
    found = {(start + DAY * number).isoformat() for start in starts for number in range(FIRST_DAYS)}
    moments = [update.at for update in kept.incident.updates]
    moments += [read(text) for revision in kept.revisions for text in _times(revision)]
    if kept.incident.ended_at is not None:
        moments.append(kept.incident.ended_at)
    # A last second may lie on the day before its end.
    return found | {at.date().isoformat() for end in moments for at in (end, end - SECOND)}


def _times(revision: Revision) -> Iterator[str]:
    """The earlier time that a revision tells of, if it does."""
    if revision.field in TIMES and revision.before:
        yield revision.before
    if revision.field == "update":
        try:
            yield msgspec.json.decode(revision.before)["at"]
        except (msgspec.DecodeError, KeyError, TypeError):
            return


def _pages(before: Collection[str], after: Sequence[str], touched: Iterable[str]) -> set[str]:
    """The pages of touched days or months, and of those beside what comes or goes: they link to it.

    `before`, `after`: those with pages; `after` in order.
    """
    had, found = frozenset(before), set(touched)
    for one in tuple(found):
        at = bisect_left(after, one)
        has = at < len(after) and after[at] == one
        if has != (one in had):
            found.update(after[max(0, at - 1) : at + 1 + has])
    return {links.day_page(one) for one in found}


def _holds(page: bytes, part: str) -> bool:
    """Whether a page says this of the same time; nothing, where the part is empty."""
    return part.strip().encode() in page if part.strip() else ANCHOR not in page
