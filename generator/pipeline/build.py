"""The archive out as a site."""

import hashlib
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from generator.archive.queries import Archive
from generator.archive.store import reading
from generator.pipeline.places import Places, now
from generator.pipeline.sources import sources
from generator.render.plan import key_of
from generator.render.site import BuildReport, build
from generator.settings import SiteConfig
from generator.sharding import Shard
from generator.vendors import read_vendors


def build_site(
    places: Places,
    config: SiteConfig,
    out: Path,
    *,
    as_of: date | None = None,
    clean: bool = False,
    progress: Callable[[int, int], None] | None = None,
    shard: Shard | None = None,
    parts: Sequence[Path] = (),
) -> BuildReport:
    """Bring the site in `out` up to the archive. `as_of`: the last day of moving windows.

    `shard`: only the pages of its vendors; `parts`: the folders of all shards, to be made one.
    """
    vendors = read_vendors(places.vendors, config.categories)
    day = as_of or now().date()
    health = sources(places, vendors.values()) if places.state.exists() else None
    with reading(places.archive) as connection:
        return build(
            Archive(connection), vendors, config, out, day, clean, progress, health, shard, parts
        )


def site_name(places: Places, config: SiteConfig, *, as_of: date | None = None) -> str:
    """Names the site that a build would draw: another archive, day or program, another name.

    How the sources fare is not in it: some page of a thousand always begins to fail or mends.
    """
    vendors = read_vendors(places.vendors, config.categories)
    with reading(places.archive) as connection:
        fingerprint = Archive(connection).fingerprint
    day = as_of or now().date()
    facts = (key_of(config, vendors), fingerprint, day.isoformat())
    return hashlib.sha256("\0".join(facts).encode()).hexdigest()[:32]
