"""The pages that search and gather, which the script brings to life, and the vendors as data."""

from collections.abc import Mapping, Sequence

import msgspec
from msgspec import Struct

from generator.census import VendorCount
from generator.model import IMPACTS
from generator.render import links, words
from generator.render.frame import Frame, Link, Site
from generator.render.tally import standing
from generator.times import text_of


class Option(Struct, frozen=True):
    """A choice of a filter."""

    value: str
    name: str


class SearchView(Struct, frozen=True):
    """The search. `marks`: the words of all marks, which the script chooses from."""

    frame: Frame
    script: str
    marks: tuple[Option, ...]
    impacts: tuple[Option, ...]
    categories: tuple[Option, ...]
    years: tuple[int, ...]
    browse: tuple[Link, ...]


class StackView(Struct, frozen=True):
    """The services that a reader picks."""

    frame: Frame
    script: str
    marks: tuple[Option, ...]
    calendars: bool


def search_view(site: Site, counts: Mapping[str, VendorCount], script: str) -> SearchView:
    """The view of the search; `script` is the file that it runs."""
    years = {year for count in counts.values() for year in count.years}
    impacts = tuple(Option(impact, words.IMPACT[impact]) for impact in reversed(IMPACTS))
    return SearchView(
        frame=site.frame(links.SEARCH, words.SEARCH, words.SEARCH_DESCRIPTION),
        script=script,
        marks=_marks(),
        impacts=impacts,
        categories=tuple(Option(slug, name) for slug, name in site.config.categories.items()),
        years=tuple(sorted(years, reverse=True)),
        browse=(Link(words.ALL_SERVICES, links.VENDORS), Link(words.DAYS, links.DAYS)),
    )


def stack_view(site: Site, script: str) -> StackView:
    """The view of the stack; `script` is the file that it runs."""
    frame = site.frame(links.STACK, words.STACK, words.STACK_DESCRIPTION)
    return StackView(frame, script, _marks(), site.has("calendars"))


def vendors_json(site: Site, vendors: Sequence[str], counts: Mapping[str, VendorCount]) -> bytes:
    """All vendors by slug, one a line; the search index tells them by their place in this list."""
    lines = []
    for slug in vendors:
        count = counts.get(slug)
        last = count.last_started_at if count else None
        entry = {
            "slug": slug,
            "name": site.name(slug),
            "language": site.language(slug) or None,
            "category": site.category_slug(slug),
            "incidents": standing(count).incidents,
            "open": count.open if count else 0,
            # Null: nobody knows.
            "unread": site.unread(slug) if slug in site.health else None,
            "last": text_of(last)[:10] if last else None,
        }
        lines.append(msgspec.json.encode(entry))
    return b"[\n" + b",\n".join(lines) + b"\n]\n"


def _marks() -> tuple[Option, ...]:
    impacts = [Option(impact, word) for impact, word in words.IMPACT.items()]
    return (*impacts, Option("maintenance", words.MAINTENANCE))
