"""What can be taken of a vendor: documents, badges, its latest incidents for other pages."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from functools import partial
from html import escape

from msgspec import Struct

from generator.model import Kept
from generator.render import links, words
from generator.render.api_vendor import vendor_documents
from generator.render.badges import NAMES, Badges, Name, badge_pages
from generator.render.env import Press
from generator.render.frame import Frame, Link, Row, Site, row
from generator.render.page import VENDOR, Page
from generator.render.spans import counted
from generator.render.statuspage_face import face_pages
from generator.render.years import by_year

# How many incidents the list for other pages shows, and how high that is.
NEWEST = 5
HEIGHT = 420


class EmbedView(Struct, frozen=True):
    """A vendor's latest incidents, with nothing around them."""

    title: str
    canonical: str
    style: str
    rows: tuple[Row, ...]
    home: Link


class BadgeView(Struct, frozen=True):
    """A badge and the addresses to copy.

    `about`, `in_markdown`, `in_html`: what it is about, as itself and as text of these. What it
    says, it says itself.
    """

    name: str
    picture: str
    about: str
    address: str
    endpoint: str
    in_markdown: str
    in_html: str


class SharingView(Struct, frozen=True):
    """What can be taken of a vendor. `home`, `frame_address`: of its page and its list, whole.

    `frame_title`: as text of HTML. `statuspage`, `badges`: empty where the site has none.
    """

    frame: Frame
    name: str
    documents: tuple[Link, ...]
    api: str
    statuspage: str
    badges: tuple[BadgeView, ...]
    embedded: str
    home: str
    frame_address: str
    frame_title: str
    frame_height: int


def shared_pages(
    press: Press,
    vendor: str,
    kept: Sequence[Kept],
    complete_since: datetime | None,
    as_of: date,
) -> Iterator[Page]:
    """All that can be taken, and the page that offers it; `kept` are the vendor's records."""
    site = press.site
    badges = Badges(site, vendor, kept, as_of)

    def offered() -> bytes:
        return press.page("sharing.html", sharing_view(site, vendor, kept))

    yield from vendor_documents(site, vendor, kept, complete_since)
    if site.has("statuspage"):
        yield from face_pages(site, vendor, kept, as_of)
    if site.has("badges"):
        yield from badge_pages(vendor, badges)
    embedded = partial(_embedded, press, vendor, kept)
    yield Page(links.sharing_page(vendor), f"what can be taken of {vendor}", offered, VENDOR)
    yield Page(links.embedded(vendor), f"list of {vendor} for other pages", embedded, VENDOR)


def sharing_view(site: Site, vendor: str, kept: Sequence[Kept]) -> SharingView:
    """The page that offers all."""
    name = site.name(vendor)
    path = links.sharing_page(vendor)
    home = links.relative(vendor, links.vendor_page(vendor))
    years = reversed(by_year(kept))
    offered = NAMES if site.has("badges") else ()
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
        statuspage=site.address(links.vendor_page(vendor)) if site.has("statuspage") else "",
        badges=tuple(_badge(site, vendor, each) for each in offered),
        embedded=links.relative(vendor, links.embedded(vendor)),
        home=site.address(links.vendor_page(vendor)),
        frame_address=site.address(links.embedded(vendor)),
        frame_title=escape(words.latest_of(name)),
        frame_height=HEIGHT,
    )


def _embedded(press: Press, vendor: str, kept: Sequence[Kept]) -> bytes:
    site = press.site
    name = site.name(vendor)
    newest = sorted(counted(kept), key=lambda each: each.incident.started_at, reverse=True)
    view = EmbedView(
        title=words.latest_of(name),
        canonical=site.address(links.vendor_page(vendor)),
        style=links.relative(vendor, site.style),
        rows=tuple(row(each, vendor, language=site.language(vendor)) for each in newest[:NEWEST]),
        home=Link(
            words.all_of(name, site.config.title),
            links.relative(vendor, links.vendor_page(vendor)),
        ),
    )
    return press.fragment("embed.html", view).encode()


def _badge(site: Site, vendor: str, badge: Name) -> BadgeView:
    about = f"{site.name(vendor)}: {words.BADGE[badge]}"
    return BadgeView(
        name=words.BADGE[badge],
        picture=links.relative(vendor, links.badge(vendor, badge, "svg")),
        about=about,
        address=site.address(links.badge(vendor, badge, "svg")),
        endpoint=site.address(links.badge(vendor, badge, "json")),
        in_markdown=about.replace("[", "(").replace("]", ")"),
        in_html=escape(about),
    )
