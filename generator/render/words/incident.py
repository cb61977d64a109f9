"""An incident's page."""

from collections.abc import Sequence
from datetime import timedelta

from generator.render.words.grammar import count, rough_length

# Of an incident's bar: the time before the first post.
SILENT = "No word yet"


def back_since(gone: str) -> str:
    """What an incident's return says; `gone`: since when it was away."""
    return f"back on the vendor's page, from which it had gone on {gone}"


def phases(shares: Sequence[tuple[str, str]], posts: int) -> str:
    """What the bar of phases shows; `shares` are phases with their lengths."""
    lengths = ", ".join(f"{phase} {length}" for phase, length in shares)
    return f"{lengths}; {count(posts, 'post', 'posts')}."


def start_basis(has_posts: bool, lead: timedelta) -> str:
    """Where the start comes from; `lead`: how long before the first post it lies."""
    if not has_posts:
        return "as the vendor's page has it"
    if not lead:
        return "the time of the first post"
    if lead < timedelta(0):
        return "as announced"
    return f"stated by the vendor, {rough_length(lead)} before its first post"


def citation(vendor: str, title: str, start: str, site: str, address: str) -> str:
    """How to name an incident in a text."""
    return f"{vendor}: “{title}”, {start}. {site}, {address}"


def shared(length: timedelta | None) -> str:
    """For how long two incidents both went on."""
    if length is None:
        return "both still go on"
    return f"both for {rough_length(length)}" if length else "at one moment"


def planned_until(text: str) -> str:
    """The announced end of planned work."""
    return f"planned until {text}"
