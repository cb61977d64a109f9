"""Replies that nobody believed: kept beside the archive for a person to look at."""

from collections import defaultdict
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from pathlib import Path

from generator.errors import SourceFault
from generator.raw import ENDING, Exchange, Recording, told

Record = Callable[[Exchange], None]


class Quarantine:
    """A folder a vendor, with the replies of the last reading that was implausible, as WARC."""

    def __init__(
        self, folder: Path, at: datetime, command: str, record: Record | None = None
    ) -> None:
        self._folder = folder
        self._record = record
        self._at = at
        self._command = command
        self._waiting: defaultdict[str, list[Exchange]] = defaultdict(list)

    def hold(self, exchange: Exchange) -> None:
        """Hold a reply until its vendor's reading is judged; `record` gets it in any case."""
        if self._record:
            self._record(exchange)
        self._waiting[exchange.vendor].append(exchange)

    def release(self, vendor: str) -> None:
        """The reading was believed, or could not be read."""
        self._waiting.pop(vendor, None)

    def keep(self, vendor: str, failure: SourceFault) -> SourceFault:
        """Keep the replies of a reading; its failure, with where they are and what to do."""
        exchanges = self._waiting.pop(vendor, [])
        if not exchanges:  # a replay's: they are where it took them from
            return failure
        folder = self._folder / vendor
        older = list(folder.glob(f"*{ENDING}"))
        with closing(Recording(folder, self._at, self._command)) as kept:
            for exchange in exchanges:
                kept.keep(exchange)
        # They are only let go when the newer ones are on the disk.
        for file in older:
            with told(file):
                file.unlink(missing_ok=True)
        reason = (
            f"{failure.reason}. Nothing of it is kept; the replies are in {kept.path}. "
            f"If they are right: outages {self._command} --accept {vendor}"
        )
        return SourceFault(failure.kind, reason)
