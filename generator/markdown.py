"""Text that is not ours inside Markdown that is: as code, where no markup of it takes effect."""

import re


def code(text: str) -> str:
    """Any text as a code span that fits a cell of a table."""
    plain = re.sub(r"\s+", " ", text).replace("`", "'").strip()
    return f"`{plain}`".replace("|", "\\|") if plain else ""


def fenced(text: str, language: str = "") -> str:
    """Any text as a block of code that it cannot end."""
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{text.strip()}\n{fence}"
