"""Vendor files, made and checked by asking their pages."""

import asyncio
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from generator.detect import Detected
from generator.detect.about import name_in
from generator.errors import InputError, SourceFault, VendorFileError
from generator.fetch import Fetcher
from generator.model import Incident, Vendor
from generator.pipeline.identify import CURIOUS, changed, identified
from generator.pipeline.places import now
from generator.readers import READERS
from generator.scrape import read, refused, side_by_side
from generator.settings import SiteConfig
from generator.slugs import words
from generator.toml import read_toml
from generator.vendors import read_previous, read_vendor, read_vendors, same_page, vendor_files
from generator.vendors.problems import line_of, problems, slug_problem
from generator.vendors.writing import Previous, write_text
from generator.wording import meant, perhaps
from generator.worker import Task

# Pages that a live check asks side by side.
AT_ONCE = 20
PUBLIC = (
    "Nothing of the kind is read: give the page's address on the public internet "
    "(in a test on this machine: --allow-loopback)."
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a live check says of a vendor. `mended`: the file as it should be, if another."""

    vendor: str
    fault: SourceFault | None
    incidents: tuple[Incident, ...] = ()
    evidence: str = ""
    mended: str | None = None


def drafted(
    detected: Detected,
    folder: Path,
    categories: Mapping[str, str],
    slug: str | None,
    category: str | None,
    options: Mapping[str, str],
) -> Vendor:
    """The vendor that a page is of; InputError when its file could not stand beside the others."""
    name = detected.name or name_in(detected.status_page)
    slug = slug or words(name)
    if sentence := slug_problem(slug):
        raise InputError(f"{sentence} Or give another name: --slug {slug}-status")
    fitting = (each for each in detected.categories if each in categories)
    category = category or next(fitting, None)
    if category is None or (categories and category not in categories):
        told = f"{category!r} is no category" if category else "the page tells no category"
        near = perhaps(category, categories)
        raise InputError(f"{told}{near}. Give one: --category with one of {', '.join(categories)}")
    vendor = Vendor(
        slug=slug,
        name=name,
        homepage=detected.homepage or detected.status_page,
        status_page=detected.status_page,
        platform=detected.platform,
        category=category,
        options={**detected.options, **options},
    )
    _check_free(vendor, folder)
    text = write_text(vendor)
    if wrong := [each for _, each in problems(slug, text, tomllib.loads(text), categories)]:
        raise InputError(f"{' '.join(wrong)} Nothing is written.")
    return vendor


def sampled(vendor: Vendor, config: SiteConfig, *, allow_loopback: bool) -> tuple[Incident, ...]:
    """What the page lists, as it would be kept; InputError when it cannot be read."""
    fetcher = Fetcher(config.agent, allow_loopback=allow_loopback)
    result = asyncio.run(read(fetcher, READERS, Task(vendor)))
    if result.batch is None:
        raise InputError(
            f"{result.failure or 'the page says nothing'}. Nothing is written. A setting that "
            "the page does not tell can be given: --option KEY=TEXT"
        )
    return result.batch.incidents


def checked(
    files: Sequence[Path], folder: Path, categories: Mapping[str, str], *, allow_loopback: bool
) -> list[tuple[Path, Vendor]]:
    """The vendors of these files, of all if none; VendorFileError for all that is wrong with them.

    Each is checked beside the others of its folder, for a page that two would read; and for what
    its reader would refuse before it asks anybody.
    """
    found: list[tuple[Path, Vendor]] = []
    wrong: list[str] = []
    if not files:
        vendors = read_vendors(folder, categories)
        found = [(folder / f"{slug}.toml", vendor) for slug, vendor in vendors.items()]
    for file in files:
        try:
            found.append((file, read_vendor(file, categories)))
        except VendorFileError as error:
            wrong.append(f"{error}{_meant(file, folder)}")
    beside = {file.parent: _readable(file.parent) for file, _ in found if files}
    for file, vendor in found:
        other = same_page(vendor, beside.get(file.parent, ()))
        if other:
            wrong.append(f"{file}: {_taken(vendor, file.parent, other)} Keep one of the files.")
        fault = refused(vendor, allow_loopback=allow_loopback)
        if fault:
            wrong.append(_unreadable(vendor, file, fault))
    if wrong:
        raise VendorFileError("\n".join(wrong))
    return found


def _meant(file: Path, folder: Path) -> str:
    """The file that another, which is not there, may be meant for."""
    known = {each.stem: each for each in vendor_files(folder)}
    if file.exists():
        return ""
    return f" Is {known[file.stem]} meant?" if file.stem in known else meant(file.stem, known)


def _unreadable(vendor: Vendor, file: Path, fault: SourceFault) -> str:
    """What `update` would say of the vendor on every run, and where the file says so."""
    text, _ = read_toml(file)
    key = next((k for k, v in vendor.options.items() if v and v in fault.reason), "status_page")
    how = f" {PUBLIC}" if fault.kind == "refused" else ""
    return f"{file}:{line_of(text, key)}: {fault.reason}.{how}"


def write_file(vendor: Vendor, folder: Path) -> Path:
    """Write the vendor's file; InputError when there is one."""
    file = folder / f"{vendor.slug}.toml"
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with file.open("x", encoding="utf-8") as out:
            out.write(write_text(vendor))
    except FileExistsError:
        raise InputError(f"{file} exists. Give another name: --slug ...") from None
    return file


def check_live(
    chosen: Iterable[tuple[Path, Vendor]],
    config: SiteConfig,
    take: Callable[[Path, Verdict], None],
    *,
    allow_loopback: bool,
) -> None:
    """Read every page, and ask it what it is: it may have moved, or be of another platform by now.

    `take` gets each verdict as it comes.
    """
    reader = Fetcher(config.agent, allow_loopback=allow_loopback)
    asker = Fetcher(config.agent, allow_loopback=allow_loopback, limits=CURIOUS)

    async def one(item: tuple[Path, Vendor]) -> None:
        file, vendor = item
        take(file, await _checked_live(reader, asker, vendor, file))

    asyncio.run(side_by_side(chosen, one, AT_ONCE))


async def _checked_live(reader: Fetcher, asker: Fetcher, vendor: Vendor, file: Path) -> Verdict:
    result = await read(reader, READERS, Task(vendor))
    incidents = result.batch.incidents if result.batch else ()
    # A page that can be read as a feed may well be more; that was somebody's choice.
    if result.failure is None and vendor.platform == "feed":
        return Verdict(vendor.slug, None, incidents)
    try:
        found = await identified(asker, READERS, vendor.status_page)
    except SourceFault as unknown:
        return Verdict(vendor.slug, result.failure, incidents, evidence=unknown.reason)
    fault = changed(vendor, found) or result.failure
    is_other = (found.platform, found.status_page) != (vendor.platform, vendor.status_page)
    mended = _mended(vendor, found, file) if fault and is_other else None
    return Verdict(vendor.slug, fault, incidents, found.evidence, mended)


def _mended(vendor: Vendor, found: Detected, file: Path) -> str:
    """The file as it should be; where the page was until today goes to its past."""
    page, platform = found.status_page, found.platform
    past = Previous(vendor.status_page, vendor.platform, now().date())
    mended = replace(vendor, status_page=page, platform=platform, options=found.options)
    return write_text(mended, (*read_previous(file), past))


def _check_free(vendor: Vendor, folder: Path) -> None:
    file = folder / f"{vendor.slug}.toml"
    if file.exists():
        raise InputError(f"{file} exists. Mend it, or give another name: --slug ...")
    other = same_page(vendor, _readable(folder))
    if other:
        raise InputError(f"{_taken(vendor, folder, other)} Nothing is written.")


def _taken(vendor: Vendor, folder: Path, other: Vendor) -> str:
    return f"{vendor.status_page} is read already, by {folder / other.slug}.toml."


def _readable(folder: Path) -> list[Vendor]:
    """The vendors of a folder, but for files that are broken."""
    vendors = []
    for file in vendor_files(folder):
        with suppress(VendorFileError):
            vendors.append(read_vendor(file))
    return vendors
