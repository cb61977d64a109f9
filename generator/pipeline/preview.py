"""A proposal of vendor files, tried out: its files are data, read by the program as it stands."""

import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from generator.archive.queries import Archive
from generator.archive.store import reading
from generator.errors import InputError, VendorFileError
from generator.gitrepo import Repository
from generator.model import Kept, Vendor
from generator.pipeline.build import build_site
from generator.pipeline.places import Places
from generator.pipeline.update import update
from generator.pipeline.vendors import Verdict, check_live, checked
from generator.preview import FILES, LINES, NEWEST, Preview, Proposed, Seen, bounded
from generator.report import Row
from generator.settings import SiteConfig, read_site

VENDORS = "data/vendors/"
ARCHIVES = ("data/outages.db", "data/archive/")
SITE = "data/site.toml"


def previewed(
    checkout: Path, places: Places, config: SiteConfig, out: Path, *, allow_loopback: bool
) -> Preview:
    """What the last commit of `checkout` proposes, against its first parent.

    `places` and `config` are those of the program that reads it. In `out` stands then a site of
    the proposed vendors alone, with the data it was drawn from.
    """
    changed = Repository(checkout).changed_paths("HEAD^1")
    files = [path for path in changed if Path(path).match(f"{VENDORS}*.toml")]
    present = [path for path in files if (checkout / path).is_file()]
    preview = Preview(
        files=[],
        removed=[bounded(path) for path in files if path not in present][:FILES],
        unread=len(present[FILES:]),
        archive=any(path.startswith(ARCHIVES) for path in changed),
    )
    tried = Places(out / "data")
    tried.vendors.mkdir(parents=True, exist_ok=True)
    if SITE in changed:
        config = _with_categories(config, _own(checkout, SITE))
    good: list[Vendor] = []
    with tempfile.TemporaryDirectory() as folder:
        beside = Path(folder) / "vendors"
        shutil.copytree(places.vendors, beside)
        for path in present[:FILES]:
            one, vendor = _validated(checkout, path, beside, config, allow_loopback)
            preview.files.append(one)
            if vendor:
                shutil.copyfile(beside / Path(path).name, tried.vendors / Path(path).name)
                good.append(vendor)
    if good:
        _read(preview, good, tried, config, allow_loopback=allow_loopback)
        build_site(tried, config, out / "site")
    return preview


def _validated(
    checkout: Path, path: str, beside: Path, config: SiteConfig, allow_loopback: bool
) -> tuple[Proposed, Vendor | None]:
    """The file among the others, as it would be after the change."""
    target = beside / Path(path).name
    try:
        target.write_bytes(_own(checkout, path).read_bytes())
        ((_, vendor),) = checked([target], beside, config.categories, allow_loopback=allow_loopback)
    except InputError as error:
        said = str(error).replace(f"{beside}/", VENDORS).splitlines()
        target.unlink(missing_ok=True)
        return Proposed(bounded(path), wrong=[bounded(line) for line in said][:LINES]), None
    page, platform = bounded(vendor.status_page), bounded(vendor.platform, 100)
    return Proposed(bounded(path), platform, page), vendor


def _own(checkout: Path, path: str) -> Path:
    """The file; InputError when it is a link: that would read what is not of the proposal."""
    file = checkout / path
    if file.resolve() != checkout.resolve() / path:
        raise VendorFileError(f"{path}: is a link. Expected a file of its own.")
    return file


def _with_categories(config: SiteConfig, file: Path) -> SiteConfig:
    """A proposed category counts; the rest of the settings stays the program's."""
    return replace(config, categories=read_site(file).categories)


def _read(
    preview: Preview,
    vendors: list[Vendor],
    places: Places,
    config: SiteConfig,
    *,
    allow_loopback: bool,
) -> None:
    """Read each page into the preview's own archive, and note what came of it."""
    report = update(places, vendors, config, allow_loopback=allow_loopback)
    failed = {row.vendor: row for row in report.rows if row.outcome == "failed"}
    mends = _mends(places, [one for one in vendors if one.slug in failed], config, allow_loopback)
    with reading(places.archive) as connection:
        archive = Archive(connection)
        for one in preview.files:
            slug = Path(one.file).stem
            if one.wrong:
                continue
            if slug in failed:
                one.fault = bounded(_reason(failed[slug]))
                one.mended = bounded(mends.get(slug, ""), 2000)
            _describe(one, archive.kept(slug))


def _mends(
    places: Places, vendors: Iterable[Vendor], config: SiteConfig, allow_loopback: bool
) -> dict[str, str]:
    """By vendor: the file as it should be, where the page tells."""
    found: dict[str, str] = {}

    def take(file: Path, verdict: Verdict) -> None:
        if verdict.mended:
            found[verdict.vendor] = verdict.mended

    chosen = [(places.vendors / f"{one.slug}.toml", one) for one in vendors]
    check_live(chosen, config, take, allow_loopback=allow_loopback)
    return found


def _reason(row: Row) -> str:
    fault = row.faults[-1]
    return f"{fault.kind}: {fault.reason}"


def _describe(one: Proposed, held: list[Kept]) -> None:
    one.incidents = sum(kept.incident.kind == "incident" for kept in held)
    one.maintenances = len(held) - one.incidents
    one.newest = [_seen(kept) for kept in reversed(held[-NEWEST:])]


def _seen(kept: Kept) -> Seen:
    incident = kept.incident
    return Seen(
        started=f"{incident.started_at:%Y-%m-%d %H:%M}",
        ended=f"{incident.ended_at:%Y-%m-%d %H:%M}" if incident.ended_at else "open",
        kind=incident.kind,
        impact=incident.impact,
        updates=len(incident.updates),
        title=bounded(incident.title),
    )
