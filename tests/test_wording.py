"""What the command says: how it counts, and what it takes a misspelt word for."""

import pytest

from generator.wording import counted, meant, perhaps

VENDORS = ("aws", "github", "gitlab", "gitbook", "openai", "opensea", "python", "slab", "slack")


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("githb", " Is github meant?"),
        ("GitHub ", " Is github meant?"),
        ("open_ai", " Is openai meant?"),
        ("slak", " Is slack meant?"),
        ("gitb", " Is gitlab, github or gitbook meant?"),
        ("thon", " Is python meant?"),
        ("it", ""),
        ("nothing-like-it", ""),
        ("", ""),
        ("github" * 20, ""),
    ],
)
def test_a_word_that_is_nearly_a_name_is_taken_for_it(word: str, said: str) -> None:
    assert meant(word, VENDORS) == said


def test_within_a_sentence_it_is_said_shorter() -> None:
    assert perhaps("githb", VENDORS) == ", perhaps github"
    assert perhaps("nothing-like-it", VENDORS) == perhaps(7, VENDORS) == ""


def test_one_is_one_and_thousands_can_be_read() -> None:
    assert [counted(n, "vendor") for n in (0, 1, 2, 1155)] == [
        "0 vendors",
        "1 vendor",
        "2 vendors",
        "1,155 vendors",
    ]
    assert counted(2, "entry", "entries") == "2 entries"
