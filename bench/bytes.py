"""Where the bytes of what is syndicated go, at 200 incidents a vendor.

usage: python -m bench.bytes [VENDORS]

Files of one vendor, and of days, are told in bytes an incident. Files over several vendors are as
large however many incidents there are: they are told in KB.
"""

import re
import sys
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.build import DAY
from bench.corpus import make
from bench.measured import outages, table

EACH = 200
BAR = 3_500
# The kinds of files that grow with the record, by their paths; the first that matches counts.
GROWING = {
    "feeds, history by year": r"V/\d{4}\.atom",
    "feeds, incidents": r"V/feed\.\w+",
    "feeds, updates": r"V/updates\.\w+",
    "feeds, components": r"V/component/[^/]+/feed\.\w+",
    "feeds, opened and resolved, major, maintenance": r"V/[a-z-]+\.atom",
    "API, years in full": r"api/v1/vendors/V/\d{4}\.json",
    "API, days": r"api/v1/days/.*",
    "API, vendors": r"api/v1/vendors/V/index\.json",
    "Statuspage face": r"V/api/v2/.*",
    "calendars": r"V/calendar\.ics",
    "traces": r"V/trace\.csv",
    "badges": r"V/badge/.*",
}
# Those that do not.
WIDE = {
    "feeds over several vendors": r"[^/]+\.(atom|rss|opml)|(feed|updates)\.json|category/.*/.*",
    "calendars of categories": r"category/.*\.ics",
    "API over all vendors": r"api/v1/.*\.json",
}


def main(vendors: int = 20) -> None:
    """Print the bytes; exit 1 when what grows is more than the bar."""
    incidents = EACH * vendors
    with TemporaryDirectory() as folder:
        places, out = (
            make(Path(folder, "data"), incidents, vendors, steady=True),
            Path(folder, "site"),
        )
        outages("--data", places.data, "--out", out, "build", "--as-of", DAY)
        growing, wide = sizes(out)
    whole = growing.total() / incidents
    rows = [(kind, f"{growing[kind] / incidents:6,.0f}", "") for kind in GROWING]
    rows.append(("all that is syndicated", f"{whole:6,.0f}", f"at most {BAR:,}"))
    table(f"bytes an incident, {vendors} vendors with {EACH} incidents each", rows)
    table("KB in all", [(kind, f"{wide[kind] / 1000:6,.0f}", "") for kind in WIDE])
    sys.exit(whole > BAR)


def sizes(out: Path) -> tuple[Counter[str], Counter[str]]:
    """The bytes of each kind of file, of those that grow and of those that do not."""
    found: tuple[Counter[str], Counter[str]] = Counter(), Counter()
    for file in out.rglob("*"):
        path = re.sub(r"vendor-\d+", "V", file.relative_to(out).as_posix())
        for kinds, counts in zip((GROWING, WIDE), found, strict=True):
            kind = next((name for name, like in kinds.items() if re.fullmatch(like, path)), None)
            if kind and file.is_file():
                counts[kind] += file.stat().st_size
                break
    return found


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
