"""All of it or nothing."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def whole(connection: sqlite3.Connection) -> Iterator[None]:
    """One transaction, all of it or nothing; inside another, a part of that."""
    inside: bool = connection.in_transaction
    if inside:
        yield
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
