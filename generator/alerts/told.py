"""What each target was told: `data/notified.json`, which git keeps beside the archive.

Small and written only when something was told. It says how things stood by the last word that a
target got, so what has to be told follows from comparing it with the archive, however often and
after whatever crash that is done.
"""

from pathlib import Path

import msgspec

from generator import durable
from generator.errors import InputError


class Target(msgspec.Struct, kw_only=True):
    """What a target knows. `since`: when it was first thought of; what was seen before is history.

    `told`: `vendor/slug` → the impact last told, or "over" (ended, or taken back).
    """

    since: str
    told: dict[str, str] = {}


OVER = "over"


def unite_told(file: Path, other: Path, before: Path) -> None:
    """Bring in what another such file tells, both grown from `before`.

    Of one incident, what was told since then counts; of both sides' words, ours.
    """
    ours, theirs, old = Told(file), Told(other), Told(before)
    for name, their in theirs.targets.items():
        our = ours.targets.setdefault(name, Target(since=their.since))
        was = old.targets[name].told if name in old.targets else {}
        our.told = {
            key: word
            for key in {**their.told, **our.told}
            if (word := _later(was.get(key), our.told.get(key), their.told.get(key)))
        }
    if theirs.targets:
        ours.keep()


def _later(was: str | None, our: str | None, their: str | None) -> str | None:
    return their if our == was else our


class Told:
    """The file, by target."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self.targets: dict[str, Target] = {}
        try:
            self.targets = msgspec.json.decode(file.read_bytes(), type=dict[str, Target])
        except FileNotFoundError:
            pass
        except msgspec.DecodeError as error:
            raise InputError(
                f"{file}: {error}. Restore the last good one with: git checkout HEAD -- {file}; "
                "or take it away: nothing of the past is told then, and nothing twice."
            ) from None

    def keep(self) -> None:
        """Write it down for good: it survives a crash from here on."""
        self._file.parent.mkdir(parents=True, exist_ok=True)
        content = msgspec.json.format(msgspec.json.encode(self.targets, order="sorted"), indent=1)
        durable.replace(self._file, content + b"\n")
