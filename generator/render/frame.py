"""What every page has around it: the site, its names and links, and the small parts of lists."""

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from types import MappingProxyType

from msgspec import Struct, field
from msgspec.structs import replace

from generator.model import Health, Incident, Kept, Vendor
from generator.render import facts, linked, links, words
from generator.render.bidi import isolated
from generator.render.text import safe_link, shown
from generator.settings import SiteConfig
from generator.times import text_of


class Moment(Struct, frozen=True):
    """An instant in words, UTC, beside its machine-readable form."""

    iso: str
    day: str
    clock: str
    text: str


# Of one vendor at a time: with 8,192 none was found oftener, and each process held 3 MB more.
@lru_cache(maxsize=2048)
def moment(at: datetime) -> Moment:
    """The words of an instant; seconds only where there are any."""
    iso = text_of(at).replace(":00Z", "Z")
    day, time = iso[:10], iso[11:-1]
    return Moment(iso, day, f"{time} UTC", f"{day} {time} UTC")


class Link(Struct, frozen=True):
    """A name and where it leads."""

    name: str
    href: str


class FeedLink(Struct, frozen=True):
    """A feed, for people and for readers that look for one."""

    name: str
    title: str
    type: str
    href: str


class Surroundings(Struct, frozen=True):
    """What all pages of a folder have around them: the site's links as seen from there."""

    home: str
    style: str
    script: str
    search: str
    stack: str
    icon: str
    feeds: tuple[FeedLink, ...]
    nav: tuple[Link, ...]
    footer: tuple[Link, ...]
    picture: str
    pictured: str


class Frame(Struct, frozen=True):
    """A page's own head and its way back."""

    title: str
    name: str
    description: str
    canonical: str
    crumbs: tuple[Link, ...]
    around: Surroundings
    linked: linked.Node
    feeds: tuple[FeedLink, ...] = ()


class Row(Struct, frozen=True):
    """An incident in a list, to the minute; `language`: of its title, as `Site.language` has it."""

    href: str
    title: str
    mark: str
    word: str
    iso: str
    day: str
    clock: str
    length: str
    vendor: str
    under: str
    withdrawn: bool
    language: str = ""


class Site(Struct, frozen=True):
    """The site that is drawn: configuration, vendors, the names of its style and its scripts.

    `health`: how the reading of each source fares; of none where that is not known.
    """

    config: SiteConfig
    vendors: Mapping[str, Vendor]
    style: str
    script: str
    health: Mapping[str, Health] = field(default_factory=dict)
    _around: dict[tuple[str, str | None], Surroundings] = field(default_factory=dict)

    def name(self, vendor: str) -> str:
        """The vendor's name; its slug where the archive knows a vendor that has no file."""
        known = self.vendors.get(vendor)
        return shown(known.name) if known else vendor

    def language(self, vendor: str) -> str:
        """The language of a vendor's texts, if it is known and another than that of the pages.

        Otherwise "": of what is not known nothing is said.
        """
        known = self.vendors.get(vendor)
        said = (known.language if known else None) or ""
        return "" if said.partition("-")[0] == words.LANGUAGE.partition("-")[0] else said

    def category(self, slug: str) -> str:
        """The name of a category."""
        return self.config.categories.get(slug, words.OTHER_CATEGORY)

    def category_slug(self, vendor: str) -> str:
        """The slug of the vendor's category, "other" where it has none that is known."""
        known = self.vendors.get(vendor)
        return known.category if known and known.category in self.config.categories else "other"

    def unread(self, vendor: str) -> bool:
        """Whether it is known that the vendor's page could not be read, last or ever."""
        health = self.health.get(vendor)
        return health is not None and not (health.read_at and health.failing_since is None)

    def calm(self, vendor: str) -> str:
        """The mark of nothing open: calm only where its page is known to have been read."""
        return "quiet" if vendor in self.health and not self.unread(vendor) else "unknown"

    def status_page(self, vendor: str) -> str | None:
        """The vendor's own page."""
        known = self.vendors.get(vendor)
        return safe_link(known.status_page) if known else None

    def has(self, part: str) -> bool:
        """Whether the site has a part that it could do without."""
        return self.config.has(part)

    @property
    def repository(self) -> str | None:
        """Where the site's own source is."""
        return safe_link(self.config.repository)

    @property
    def contact(self) -> Link | None:
        """Who answers for the site, an address of the web or of e-mail; None: nobody yet."""
        contact = self.config.contact
        if not contact:
            return None
        is_mail = "@" in contact and "/" not in contact
        return Link(contact, f"mailto:{contact}" if is_mail else contact)

    def address(self, path: str) -> str:
        """The public address of a page."""
        return links.absolute(self.config.address, path)

    def frame(
        self,
        path: str,
        title: str,
        description: str,
        *,
        vendor: str | None = None,
        crumbs: tuple[Link, ...] = (),
        folder: str | None = None,
        more: linked.Node = MappingProxyType({}),
        feeds: tuple[FeedLink, ...] = (),
    ) -> Frame:
        """The frame of the page at `path`; `folder` stands in for its own, if that is not known.

        `more`: what the page says of itself to machines, beyond its name and place. `feeds`: those
        of the page itself, beside those of its surroundings.
        """
        here = links.folder_of(path) if folder is None else folder
        site_title = self.config.title
        return Frame(
            title=title if title == site_title else words.page_title(title, site_title),
            name=title,
            description=description,
            canonical=self.address(path),
            crumbs=crumbs,
            around=self.surroundings(here, vendor),
            linked=self._linked(self.address(path), crumbs, more),
            feeds=feeds,
        )

    def _linked(self, address: str, crumbs: tuple[Link, ...], more: linked.Node) -> linked.Node:
        title, home = self.config.title, self.config.address
        if address == home:
            return linked.web_site(title, home, self.config.description, more)
        folder = address[: address.rindex("/") + 1]
        way = [(crumb.name, linked.address_of(folder, crumb.href)) for crumb in crumbs]
        return linked.web_page(((title, home), *way), more)

    def surroundings(self, folder: str, vendor: str | None) -> Surroundings:
        """The links from a folder; the feeds are the vendor's, or those of all."""
        if (folder, vendor) not in self._around:
            self._around[folder, vendor] = Surroundings(
                home=links.relative(folder, links.HOME),
                style=links.relative(folder, self.style),
                script=links.relative(folder, self.script),
                search=links.relative(folder, links.SEARCH),
                stack=links.relative(folder, links.STACK),
                icon=links.relative(folder, links.ICON),
                feeds=self.feeds(folder, vendor),
                picture=self.address(links.picture(vendor)),
                pictured=words.pictured(self.name(vendor) if vendor else self.config.title),
                nav=_named(folder, words.NAV),
                footer=_named(folder, words.FOOTER),
            )
        return self._around[folder, vendor]

    def feeds(self, folder: str, vendor: str | None) -> tuple[FeedLink, ...]:
        """The feeds of a vendor or of all, as linked from a folder."""
        title = words.feed_title(self.name(vendor) if vendor else self.config.title, "feed")
        return tuple(
            FeedLink(name, title, kind, links.relative(folder, links.feed(vendor, file)))
            for name, kind, file in (
                ("Atom", "application/atom+xml", links.ATOM),
                ("RSS", "application/rss+xml", links.RSS),
            )
        )


def _named(folder: str, pages: Mapping[str, str]) -> tuple[Link, ...]:
    return tuple(Link(name, links.relative(folder, path)) for path, name in pages.items())


def title_of(incident: Incident) -> str:
    """The title as shown: on one line, never empty."""
    return shown(incident.title) or words.UNTITLED


def mark_of(incident: Incident) -> tuple[str, str]:
    """The name of its mark and the word beside it: maintenance is never an impact."""
    if incident.kind == "maintenance":
        return "maintenance", words.MAINTENANCE
    return incident.impact, words.IMPACT[incident.impact]


def row(kept: Kept, folder: str, vendor_name: str = "", language: str = "") -> Row:
    """An incident in a list on a page in `folder`; with the vendor's name where lists mix them."""
    found = row_of(kept.vendor, kept.slug, kept.incident, folder, vendor_name, language)
    return found if kept.withdrawn_at is None else replace(found, withdrawn=True)


def row_of(
    vendor: str, slug: str, incident: Incident, folder: str, vendor_name: str, language: str
) -> Row:
    """The same of an incident that stands."""
    mark, word = mark_of(incident)
    span = facts.length_of(incident)
    start = moment(incident.started_at)
    affected = [isolated(shown(name)) for name in incident.components[:3]]
    if len(incident.components) > 3:
        affected.append(words.more(len(incident.components) - 3))
    return Row(
        href=links.relative(folder, links.incident_page(vendor, slug)),
        title=title_of(incident),
        mark=mark,
        word=word,
        iso=start.iso,
        day=start.day,
        clock=f"{start.iso[11:16]} UTC",
        length=words.rough_length(span) if span is not None else _unknown_length(incident),
        vendor=vendor_name,
        under=" · ".join(affected),
        withdrawn=False,
        language=language,
    )


def _unknown_length(incident: Incident) -> str:
    """What a list says where it is not known how long it took: how it stands, as it may go on."""
    return words.LENGTH_UNKNOWN if incident.ended_at else words.STATE[facts.state_of(incident)]
