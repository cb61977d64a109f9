"""Which feeds there are: what of, which variant, in which formats, and how long each is.

The bytes decide: what most people follow, and what goes to chat, comes in all three formats; the
rest in Atom, which every reader knows.
"""

from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from generator.render import links, words
from generator.render.frame import FeedLink, Site

Format = Literal["atom", "rss", "json"]

FORMATS: tuple[Format, ...] = ("atom", "rss", "json")
TYPES: Mapping[Format, str] = MappingProxyType(
    {
        "atom": "application/atom+xml",
        "rss": "application/rss+xml",
        "json": "application/feed+json",
    }
)
# How far back a feed over several vendors looks for what changed.
WINDOW = timedelta(days=7)


class Variant(Struct, frozen=True):
    """A kind of feed. `stem`: its files' name; `size`: how many of the newest entries it holds.

    `part`: what `data/site.toml` may switch off, "" for what is always there. `brief`: of each
    incident the newest post alone.
    """

    stem: str
    formats: tuple[Format, ...]
    size: int
    part: str = ""
    brief: bool = False

    @property
    def name(self) -> str:
        """What the ids of its feeds call it."""
        return "incidents" if self.stem == "feed" else self.stem


INCIDENTS = Variant("feed", FORMATS, 10)
UPDATES = Variant("updates", FORMATS, 12, "updates")
OPENED_RESOLVED = Variant("opened-resolved", ("atom",), 6, "opened-resolved")
MAINTENANCE = Variant("maintenance", ("atom",), 6, "maintenance")
MAJOR = Variant("major", ("atom",), 6, "major")
VARIANTS = (INCIDENTS, UPDATES, OPENED_RESOLVED, MAINTENANCE, MAJOR)
# Of a component: few entries, the newest post in each, for there are very many such feeds.
COMPONENT = Variant("feed", FORMATS, 2, "components", brief=True)
# A feed over several vendors holds that many times as much.
WIDER = 2


class Scope(Struct, frozen=True):
    """What a feed is of: all, a category, a vendor or a component.

    `page`: the page of the same. `author`: whose words all of it are; "" where entries say so.
    """

    folder: str
    name: str
    page: str
    author: str = ""

    def path(self, variant: Variant, kind: Format) -> str:
        """Where a feed is."""
        name = f"{variant.stem}.{kind}"
        return f"{self.folder}/{name}" if self.folder else name

    def key(self, variant: Variant) -> str:
        """What it is called in its id."""
        return f"{self.folder or 'all'}/{variant.name}"


def of_all(site: Site) -> Scope:
    """All vendors."""
    return Scope("", site.config.title, links.HOME)


def of_category(site: Site, slug: str) -> Scope:
    """The vendors of a category."""
    page = links.category_page(slug)
    return Scope(page.removesuffix(".html"), site.category(slug), page)


def of_vendor(site: Site, vendor: str) -> Scope:
    """A vendor."""
    name = site.name(vendor)
    return Scope(vendor, name, links.vendor_page(vendor), name)


def of_component(site: Site, vendor: str, slug: str, name: str) -> Scope:
    """A component of a vendor."""
    page = links.component_page(vendor, slug)
    whose = site.name(vendor)
    return Scope(page.removesuffix(".html"), f"{whose}: {name}", page, whose)


def variants(site: Site) -> tuple[Variant, ...]:
    """Those that this site has of a vendor, each in the formats that it has."""
    return tuple(_formatted(site, each) for each in VARIANTS if site.has(each.part))


def wider(site: Site) -> tuple[Variant, ...]:
    """The same over several vendors."""
    return tuple(replace(each, size=WIDER * each.size) for each in variants(site))


def of_components(site: Site) -> Variant | None:
    """The feeds of components, if this site has them."""
    return _formatted(site, COMPONENT) if site.has(COMPONENT.part) else None


def feed_links(scope: Scope, variant: Variant, folder: str) -> tuple[FeedLink, ...]:
    """A variant in its formats, as linked from a page in `folder`."""
    title = words.feed_title(scope.name, variant.stem)
    return tuple(
        FeedLink(
            words.FORMAT[kind],
            title,
            TYPES[kind],
            links.relative(folder, scope.path(variant, kind)),
        )
        for kind in variant.formats
    )


def further_feeds(site: Site, scope: Scope, folder: str) -> tuple[FeedLink, ...]:
    """The feeds of a scope for readers that look for some: what pages around do not name.

    Of incidents the JSON Feed, of the others Atom.
    """
    return tuple(
        feed
        for variant in variants(site)
        for feed in feed_links(scope, variant, folder)
        if feed.type == TYPES["json" if variant.stem == INCIDENTS.stem else "atom"]
    )


def _formatted(site: Site, variant: Variant) -> Variant:
    formats = tuple(kind for kind in variant.formats if kind != "json" or site.has("json-feed"))
    return replace(variant, formats=formats)
