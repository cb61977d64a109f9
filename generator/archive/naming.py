"""What an archive's incidents are called in addresses: it may be another's, and lead anywhere."""

import sqlite3
from collections.abc import Iterator

from generator.slugs import path_problem, vendor_problem


def strangers(connection: sqlite3.Connection) -> Iterator[str]:
    """Why a name or path in it is none that a run of ours gives, each a clause."""
    vendors = connection.execute("SELECT slug FROM vendor").fetchall()
    yield from filter(None, (vendor_problem(slug) for (slug,) in vendors))
    paths = connection.execute("SELECT slug FROM incident")
    yield from filter(None, (path_problem(slug) for (slug,) in paths))
