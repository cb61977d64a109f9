"""The health of every source: what the runs remember, beside what the archive holds."""

from collections.abc import Iterable

from generator.archive.queries import Archive
from generator.archive.state import Fared, remembering
from generator.archive.store import reading
from generator.model import Health, Vendor
from generator.pipeline.places import Places

UNTRIED = Fared(None, None, None)


def sources(places: Places, vendors: Iterable[Vendor]) -> list[Health]:
    """Every vendor's source, in the order of the vendors."""
    fared = {}
    if places.state.exists():
        with remembering(places.state) as state:
            fared = state.sources()
    with reading(places.archive) as connection:
        counts = Archive(connection).counts()
    health = []
    for vendor in vendors:
        count = counts.get(vendor.slug)
        newest_at = count.last_started_at if count else None
        read_at, failing_since, fault = fared.get(vendor.slug, UNTRIED)
        health.append(Health(vendor, read_at, newest_at, failing_since, fault))
    return health
