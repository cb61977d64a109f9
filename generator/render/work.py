"""A build under way: what is drawn of each vendor, and of what is over all of them."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from msgspec import Struct, field

from generator.census import Census
from generator.model import Health
from generator.render import across, links
from generator.render.almanac import Almanac
from generator.render.calendars import category_calendars
from generator.render.comparison import comparison_pages
from generator.render.directory import members
from generator.render.downloads import Entry, Ledger, download_pages, standing_trace, trace_page
from generator.render.env import Press
from generator.render.feeds.dates import Readings
from generator.render.feeds.pages import across_feeds
from generator.render.outcome import MANIFEST
from generator.render.page import Page
from generator.render.pages import distinct, site_pages, vendor_pages
from generator.render.parts import Parts
from generator.render.plan import Plan
from generator.render.sametime import SameTime
from generator.render.search import Index, entries_of
from generator.render.source import Source
from generator.render.writer import Folder

# Folders of the site that are no vendor's.
FOLDERS = ("search",)


class Part(Struct, frozen=True):
    """What became of one vendor's pages, or of the root's."""

    pages: int
    written: int = 0
    removed: int = 0


class Drawn(Struct, frozen=True):
    """What is to be told of a vendor's pages to those over all vendors.

    `years`: what was and is said to the search, of each year. `taken`: of the files to take away.
    """

    part: Part
    years: Sequence[tuple[int, bytes | None, bytes | None]] = ()
    taken: Sequence[Entry] = ()


class Work(Struct, frozen=True):
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

    def vendor(self, vendor: str) -> Drawn:
        """Draw what a vendor needs. No other vendor's records are asked for.

        Changes nothing but files, so that it may be done in another process.
        """
        if self.parts:
            return self._taken(vendor, self.parts.pages(vendor))
        kept = self.source.kept(vendor)
        since = self.source.complete_since(vendor)
        as_of = self.almanac.as_of
        found = vendor_pages(self.press, vendor, kept, since, as_of, self.same_time, self.readings)
        ledger = Ledger()
        pages = distinct((*found, *trace_page(self.press, vendor, kept, ledger)))
        wanted = self.plan.wanted(vendor, kept, pages, self.folder.has)
        # What is not there is drawn whatever changed: a component's page that has its place from
        # another one.
        drawn = [
            page
            for path, page in pages.items()
            if wanted is None or path in wanted or not self.folder.has(path)
        ]
        years = self._years(pages, pages if wanted is None else wanted)
        written = self._put(drawn)
        removed = self._sweep(links.vendor_folders(vendor), pages)
        return Drawn(Part(len(pages), written, removed), years, list(ledger.drawn.values()))

    def _taken(self, vendor: str, pages: Mapping[str, Page]) -> Drawn:
        """Take over what a shard drew of a vendor."""
        standing = (f"{vendor}/{name}" for name in self.folder.names(vendor))
        years = self._years(pages, {*pages, *standing})
        written = self._put(pages.values())
        ledger = Ledger()
        if (trace := links.trace(vendor)) in pages:
            standing_trace(trace, ledger, self.folder.read).draw()
        removed = self._sweep(links.vendor_folders(vendor), pages)
        return Drawn(Part(len(pages), written, removed), years, list(ledger.drawn.values()))

    def heed(self, vendor: str, drawn: Drawn) -> Part:
        """Take what was drawn of a vendor into what is over all vendors."""
        for entry in drawn.taken:
            self.ledger.drawn[entry.path] = entry
        name = self.press.site.name(vendor)
        for year, before, after in drawn.years:
            assert self.index, "years are only drawn for the search"
            self.index.note(vendor, name, year, entries_of(before), entries_of(after))
        return drawn.part

    def root(self, vendors: Sequence[str]) -> Part:
        """Draw the pages of the whole, and remove the vendors that are no more."""
        across, files = list(self._root_pages(vendors)), list(self._downloads(vendors))
        pages = distinct((*across, *files))
        written = self._put(page for page in across if self.plan.wants(page))
        # What stands by time is nobody's any more, and Parquet wants as much memory.
        self.almanac.forget()
        written += self._put(page for page in files if self.plan.wants(page))
        return Part(len(pages), written, self.bare(vendors, (*pages, *FOLDERS)))

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
        yield from category_calendars(self.press, vendors, self.folder.read)

    def _downloads(self, vendors: Sequence[str]) -> Iterator[Page]:
        return download_pages(
            self.press, self.source, self.census, vendors, self.ledger, self.folder.read
        )

    def search(self, index: Index) -> Part:
        """Bring the search index to what the vendors' pages say now, after those are drawn."""
        written = sum(self.folder.write(path, text) for path, text in index.changed())
        folders: dict[str, set[str]] = {}
        for path in index.paths():
            while folder := links.folder_of(path):
                folders.setdefault(folder, set()).add(path.rpartition("/")[2])
                path = folder
        removed = sum(self.folder.sweep(folder, names) for folder, names in folders.items())
        return Part(len(index.paths()), written, removed)

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

    def _years(
        self, pages: Mapping[str, Page], drawn: Iterable[str]
    ) -> list[tuple[int, bytes | None, bytes | None]]:
        """What becomes of a vendor's years in the search, before they are written."""
        years = []
        for path in drawn if self.index else ():
            year = links.year_of_entries(path)
            if year is not None:
                before = None if self.plan.everything else self.folder.read(path)
                years.append((year, before, pages[path].draw() if path in pages else None))
        return years

    def _put(self, pages: Iterable[Page]) -> int:
        return sum(self._put_one(page) for page in pages)

    def _put_one(self, page: Page) -> bool:
        if page.pour is None:
            return self.folder.write(page.path, page.draw())
        draft = self.folder.draft(page.path)
        page.pour(draft)
        return self.folder.adopt(page.path, draft)
