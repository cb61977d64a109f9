"""Names for updates that have none: the time at which they were made."""

from collections.abc import Iterable
from datetime import datetime

from generator.model import Update
from generator.times import text_of


def timed_key(at: datetime, before: Iterable[Update]) -> str:
    """`2022-07-29T15:19:00Z`; with `#2` behind it for the second `before` of the same second."""
    key = text_of(at)
    same = sum(update.key.partition("#")[0] == key for update in before)
    return f"{key}#{same + 1}" if same else key
