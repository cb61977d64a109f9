"""TOML that anybody may have written: a table, or why it is none."""

import tomllib
from pathlib import Path
from typing import Any

# No file of ours is near it: what is read whole is bounded first.
LARGEST = 200_000


def read_toml(file: Path) -> tuple[str, dict[str, Any]]:
    """A file's text, and its table. ValueError says what is wrong; OSError as for any file.

    The mark that some editors put before UTF-8 is no part of the text.
    """
    if file.stat().st_size > LARGEST:
        raise ValueError(f"has over {LARGEST:,} bytes, more than such a file needs")
    try:
        text = file.read_text(encoding="utf-8-sig")
        return text, tomllib.loads(text)
    except UnicodeDecodeError:
        raise ValueError("is not UTF-8. Save it as UTF-8") from None
    except RecursionError:
        raise ValueError("has brackets within brackets by the hundred") from None
