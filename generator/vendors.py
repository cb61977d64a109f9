"""`data/vendors/<slug>.toml`: reading vendor files, and saying what is wrong with them."""

import re
import tomllib
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from generator.errors import VendorFileError
from generator.model import Vendor
from generator.providers import platforms

REQUIRED = ("name", "homepage", "status_page", "platform", "category")
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
# Top-level names of the site that are not vendors.
RESERVED = frozenset(
    re.findall(
        r"[a-z-]+",
        """about all api archive assets badge badges calendar categories category compare component
        components data day days feed feeds health incident incidents index insights json
        maintenance maintenances method month months my-stack robots search sitemap sources stack
        stacks static status vendor vendors year years""",
    )
)
LONGEST = 60


def read_vendors(folder: Path, categories: Collection[str] = ()) -> dict[str, Vendor]:
    """Every vendor of the folder by slug; VendorFileError lists all that is wrong, a line each."""
    found: dict[str, Vendor] = {}
    wrong: list[str] = []
    for file in sorted(folder.glob("*.toml")):
        try:
            found[file.stem] = read_vendor(file, categories)
        except VendorFileError as error:
            wrong.append(str(error))
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
                f"there are {len(vendors)}, see {folder}."
            )
    return [vendors[slug] for slug in wanted]


def read_vendor(file: Path, categories: Collection[str] = ()) -> Vendor:
    """One vendor file; VendorFileError says file, line, what was expected and how to mend it."""
    try:
        text = file.read_text(encoding="utf-8")
        table = tomllib.loads(text)
    except UnicodeDecodeError:
        raise VendorFileError(f"{file}: is not UTF-8. Save it as UTF-8.") from None
    except tomllib.TOMLDecodeError as error:
        raise VendorFileError(f'{file}: {error}. Expected lines like name = "GitHub".') from None
    for line, problem in _problems(file.stem, text, table, categories):
        raise VendorFileError(f"{file}:{line}: {problem}")
    return Vendor(
        slug=file.stem,
        options=table.get("options", {}),
        **{key: table[key].strip() for key in REQUIRED},
    )


def _problems(
    slug: str, text: str, table: Mapping[str, object], categories: Collection[str]
) -> Iterable[tuple[int, str]]:
    """Line and sentence of each thing that is wrong."""
    if not SLUG.fullmatch(slug) or len(slug) > LONGEST:
        yield 1, "the file name is the slug: expected lower-case words joined by hyphens. Rename it"
    if slug in RESERVED:
        yield 1, f"{slug!r} is a page of the site. Rename the file, say to {slug}-status.toml."
    for key in REQUIRED:
        value = table.get(key)
        if key not in table:
            yield 1, f'{key} is missing. Add a line: {key} = "..."'
        elif not isinstance(value, str) or not value.strip():
            yield _line_of(text, key), f'{key} is {value!r}, expected a text: {key} = "..."'
        elif key in ("homepage", "status_page") and not _is_address(value):
            yield (
                _line_of(text, key),
                f"{key} is {value!r}, expected an address like https://status.example.com",
            )
    platform, category, options = (table.get(key) for key in ("platform", "category", "options"))
    if platform not in platforms():
        yield (
            _line_of(text, "platform"),
            f"platform is {platform!r}, expected one of {', '.join(platforms())}",
        )
    if categories and category not in categories:
        yield (
            _line_of(text, "category"),
            f"category is {category!r}, expected one of {', '.join(categories)}",
        )
    if options is not None and not _is_text_table(options):
        yield _line_of(text, "options"), 'expected [options] with texts: key = "..."'
    for key in table.keys() - {*REQUIRED, "options"}:
        yield (
            _line_of(text, key),
            f"unknown key {key!r}; expected {', '.join(REQUIRED)} and [options]. Take it away.",
        )


def _shared_pages(folder: Path, vendors: Iterable[Vendor]) -> Iterable[str]:
    """Two files that would read one page into two records."""
    first: dict[tuple[str, ...], str] = {}
    for vendor in vendors:
        page = (vendor.status_page.rstrip("/").lower(), *sorted(vendor.options.values()))
        other = first.setdefault(page, vendor.slug)
        if other != vendor.slug:
            yield (
                f"{folder / vendor.slug}.toml: status_page {vendor.status_page} is that of "
                f"{other}.toml too. Keep one of the files."
            )


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and not set(text) & set(" \n")


def _is_text_table(options: object) -> bool:
    return isinstance(options, dict) and all(isinstance(value, str) for value in options.values())


def _line_of(text: str, key: str) -> int:
    """Where a key stands; the first line if nowhere."""
    mark = re.search(rf"^\s*\[?{re.escape(key)}\b", text, re.MULTILINE)
    return text.count("\n", 0, mark.start()) + 1 if mark else 1
