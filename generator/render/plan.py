"""What must be drawn again: read off the archive's own change sequence.

An incident's page names those beside it in the vendor's list, so a change dirties its own page
and the pages that name it now or named it where it stood before (`facts.starts`).
"""

import hashlib
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from importlib.metadata import version
from pathlib import Path

from msgspec import Struct, field

from generator.census import Census
from generator.model import KINDS, Kept, Vendor
from generator.render import facts, links
from generator.render.components import slugs_ever
from generator.render.env import TEMPLATES, WORDS
from generator.render.incident import BEFORE
from generator.render.manifest import Manifest
from generator.render.page import Page
from generator.render.source import Source
from generator.settings import SiteConfig
from generator.times import text_of

# Other code that decides what a page says: what counts, and what reads records back, too.
BESIDE = (
    "archive/*.py",
    "census.py",
    "exchange.py",
    "model.py",
    "pipeline/sources.py",
    "slugs.py",
    "times.py",
)
LIBRARIES = (
    "jinja2",
    "markupsafe",
    "markdown-it-py",
    "nh3",
    "feedgen",
    "icalendar",
    "lxml",
    "msgspec",
    "pillow",
    "pyarrow",
)


class Plan(Struct, frozen=True):
    """What is to be drawn. `changed`: vendor → slugs of incidents that changed.

    `nothing`: the site is as it should be. `overviews`: the day moved, and windows with it.
    `beyond`: folder → paths that the changes of others dirty. `turned`: years that are over now
    and were not, or the other way round; their pages say so. `recorded`: vendors of which another
    past is complete now, which all their calendars show. `fared`: vendors whose source is read
    with another success than before.
    """

    nothing: bool = False
    everything: bool = False
    overviews: bool = False
    turned: frozenset[int] = frozenset()
    recorded: frozenset[str] = frozenset()
    fared: frozenset[str] = frozenset()
    changed: Mapping[str, frozenset[str]] = field(default_factory=dict)
    beyond: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def visits(self, vendor: str) -> bool:
        """Whether any page of the vendor is to be drawn."""
        touched = (self.changed, self.beyond, self.fared)
        return self.everything or self.overviews or any(vendor in each for each in touched)

    def wanted(
        self,
        vendor: str,
        kept: Sequence[Kept],
        pages: Mapping[str, Page],
        stands: Callable[[str], bool],
    ) -> frozenset[str] | None:
        """The paths of the vendor's pages to draw, and of such as are no more; None: all.

        `pages`: by their paths; `stands`: whether a path is there already.
        """
        if self.everything:
            return None
        paths = set(self.beyond.get(vendor, ()))
        touched: frozenset[int] = frozenset()
        moved: frozenset[int] = frozenset()
        parts: frozenset[str] = frozenset()
        if vendor in self.changed:
            changed = [each for each in kept if each.slug in self.changed[vendor]]
            touched = frozenset(start.year for each in changed for start in facts.starts(each))
            parts = frozenset(slug for each in changed for slug in slugs_ever(each))
            moved = frozenset(
                year
                for year in touched
                for path in (links.year_page(vendor, year), links.year_feed(vendor, year))
                if stands(path) != (path in pages)
            )
            paths |= _dirty(vendor, kept, changed, moved)
            paths |= {links.search_entries(vendor, year) for year in touched}
        dirty = (touched, moved, parts)
        paths |= {path for path, page in pages.items() if self._dirties(page, vendor, *dirty)}
        years = {each.incident.started_at.year for each in kept}
        shown = years if vendor in self.recorded else years & self.turned
        return frozenset(paths | {links.year_page(vendor, year) for year in shown})

    def _dirties(
        self,
        page: Page,
        vendor: str,
        touched: Collection[int],
        moved: frozenset[int],
        parts: Collection[str],
    ) -> bool:
        """Whether what the vendor's page follows changed.

        `touched`: the years of changed starts, `moved`: those of them that come or go; `parts`:
        the components of what changed.
        """
        follows = page.follows
        if follows is None:
            return False
        if (follows.day and self.overviews) or (follows.health and vendor in self.fared):
            return True
        if follows.component is not None:
            return follows.component in parts
        if follows.year is not None:
            return follows.year in touched or not moved.isdisjoint(follows.beside)
        return vendor in self.changed

    def wants(self, page: Page) -> bool:
        """Whether a page over all vendors is to be drawn; the small ones at the root always are."""
        if self.everything or page.path in self.beyond.get(links.folder_of(page.path), ()):
            return True
        follows = page.follows
        if follows is not None:
            vendors = follows.vendors
            return (
                (follows.day and self.overviews)
                or vendors is None
                or not vendors.isdisjoint(self.changed)
                or (follows.health and not vendors.isdisjoint(self.fared))
            )
        folder = links.folder_of(page.path)
        return (
            not folder
            or page.path == links.DAYS
            or (folder == links.folder_of(links.compare_page("")) and self._compares_anew)
        )

    @property
    def _compares_anew(self) -> bool:
        """Whether any vendor's figures may have changed, or the years beside them."""
        return bool(self.changed or self.turned)


def plan_of(source: Source, before: Manifest, after: Manifest) -> Plan:
    """What to draw to bring a site from what it was built from to what it shall be."""
    since = source.shared_with(before.fingerprint)
    if before.key != after.key or since is None:
        return Plan(everything=True)
    day_moved = before.as_of != after.as_of
    turned = _turned(before.as_of, after.as_of)
    fared = frozenset(
        vendor
        for vendor in before.sources.keys() | after.sources.keys()
        if before.sources.get(vendor) != after.sources.get(vendor)
    )
    if before.fingerprint == after.fingerprint:
        nothing = not day_moved and not fared
        return Plan(nothing=nothing, overviews=day_moved, turned=turned, fared=fared)
    changed = dict(source.changed_since(since))
    recorded = frozenset(
        vendor for vendor, since in after.complete.items() if before.complete.get(vendor) != since
    )
    for vendor in recorded:
        changed.setdefault(vendor, frozenset())
    return Plan(overviews=day_moved, turned=turned, recorded=recorded, fared=fared, changed=changed)


def _turned(before: str, after: str) -> frozenset[int]:
    """The years that end, or come back to life, when the day of the figures moves."""
    earlier, later = sorted(date.fromisoformat(day).year for day in (before, after))
    return frozenset(range(earlier, later))


def census_of(
    source: Source, plan: Plan, changed: Iterable[Kept], before: Manifest | None
) -> Census:
    """The archive counted: what changed is counted anew, all else is as it was."""
    if before is None or plan.everything:
        return Census(dict(source.counts()), dict(source.months()))
    months = {text_of(at)[:7] for each in changed for at in facts.starts(each)}
    kept, old = before.census.vendors, before.census.months
    vendors = {vendor: kept[vendor] for vendor in kept.keys() - plan.changed.keys()}
    numbers = {month: old[month] for month in old.keys() - months}
    if plan.changed:
        vendors |= source.counts(plan.changed)
        numbers |= source.months(months)
    return Census(dict(sorted(vendors.items())), dict(sorted(numbers.items())))


def completeness(source: Source, vendors: Iterable[str]) -> dict[str, str]:
    """Since when each vendor's record is complete, of those for which it is known."""
    since = {vendor: source.complete_since(vendor) for vendor in vendors}
    return {vendor: text_of(at) for vendor, at in since.items() if at is not None}


def key_of(config: SiteConfig, vendors: Mapping[str, Vendor]) -> str:
    """A digest of all that pages are made of besides the archive and the day."""
    digest = hashlib.sha256(repr(config).encode())
    for slug, vendor in sorted(vendors.items()):
        digest.update(f"{slug} {vendor!r}\n".encode())
    for library in LIBRARIES:
        digest.update(f"{library} {version(library)}\n".encode())
    for file in shaping():
        digest.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()


def shaping() -> list[Path]:
    """The files of the program that decide what a page says."""
    here = Path(__file__).parent
    beside = [file for names in BESIDE for file in sorted(here.parent.glob(names))]
    own = [*sorted(here.rglob("*.py")), *sorted(WORDS.glob("*.html"))]
    return [*own, *beside, *sorted(TEMPLATES.glob("*.*"))]


def _dirty(
    vendor: str, kept: Sequence[Kept], changed: Sequence[Kept], moved: Collection[int]
) -> set[str]:
    """The pages that name, or count, a changed incident by where it stands or stood.

    `moved`: the years that come or go.
    """
    paths: set[str] = set()
    moments: list[tuple[datetime, str]] = []
    first_years = []
    for each in changed:
        moments += [(start, each.slug) for start in facts.starts(each)]
        first_years.append(each.first_seen_at.year)
        paths |= {links.component_page(vendor, slug) for slug in slugs_ever(each)}
    first_years += [start.year for start, _ in moments]
    slugs = frozenset(each.slug for each in changed)
    paths |= {links.incident_page(vendor, slug) for slug in _naming(kept, slugs, moments)}
    present = sorted({each.incident.started_at.year for each in kept})
    years = present[bisect_left(present, min(first_years)) :] if first_years else []
    # Every later year: what was open may have stood on all their days. Links lead to both sides.
    years += present[: len(present) - len(years)][-1:] if moved else []
    return paths | {links.year_page(vendor, year) for year in years}


def _naming(
    kept: Sequence[Kept], changed: frozenset[str], moments: list[tuple[datetime, str]]
) -> set[str]:
    """The changed incidents and all whose pages name, or may have named, one of them."""
    naming: set[str] = set()
    for kind in KINDS:
        ordered = [each for each in kept if each.incident.kind == kind]
        places = [(each.incident.started_at, each.slug) for each in ordered]
        for moment in moments:
            at = bisect_left(places, moment)
            naming |= _reach(ordered, range(at, len(ordered)), BEFORE + 1)
            naming |= _reach(ordered, range(at - 1, -1, -1), 1)
    return naming


def _reach(ordered: Sequence[Kept], indexes: range, standing: int) -> set[str]:
    """Along the indexes, until that many records are passed that lists name."""
    reached = set()
    for index in indexes:
        reached.add(ordered[index].slug)
        standing -= ordered[index].withdrawn_at is None
        if not standing:
            break
    return reached
