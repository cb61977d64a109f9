"""The archive made again from the replies that were kept."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from generator.errors import InputError
from generator.fetch import Limits
from generator.model import Vendor
from generator.pipeline.places import Places
from generator.pipeline.update import backfill, update
from generator.raw import tapes
from generator.report import Report
from generator.settings import SiteConfig

# Nobody is waited for.
AT_ONCE = Limits(backoff=0.0)


def replay(
    places: Places,
    vendors: Mapping[str, Vendor],
    config: SiteConfig,
    recorded: Sequence[Path],
    progress: Callable[[Report], None] = lambda report: None,
) -> list[Report]:
    """Do the runs again whose replies lie in the files or folders, each at its own time.

    From the first run on they give the same archive; into another they bring what it lacks.
    Opens no socket.
    """
    reports = []
    for tape in tapes(recorded):
        chosen = [vendor for slug, vendor in vendors.items() if slug in tape.vendors]
        if tape.command == "update":
            done = update(
                places,
                chosen,
                config,
                at=tape.at,
                allow_loopback=True,
                limits=AT_ONCE,
                replay=tape.play,
                accept=tape.settings.get("accept", "").split(),
                written=tape.written,
            )
        elif tape.command == "backfill":
            done = backfill(
                places,
                chosen,
                config,
                at=tape.at,
                budget=int(tape.settings["budget"]),
                allow_loopback=True,
                limits=AT_ONCE,
                replay=tape.play,
                accept=tape.settings.get("accept", "").split(),
                written=tape.written,
            )
        else:
            raise InputError(f"A recording of {tape.command!r}: expected an update or a backfill.")
        reports.append(done)
        progress(done)
    return reports
