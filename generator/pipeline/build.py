"""The archive out as a site."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from generator.pipeline.glance import glance, standing
from generator.pipeline.places import Places
from generator.render.outcome import BuildReport
from generator.settings import SiteConfig
from generator.sharding import Shard

if TYPE_CHECKING:
    from generator.archive.queries import Archive

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
    day = as_of or _today()
    seen = glance(places, config, day, str(shard or ""))
    if not clean and (report := standing(out, seen)):
        return report
    # To know archives and how to draw takes half a second to import: a run without news does not.
    from generator.archive.queries import Archive
    from generator.archive.store import reading
    from generator.pipeline.sources import sources
    from generator.render.hands import Hands
    from generator.render.site import build
    from generator.vendors import read_vendors

    vendors = read_vendors(places.vendors, config.categories)
    health = sources(places, vendors.values()) if places.state.exists() else None

    @contextmanager
    def opened() -> "Iterator[Archive]":
        with reading(places.archive) as connection:
            yield Archive(connection)

    with opened() as source:
        return build(
            source,
            vendors,
            config,
            out,
            day,
            clean=clean,
            health=health,
            shard=shard,
            parts=parts,
            seen=seen,
            shown=shown,
            hands=Hands(opened, jobs),
        )


def site_name(places: Places, config: SiteConfig, *, as_of: date | None = None) -> str:
    """Names the site that a build would draw: another archive, day or program, another name.

    How the sources fare is not in it: some page of a thousand always begins to fail or mends.
    """
    from generator.archive.queries import Archive
    from generator.archive.store import reading
    from generator.render.plan import key_of
    from generator.vendors import read_vendors

    vendors = read_vendors(places.vendors, config.categories)
    with reading(places.archive) as connection:
        fingerprint = Archive(connection).fingerprint
    day = as_of or _today()
    facts = (key_of(config, vendors), fingerprint, day.isoformat())
    return hashlib.sha256("\0".join(facts).encode()).hexdigest()[:32]


def _today() -> date:
    return datetime.now(UTC).date()
