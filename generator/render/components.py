"""A vendor's components: which incidents affected them, and the pages of those with a history.

The path of a component follows from its name alone, so that no other component can move it:
its words where they are all of the name, and a digest behind them where they lose something.
Names that differ only in case, spaces and punctuation are spellings of one component.
"""

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache

import msgspec
from msgspec import Struct

from generator import slugs
from generator.model import Kept
from generator.render import links, words
from generator.render.feeds.variants import feed_links, of_component, of_components
from generator.render.figures import Figures, figures, told
from generator.render.frame import Frame, Link, Row, Site, moment, row
from generator.render.spans import Window, counted
from generator.render.stats import started
from generator.render.text import shown

# Pages of how many components a vendor has at most, and from how many incidents on.
MOST = 40
FEWEST = 2
# How many of them an overview shows at first, and how many incidents a page of theirs lists.
TOP = 10
NEWEST = 50

# What words lose without loss of meaning.
_SPACING = re.compile(r"[\s\-_/.,:;()\[\]{}|&'\"–—·]+")


class Part(Struct, frozen=True):
    """A component: the spelling used most, and its standing incidents by start."""

    slug: str
    name: str
    kept: tuple[Kept, ...]


class PartEntry(Struct, frozen=True):
    """A component in a vendor's list; `href` is "" where it has no page."""

    name: str
    href: str
    incidents: str
    median: str
    last: str


class PartYear(Struct, frozen=True):
    """A year of a component: where the vendor's year is, and the incidents that are listed."""

    year: str
    href: str
    incidents: str
    rows: tuple[Row, ...]


class PartView(Struct, frozen=True):
    """A component's page. `unlisted`: how many older incidents its lists leave out."""

    frame: Frame
    name: str
    language: str
    vendor: Link
    found: str
    figures: Figures
    years: tuple[PartYear, ...]
    unlisted: str
    all_feeds: str


# A vendor names a few dozen, each in a hundred records, and many pages ask.
@lru_cache(maxsize=4096)
def slug_of(name: str) -> str:
    """The path of a component, by its name alone."""
    spelled = slugs.words(name)
    plain = unicodedata.normalize("NFKD", name.casefold())
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    told_whole = spelled and _SPACING.sub("", letters) == spelled.replace("-", "")
    if told_whole and spelled not in slugs.DEVICES:
        return spelled
    digest = hashlib.sha256(" ".join(plain.split()).encode()).hexdigest()[:8]
    return f"{spelled}-{digest}" if spelled else digest


def parts_of(kept: Iterable[Kept]) -> tuple[Part, ...]:
    """A vendor's components, those with most incidents first."""
    records: dict[str, dict[str, Kept]] = {}
    names: dict[str, Counter[str]] = {}
    for each in counted(kept):
        for name in each.incident.components:
            slug = slug_of(name)
            records.setdefault(slug, {})[each.slug] = each
            names.setdefault(slug, Counter())[name] += 1
    parts = [
        Part(slug, _usual(names[slug]), tuple(found.values())) for slug, found in records.items()
    ]
    return tuple(sorted(parts, key=lambda part: (-len(part.kept), part.slug)))


def with_page(parts: Sequence[Part]) -> tuple[Part, ...]:
    """The components that have a page of their own."""
    return tuple(part for part in parts[:MOST] if len(part.kept) >= FEWEST)


def slugs_ever(kept: Kept) -> frozenset[str]:
    """Every component that a record names or named before."""
    names = set(kept.incident.components)
    for edit in kept.revisions:
        if edit.field == "components" and edit.before:
            names |= _names(edit.before)
    return frozenset(slug_of(name) for name in names)


def part_entries(vendor: str, parts: Sequence[Part]) -> tuple[PartEntry, ...]:
    """The components as a vendor's overview lists them."""
    paged = {part.slug for part in with_page(parts)}
    return tuple(
        PartEntry(
            name=shown(part.name),
            href=links.relative(vendor, links.component_page(vendor, part.slug))
            if part.slug in paged
            else "",
            incidents=words.number(len(part.kept)),
            median=told(started(part.kept).lengths.median),
            last=moment(part.kept[-1].incident.started_at).day,
        )
        for part in parts[:MOST]
    )


def part_view(site: Site, vendor: str, part: Part) -> PartView:
    """The view of a component's page."""
    path = links.component_page(vendor, part.slug)
    folder = links.folder_of(path)
    name, whose = shown(part.name), site.name(vendor)
    home = Link(whose, links.relative(folder, links.vendor_page(vendor)))
    first, last = (part.kept[at].incident.started_at.date() for at in (0, -1))
    unlisted = max(0, len(part.kept) - NEWEST)
    scope, variant = of_component(site, vendor, part.slug, name), of_components(site)
    return PartView(
        frame=site.frame(
            path,
            f"{name} · {whose}",
            words.component_description(name, whose, len(part.kept)),
            vendor=vendor,
            crumbs=(home,),
            feeds=feed_links(scope, variant, folder) if variant else (),
        ),
        all_feeds=links.relative(folder, links.FEEDS),
        name=name,
        language=site.language(vendor),
        vendor=home,
        found=words.incidents(len(part.kept)),
        figures=figures(words.WHOLE_RECORD, part.kept, Window(first, last, first), folder),
        years=_years(site, vendor, part, folder),
        unlisted=words.more(unlisted) if unlisted else "",
    )


def _usual(names: Counter[str]) -> str:
    """The spelling used most, of equals the first by letter."""
    return min(names, key=lambda name: (-names[name], name))


def _years(site: Site, vendor: str, part: Part, folder: str) -> tuple[PartYear, ...]:
    """The years of a component, newest first; the rows of its newest incidents."""
    counts = Counter(each.incident.started_at.year for each in part.kept)
    listed: dict[int, list[Row]] = {}
    for each in reversed(part.kept[-NEWEST:]):
        found = row(each, folder, language=site.language(vendor))
        listed.setdefault(each.incident.started_at.year, []).append(found)
    return tuple(
        PartYear(
            year=str(year),
            href=links.relative(folder, links.year_page(vendor, year)),
            incidents=words.incidents(counts[year]),
            rows=tuple(listed.get(year, ())),
        )
        for year in sorted(counts, reverse=True)
    )


def _names(before: str) -> set[str]:
    try:
        return set(msgspec.json.decode(before, type=list[str]))
    except msgspec.DecodeError:
        return set()  # an import may have brought anything
