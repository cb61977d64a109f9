"""The build: an archive and a folder in, the site in that folder out."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

import msgspec
from msgspec import Struct, field
from msgspec.structs import replace

from generator.census import Census
from generator.errors import BuildError
from generator.model import Health, Kept, Vendor
from generator.render import across, links
from generator.render.almanac import Almanac
from generator.render.calendars import category_calendars
from generator.render.comparison import comparison_pages
from generator.render.directory import members
from generator.render.downloads import Ledger, download_pages, standing_trace, trace_page
from generator.render.env import Press
from generator.render.feeds.dates import Readings
from generator.render.feeds.pages import across_feeds
from generator.render.freshness import by_vendor, fares
from generator.render.manifest import MANIFEST, BuildReport, Manifest, untouched
from generator.render.page import Page
from generator.render.pages import distinct, site_pages, vendor_pages
from generator.render.parts import Parts
from generator.render.plan import Plan, census_of, completeness, key_of, plan_of
from generator.render.ripples import days_touched, ripples_of
from generator.render.sametime import SameTime
from generator.render.search import Index, entries_of
from generator.render.source import Source
from generator.render.writer import Folder
from generator.settings import SiteConfig
from generator.sharding import Shard

Progress = Callable[[int, int], None]
# Folders of the site that are no vendor's.
FOLDERS = ("search",)


class _Part(Struct, frozen=True):
    """What became of one vendor's pages, or of the root's."""

    pages: int
    written: int = 0
    removed: int = 0


class _Work(Struct, frozen=True):
    """A build under way. It holds no more than one vendor's records at a time."""

    source: Source
    press: Press
    folder: Folder
    plan: Plan
    index: Index | None
    census: Census
    almanac: Almanac
    same_time: SameTime
    health: Sequence[Health] | None
    readings: Readings
    parts: Parts | None
    ledger: Ledger = field(default_factory=Ledger)

    def vendor(self, vendor: str) -> _Part:
        """Draw what a vendor needs. No other vendor's records are asked for."""
        if self.parts:
            return self._taken(vendor, self.parts.pages(vendor))
        kept = self.source.kept(vendor)
        since = self.source.complete_since(vendor)
        as_of = self.almanac.as_of
        found = vendor_pages(self.press, vendor, kept, since, as_of, self.same_time, self.readings)
        pages = distinct((*found, *trace_page(self.press, vendor, kept, self.ledger)))
        wanted = self.plan.wanted(vendor, kept, pages.values())
        # What is not there is drawn whatever changed: a component's page that has its place from
        # another one.
        drawn = [
            page
            for path, page in pages.items()
            if wanted is None or path in wanted or not self.folder.has(path)
        ]
        self._note(vendor, pages, pages if wanted is None else wanted)
        written = self._put(drawn)
        return _Part(len(pages), written, self._sweep(links.vendor_folders(vendor), pages))

    def _taken(self, vendor: str, pages: Mapping[str, Page]) -> _Part:
        """Take over what a shard drew of a vendor."""
        standing = (f"{vendor}/{name}" for name in self.folder.names(vendor))
        self._note(vendor, pages, {*pages, *standing})
        written = self._put(pages.values())
        if (trace := links.trace(vendor)) in pages:
            standing_trace(trace, self.ledger, self.folder.read).draw()
        return _Part(len(pages), written, self._sweep(links.vendor_folders(vendor), pages))

    def root(self, vendors: Sequence[str]) -> _Part:
        """Draw the pages of the whole, and remove the vendors that are no more."""
        pages = distinct(self._root_pages(vendors))
        written = self._put(page for page in pages.values() if self.plan.wants(page))
        return _Part(len(pages), written, self.bare(vendors, (*pages, *FOLDERS)))

    def bare(self, vendors: Sequence[str], others: Iterable[str] = ()) -> int:
        """Remove what belongs to none of the vendors, but for the other paths; how many files."""
        theirs = (folder for vendor in vendors for folder in links.vendor_folders(vendor))
        return self._sweep(("",), (*theirs, *others, MANIFEST))

    def _root_pages(self, vendors: Sequence[str]) -> Iterator[Page]:
        census = self.census
        yield from site_pages(self.press, self.source, census, vendors, self.almanac, self.health)
        yield from across.across_pages(self.press, self.source, census, self.almanac)
        by_category = members(self.press.site, vendors)
        yield from across_feeds(self.press, self.source, census.vendors, by_category, self.readings)
        as_of = self.almanac.as_of
        yield from comparison_pages(self.press, vendors, self.folder.read, as_of)
        read = self.folder.read
        yield from category_calendars(self.press, vendors, read)
        yield from download_pages(self.press, self.source, census, vendors, self.ledger, read)

    def search(self, index: Index) -> _Part:
        """Bring the search index to what the vendors' pages say now, after those are drawn."""
        written = sum(self.folder.write(path, text) for path, text in index.changed())
        folders: dict[str, set[str]] = {}
        for path in index.paths():
            while folder := links.folder_of(path):
                folders.setdefault(folder, set()).add(path.rpartition("/")[2])
                path = folder
        removed = sum(self.folder.sweep(folder, names) for folder, names in folders.items())
        return _Part(len(index.paths()), written, removed)

    def _sweep(self, tops: Collection[str], paths: Iterable[str]) -> int:
        """Remove from some folders, and from those of the paths below them, all but the paths."""
        folders: dict[str, set[str]] = {top: set() for top in tops}
        for path in paths:
            here = path
            while here not in tops:
                folder, _, name = here.rpartition("/")
                folders.setdefault(folder, set()).add(name)
                here = folder
        return sum(self.folder.sweep(folder, names) for folder, names in folders.items())

    def _note(self, vendor: str, pages: Mapping[str, Page], drawn: Iterable[str]) -> None:
        """Tell the index what becomes of a vendor's years, before they are written."""
        if self.index is None:
            return
        name = self.press.site.name(vendor)
        for path in drawn:
            year = links.year_of_entries(path)
            if year is None:
                continue
            before = None if self.plan.everything else self.folder.read(path)
            after = pages[path].draw() if path in pages else None
            self.index.note(vendor, name, year, entries_of(before), entries_of(after))

    def _put(self, pages: Iterable[Page]) -> int:
        return sum(self._put_one(page) for page in pages)

    def _put_one(self, page: Page) -> bool:
        if page.pour is None:
            return self.folder.write(page.path, page.draw())
        draft = self.folder.draft(page.path)
        page.pour(draft)
        return self.folder.adopt(page.path, draft)


def build(
    source: Source,
    vendors: Mapping[str, Vendor],
    config: SiteConfig,
    out: Path,
    as_of: date,
    clean: bool = False,
    progress: Progress | None = None,
    health: Sequence[Health] | None = None,
    shard: Shard | None = None,
    parts: Sequence[Path] = (),
    seen: str = "",
) -> BuildReport:
    """Bring the site in `out` to the archive's present state, windows ending on `as_of`.

    Draws what the archive's changes make necessary, all of it when `clean`. BuildError for a
    folder that is not a site's, or a site that cannot be. `progress` is told of vendors done.
    `health`: how the reading of each source fares, None if that is not known here.

    A `shard` of the site is the pages of its vendors alone. The folders of all shards are the
    `parts` of a site: their pages are taken over as they are, and only the rest is drawn.

    `seen`: a digest of all that the caller looked at, for the folder to remember.
    """
    folder = Folder(out)
    before = folder.claim()
    slugs = sorted({*vendors, *source.vendors()})
    after = Manifest(
        key=key_of(config, vendors),
        shard=str(shard or ""),
        seen=seen,
        fingerprint=source.fingerprint,
        sequence=source.sequence,
        as_of=as_of.isoformat(),
        complete=completeness(source, slugs),
        sources=fares(health),
    )
    if before:
        _require_same_shard(out, before, after)
    drawn = shard.among(slugs) if shard else slugs
    plan = Plan(everything=True)
    # The index tells vendors apart by their places among all.
    if before and not clean and before.pages.keys() >= set(drawn):
        plan = plan_of(source, before, after)
    if before and plan.nothing:
        if before.seen != seen:
            folder.keep(msgspec.structs.replace(before, seen=seen))
        return untouched(before)
    changed = _changed(source, plan, before)
    after.census = census_of(source, plan, changed, before) if not shard else Census()
    almanac, touched = _almanac(source, plan, changed, before, as_of)
    after.days = almanac.days
    work = _Work(
        source=source,
        press=Press(config, vendors, by_vendor(health)),
        folder=folder,
        plan=plan,
        index=None if shard else _index(slugs, plan, folder),
        census=after.census,
        almanac=almanac,
        same_time=SameTime(almanac),
        health=health,
        readings=Readings(source.runs()),
        parts=Parts(parts, after, slugs) if parts else None,
    )
    if before and not plan.everything:
        work = _reaching(work, changed, touched, before)
    return _brought_up(work, drawn, before, after, progress)


def _brought_up(
    work: _Work,
    vendors: Sequence[str],
    before: Manifest | None,
    after: Manifest,
    progress: Progress | None,
) -> BuildReport:
    """Draw what the plan wants, then vouch for it."""
    # Until all is drawn the folder says that it is unfinished, so that a kill costs a full build.
    work.folder.keep(Manifest(shard=after.shard))
    done = _draw(work, vendors, before.pages if before else {}, progress)
    after.pages = {name: part.pages for name, part in done.items()}
    work.folder.keep(after)
    return _report(done.values())


def _require_same_shard(out: Path, before: Manifest, after: Manifest) -> None:
    if before.shard != after.shard:
        has, asked = (each.shard or "all" for each in (before, after))
        raise BuildError(
            f"{out} holds the pages of shard {has}, and those of {asked} were asked for. "
            "Choose another folder with --out, or empty it."
        )


def _index(vendors: Sequence[str], plan: Plan, folder: Folder) -> Index:
    numbers = {vendor: number for number, vendor in enumerate(vendors)}
    return Index(numbers, (lambda _: None) if plan.everything else folder.read)


def _changed(source: Source, plan: Plan, before: Manifest | None) -> list[Kept]:
    """What changed since the last build; nothing where all is drawn anyway."""
    since = before.sequence if before else 0
    return [kept for vendor in plan.changed for kept in source.changed(vendor, since)]


def _almanac(
    source: Source, plan: Plan, changed: Sequence[Kept], before: Manifest | None, as_of: date
) -> tuple[Almanac, set[str]]:
    """What stands by time, and the days on which something else may stand than before."""
    if before is None or plan.everything:
        return Almanac(source, as_of), set()
    touched = days_touched(changed, plan, before.as_of, as_of)
    return Almanac(source, as_of, before.days, touched), touched


def _reaching(
    work: _Work, changed: Sequence[Kept], touched: Collection[str], before: Manifest
) -> _Work:
    """The work with what its changes dirty beyond their vendors."""
    plan = work.plan
    beyond = ripples_of(changed, touched, before, plan, work.press, work.folder, work.same_time)
    return replace(work, plan=replace(plan, beyond=beyond))


def _draw(
    work: _Work, vendors: Sequence[str], known: Mapping[str, int], progress: Progress | None
) -> dict[str, _Part]:
    """Vendor by vendor, then the root, which is small and always drawn, but for a shard."""
    parts: dict[str, _Part] = {}
    for done, vendor in enumerate(vendors):
        if progress:
            progress(done, len(vendors))
        visits = work.plan.visits(vendor)
        parts[vendor] = work.vendor(vendor) if visits else _Part(known.get(vendor, 0))
    if work.index is None:
        parts[""] = _Part(0, removed=work.bare(vendors))
    else:
        parts["search/"] = work.search(work.index)
        parts[""] = work.root(vendors)
    if progress:
        progress(len(vendors), len(vendors))
    return parts


def _report(parts: Iterable[_Part]) -> BuildReport:
    parts = tuple(parts)
    total = sum(part.pages for part in parts)
    written = sum(part.written for part in parts)
    return BuildReport(total, written, sum(part.removed for part in parts), total - written)
