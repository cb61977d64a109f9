"""Times of pages that write them in more than one way."""

from datetime import datetime

from generator.times import parse_epoch, parse_iso

# A number of seconds this large is one of milliseconds.
MILLISECONDS = 100_000_000_000


def moment(stated: str | float) -> datetime:
    """ISO 8601 with its zone, or seconds or milliseconds since 1970; else a ValueError."""
    if isinstance(stated, str):
        return parse_iso(stated)
    return parse_epoch(stated / 1000 if abs(stated) > MILLISECONDS else stated)
