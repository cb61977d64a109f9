"""What a build did: told also of one that had nothing to do, so it knows of nothing else."""

from typing import NamedTuple

# What a folder was built from (manifest.py).
MANIFEST = ".manifest.json"


class BuildReport(NamedTuple):
    """Files of the site: how many it has, and what this build did to them."""

    pages: int
    written: int
    removed: int
    unchanged: int


def nothing_done(pages: int) -> BuildReport:
    """The report of a build that had nothing to do."""
    return BuildReport(pages, written=0, removed=0, unchanged=pages)
