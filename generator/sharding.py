"""Which vendors are whose when several machines share the work."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from generator.errors import InputError


@dataclass(frozen=True, slots=True)
class Shard:
    """One of `of` shares, `number` counted from 1.

    A vendor's share hangs on its slug alone, so that a new vendor moves no other.
    """

    number: int
    of: int

    def __contains__(self, slug: str) -> bool:
        digest = hashlib.sha256(slug.encode()).digest()
        return int.from_bytes(digest[:8]) % self.of == self.number - 1

    def __str__(self) -> str:
        return f"{self.number}/{self.of}"

    def among(self, slugs: Iterable[str]) -> list[str]:
        """Those of some vendors that are in it, in their order."""
        return [slug for slug in slugs if slug in self]


def shard_of(text: str) -> Shard:
    """The shard that a text like `3/8` names. InputError for another text."""
    number, _, of = text.partition("/")
    if number.isdecimal() and of.isdecimal() and 1 <= int(number) <= int(of):
        return Shard(int(number), int(of))
    raise InputError(
        f"--shard is {text!r}; expected a number and of how many, like 3/8: from 1/8 to 8/8."
    )
