"""The build: an archive and a folder in, the site in that folder out."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from generator.model import Vendor
from generator.render.config import SiteConfig
from generator.render.env import Press
from generator.render.pages import Page, distinct, site_pages, vendor_pages
from generator.render.plan import Manifest, Plan, completeness, key_of, plan_of
from generator.render.source import Source
from generator.render.writer import MANIFEST, Folder

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class BuildReport:
    """Files of the site: how many it has, and what this build did to them."""

    pages: int
    written: int
    removed: int
    unchanged: int


@dataclass(frozen=True, slots=True)
class _Part:
    """What became of one vendor's pages, or of the root's."""

    pages: int
    written: int = 0
    removed: int = 0


def build(
    source: Source,
    vendors: Mapping[str, Vendor],
    config: SiteConfig,
    out: Path,
    as_of: date,
    clean: bool = False,
    progress: Progress | None = None,
) -> BuildReport:
    """Bring the site in `out` to the archive's present state, windows ending on `as_of`.

    Draws what the archive's changes make necessary, all of it when `clean`. BuildError for a
    folder that is not a site's, or a site that cannot be. `progress` is told of vendors done.
    """
    folder = Folder(out)
    before = folder.claim()
    key = key_of(config, vendors)
    plan = plan_of(source, before, key, as_of) if before and not clean else Plan(everything=True)
    if before and plan.nothing:
        total = sum(before.pages.values())
        return BuildReport(pages=total, written=0, removed=0, unchanged=total)
    # Until all is drawn the folder says that it is unfinished, so that a kill costs a full build.
    folder.keep(Manifest())
    parts = _draw(source, Press(config, vendors), folder, plan, as_of, before, progress)
    folder.keep(
        Manifest(
            key=key,
            fingerprint=source.fingerprint,
            sequence=source.sequence,
            as_of=as_of.isoformat(),
            complete=completeness(source),
            pages={name: part.pages for name, part in parts.items()},
        )
    )
    total = sum(part.pages for part in parts.values())
    written = sum(part.written for part in parts.values())
    removed = sum(part.removed for part in parts.values())
    return BuildReport(total, written, removed, total - written)


def _draw(
    source: Source,
    press: Press,
    folder: Folder,
    plan: Plan,
    as_of: date,
    before: Manifest | None,
    progress: Progress | None,
) -> dict[str, _Part]:
    """Vendor by vendor, so that no more than one vendor's records are ever held; then the root."""
    vendors = sorted({*press.site.vendors, *source.vendors()})
    known = before.pages if before else {}
    parts: dict[str, _Part] = {}
    for done, vendor in enumerate(vendors):
        if progress:
            progress(done, len(vendors))
        if plan.visits(vendor):
            parts[vendor] = _draw_vendor(source, press, folder, plan, vendor, as_of)
        else:
            parts[vendor] = _Part(known.get(vendor, 0))
    pages = distinct(site_pages(press, source, vendors, as_of))
    kept = {*pages, *vendors, MANIFEST}
    parts[""] = _put(folder, "", pages.values(), len(pages), kept)
    if progress:
        progress(len(vendors), len(vendors))
    return parts


def _draw_vendor(
    source: Source, press: Press, folder: Folder, plan: Plan, vendor: str, as_of: date
) -> _Part:
    kept = source.kept(vendor)
    pages = distinct(vendor_pages(press, vendor, kept, source.complete_since(vendor), as_of))
    wanted = plan.wanted(vendor, kept)
    drawn = [page for path, page in pages.items() if wanted is None or path in wanted]
    names = {path.rpartition("/")[2] for path in pages}
    return _put(folder, vendor, drawn, len(pages), names)


def _put(folder: Folder, name: str, drawn: Iterable[Page], total: int, keep: set[str]) -> _Part:
    written = sum(folder.write(page.path, page.draw()) for page in drawn)
    return _Part(total, written, folder.sweep(name, keep))
