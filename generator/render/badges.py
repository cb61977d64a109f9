"""Badges: small pictures that say how a vendor fares, and the same for drawers of badges.

A badge is a file that stands until the next build, so its title says of which day it is. Where
the vendor's page was not read of late it says that, in grey, and not that all is well.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from datetime import date
from functools import cached_property, partial
from html import escape
from typing import Literal

from msgspec import Struct

from generator.model import Kept
from generator.render import facts, links, words
from generator.render.frame import Site
from generator.render.freshness import Freshness, freshness
from generator.render.page import STATE, Page
from generator.render.shapes import Badge, indented
from generator.render.spans import Window, counted

Name = Literal["state", "last", "incidents"]
NAMES: tuple[Name, ...] = ("state", "last", "incidents")
DAYS = 90
# White text on each has a contrast of 4.5 or more, on light pages and on dark ones.
COLOURS = {
    "label": "#3f4147",
    "quiet": "#1d6640",
    "none": "#5d6168",
    "unknown": "#6a6862",
    "silent": "#6a6862",
    "minor": "#7d5800",
    "major": "#a83c08",
    "critical": "#a50e2d",
    "plain": "#1f479e",
}
HEIGHT = 20
PADDING = 6
# How wide letters are in the usual sans serif of eleven pixels. The text is set to the sum, so
# that it fits whatever font there is.
NARROW, WIDE, USUAL, FULL = 3.5, 9.5, 6.6, 11.0


class Told(Struct, frozen=True):
    """What a badge says. `mark`: the name of its colour; `title`: the whole, with the day."""

    label: str
    message: str
    mark: str
    title: str


class Badges:
    """The badges of a vendor; `kept` are all its records."""

    def __init__(self, site: Site, vendor: str, kept: Sequence[Kept], as_of: date) -> None:
        self._site = site
        self._vendor = vendor
        self._all = kept
        self._as_of = as_of

    def svg(self, name: Name) -> bytes:
        """The picture."""
        return svg(self._told(name))

    def endpoint(self, name: Name) -> bytes:
        """The document that shields.io draws."""
        told = self._told(name)
        return indented(
            Badge(
                schemaVersion=1,
                label=told.label,
                message=told.message,
                color=COLOURS[told.mark],
                labelColor=COLOURS["label"],
                isError=not self._fresh.is_known,
            )
        )

    @cached_property
    def _kept(self) -> list[Kept]:
        return list(counted(self._all))

    @cached_property
    def _fresh(self) -> Freshness:
        return freshness(self._site.health.get(self._vendor), self._as_of)

    def _told(self, name: Name) -> Told:
        message, mark = {"state": self._state, "last": self._last, "incidents": self._count}[name]()
        title = words.badge_title(self._name, message, self._as_of.isoformat())
        if not self._fresh.is_known and mark != "silent":
            mark = "unknown"
            read_on = self._fresh.read_on
            title = words.badge_unread(self._name, message, read_on.isoformat() if read_on else "")
        return Told(self._name, message, mark, title)

    @property
    def _name(self) -> str:
        return self._site.name(self._vendor)

    def _state(self) -> tuple[str, str]:
        open_ones = [each.incident.impact for each in self._kept if facts.is_open(each)]
        if open_ones:
            worst = facts.worst(open_ones)
            return words.badge_open(len(open_ones), worst), worst
        return (words.BADGE_QUIET, "quiet") if self._fresh.is_known else self._silent()

    def _last(self) -> tuple[str, str]:
        if not self._kept:
            return (words.BADGE_NOTHING, "plain") if self._fresh.is_known else self._silent()
        last = max(each.incident.started_at for each in self._kept)
        return words.badge_last(last.date().isoformat()), "plain"

    def _count(self) -> tuple[str, str]:
        window = Window.of_days(DAYS, self._as_of)
        found = sum(window.start <= each.incident.started_at < window.end for each in self._kept)
        if not found and not self._fresh.is_known:
            return self._silent()
        return words.badge_count(found, DAYS), "plain"

    def _silent(self) -> tuple[str, str]:
        """Instead of that nothing happened, where nobody looked."""
        read_on = self._fresh.read_on
        return words.badge_silent(read_on.isoformat() if read_on else ""), "silent"


def badge_pages(vendor: str, badges: Badges) -> Iterator[Page]:
    """A vendor's badges."""
    for name in NAMES:
        what = f"badge {name} of {vendor}"
        yield Page(links.badge(vendor, name, "svg"), what, partial(badges.svg, name), STATE)
        yield Page(links.badge(vendor, name, "json"), what, partial(badges.endpoint, name), STATE)


def svg(told: Told) -> bytes:
    """A badge as a picture that needs no font of its own."""
    left, right = width(told.label), width(told.message)
    middle, whole = left + 2 * PADDING, left + right + 4 * PADDING
    title = escape(told.title)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{whole}" height="{HEIGHT}" role="img" '
        f'aria-label="{title}"><title>{title}</title>'
        f'<rect width="{whole}" height="{HEIGHT}" rx="3" fill="{COLOURS[told.mark]}"/>'
        f'<path d="M3 0H{middle}V{HEIGHT}H3a3 3 0 0 1-3-3V3a3 3 0 0 1 3-3z" '
        f'fill="{COLOURS["label"]}"/>'
        '<g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">'
        f"{_text(told.label, PADDING, left)}{_text(told.message, middle + PADDING, right)}"
        "</g></svg>\n"
    ).encode()


def width(text: str) -> int:
    """How wide a text is set, in pixels."""
    return round(sum(map(_width, text)))


def _width(letter: str) -> float:
    if unicodedata.combining(letter):
        return 0
    if unicodedata.east_asian_width(letter) in ("W", "F"):
        return FULL
    if letter in " .,:;!|'ijlI()[]ftr":
        return NARROW + 0.5
    return WIDE if letter in "mwMW@%—…" else USUAL + letter.isupper()


def _text(text: str, start: int, length: int) -> str:
    return f'<text x="{start}" y="14" textLength="{length}">{escape(text)}</text>'
