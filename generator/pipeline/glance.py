"""Whether a site is as it should be, told without drawing or even knowing how to.

A run without news is the usual one. What a build looks at is digested as it lies there: the
program, the settings, the vendor files, the archive's last run, the day, how the sources fare.
"""

import hashlib
import json
import os
import sys
from collections.abc import Iterator
from datetime import date
from io import FileIO
from pathlib import Path

from generator.archive.glimpse import LAST_RUN, Rows, fared, last_run
from generator.pipeline.places import Places
from generator.render.outcome import MANIFEST, BuildReport, nothing_done
from generator.settings import SiteConfig

PROGRAM = Path(__file__).parents[1]
TEMPLATES = PROGRAM.parent / "templates"


def glance(places: Places, config: SiteConfig, as_of: date, shard: str) -> str:
    """A digest of all that a build looks at: while it is the same, so is the site."""
    digest = hashlib.sha256()
    for part in _looked_at(places, config, as_of, shard):
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()


def standing(out: Path, seen: str) -> BuildReport | None:
    """What a build has to report where the site in `out` was built from just that."""
    try:
        # Its last parts are nine tenths of it, and say nothing here.
        first, _, _ = (out / MANIFEST).read_bytes().partition(b',"days":')
        manifest = json.loads(first + b"}")
        if not manifest["key"] or manifest["seen"] != seen:
            return None
        return nothing_done(sum(manifest["pages"].values()))
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return None  # none, or none of ours


def _looked_at(places: Places, config: SiteConfig, as_of: date, shard: str) -> Iterator[bytes]:
    yield repr((config, as_of.isoformat(), shard, _installed())).encode()
    for folder, ending in ((PROGRAM, ".py"), (TEMPLATES, ""), (places.vendors, ".toml")):
        for name, file in _files(folder, ending):
            yield name.encode()
            # Without a buffer and all that a Path is made of: there are a thousand.
            with FileIO(file) as found:
                yield found.readall()
    yield repr(_last_run(places)).encode()
    if places.state.exists():
        # Days only, as the pages say it.
        yield repr(
            [(each, [str(said)[:10] for said in row]) for each, *row in _fared(places)]
        ).encode()


def _files(folder: Path, ending: str) -> list[tuple[str, str]]:
    """The names and paths of all files below a folder with that ending, in order."""
    found = []
    for at, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name != "__pycache__"]
        found += [(f"{at}/{name}", name) for name in names if name.endswith(ending)]
    return [(name, path) for path, name in sorted(found)]


def _last_run(places: Places) -> Rows:
    rows = None if any(places.years.glob("*.db")) else last_run(places.archive)
    if rows is not None:
        return rows
    from generator.archive.store import reading

    with reading(places.archive) as connection:
        return connection.execute(LAST_RUN).fetchall()


def _fared(places: Places) -> Rows:
    rows = fared(places.state)
    if rows is not None:
        return rows
    from generator.archive.state import remembering

    with remembering(places.state) as state:
        return [(vendor, *how) for vendor, how in state.sources().items()]


def _installed() -> list[str]:
    """The packages there are and their versions, as their folders are named."""
    folders = [Path(entry) for entry in sys.path if entry.endswith("site-packages")]
    return sorted(found.name for folder in folders for found in folder.glob("*.dist-info"))
