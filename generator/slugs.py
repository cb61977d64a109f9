"""Public paths: minted once, from the day and the title, and never changed."""

import re
import unicodedata
from collections.abc import Container
from datetime import datetime

from generator.times import text_of

LONGEST = 60
# What Windows keeps for devices, whatever ending follows: no file of a copy there can be called so.
DEVICES = frozenset(
    ("con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10)))
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
