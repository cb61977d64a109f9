"""iCalendar: a vendor's incidents and maintenance as events, for calendars that subscribe.

A vendor's holds the newest of each kind and all maintenance that is planned or under way; a
category's the newest events of its vendors' files, as they are written there.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial

from generator.model import KINDS, Kept
from generator.render import facts, links
from generator.render.env import Press
from generator.render.frame import Site
from generator.render.page import VENDOR, Follows, Page

# Of each kind the newest, and so many with no end yet, planned or under way: some vendors never
# write one.
NEWEST = 15
AHEAD = 100
# Of a category.
NEWEST_OF_ALL = 100

_event = re.compile(rb"BEGIN:VEVENT\r\n.*?\r\nEND:VEVENT\r\n", re.DOTALL)
_start = re.compile(rb"\r\nDTSTART:(\d{8}T\d{6}Z)\r\n")
_uid = re.compile(rb"\r\nUID:(\S+)\r\n")
_end = b"END:VCALENDAR\r\n"

Read = Callable[[str], bytes | None]


def vendor_calendar(press: Press, vendor: str, kept: Sequence[Kept]) -> Iterator[Page]:
    """A vendor's calendar, if the site has calendars."""
    if press.site.has("calendars"):
        draw = partial(_of_vendor, press.site, vendor, kept)
        yield Page(links.calendar(vendor), f"calendar of {vendor}", draw, VENDOR)


def category_calendars(press: Press, vendors: Iterable[str], read: Read) -> Iterator[Page]:
    """A calendar for each category; `read` reads those of the vendors, which are drawn already."""
    site = press.site
    if not site.has("calendars"):
        return
    members: dict[str, list[str]] = {}
    for vendor in vendors:
        members.setdefault(site.category_slug(vendor), []).append(vendor)
    for category, found in members.items():
        path = links.category_calendar(category)
        draw = partial(_of_category, site, category, found, read)
        yield Page(path, f"calendar of {category}", draw, Follows(vendors=frozenset(found)))


def chosen(kept: Sequence[Kept]) -> list[Kept]:
    """What a vendor's calendar holds, of its incidents by start: newest first."""
    found: dict[str, Kept] = {}
    for kind in KINDS:
        of_kind = [each for each in kept if each.incident.kind == kind]
        ahead = [each for each in of_kind if _is_ahead(each)]
        found |= {each.slug: each for each in (*of_kind[-NEWEST:], *ahead[-AHEAD:])}
    return sorted(found.values(), key=lambda each: (each.incident.started_at, each.slug))[::-1]


def _is_ahead(kept: Kept) -> bool:
    state = facts.state_of(kept.incident)
    return kept.withdrawn_at is None and state in ("planned", "under_way")


def _of_vendor(site: Site, vendor: str, kept: Sequence[Kept]) -> bytes:
    # Imported here: a build that draws no calendar does not need it.
    from generator.render.ical import calendar

    path, page = links.calendar(vendor), links.vendor_page(vendor)
    return calendar(site, site.name(vendor), path, page, chosen(kept))


def _of_category(site: Site, category: str, vendors: Iterable[str], read: Read) -> bytes:
    from generator.render.ical import calendar

    events: dict[bytes, tuple[bytes, bytes]] = {}
    for vendor in vendors:
        for event in _event.findall(read(links.calendar(vendor)) or b""):
            start, uid = _start.search(event), _uid.search(event)
            if start and uid:
                events[event] = (start[1], uid[1])
    newest = sorted(events, key=events.__getitem__)[: -NEWEST_OF_ALL - 1 : -1]
    path, page = links.category_calendar(category), links.category_page(category)
    empty = calendar(site, site.category(category), path, page, ())
    return empty.removesuffix(_end) + b"".join(newest) + _end
