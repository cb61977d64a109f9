"""Who draws: this process, or several that share the vendors."""

import os
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager

from msgspec import Struct

from generator.render.source import Source

# Fewer incidents are drawn before a second process is under way.
WORTH_SHARING = 300


class Hands(Struct, frozen=True):
    """So many processes; None: the cores, where there is enough to do for them.

    `opened`: opens the archive in a process of its own, for SQLite must not cross a fork.
    """

    opened: Callable[[], AbstractContextManager[Source]] | None
    jobs: int | None = None

    def worth(self, incidents: int) -> int:
        """How many are worth their while for so much to draw. Where there are threads, one."""
        if not hasattr(os, "fork") or threading.active_count() > 1:
            return 1
        return self.jobs or (cores() if incidents >= WORTH_SHARING else 1)


# This process draws all.
ALONE = Hands(None)


def cores() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
