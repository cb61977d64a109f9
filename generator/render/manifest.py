"""What a folder was built from: read before anything else is, so it knows of little else."""

import msgspec

from generator.census import Census
from generator.render.outcome import BuildReport, nothing_done


class Manifest(msgspec.Struct, kw_only=True):
    """What a folder was built from. `pages`: how many a vendor has; "" counts the root's.

    `sources`: how the reading of each vendor's source fares, which the archive does not say.

    `shard`: which one it has the pages of, `3/8`; "": it is the whole site.

    `seen`: a digest of all that the build looked at; while it is the same, nothing else has to
    be asked.

    `census`: the archive counted, and `days`: those with incidents; what changes later is counted
    anew, all else is as it was.

    While a build is under way its key is empty, so that one that was cut short is begun anew.
    """

    key: str = ""
    shard: str = ""
    seen: str = ""
    fingerprint: str = ""
    as_of: str = ""
    complete: dict[str, str] = {}
    sources: dict[str, str] = {}
    pages: dict[str, int] = {}
    days: list[str] = []
    census: Census = Census()


def untouched(manifest: Manifest) -> BuildReport:
    """The report of a build that had nothing to do."""
    return nothing_done(sum(manifest.pages.values()))
