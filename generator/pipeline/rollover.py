"""Years that are over, moved to files of their own once the archive is large."""

from datetime import datetime

from generator.archive import years
from generator.archive.store import explained
from generator.pipeline.places import Places, now

# From here on the pack of a year of commits is larger than the archive itself (bench/growth.py).
LARGE = 10_000_000


def rollover(places: Places, *, large: int = LARGE, at: datetime | None = None) -> list[str]:
    """Move closed years out of an archive of at least `large` bytes; those that were moved."""
    if not places.archive.exists() or places.archive.stat().st_size < large:
        return []
    with explained(places.archive):
        return years.roll(places.archive, f"{at or now():%Y}")
