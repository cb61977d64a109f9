"""The view of a vendor's overview."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from markupsafe import Markup
from msgspec import Struct

from generator.model import Kept
from generator.render import facts, linked, links, words
from generator.render.components import TOP, PartEntry, part_entries, parts_of
from generator.render.feeds.about import VariantRow, rows_of
from generator.render.feeds.variants import further_feeds, of_vendor
from generator.render.figures import Figures, overview, told
from generator.render.frame import Frame, Link, Moment, Row, Site, moment, row
from generator.render.heat import Heat, heat
from generator.render.insights import has_insights
from generator.render.spans import Window, counted
from generator.render.stats import days, started
from generator.render.strip import Strip, strip
from generator.render.text import excerpt, safe_html
from generator.render.years import by_year

RECENT = 12
# How much of the last word on an open incident the first page shows, in characters.
EXCERPT = 280


class OpenView(Struct, frozen=True):
    """Something that goes on: its row, and the vendor's last word on it."""

    row: Row
    phase: str
    at: Moment
    body: Markup
    excerpt: str


class YearEntry(Struct, frozen=True):
    """A year in a vendor's list."""

    year: int
    href: str
    data: str
    incidents: str
    maintenances: str
    median: str


class VendorView(Struct, frozen=True):
    """A vendor's overview. It alone has windows that move with the day.

    `insights`, `compare`, `method`, `sharing`, `sources`, `all_feeds`: where these are; `insights`
    is "" where there is none. `read_on`: the day; `unread`: why the record may be behind. Empty:
    not so. `calm`: the mark of nothing open.
    """

    frame: Frame
    name: str
    language: str
    source: str | None
    open: tuple[OpenView, ...]
    maintenance: tuple[Row, ...]
    strip: Strip
    recent: tuple[Row, ...]
    years: tuple[YearEntry, ...]
    total: str
    complete_since: Moment | None
    changed: Moment | None
    figures: tuple[Figures, ...]
    heat: Heat
    parts: tuple[PartEntry, ...]
    more_parts: tuple[PartEntry, ...]
    unlisted_parts: str
    insights: str
    compare: str
    method: str
    feeds: tuple[VariantRow, ...]
    all_feeds: str
    sharing: str
    stack: str
    sources: str
    read_on: str
    unread: str
    calm: str
    calendar: str | None


def vendor_view(
    site: Site,
    vendor: str,
    kept: Sequence[Kept],
    rows: Mapping[str, Row],
    complete_since: datetime | None,
    as_of: date,
) -> VendorView:
    """The view of a vendor's overview; `rows` are those of its incidents, by slug."""
    listed = [each for each in kept if each.withdrawn_at is None]
    incidents = [each for each in listed if each.incident.kind == "incident"]
    opened = [each for each in reversed(incidents) if facts.is_open(each)]
    name = site.name(vendor)
    since = recorded_since(kept, complete_since)
    parts = parts_of(kept)
    entries = part_entries(vendor, parts)
    changed = max((each.changed_at for each in kept), default=None)
    health = site.health.get(vendor)
    language = site.language(vendor)
    category = links.compare_page(site.category_slug(vendor))
    return VendorView(
        frame=_frame(site, vendor, kept, complete_since),
        name=name,
        language=language,
        source=site.status_page(vendor),
        open=tuple(open_view(each, vendor, language=language) for each in opened),
        maintenance=_ahead(listed, rows),
        strip=strip(kept, since, as_of),
        recent=tuple(rows[each.slug] for each in reversed(incidents[-RECENT:])),
        years=_years(vendor, kept),
        total=words.incidents(len(counted(kept))),
        complete_since=moment(complete_since) if complete_since else None,
        changed=moment(changed) if changed else None,
        figures=overview(kept, vendor, as_of),
        heat=heat(as_of.year, days(kept, Window.of_year(as_of.year, as_of)), since),
        parts=entries[:TOP],
        more_parts=entries[TOP:],
        unlisted_parts=words.more(len(parts) - len(entries)) if len(parts) > len(entries) else "",
        insights=links.relative(vendor, links.insights_page(vendor)) if has_insights(kept) else "",
        compare=links.relative(vendor, category),
        method=links.relative(vendor, links.METHOD),
        sharing=links.relative(vendor, links.sharing_page(vendor)),
        stack=f"{links.relative(vendor, links.STACK)}?add={vendor}",
        sources=links.relative(vendor, links.SOURCES),
        read_on=health.read_at.date().isoformat() if health and health.read_at else "",
        unread=words.unread(name, health) if health and site.unread(vendor) else "",
        calm=site.calm(vendor),
        calendar=links.relative(vendor, links.calendar(vendor)) if site.has("calendars") else None,
        feeds=rows_of(site, of_vendor(site, vendor), vendor),
        all_feeds=links.relative(vendor, links.FEEDS),
    )


def _frame(site: Site, vendor: str, kept: Sequence[Kept], complete_since: datetime | None) -> Frame:
    name = site.name(vendor)
    return site.frame(
        links.vendor_page(vendor),
        name,
        words.vendor_description(name),
        vendor=vendor,
        crumbs=(_category(site, vendor),),
        more=_linked(site, vendor, kept, complete_since),
        feeds=further_feeds(site, of_vendor(site, vendor), vendor),
    )


def open_view(kept: Kept, folder: str, vendor_name: str = "", language: str = "") -> OpenView:
    """What goes on; with the vendor's name where vendors are mixed."""
    incident = kept.incident
    last = incident.updates[-1] if incident.updates else None
    body = safe_html(last.body, last.body_format) if last else Markup()
    return OpenView(
        row=row(kept, folder, vendor_name, language),
        phase=words.PHASE[last.phase] if last else words.STATE["open"],
        at=moment(facts.last_word_at(incident)),
        body=body,
        excerpt=excerpt(body, EXCERPT),
    )


def _ahead(listed: Sequence[Kept], rows: Mapping[str, Row]) -> tuple[Row, ...]:
    """Maintenance that is planned or under way, soonest first."""
    ahead = ("planned", "under_way")
    return tuple(rows[each.slug] for each in listed if facts.state_of(each.incident) in ahead)


def _linked(
    site: Site, vendor: str, kept: Sequence[Kept], complete_since: datetime | None
) -> linked.Node:
    name = site.name(vendor)
    files = [site.address(links.year_data(vendor, year)) for year in by_year(kept)]
    record = linked.dataset(
        words.record_of(name),
        words.vendor_description(name),
        site.address(links.vendor_page(vendor)),
        complete_since,
        files,
        site.status_page(vendor),
    )
    return {"about": {"@type": "Service", "name": name}, "mainEntity": record}


def _category(site: Site, vendor: str) -> Link:
    slug = site.category_slug(vendor)
    home = links.relative(vendor, links.HOME)
    return Link(site.category(slug), f"{home}#{links.category_anchor(slug)}")


def recorded_since(kept: Sequence[Kept], complete_since: datetime | None) -> date | None:
    """The first day of which a quiet record says anything."""
    if complete_since:
        return complete_since.date()
    return min((each.first_seen_at.date() for each in kept), default=None)


def _years(vendor: str, kept: Sequence[Kept]) -> tuple[YearEntry, ...]:
    entries = []
    for year, records in reversed(by_year(kept).items()):
        entries.append(
            YearEntry(
                year=year,
                href=links.relative(vendor, links.year_page(vendor, year)),
                data=links.relative(vendor, links.year_data(vendor, year)),
                incidents=words.number(len(counted(records))),
                maintenances=words.number(len(counted(records, "maintenance"))),
                median=told(started(records).lengths.median),
            )
        )
    return tuple(entries)
