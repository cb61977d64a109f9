"""How far what the archive says of a vendor can be trusted to be so now.

A page that could not be read, or was not for long, may have said anything since: whoever asks how
a vendor fares is then told that, and never that all is well.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from msgspec import Struct

from generator.model import Health

# A page is read many times a day; one that was last read before the day before is not.
STALE = timedelta(days=1)


class Freshness(Struct, frozen=True):
    """`is_known`: what the archive says stands as of its build. `read_on`: the last good read."""

    is_known: bool
    read_on: date | None


def freshness(health: Health | None, as_of: date) -> Freshness:
    """Of a vendor; None: nobody knows how its reading fares, or nobody reads it."""
    if health is None or health.read_at is None:
        return Freshness(False, None)
    read_on = health.read_at.date()
    return Freshness(health.failing_since is None and as_of - read_on <= STALE, read_on)


def fares(health: Sequence[Health] | None) -> dict[str, str]:
    """Vendor to all that pages say of its reading: when it is another text, they say other things.

    Days only, so that a run without news changes nothing.
    """
    told = {each.vendor.slug: _told(each) for each in health or ()}
    # That nobody knows is told apart from that there is nothing to read.
    return told if health is None else {"": "known", **told}


def by_vendor(health: Sequence[Health] | None) -> Mapping[str, Health]:
    """How the reading of each vendor fares, as far as that is known."""
    return {each.vendor.slug: each for each in health or ()}


def _told(health: Health) -> str:
    days = (at.date().isoformat() if at else "-" for at in (health.read_at, health.failing_since))
    return " ".join((*days, health.fault or "-"))
