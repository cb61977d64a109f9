"""The picture that goes with a link to a vendor: its name, and a bar for every month it reported.

Drawn from the record alone, so that it changes when an incident does and never by itself.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

from generator.model import Impact, Kept
from generator.render import facts, words
from generator.render.frame import Site
from generator.render.spans import counted

WIDTH, HEIGHT = 1200, 630
MARGIN = 80
# Months, the last being that of the newest incident.
MONTHS = 48
GAP = 5
BASE = 540
TALLEST = 250
LOWEST = 10
QUIET = 3

# Sixteen colours: paper to ink in eleven shades, then those of the bars, as by day in the style
# sheet.
PAPER, INK = (251, 250, 246), (28, 27, 25)
SHADES = 11
BARS: dict[Impact | None, tuple[int, int, int]] = {
    None: (216, 212, 201),
    "none": (141, 144, 151),
    "minor": (180, 132, 0),
    "major": (196, 82, 26),
    "critical": (165, 14, 45),
}
# How dark letters are: all ink, and less of it.
DARK, SOFT = 255, 180
Months = Mapping[int, list[Impact]]


def site_picture(site: Site) -> bytes:
    """The picture of all pages that belong to no vendor."""
    config = site.config
    return picture(config.title, config.authority, config.description, config.address, ())


def vendor_picture(site: Site, vendor: str, kept: Sequence[Kept]) -> bytes:
    """The picture of a vendor's pages; `kept` are its records."""
    incidents = len(counted(kept))
    line = words.picture_line(site.category(site.category_slug(vendor)), incidents)
    return picture(site.name(vendor), vendor, line, site.config.title, kept)


def picture(name: str, slug: str, line: str, site: str, kept: Iterable[Kept]) -> bytes:
    """A PNG of 1200 by 630; `line` stands below the name, `slug` in for a name we cannot write."""
    title = name if _writable(name) else slug
    letters = Image.new("L", (WIDTH, HEIGHT))
    write = ImageDraw.Draw(letters)
    write.text((MARGIN, 70), title, DARK, _fitting(title, 88, 72, 56, 44, 32))
    write.text((MARGIN, 190), line, SOFT, _fitting(line, 34, 30, 26, 22))
    write.text((MARGIN, BASE + 24), site, SOFT, _font(28))
    image = letters.point([value * (SHADES - 1) // 255 for value in range(256)], "P")
    image.putpalette([channel for colour in _palette() for channel in colour])
    draw = ImageDraw.Draw(image)
    for left, right, top, colour in _bars(_months(kept)):
        draw.rectangle((left, top, right, BASE), colour)
    draw.rectangle((MARGIN, BASE + 6, WIDTH - MARGIN, BASE + 8), SHADES - 1)
    file = BytesIO()
    # Run-length coded: the one strategy for which all zlibs write the same.
    image.save(file, "PNG", bits=4, compress_level=9, compress_type=3)
    return file.getvalue()


def _palette() -> list[tuple[int, ...]]:
    shades = [
        tuple(
            paper + (ink - paper) * shade // (SHADES - 1)
            for paper, ink in zip(PAPER, INK, strict=True)
        )
        for shade in range(SHADES)
    ]
    return [*shades, *BARS.values()]


def _months(kept: Iterable[Kept]) -> Months:
    """The impacts of what was reported, by months since the year 0."""
    months: dict[int, list[Impact]] = {}
    for each in counted(kept):
        incident = each.incident
        month = incident.started_at.year * 12 + incident.started_at.month
        months.setdefault(month, []).append(incident.impact)
    return months


def _bars(months: Months) -> Iterator[tuple[int, int, int, int]]:
    """Left, right, top and colour of the bars: as tall as there are incidents, coloured as the
    worst of them.
    """
    last = max(months, default=0)
    shown = range(last - MONTHS + 1, last + 1)
    most = max((len(months.get(month, ())) for month in shown), default=0)
    room = WIDTH - 2 * MARGIN + GAP
    for at, month in enumerate(shown):
        impacts = months.get(month)
        height = LOWEST + (TALLEST - LOWEST) * len(impacts) // most if impacts else QUIET
        worst = facts.worst(impacts) if impacts else None
        left, beyond = (MARGIN + room * place // MONTHS for place in (at, at + 1))
        colour = SHADES + list(BARS).index("none" if worst == "unknown" else worst)
        yield left, beyond - GAP, BASE - height, colour


def _writable(name: str) -> bool:
    """Whether the font has the letters: those of Latin alphabets."""
    return all("LATIN" in unicodedata.name(char, "") for char in name if char.isalpha())


def _fitting(text: str, *sizes: int) -> ImageFont.FreeTypeFont:
    """The font in the first of these sizes in which a line fits; beyond the last the edge cuts."""
    room = WIDTH - 2 * MARGIN
    fonts = [_font(size) for size in sizes]
    return next((font for font in fonts if font.getlength(text) <= room), fonts[-1])


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    """The font that comes with the library, so that every machine draws the same letters."""
    font = ImageFont.load_default(size)
    assert isinstance(font, ImageFont.FreeTypeFont)
    return font
