"""The first page."""

from markupsafe import Markup

from generator.render.words.grammar import phrase

WHAT_BROKE = "What broke, when, and for how long"
SEARCH_INCIDENTS = "Search incidents"
SEARCH_HINT = "Service, component or words of a title"
THE_LAST_DAYS = "The last days"
GRAVEST_FIRST = "each day's gravest first"
NOTHING_BEGAN = "No recorded incident began on this day."
BEFORE_THAT = "Before that"
ALL_DAYS = "All days"
FROM_A_TO_Z = "from A to Z"


def home_lead(vendors: str, incidents: str, since: str) -> Markup:
    """The archive in a sentence; `since` may be empty."""
    first = phrase(" since <b>{since}</b>", since=since) if since else ""
    return phrase(
        "<b>{vendors}</b> in their own words, on <b>{incidents}</b>{first}, every update "
        "and every edit kept.",
        vendors=vendors,
        incidents=incidents,
        first=first,
    )


def opened(found: int, changed: str) -> Markup:
    """How much is open, and as of when that was so: it may be empty."""
    text = "{found}, as of {changed}" if changed else "{found}"
    return phrase(text, found=found, changed=changed)


def calm(mark: str, changed: str) -> Markup:
    """That nothing is open, and as of when that was so: it may be empty."""
    if not changed:
        return phrase("{mark}.", mark=mark)
    return phrase(
        "{mark} as of the last change to this archive, {changed}.", mark=mark, changed=changed
    )


def left_open(found: int, days: int) -> str:
    """What is open for so long that it is folded away."""
    return f"{found} left open for more than {days} days"
