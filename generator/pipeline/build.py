"""The archive out as a site."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import date
from pathlib import Path

from generator.archive.queries import Archive
from generator.archive.store import reading
from generator.pipeline.glance import glance, standing
from generator.pipeline.places import Places, now
from generator.pipeline.sources import sources
from generator.render.manifest import BuildReport
from generator.settings import SiteConfig
from generator.sharding import Shard
from generator.vendors import read_vendors

Progress = Callable[[int, int], None]


def build_site(
    places: Places,
    config: SiteConfig,
    out: Path,
    *,
    as_of: date | None = None,
    clean: bool = False,
    shown: Callable[[], AbstractContextManager[Progress | None]] = nullcontext,
    shard: Shard | None = None,
    parts: Sequence[Path] = (),
    jobs: int | None = 1,
) -> BuildReport:
    """Bring the site in `out` up to the archive. `as_of`: the last day of moving windows.

    `shard`: only the pages of its vendors; `parts`: the folders of all shards, to be made one.
    `shown`: opened when there is something to draw, for what it gives to be told of vendors done.
    `jobs`: how many processes draw; None: the cores, where it pays.
    """
    day = as_of or now().date()
    seen = glance(places, config, day, str(shard or ""))
    if not clean and (report := standing(out, seen)):
        return report
    # Drawing takes a third of a second to import, which a run without news can do without.
    from generator.render.hands import Hands
    from generator.render.site import build

    vendors = read_vendors(places.vendors, config.categories)
    health = sources(places, vendors.values()) if places.state.exists() else None

    @contextmanager
    def opened() -> Iterator[Archive]:
        with reading(places.archive) as connection:
            yield Archive(connection)

    with opened() as source:
        return build(
            source, vendors, config, out, day, clean, health, shard, parts, seen, shown,
            Hands(opened, jobs),
        )  # fmt: skip


def site_name(places: Places, config: SiteConfig, *, as_of: date | None = None) -> str:
    """Names the site that a build would draw: another archive, day or program, another name.

    How the sources fare is not in it: some page of a thousand always begins to fail or mends.
    """
    from generator.render.plan import key_of

    vendors = read_vendors(places.vendors, config.categories)
    with reading(places.archive) as connection:
        fingerprint = Archive(connection).fingerprint
    day = as_of or now().date()
    facts = (key_of(config, vendors), fingerprint, day.isoformat())
    return hashlib.sha256("\0".join(facts).encode()).hexdigest()[:32]
