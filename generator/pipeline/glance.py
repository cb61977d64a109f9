"""Whether a site is as it should be, told without drawing or even knowing how to.

A run without news is the usual one. What a build looks at is digested as it lies there: the
program, the settings, the vendor files, the archive's last run, the day, how the sources fare.
"""

import hashlib
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import msgspec

from generator.archive.state import remembering
from generator.archive.store import reading
from generator.pipeline.places import Places
from generator.render.manifest import MANIFEST, BuildReport, Manifest, untouched
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
        manifest = msgspec.json.decode((out / MANIFEST).read_bytes(), type=Manifest)
    except (OSError, msgspec.DecodeError):
        return None
    return untouched(manifest) if manifest.key and manifest.seen == seen else None


def _looked_at(places: Places, config: SiteConfig, as_of: date, shard: str) -> Iterator[bytes]:
    yield repr((config, as_of.isoformat(), shard, _installed())).encode()
    for folder, pattern in ((PROGRAM, "**/*.py"), (TEMPLATES, "*.*"), (places.vendors, "*.toml")):
        # By name as text: to put a thousand paths in order costs more than to read their files.
        for name in sorted(map(str, folder.glob(pattern))):
            yield name.rpartition("/")[2].encode()
            yield Path(name).read_bytes()
    with reading(places.archive) as connection:
        rows = closing(connection.execute("SELECT id, at FROM run ORDER BY id DESC LIMIT 1"))
        with rows as last:
            yield repr(last.fetchall()).encode()
    if places.state.exists():
        with remembering(places.state) as state:
            fared = state.sources()
        # Days only, as the pages say it.
        yield repr([(each, [str(said)[:10] for said in fared[each]]) for each in fared]).encode()


def _installed() -> list[str]:
    """The packages there are and their versions, as their folders are named."""
    folders = [Path(entry) for entry in sys.path if entry.endswith("site-packages")]
    return sorted(found.name for folder in folders for found in folder.glob("*.dist-info"))
