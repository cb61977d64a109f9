"""Where things are, and what time it is."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from generator.errors import ArchiveError
from generator.sharding import Shard

# No archive: it is read as an empty one.
NOTHING = Path("/nonexistent")


@dataclass(frozen=True, slots=True)
class Places:
    """Where things are below the data folder."""

    data: Path

    @property
    def archive(self) -> Path:
        """The archive, which git keeps."""
        return self.data / "outages.db"

    @property
    def years(self) -> Path:
        """Its closed years, once it is large."""
        return self.data / "archive"

    @property
    def state(self) -> Path:
        """What runs remember, which git ignores."""
        return self.data / "state.db"

    @property
    def notify(self) -> Path:
        """Who is told of what."""
        return self.data / "notify.toml"

    @property
    def notified(self) -> Path:
        """What they were told, which git keeps."""
        return self.data / "notified.json"

    @property
    def quarantine(self) -> Path:
        """Replies that could not be believed, which git ignores."""
        return self.data / "quarantine"

    @property
    def vendors(self) -> Path:
        """The vendor files."""
        return self.data / "vendors"

    @property
    def removed(self) -> Path:
        """The incidents whose words were removed on request."""
        return self.data / "removed.toml"

    @property
    def site(self) -> Path:
        """The settings of the site."""
        return self.data / "site.toml"

    def require(self) -> "Places":
        """The same. ArchiveError where no archive is: it would be taken for an empty one."""
        if not self.archive.exists():
            raise ArchiveError(
                f"There is no archive at {self.archive}. Is {self.data} the folder that you mean? "
                "Another is named with --data; outages init or outages update begins an archive."
            )
        return self

    @property
    def kept(self) -> tuple[Path, ...]:
        """All that `outages commit` commits; everything else in git is people's."""
        return (self.archive, self.years, self.notified, self.removed)

    def shard(self, shard: Shard) -> "Places":
        """Where a shard of a run leaves an archive and a state, until they are merged."""
        return Places(self.data / "shards" / f"{shard.number}-of-{shard.of}")


def now() -> datetime:
    """This moment."""
    # Imported here: a build that has nothing to do asks for the day alone.
    from generator.times import instant

    return instant(datetime.now(UTC))
