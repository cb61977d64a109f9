"""Words that are written from right to left, within lines that are written from left to right."""

import re

# Letters that are written from right to left: Hebrew, Arabic and their kin.
LEFTWARD = re.compile(
    r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\U00010800-\U00010fff\U0001e800-\U0001efff]"
)


def isolated(text: str) -> str:
    """A vendor's words for a line of ours: they keep their place among numbers and other names.

    Of letters that would move what stands around them; all others stay as they are.
    """
    return text if text.isascii() or not LEFTWARD.search(text) else f"\u2068{text}\u2069"
