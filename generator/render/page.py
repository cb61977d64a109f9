"""A file of the site, and what makes it be drawn again."""

from collections.abc import Callable
from pathlib import Path

from msgspec import Struct


class Follows(Struct, frozen=True):
    """What a file is made from: when that changes, it is drawn again.

    `vendors`: whose incidents; None: those of the vendor whose page it is, and of all vendors if
    it is none's. `year`: only those that start, or once started, in it. `beside`: years whose
    coming or going it shows, too. `component`: only those that name, or once named, that component.
    `day`: the day on which moving windows end, too. `health`: how the reading of the vendor's
    source fares, too.
    """

    vendors: frozenset[str] | None = None
    year: int | None = None
    beside: tuple[int, ...] = ()
    component: str | None = None
    day: bool = False
    health: bool = False


VENDOR = ALL = Follows()
VENDOR_AND_DAY = Follows(day=True)
STATE = Follows(day=True, health=True)


class Page(Struct, frozen=True):
    """Its path below the root, what it is, and its bytes when asked for.

    `follows` None: the plan knows by the path, or the file is small and drawn at every build.
    `pour` puts a file that is too large to be held where it is told to; then nothing is drawn.
    """

    path: str
    what: str
    draw: Callable[[], bytes]
    follows: Follows | None = None
    pour: Callable[[Path], None] | None = None
