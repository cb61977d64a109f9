"""How to ask each page: what to look after, and by what to know what it said last time."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from functools import cache
from pathlib import Path

from generator.archive.queries import Archive
from generator.archive.standing import Standing
from generator.archive.state import Memory, State
from generator.model import Vendor
from generator.reading import Validator
from generator.scrape import Result
from generator.worker import Task

PROGRAM = Path(__file__).parents[1]
# Faults behind which another platform may stand.
OTHERWISE = ("gone", "not what it says", "unparseable")


class Asking:
    """What is held and remembered of the vendors' pages as a run begins, read in one go.

    Nothing else needs archive or memory while pages are read: they are left to who writes there.
    """

    def __init__(self, archive: Archive, state: State, vendors: Sequence[Vendor]) -> None:
        self._standing = archive.standing([vendor.slug for vendor in vendors])
        self._memories = state.memories()
        self._ours = _grown_from(archive, self._memories.values())

    def task(self, vendor: Vendor) -> Task:
        """How to read the vendor: what is held open is looked after, what was compared is known."""
        held = self._standing.get(vendor.slug, Standing())
        memory = self._memory(vendor)
        known = b""
        # What another run changed since is compared anew.
        if memory and memory.compared_in in self._ours and held.changed_in <= _run_of(memory):
            known = memory.digests
        return Task(vendor, watch=held.open, known=known)

    def known(self, vendor: Vendor) -> Mapping[str, Validator]:
        """By what the page is known not to have changed, if this archive is the one read into."""
        memory = self._memory(vendor)
        return memory.validators if memory else {}

    def is_news(self, result: Result) -> bool:
        """Whether a page that could be read last time serves something else now."""
        memory = self._memories.get(result.vendor.slug)
        return (
            result.failure is not None
            and result.failure.kind in OTHERWISE
            and memory is not None
            and memory.good
        )

    def _memory(self, vendor: Vendor) -> Memory | None:
        memory = self._memories.get(vendor.slug)
        if memory and memory.archive in self._ours and memory.read_by == reader(vendor):
            return memory
        return None


def reader(vendor: Vendor) -> str:
    """What a page is read by: when that changes, what it last answered says nothing."""
    options = "".join(f" {name}={value}" for name, value in sorted(vendor.options.items()))
    return f"{_program()} {vendor.platform} {vendor.status_page}{options}"


@cache
def _program() -> str:
    """A digest of all modules that make records of replies, or may."""
    digest = hashlib.sha256()
    for file in sorted([*PROGRAM.glob("*.py"), *(PROGRAM / "providers").glob("*.py")]):
        digest.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def _grown_from(archive: Archive, memories: Collection[Memory]) -> frozenset[str]:
    """The fingerprints, of those that are remembered, of archives that this one has grown from."""
    names = {name for each in memories for name in (each.archive, each.compared_in)}
    return frozenset(name for name in names if archive.extends(name))


def _run_of(memory: Memory) -> int:
    return int(memory.compared_in.partition("@")[0])
