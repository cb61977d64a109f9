"""How the command's sentences count, and what they take a misspelt word for."""

import re
from collections.abc import Iterable

# A longer word is no slip of the pen, and to compare it takes the square of its length.
LONGEST = 80
OFFERED = 3
# From here on the likeliest needs no other beside it.
SURE = 0.85
# Fewer letters stand in too many names.
SHORTEST_PART = 3


def counted(number: int, one: str, many: str = "") -> str:
    """`1 vendor`, `1,155 vendors`; `many` where it is not `one` with an s."""
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"


def meant(word: str, known: Iterable[str]) -> str:
    """` Is github meant?`; "" where nothing known is spelt nearly so."""
    found = _near(word, known)
    return f" Is {found} meant?" if found else ""


def perhaps(word: object, known: Iterable[str]) -> str:
    """The same within a sentence: `, perhaps github`."""
    found = _near(word, known) if isinstance(word, str) else ""
    return f", perhaps {found}" if found else ""


def _near(word: str, known: Iterable[str]) -> str:
    """What the word may have been meant for, the likeliest first: `gitlab or github`."""
    # Imported here: hardly any run has something to say.
    from difflib import get_close_matches

    asked = _plain(word)
    if len(asked) > LONGEST:
        return ""
    plain = {_plain(each): each for each in known}
    close = get_close_matches(asked, plain, 1, SURE) or get_close_matches(
        asked, plain, OFFERED, 0.7
    )
    if not close and len(asked) >= SHORTEST_PART:
        # Paris of Europe/Paris: no near spelling, but a part.
        close = sorted((each for each in plain if asked in each), key=len)[:OFFERED]
    return " or ".join(", ".join(plain[each] for each in close).rsplit(", ", 1))


def _plain(word: str) -> str:
    return re.sub(r"[\s_]", "-", word.strip().casefold())
