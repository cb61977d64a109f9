"""The page of all feeds: which there are, and for whom."""

from collections.abc import Sequence

from msgspec import Struct

from generator.render import links, words
from generator.render.feeds.choice import REVISED
from generator.render.feeds.dates import BURST, HISTORY
from generator.render.feeds.variants import (
    COMPONENT,
    INCIDENTS,
    UPDATES,
    WIDER,
    WINDOW,
    Scope,
    Variant,
    feed_links,
    further_feeds,
    of_all,
    of_category,
    variants,
)
from generator.render.frame import FeedLink, Frame, Link, Site


class VariantRow(Struct, frozen=True):
    """A variant: what it brings, for whom, its files' name, and those of all vendors."""

    name: str
    brings: str
    whose: str
    file: str
    size: int
    feeds: tuple[FeedLink, ...]


class CategoryRow(Struct, frozen=True):
    """A category with its feeds of incidents and of updates."""

    page: Link
    incidents: tuple[FeedLink, ...]
    updates: tuple[FeedLink, ...]


class FeedsView(Struct, frozen=True):
    """The page of all feeds, and the rules' own numbers."""

    frame: Frame
    variants: tuple[VariantRow, ...]
    categories: tuple[CategoryRow, ...]
    opml: str
    wider: int
    component_size: int
    revised: int
    history_days: int
    window_days: int
    burst_hours: int
    archives: bool
    components: bool


def feeds_view(site: Site, categories: Sequence[str]) -> FeedsView:
    """The view of that page."""
    name = words.FOOTER[links.FEEDS]
    have = {variant.stem: variant for variant in variants(site)}
    rows = rows_of(site, of_all(site), "")
    return FeedsView(
        frame=site.frame(
            links.FEEDS,
            name,
            words.FEEDS_DESCRIPTION,
            crumbs=(Link(name, links.FEEDS),),
            feeds=further_feeds(site, of_all(site), ""),
        ),
        variants=rows,
        categories=tuple(_category(of_category(site, slug), have) for slug in categories),
        opml=links.OPML,
        wider=WIDER,
        component_size=COMPONENT.size,
        revised=REVISED,
        history_days=HISTORY.days,
        window_days=WINDOW.days,
        burst_hours=BURST.seconds // 3600,
        archives=site.has("archives"),
        components=site.has(COMPONENT.part),
    )


def rows_of(site: Site, scope: Scope, folder: str) -> tuple[VariantRow, ...]:
    """All variants of a scope, as linked from a page in `folder`."""
    return tuple(_row(scope, variant, folder) for variant in variants(site))


def _row(scope: Scope, variant: Variant, folder: str) -> VariantRow:
    return VariantRow(
        name=words.FEED_KIND[variant.stem],
        brings=words.FEED_BRINGS[variant.stem],
        whose=words.FEED_FOR[variant.stem],
        file=variant.stem,
        size=variant.size,
        feeds=feed_links(scope, variant, folder),
    )


def _category(scope: Scope, have: dict[str, Variant]) -> CategoryRow:
    updates = have.get(UPDATES.stem)
    return CategoryRow(
        page=Link(scope.name, scope.page),
        incidents=feed_links(scope, have[INCIDENTS.stem], ""),
        updates=feed_links(scope, updates, "") if updates else (),
    )
