"""Public paths: minted once, from the day and the title, and never changed."""

import re
import unicodedata
from collections.abc import Container
from datetime import datetime

from generator.times import text_of

LONGEST = 60
# To Python a $ is also before the last line break; here, as in JSON Schema, it is the end.
END = r"$(?!\n)"
VENDOR = rf"^[a-z0-9][a-z0-9-]*{END}"
LONGEST_VENDOR = 80
# A slug names a page beside index.html, feed.atom and 2022.html: its date keeps it apart.
DATED = rf"^[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}-[a-z0-9][a-z0-9-]{{0,99}}{END}"
# What Windows keeps for devices, whatever ending follows: no file of a copy there can be called so.
DEVICES = frozenset(
    ("con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10)))
)
# Top-level names of the site that are not vendors.
RESERVED = frozenset(
    re.findall(
        r"[a-z-]+",
        """about all api archive assets badge badges calendar categories category compare
        component components data day days download downloads feed feeds health incident
        incidents index insights json maintenance maintenances method month months
        my-stack robots search sitemap sources stack stacks static status vendor vendors
        year years""",
    )
)
OTHERS = re.compile(r"[^a-z0-9]+")
# Words about the state stand in front of many titles and change; the path outlives them.
LABEL = re.compile(
    r"^\s*(\[[^\]]*\]|(notice|update|resolved|monitoring|investigating|identified)\s*[:-])\s*",
    re.IGNORECASE,
)


def mint(day: datetime, title: str, taken: Container[str]) -> str:
    """`2022-07-29-pypi-mass-cdn-purge`; with `-2`, `-3` behind it where that is taken."""
    stem = f"{text_of(day)[:10]}-{words(LABEL.sub('', title)) or words(title) or 'incident'}"
    if stem not in taken:
        return stem
    # Doubled and halved, not counted: a page may give thousands of incidents one title.
    free = 2
    while f"{stem}-{free}" in taken:
        free *= 2
    last = free // 2
    while free - last > 1:
        middle = (last + free) // 2
        last, free = (middle, free) if f"{stem}-{middle}" in taken else (last, middle)
    return f"{stem}-{free}"


def words(text: str) -> str:
    """Lower-case ASCII words joined by hyphens, cut at a word; "" when there are none."""
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    slug = OTHERS.sub("-", text.lower().replace("'", "")).strip("-")
    if len(slug) > LONGEST:
        slug = slug[: LONGEST + 1].rpartition("-")[0] or slug[:LONGEST]
    return slug


def vendor_problem(slug: str) -> str | None:
    """Why no vendor can be called so, wherever it comes from: an archive, a line, a file."""
    if not re.match(VENDOR, slug) or len(slug) > LONGEST_VENDOR:
        return f"{slug!r} is no vendor's slug: expected lower-case words joined by hyphens"
    if slug in DEVICES:
        return f"{slug!r} is a device to Windows"
    if slug in RESERVED:
        return f"{slug!r} is a page of the site"
    return None


def path_problem(slug: str) -> str | None:
    """Why no incident can have that path below its vendor."""
    if re.match(DATED, slug):
        return None
    return f"{slug!r} is no path of an incident: expected one like 2022-07-29-all-is-down"
