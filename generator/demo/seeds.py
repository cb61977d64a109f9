"""Chance that is the same on every machine: everything random is drawn from a name.

`random.Random` seeded with text is stable across machines, hash seeds and releases; `hash()` is
not, and neither is anything that goes through the C library's mathematics.
"""

import random

# What Statuspage and its kin make their codes of: no vowels, so that no code spells a word.
LETTERS = "bcdfghjklmnpqrstvwxyz0123456789"


def chance(*name: object) -> random.Random:
    """A generator of its own for whatever `name` names."""
    return random.Random("/".join(map(str, name)))  # noqa: S311 - a demonstration, not a secret


def code(*name: object, length: int = 12) -> str:
    """The invented identifier of whatever `name` names."""
    return letters(chance(*name), length)


def letters(rng: random.Random, length: int = 12) -> str:
    """The next identifier that `rng` holds."""
    number = rng.getrandbits(5 * length)
    text = ""
    for _ in range(length):
        number, digit = divmod(number, len(LETTERS))
        text += LETTERS[digit]
    return text
