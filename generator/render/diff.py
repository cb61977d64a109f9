"""What an edit changed, word by word."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from itertools import groupby
from typing import Literal

from msgspec import Struct

# How much comparing an edit is worth: an essay's edit stays far below it, and a text made to be
# expensive costs a fraction of a second before it counts as wholly rewritten.
EFFORT = 3_000_000
# Of a long stretch that stayed, so many words are shown at each end beside what changed.
CONTEXT = 12

_word = re.compile(r"\s*\S+|\s+$")

Kind = Literal["same", "removed", "added", "gap"]


class Piece(Struct, frozen=True):
    """A stretch of text: in both versions, in the earlier or the later alone; a gap has none."""

    kind: Kind
    text: str


def words_changed(before: str, after: str) -> tuple[Piece, ...]:
    """The way from one text to the other, without gaps.

    What is not "added" is `before`, what is not "removed" is `after`, to the character.
    """
    old, new = _word.findall(before), _word.findall(after)
    head = _shared(old, new)
    tail = _shared(old[head:][::-1], new[head:][::-1])
    middle = _compared(old[head : len(old) - tail], new[head : len(new) - tail])
    return _joined((("same", old[:head]), *middle, ("same", old[len(old) - tail :])))


def items_changed(before: Sequence[str], after: Sequence[str]) -> tuple[Piece, ...]:
    """The same for lists of names, whose order says nothing: what stayed, left and came."""
    kept: list[tuple[Kind, str]] = [
        ("same" if name in after else "removed", name) for name in before
    ]
    came: list[tuple[Kind, str]] = [("added", name) for name in after if name not in before]
    pieces: list[Piece] = []
    for kind, name in (*kept, *came):
        pieces += [Piece("same", ", "), Piece(kind, name)] if pieces else [Piece(kind, name)]
    return tuple(pieces)


def value_changed(before: str, after: str) -> tuple[Piece, ...]:
    """The same for values that change as a whole."""
    pieces = (Piece("removed", before), Piece("added", after))
    return tuple(piece for piece in pieces if piece.text)


def shown_pieces(pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    """The pieces as a page shows them.

    Far from any change is a gap, and spaces stand between what changed, not in it.
    """
    found: list[Piece] = []
    for number, piece in enumerate(pieces):
        if piece.kind == "same":
            found += _ends(piece, first=number == 0, last=number == len(pieces) - 1)
            continue
        words = piece.text.lstrip()
        space = piece.text[: len(piece.text) - len(words)]
        if not space and found and found[-1].kind == "removed":
            space = " "
        found += [Piece("same", space)] if space else []
        found += [Piece(piece.kind, words)] if words else []
    return tuple(found)


def _ends(piece: Piece, *, first: bool, last: bool) -> Iterator[Piece]:
    words = _word.findall(piece.text)
    if len(words) <= 3 * CONTEXT:
        yield piece
        return
    if not first:
        yield Piece("same", "".join(words[:CONTEXT]))
    yield Piece("gap", "")
    if not last:
        yield Piece("same", "".join(words[-CONTEXT:]))


def _shared(one: Sequence[str], other: Sequence[str]) -> int:
    """How many words both begin with."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)))


def _compared(old: list[str], new: list[str]) -> list[tuple[Kind, list[str]]]:
    if _effort(old, new) > EFFORT:
        return [("removed", old), ("added", new)]
    stretches: list[tuple[Kind, list[str]]] = []
    for what, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what == "equal":
            stretches.append(("same", old[i:j]))
        else:
            stretches += [("removed", old[i:j]), ("added", new[k:m])]
    return stretches


def _effort(old: Sequence[str], new: Sequence[str]) -> int:
    """At most so many steps does difflib take: pairs of equal words, once a stretch it finds."""
    there = Counter(new)
    return min(len(old), len(new)) * sum(there[word] for word in old)


def _joined(stretches: Iterable[tuple[Kind, list[str]]]) -> tuple[Piece, ...]:
    present = ((kind, "".join(words)) for kind, words in stretches if words)
    grouped = groupby(present, key=lambda stretch: stretch[0])
    return tuple(Piece(kind, "".join(text for _, text in group)) for kind, group in grouped)
