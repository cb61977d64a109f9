"""Measures the search index at 100,000 incidents: python -m tests.bench_search

A query shall load at most 300 KB, compressed as a static host sends it; prints what queries load
for their first twenty results and for all there are, and what ten changes cost.
"""

import gzip
import random
import re
import resource
import time
from datetime import UTC, datetime, timedelta
from itertools import islice
from operator import attrgetter

import msgspec

from generator.render import links
from generator.render.search import Entry, Index, entries_json, entries_of
from tests.search_lookup import Lookup

INCIDENTS, VENDORS, YEARS = 100_000, 1000, 12
COMMON = tuple(
    re.findall(
        "[a-z]+",
        """errors elevated error rates increased latency api service degraded performance issues
        investigating connectivity issue delayed some customers may experience
        dashboard login unavailable database maintenance network webhooks delivery
        email sms outage partial region intermittent failures requests timeouts
        processing slow loading emergency scheduled upgrade access""",
    )
)
QUERIES = ("elevated error rates", "errors", "increased latency api", "corruption", "er", "e",
           "us east database", "dns", "webhooks delivery delayed", "zq")  # fmt: skip


def made(seed: int = 1) -> dict[tuple[str, int], list[Entry]]:
    """Entries by vendor and year; words as in the world: few often, many seldom."""
    draw = random.Random(seed)
    rare = [
        "".join(draw.choices("abcdefghiklmnoprstuvw", k=draw.randint(4, 10))) for _ in range(30000)
    ]
    rare += ["corruption", "dns", "zq"]
    weights = [1 / (rank + 1) for rank in range(len(COMMON))]
    found: dict[tuple[str, int], list[Entry]] = {}
    names = [f"vendor-{number:04d}" for number in range(VENDORS)]
    parts = {name: [" ".join(draw.choices(rare, k=2)) for _ in range(8)] for name in names}
    popular = [1 / (rank + 5) for rank in range(VENDORS)]
    for number in range(INCIDENTS):
        vendor = draw.choices(names, popular)[0]
        age = min(draw.expovariate(1 / 4), YEARS - 0.01)
        start = datetime(2026, 12, 31, 23, tzinfo=UTC) - timedelta(days=age * 365)
        words = draw.choices(COMMON, weights, k=draw.randint(2, 6))
        words += [rare[int(len(rare) * draw.random() ** 3)] for _ in range(draw.randint(0, 4))]
        mark = draw.choices(("minor", "major", "critical", "none", "maintenance"), (5, 3, 1, 2, 2))[
            0
        ]
        entry = Entry(
            start.strftime("%Y-%m-%dT%H:%M:%SZ"),
            f"{start:%Y-%m-%d}-{'-'.join(words)[:50]}-{number}",
            " ".join(words).capitalize(), mark, "1 h 11 min",
            tuple(draw.sample(parts[vendor], draw.randint(0, 4))), False, False,
        )  # fmt: skip
        found.setdefault((vendor, start.year), []).append(entry)
    return {key: sorted(found[key], key=attrgetter("start", "slug")) for key in sorted(found)}


def main() -> None:
    entries = made()
    vendors = sorted({vendor for vendor, _ in entries})
    numbers = {vendor: number for number, vendor in enumerate(vendors)}
    files = {links.search_entries(*key): entries_json(each) for key, each in entries.items()}
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.process_time()
    index = Index(numbers, lambda path: None)
    for (vendor, year), each in entries.items():
        index.note(vendor, vendor, year, [], each)
    words = dict(index.changed())
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"clean: {time.process_time() - start:.1f} s, {(after - before) >> 10} MB more")
    for what, some in (("words", words), ("lists", files)):
        sizes = sorted(map(len, some.values()))
        print(f"{what}: {len(some)} files, {sum(sizes) >> 10} KB, largest {sizes[-1] >> 10} KB, "
              f"{sum(sizes) / INCIDENTS:.0f} bytes an incident")  # fmt: skip
    files |= words
    directory = sum(len(gzip.compress(files[path])) for path in (links.SEARCH_YEARS,))
    print(f"years.json: {directory >> 10} KB")
    for query in QUERIES:
        lookup = Lookup(files.__getitem__, vendors)
        first = len(list(islice(lookup.find(query), 20)))
        loaded = lookup.transferred
        total = sum(1 for _ in lookup.places_of(query))
        print(f"{query!r}: the first {first} load {loaded >> 10} KB, "
              f"to count all {total} {lookup.transferred >> 10} KB")  # fmt: skip
    start = time.process_time()
    index = Index(numbers, files.get)
    for (vendor, year), each in random.Random(2).sample(sorted(entries.items()), 10):
        edited = [*each[:-1], msgspec.structs.replace(each[-1], title="Edited title")]
        index.note(
            vendor, vendor, year, entries_of(files[links.search_entries(vendor, year)]), edited
        )
    changed = dict(index.changed())
    print(f"ten edits: {time.process_time() - start:.2f} s, {len(changed)} files")


if __name__ == "__main__":
    main()
