"""`data/vendors/<slug>.toml`: reading the vendor files."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from generator.errors import VendorFileError
from generator.model import Vendor
from generator.toml import read_toml
from generator.vendors.files import ENDING, stray, strays, vendor_files
from generator.vendors.problems import REQUIRED, day_of, line_of, problems
from generator.vendors.writing import Previous
from generator.wording import counted, meant

__all__ = [
    "REQUIRED",
    "Previous",
    "chosen",
    "read_previous",
    "read_vendor",
    "read_vendors",
    "same_page",
    "vendor_files",
]


def read_vendors(folder: Path, categories: Collection[str] = ()) -> dict[str, Vendor]:
    """Every vendor of the folder by slug; VendorFileError lists all that is wrong, a line each."""
    found: dict[str, Vendor] = {}
    wrong: list[str] = []
    for file in vendor_files(folder):
        try:
            found[file.stem] = read_vendor(file, categories)
        except VendorFileError as error:
            wrong.append(str(error))
    wrong += strays(folder)
    wrong += _shared_pages(folder, found.values())
    if wrong:
        raise VendorFileError("\n".join(wrong))
    return found


def chosen(vendors: Mapping[str, Vendor], slugs: Iterable[str], folder: Path) -> list[Vendor]:
    """The vendors asked for, all if none are; VendorFileError for a name without a file."""
    wanted = list(slugs) or list(vendors)
    for slug in wanted:
        if slug not in vendors:
            raise VendorFileError(
                f"there is no {folder / slug}.toml: expected the slug of a vendor file; "
                f"{folder} has {counted(len(vendors), 'file')}.{_meant(slug, vendors)}"
            )
    return [vendors[slug] for slug in wanted]


def read_vendor(file: Path, categories: Collection[str] = ()) -> Vendor:
    """One vendor file; VendorFileError says file, line, what was expected and how to mend it."""
    table = _table(file, categories)
    return Vendor(
        slug=file.stem,
        options=table.get("options", {}),
        language=table.get("language"),
        **{key: table[key].strip() for key in REQUIRED},
    )


def read_previous(file: Path) -> tuple[Previous, ...]:
    """Where the vendor's incidents stood before, oldest first as the file has them."""
    rows = _table(file, ()).get("previous", ())
    return tuple(
        Previous(row["status_page"], row["platform"], day_of(row["until"]) or date.min)
        for row in rows
    )


def same_page(vendor: Vendor, others: Iterable[Vendor]) -> Vendor | None:
    """Another vendor whose file reads the same page."""
    page = _page(vendor)
    return next((o for o in others if o.slug != vendor.slug and _page(o) == page), None)


def _meant(slug: str, vendors: Mapping[str, Vendor]) -> str:
    """The vendors that are spelt nearly so, or whose name is."""
    named = (f"{vendor.slug} ({vendor.name})" for vendor in vendors.values())
    return meant(slug, vendors) or meant(slug, named)


def _table(file: Path, categories: Collection[str]) -> dict[str, Any]:
    """The file's content, with nothing wrong in it."""
    if file.suffix != ENDING and file.is_file():
        raise VendorFileError(f"{file}: {stray(file, file.parent)}")
    try:
        text, table = read_toml(file)
    except OSError as error:
        raise VendorFileError(f"{file}: {error.strerror}. Expected a vendor file.") from None
    except ValueError as error:
        raise VendorFileError(f'{file}: {error}. Expected lines like name = "GitHub".') from None
    wrong = sorted(problems(file.stem, text, table, categories))
    if wrong:
        raise VendorFileError("\n".join(f"{file}:{line}: {sentence}" for line, sentence in wrong))
    return table


def _shared_pages(folder: Path, vendors: Iterable[Vendor]) -> Iterator[str]:
    """Two files that would read one page into two records."""
    first: dict[tuple[str, ...], Vendor] = {}
    for vendor in vendors:
        other = first.setdefault(_page(vendor), vendor)
        if other is not vendor:
            file = folder / f"{vendor.slug}.toml"
            line = line_of(read_toml(file)[0], "status_page")
            yield (
                f"{file}:{line}: status_page {vendor.status_page} is that of {other.slug}.toml "
                "too. Keep one of the files."
            )


def _page(vendor: Vendor) -> tuple[str, ...]:
    """What is read, however it is spelled."""
    parts = urlsplit(vendor.status_page.lower())
    host = parts.netloc.removeprefix("www.").removesuffix(":443").removesuffix(":80")
    return (host, parts.path.rstrip("/"), parts.query, *sorted(vendor.options.values()))
