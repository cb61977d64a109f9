"""What an archive is made of beside its records: another's may lead anywhere, or say no time."""

import sqlite3
from collections.abc import Iterator

from generator.slugs import path_problem, vendor_problem
from generator.times import read

TIMES = "SELECT at FROM run UNION SELECT complete_since FROM vendor WHERE complete_since NOT NULL"


def strangers(connection: sqlite3.Connection) -> Iterator[str]:
    """Why a name, path or time in it is none that a run of ours gives, each a clause."""
    vendors = connection.execute("SELECT slug FROM vendor").fetchall()
    yield from filter(None, (vendor_problem(slug) for (slug,) in vendors))
    paths = connection.execute("SELECT slug FROM incident")
    yield from filter(None, (path_problem(slug) for (slug,) in paths))
    for (at,) in connection.execute(TIMES):
        try:
            read(at)
        except ValueError as error:
            yield str(error)
