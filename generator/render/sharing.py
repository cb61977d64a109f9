"""What can be taken of a vendor: documents, badges, its latest incidents for other pages."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from html import escape

from generator.model import Kept
from generator.render import links, words
from generator.render.badges import NAMES, Badges, Name
from generator.render.env import Press
from generator.render.frame import Frame, Link, Row, Site, row
from generator.render.page import STATE, VENDOR, Page
from generator.render.spans import counted
from generator.render.years import by_year

# How many incidents the list for other pages shows, and how high that is.
NEWEST = 5
HEIGHT = 420


@dataclass(frozen=True, slots=True)
class EmbedView:
    """A vendor's latest incidents, with nothing around them."""

    title: str
    canonical: str
    style: str
    rows: tuple[Row, ...]
    home: Link


@dataclass(frozen=True, slots=True)
class BadgeView:
    """A badge and the lines to copy. `title`: what the picture says."""

    name: str
    picture: str
    title: str
    markdown: str
    html: str
    endpoint: str


@dataclass(frozen=True, slots=True)
class SharingView:
    """What can be taken of a vendor. `frame_lines`: the list for other pages, to copy."""

    frame: Frame
    name: str
    documents: tuple[Link, ...]
    api: str
    statuspage: str
    badges: tuple[BadgeView, ...]
    embedded: str
    frame_lines: str


def sharing_pages(press: Press, vendor: str, kept: Sequence[Kept], as_of: date) -> Iterator[Page]:
    """The page that offers all, and the list for other pages."""
    site = press.site

    def offered() -> bytes:
        badges = Badges(site, vendor, kept, as_of)
        return press.page("sharing.html", sharing_view(site, vendor, kept, badges))

    embedded = partial(_embedded, press, vendor, kept)
    yield Page(links.sharing_page(vendor), f"what can be taken of {vendor}", offered, STATE)
    yield Page(links.embedded(vendor), f"list of {vendor} for other pages", embedded, VENDOR)


def sharing_view(site: Site, vendor: str, kept: Sequence[Kept], badges: Badges) -> SharingView:
    """The page that offers all."""
    name = site.name(vendor)
    path = links.sharing_page(vendor)
    home = links.relative(vendor, links.vendor_page(vendor))
    years = reversed(by_year(kept))
    about = Link(words.vendor_as_data(name), links.relative(vendor, links.vendor_data(vendor)))
    return SharingView(
        frame=site.frame(
            path,
            words.sharing_title(name),
            words.sharing_description(name),
            vendor=vendor,
            crumbs=(Link(name, home),),
        ),
        name=name,
        documents=(
            about,
            *(
                Link(
                    words.year_as_data(str(year)),
                    links.relative(vendor, links.year_data(vendor, year)),
                )
                for year in years
            ),
        ),
        api=links.relative(vendor, links.API),
        statuspage=site.address(links.vendor_page(vendor)),
        badges=tuple(_badge(site, vendor, each, badges.title(each)) for each in NAMES),
        embedded=links.relative(vendor, links.embedded(vendor)),
        frame_lines=_frame_lines(site, vendor),
    )


def _embedded(press: Press, vendor: str, kept: Sequence[Kept]) -> bytes:
    site = press.site
    name = site.name(vendor)
    newest = sorted(counted(kept), key=lambda each: each.incident.started_at, reverse=True)
    view = EmbedView(
        title=words.latest_of(name),
        canonical=site.address(links.vendor_page(vendor)),
        style=links.relative(vendor, site.style),
        rows=tuple(row(each, vendor) for each in newest[:NEWEST]),
        home=Link(
            words.all_of(name, site.config.title),
            links.relative(vendor, links.vendor_page(vendor)),
        ),
    )
    return press.fragment("embed.html", view).encode()


def _badge(site: Site, vendor: str, badge: Name, title: str) -> BadgeView:
    """The lines to copy say what the badge is about; what it says, it says itself."""
    picture = site.address(links.badge(vendor, badge, "svg"))
    home = site.address(links.vendor_page(vendor))
    about = f"{site.name(vendor)}: {words.BADGE[badge]}"
    bare = about.replace("[", "(").replace("]", ")")
    return BadgeView(
        name=words.BADGE[badge],
        picture=links.relative(vendor, links.badge(vendor, badge, "svg")),
        title=title,
        markdown=f"[![{bare}]({picture})]({home})",
        html=f'<a href="{home}"><img src="{picture}" alt="{escape(about)}"></a>',
        endpoint=site.address(links.badge(vendor, badge, "json")),
    )


def _frame_lines(site: Site, vendor: str) -> str:
    address = site.address(links.embedded(vendor))
    title = escape(words.latest_of(site.name(vendor)))
    return (
        f'<iframe src="{address}" title="{title}" width="100%" height="{HEIGHT}" loading="lazy" '
        'sandbox="allow-popups allow-popups-to-escape-sandbox"></iframe>'
    )
