"""What an edit changed: both versions can be read off it, and a hostile text costs little."""

import time
from collections.abc import Iterable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.render.diff import (
    CONTEXT,
    Piece,
    items_changed,
    shown_pieces,
    value_changed,
    words_changed,
)

# Few words, so that edits share many; spaces of all kinds at all places.
TEXTS = st.lists(
    st.sampled_from(("all", "systems", "go", "go.", "é", " ", "\n", "  ", "\n\n")), max_size=30
).map("".join)


def without(kind: str, pieces: Iterable[Piece]) -> str:
    return "".join(piece.text for piece in pieces if piece.kind != kind)


@given(TEXTS | st.text(), TEXTS | st.text())
def test_both_versions_can_be_read_off(before: str, after: str) -> None:
    pieces = words_changed(before, after)
    assert without("added", pieces) == before
    assert without("removed", pieces) == after
    assert all(piece.text for piece in pieces)
    kinds = [piece.kind for piece in pieces]
    assert all(one != other for one, other in pairwise(kinds))


@given(TEXTS)
def test_what_stayed_is_no_change(text: str) -> None:
    assert words_changed(text, text) == ((Piece("same", text),) if text else ())


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("", "Hello there.", "+[Hello there.]"),
        ("Hello there.", "", "-[Hello there.]"),
        ("All is well.", "All is quite well.", "=[All is]+[ quite]=[ well.]"),
        ("We see errors in Paris.", "We see errors.", "=[We see]-[ errors in Paris.]+[ errors.]"),
        ("one two three", "one 2 three", "=[one]-[ two]+[ 2]=[ three]"),
    ],
)
def test_edits(before: str, after: str, expected: str) -> None:
    signs = {"same": "=", "added": "+", "removed": "-"}
    found = "".join(f"{signs[p.kind]}[{p.text}]" for p in words_changed(before, after))
    assert found == expected


def test_lists_tell_who_came_and_left() -> None:
    assert items_changed(("API", "Web"), ("Web", "Docs")) == (
        Piece("removed", "API"),
        Piece("same", ", "),
        Piece("same", "Web"),
        Piece("same", ", "),
        Piece("added", "Docs"),
    )
    assert value_changed("", "Major") == (Piece("added", "Major"),)


def test_far_from_a_change_there_is_a_gap() -> None:
    text = " ".join(map(str, range(200)))
    pieces = shown_pieces(words_changed(text, text.replace(" 100 ", " hundred ")))
    assert [piece.kind for piece in pieces] == [
        "gap", "same", "same", "removed", "same", "added", "same", "gap",
    ]  # fmt: skip
    assert pieces[1].text.split() == [str(number) for number in range(100 - CONTEXT, 100)]
    assert pieces[6].text.split() == [str(number) for number in range(101, 101 + CONTEXT)]


def test_a_short_text_has_no_gap() -> None:
    text = " ".join(map(str, range(3 * CONTEXT)))
    pieces = shown_pieces(words_changed(text, text + " end"))
    assert pieces == (Piece("same", text), Piece("same", " "), Piece("added", "end"))


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("Errors now", "Faults now", "-Errors =_ +Faults =_now"),
        ("see errors", "see faults", "=see =_ -errors =_ +faults"),
        ("one\ntwo", "one", "=one =| -two"),
    ],
)
def test_spaces_stand_between_what_changed(before: str, after: str, expected: str) -> None:
    signs = {"same": "=", "added": "+", "removed": "-"}
    pieces = shown_pieces(words_changed(before, after))
    told = " ".join(
        signs[piece.kind] + piece.text.replace(" ", "_").replace("\n", "|") for piece in pieces
    )
    assert told == expected


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("x " * 500_000, "y x " * 250_000),
        ("a b " * 500, "b a " * 500),
        (" ".join(map(str, range(100_000))), " ".join(map(str, range(100_000, 0, -1)))),
        ("x" * 1_000_000, "y" * 1_000_000),
    ],
)
def test_a_hostile_text_costs_little(before: str, after: str) -> None:
    began = time.process_time()
    pieces = words_changed(before, after)
    assert time.process_time() - began < 5
    assert without("added", pieces) == before
    assert without("removed", pieces) == after
