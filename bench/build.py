"""The build of a large archive: clean, with nothing or ten incidents changed, and on the next day.

usage: python -m bench.build [INCIDENTS [VENDORS]]; of 100,000 it takes ten minutes and 5 GB of disk

Run it where temporary files lie on a real disk. What is written after all changes is compared with
what a clean build writes, file by file; it exits with 1 where they differ.
"""

import re
import sys
from collections import defaultdict
from collections.abc import Container
from filecmp import cmpfiles
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from bench.corpus import END, lines, make
from bench.measured import Cost, cost_of, outages, python, table
from generator.pipeline.lines import import_lines
from generator.pipeline.places import Places
from generator.render import links

DAY = "2026-11-22"
NEXT = "2026-11-23"
CHANGED = 10
SHARED = 2_000_000
# How many kinds of files the table of bytes names.
LISTED = 25


def main(incidents: int = 20_000, vendors: int = 500) -> None:
    """Print what the builds cost, and where the bytes of the site go."""
    with TemporaryDirectory() as folder:
        places, out = make(Path(folder, "data"), incidents, vendors), Path(folder, "site")
        words = ("--data", places.data, "--out", out, "build", "--as-of", DAY)
        clean = outages(*words)
        before = _stamps(out)
        nothing = outages(*words)
        touched = len(before.items() ^ _stamps(out).items())
        apart = incidents // CHANGED
        _change(places, incidents, vendors, range(apart - 1, incidents, apart))
        few = outages(*words)
        # The very last is one of those before.
        _change(places, incidents, vendors, range(incidents - CHANGED - 1, incidents - 1))
        last = outages(*words)
        following = outages(*words[:-1], NEXT)
        floor = _floor(out, Path(folder, "copy"))
        again = Path(folder, "again")
        alone = outages(
            "--data", places.data, "--out", again, "build", "--as-of", NEXT, "--jobs", "1"
        )
        imports = python("import generator.render.site, generator.archive.queries")
        table(
            f"build of {incidents:,} incidents of {vendors:,} vendors",
            [
                ("clean", clean.told, f"{_times(clean, floor)}; at most 3 at 20,000"),
                ("clean, in one process", alone.told, _times(alone, floor)),
                (
                    "the same files, nothing drawn",
                    floor.told,
                    f"in one process; drawn {1e6 * clean.cpu / incidents:.0f} µs CPU an incident",
                ),
                (
                    "nothing changed",
                    nothing.told,
                    f"{_against(nothing, imports, 0.25)}, {touched} files touched",
                ),
                (f"{CHANGED} of all years changed", few.told, _against(few, imports, 0.5)),
                (f"the last {CHANGED} changed", last.told, _against(last, imports, 0.5)),
                ("the next day", following.told, f"{following.cpu / imports.cpu:.1f} imports"),
                ("the imports of a build alone", imports.told, ""),
                ("outages --help", outages("--help").told, "at most 0.15 s"),
            ],
        )
        table("bytes an incident, at most 7,000", _sizes(out, incidents))
        if differing := _differing(out, again):
            sys.exit(f"Not as a clean build writes it: {', '.join(differing[:9])}")


# Reads a site, then writes it anew in the way of a build: beside, then renamed, one sync for all.
FLOOR = """
import os, sys
from pathlib import Path
from generator.render.manifest import Manifest
from generator.render.writer import Folder

source, folder = Path(sys.argv[1]), Folder(Path(sys.argv[2]))
if folder.claim() is None:
    folder.keep(Manifest())
for file in source.rglob("*"):
    if file.is_file():
        folder.write(file.relative_to(source).as_posix(), file.read_bytes())
os.sync()
"""


def _floor(site: Path, copy: Path) -> Cost:
    """What it costs to write the files of a site alone; they are read from the system's cache."""
    return cost_of(sys.executable, "-c", FLOOR, str(site), str(copy))


def _times(clean: Cost, floor: Cost) -> str:
    return f"{clean.wall / floor.wall:.1f} times the wall of writing"


def _against(cost: Cost, imports: Cost, most: float) -> str:
    return f"{cost.cpu / imports.cpu:.1f} imports; at most {most} s at 100,000"


def _differing(one: Path, other: Path) -> list[str]:
    """The files that are not the same in both folders."""
    names = {
        str(file.relative_to(at)) for at in (one, other) for file in at.rglob("*") if file.is_file()
    }
    _, differing, missing = cmpfiles(one, other, names, shallow=False)
    return sorted(differing + missing)


def _stamps(out: Path) -> dict[Path, int]:
    return {file: file.stat().st_mtime_ns for file in out.rglob("*") if file.is_file()}


def _change(places: Places, incidents: int, vendors: int, numbers: Container[int]) -> None:
    """Edit the titles of some incidents, by their numbers from old to new."""
    chosen = []
    for number, line in enumerate(lines(incidents, vendors)):
        if number in numbers:
            told = msgspec.json.decode(line)
            chosen.append(msgspec.json.encode({**told, "title": f"{told['title']} again"}))
    import_lines(places, chosen, "the changes", at=END)


def _sizes(out: Path, incidents: int) -> list[tuple[str, str, str]]:
    """The kinds of files that weigh most, and the rest as one."""
    sizes: defaultdict[str, list[int]] = defaultdict(list)
    for file in out.rglob("*"):
        if file.is_file():
            sizes[_kind(file.relative_to(out).as_posix())].append(file.stat().st_size)
    by_weight = sorted(sizes.items(), key=lambda item: -sum(item[1]))
    rows = [("all", f"{sum(map(sum, sizes.values())) / incidents:8.0f}", "")]
    for kind, found in by_weight[:LISTED]:
        rows.append((kind, f"{sum(found) / incidents:8.0f}", f"{len(found):,} files"))
    rest = [size for _, found in by_weight[LISTED:] for size in found]
    rows.append(("the rest", f"{sum(rest) / incidents:8.0f}", f"{len(rest):,} files"))
    # Of kinds of which there is one: but for the archive itself, which is counted above.
    shared = sum(found[0] for kind, found in by_weight if len(found) == 1 and kind != links.SQLITE)
    return [*rows, ("one for all", f"{shared / 1e6:8.1f} MB", f"at most {SHARED / 1e6:.0f} MB")]


def _kind(path: str) -> str:
    """What tells files of a kind from others: no vendor, day, title or component."""
    path = re.sub(r"vendor-\d+", "VENDOR", path)
    path = re.sub(r"\d{4}-\d\d-\d\d-[^/]*\.", "INCIDENT.", path)
    path = re.sub(r"/component/[^/.]+", "/component/NAME", path)
    path = re.sub(r"\d{4}(-\d\d)?(-\d\d)?", "DATE", path)
    return re.sub(r"search/DATE/.*", "search/DATE/WORD.json", path)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
