"""The archive to take away: SQLite, and for every month NDJSON, CSV and Parquet.

By month, so that what changes makes little anew: an edit costs the files of the month in which its
incident began. The manifest tells rows, bytes and SHA-256 of every file. Those of a file that this
build did not draw are taken from the last one's manifest.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache, partial
from pathlib import Path

import msgspec
from msgspec import Struct, field

from generator.census import Census
from generator.model import Kept
from generator.render import links, tables, words
from generator.render.datasette import metadata_json, opened_in_lite
from generator.render.env import Press
from generator.render.frame import Frame, Link, Site
from generator.render.page import ALL, VENDOR, Page
from generator.render.source import Source
from generator.times import text_of

# What is made of a month: the end of its files' names.
FORMS = ("ndjson.gz", "incidents.csv.gz", "updates.csv.gz", "incidents.parquet", "updates.parquet")

Read = Callable[[str], bytes | None]


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """A file of the manifest. `path`: below the site's address."""

    path: str
    rows: int
    bytes: int
    sha256: str


class Listing(msgspec.Struct, kw_only=True):
    """The manifest."""

    sequence: int
    changed_at: str | None
    files: list[Entry]


class Ledger(Struct):
    """What this build draws to be taken away, and what the manifest says of all else."""

    drawn: dict[str, Entry] = field(default_factory=dict)
    known: dict[str, Entry] = field(default_factory=dict)

    def note(self, path: str, rows: int, content: bytes) -> bytes:
        """A file that was drawn; its content."""
        digest = hashlib.sha256(content).hexdigest()
        self.drawn[path] = Entry(path=path, rows=rows, bytes=len(content), sha256=digest)
        return content

    def note_file(self, path: str, rows: int, file: Path) -> None:
        """One that is too large to be held."""
        with file.open("rb") as content:
            digest = hashlib.file_digest(content, "sha256").hexdigest()
        size = file.stat().st_size
        self.drawn[path] = Entry(path=path, rows=rows, bytes=size, sha256=digest)

    def recall(self, manifest: bytes | None) -> None:
        """What the last build's manifest says."""
        try:
            files = msgspec.json.decode(manifest or b"", type=Listing).files
        except msgspec.DecodeError:
            files = []
        self.known = {entry.path: entry for entry in files}

    def of(self, page: Page) -> Entry:
        """The entry of a page, drawn for it if nobody knows."""
        found = self.drawn.get(page.path) or self.known.get(page.path)
        if found is None:
            page.draw()
            found = self.drawn[page.path]
        return found


def trace_page(press: Press, vendor: str, kept: Sequence[Kept], ledger: Ledger) -> Iterator[Page]:
    """A vendor's outages as a trace of `start,end,severity`, for those who replay them."""
    if press.site.has("downloads"):
        path = links.trace(vendor)
        yield Page(path, f"trace of {vendor}", partial(_trace, path, kept, ledger), VENDOR)


def download_pages(
    press: Press,
    source: Source,
    census: Census,
    vendors: Iterable[str],
    ledger: Ledger,
    read: Read,
) -> Iterator[Page]:
    """All files to take away, their manifest, and the page that lists them; in this order."""
    site = press.site
    if not site.has("downloads"):
        return
    ledger.recall(read(links.MANIFEST))
    # A month is read once for all its files, and let go with the next: all are the whole archive.
    started_in = lru_cache(maxsize=1)(source.started_in)
    months = {month: _month(started_in, month, ledger) for month in census.months}
    whole = [_sqlite(source, census, ledger)] if site.has("sqlite") else []
    traces = [standing_trace(links.trace(vendor), ledger, read) for vendor in vendors]
    yield from whole
    for pages in months.values():
        yield from pages

    def listed() -> bytes:
        files = [*whole, *(page for pages in months.values() for page in pages), *traces]
        return _manifest(source, [ledger.of(page) for page in files])

    def listing() -> bytes:
        entries = {month: [ledger.of(page) for page in pages] for month, pages in months.items()}
        view = downloads_view(site, [ledger.of(page) for page in whole], entries)
        return press.page("downloads.html", view)

    yield Page(links.MANIFEST, "manifest of the downloads", listed, ALL)
    yield Page(links.METADATA, "metadata for Datasette", partial(metadata_json, site), ALL)
    yield Page(links.DOWNLOADS, "list of the downloads", listing, ALL)


def _month(started_in: Callable[[str], Sequence[Kept]], month: str, ledger: Ledger) -> list[Page]:
    """The files of a month."""

    def draw(form: str) -> bytes:
        rows, content = _drawn(form, started_in(month))
        return ledger.note(links.download(month, form), rows, content)

    return [
        Page(links.download(month, form), f"{form} of {month}", partial(draw, form))
        for form in FORMS
    ]


def _drawn(form: str, found: Sequence[Kept]) -> tuple[int, bytes]:
    """Rows and content."""
    if form == "ndjson.gz":
        return len(found), tables.ndjson(found)
    table = tables.updates_table(found) if "updates" in form else tables.incidents_table(found)
    make = tables.parquet if form.endswith("parquet") else tables.csv_gzipped
    return len(table[1]), make(table)


def _sqlite(source: Source, census: Census, ledger: Ledger) -> Page:
    """The archive itself."""

    def pour(draft: Path) -> None:
        source.copy_to(draft)
        ledger.note_file(links.SQLITE, census.incidents + census.maintenances, draft)

    return Page(links.SQLITE, "the archive", bytes, ALL, pour=pour)


def _trace(path: str, kept: Sequence[Kept], ledger: Ledger) -> bytes:
    table = tables.trace_table(kept)
    return ledger.note(path, len(table[1]), tables.csv_text(table))


def standing_trace(path: str, ledger: Ledger, read: Read) -> Page:
    """A trace as it stands in the folder: it is drawn with its vendor's pages."""

    def draw() -> bytes:
        content = read(path) or b""
        return ledger.note(path, max(0, content.count(b"\r\n") - 1), content)

    return Page(path, "trace", draw)


def _manifest(source: Source, files: list[Entry]) -> bytes:
    changed_at = source.changed_at
    listing = Listing(
        sequence=source.sequence,
        changed_at=text_of(changed_at) if changed_at else None,
        files=files,
    )
    lines = b",\n".join(msgspec.json.encode(entry) for entry in listing.files)
    listing.files = []
    return msgspec.json.encode(listing).removesuffix(b"]}") + b"\n" + lines + b"\n]}\n"


class Cell(Struct, frozen=True):
    """A file in the list: where it is, how large, and its digest."""

    href: str
    size: str
    sha256: str


class MonthRow(Struct, frozen=True):
    """A month's files, in the order of FORMS."""

    month: str
    name: str
    incidents: str
    updates: str
    cells: tuple[Cell, ...]


class DownloadsView(Struct, frozen=True):
    """The page that lists them. `sqlite`: with the number of its incidents, if there is one."""

    frame: Frame
    folder: str
    sqlite: Cell | None
    incidents: str
    lite: str
    months: tuple[MonthRow, ...]
    total: str


def downloads_view(
    site: Site, whole: Sequence[Entry], months: Mapping[str, Sequence[Entry]]
) -> DownloadsView:
    """The view of the list, newest month first."""
    frame = site.frame(
        links.DOWNLOADS,
        words.DOWNLOADS,
        words.DOWNLOADS_DESCRIPTION,
        crumbs=(Link(words.FOOTER[links.DATA], links.relative(links.FILES, links.DATA)),),
    )
    size = sum(entry.bytes for entries in months.values() for entry in entries)
    return DownloadsView(
        frame=frame,
        folder=site.address(links.DOWNLOADS),
        sqlite=_cell(whole[0]) if whole else None,
        incidents=words.number(sum(entries[0].rows for entries in months.values())),
        lite=opened_in_lite(site),
        months=tuple(_row(month, months[month]) for month in sorted(months, reverse=True)),
        total=words.size(size),
    )


def _row(month: str, entries: Sequence[Entry]) -> MonthRow:
    return MonthRow(
        month=month,
        name=words.month(month),
        incidents=words.number(entries[1].rows),
        updates=words.number(entries[2].rows),
        cells=tuple(_cell(entry) for entry in entries),
    )


def _cell(entry: Entry) -> Cell:
    href = links.relative(links.FILES, entry.path)
    return Cell(href, words.size(entry.bytes), entry.sha256)
