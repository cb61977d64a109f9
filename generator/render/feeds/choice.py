"""Which entries a feed shows, and in which order."""

from collections.abc import Callable, Iterable, Sequence
from operator import itemgetter

from msgspec.structs import replace

from generator.model import Impact, Kept, Kind
from generator.render.feeds.dates import distinct
from generator.render.feeds.entries import Entries, Entry
from generator.render.feeds.events import Events
from generator.render.feeds.variants import (
    INCIDENTS,
    MAINTENANCE,
    MAJOR,
    OPENED_RESOLVED,
    UPDATES,
    Variant,
)

# How many older incidents that changed last a feed of incidents holds beside the newest: whoever
# keeps the archive's documents learns of the change there.
REVISED = 5
GRAVE: frozenset[Impact] = frozenset({"major", "critical"})

# The records among which a variant finds its entries.
Records = Callable[[Variant], Iterable[Kept]]


def shown_in(variant: Variant, records: Records, entries: Entries, events: Events) -> list[Entry]:
    """The entries of a feed, newest first."""
    if variant.stem == UPDATES.stem:
        return _latest_events(variant, records(variant), events)
    own = [kept for kept in records(variant) if is_of(variant, kept)]
    if variant.stem == OPENED_RESOLVED.stem:
        return apart(_moments(own, variant.size, entries))
    chosen = newest(own, variant.size, entries)
    if variant.stem == INCIDENTS.stem and not variant.brief:
        slugs = {(kept.vendor, kept.slug) for kept in chosen}
        older = [kept for kept in own if (kept.vendor, kept.slug) not in slugs]
        chosen += newest(_revised(older), REVISED, entries)
    return apart([entries.incident(kept, brief=variant.brief) for kept in chosen])


def is_of(variant: Variant, kept: Kept) -> bool:
    """Whether a feed with an entry an incident holds this one."""
    if kept.incident.kind != kind_of(variant):
        return False
    return variant.stem != MAJOR.stem or kept.incident.impact in GRAVE


def kind_of(variant: Variant) -> Kind:
    """What such a feed is of."""
    return "maintenance" if variant.stem == MAINTENANCE.stem else "incident"


def newest(kept: Iterable[Kept], size: int, entries: Entries) -> list[Kept]:
    """Those that appeared last, and all of the last hours."""
    dated = [(entries.published(each), each.vendor, each.slug, each) for each in kept]
    dated.sort(key=itemgetter(0, 1, 2), reverse=True)
    since = entries.readings.whole_since(dated[0][0]) if dated else None
    return [
        each
        for place, (date, _, _, each) in enumerate(dated)
        if place < size or (since is not None and date > since)
    ]


def _moments(own: Sequence[Kept], size: int, entries: Entries) -> list[Entry]:
    """The last beginnings and ends: of the newest, and of older ones that ended since."""
    latest = newest(own, size, entries)
    since = min((entries.published(kept) for kept in latest), default=None)
    slugs = {(kept.vendor, kept.slug) for kept in latest}
    older = [
        kept
        for kept in own
        if since and kept.changed_at > max(kept.first_seen_at, since)
        if (kept.vendor, kept.slug) not in slugs
    ]
    found = [moment for kept in (*latest, *older) for moment in entries.opened_resolved(kept)]
    found.sort(key=lambda entry: (entry.published, entry.id), reverse=True)
    return found[: 2 * max(size, len(latest))]


def apart(entries: Sequence[Entry]) -> list[Entry]:
    """The entries, no two of which changed at one moment."""
    ordered = sorted(entries, key=lambda entry: (entry.updated, entry.id), reverse=True)
    dates = distinct([entry.updated for entry in ordered])
    moved = {
        entry.id: replace(entry, updated=date, published=min(entry.published, date))
        for entry, date in zip(ordered, dates, strict=True)
        if date != entry.updated
    }
    return [moved.get(entry.id, entry) for entry in entries]


def _revised(kept: Iterable[Kept]) -> list[Kept]:
    """The last that changed after we first saw them."""
    changed = [each for each in kept if each.changed_at > each.first_seen_at]
    changed.sort(key=lambda each: (each.changed_at, each.vendor, each.slug))
    return changed[-REVISED:]


def _latest_events(variant: Variant, records: Iterable[Kept], events: Events) -> list[Entry]:
    found = events.of(records)[::-1]
    since = events.readings.whole_since(found[0].date) if found else None
    told = [
        event
        for place, event in enumerate(found)
        if place < variant.size or (since is not None and event.date > since)
    ]
    dates = distinct([event.date for event in told])
    return [events.entry(event, date) for event, date in zip(told, dates, strict=True)]
