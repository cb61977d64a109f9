"""Lists of incidents and of vendors, on whatever page they stand."""

from markupsafe import Markup

from generator.render.words.grammar import phrase

OPEN_NOW = "Open now"
NOTHING_IS_OPEN = "Nothing is open"
NOTHING_OPEN = "nothing open"
UNREAD = "could not be read"
# Where it is not known how the reading of a page fares.
NOT_KNOWN_NOW = "unknown"
NO_INCIDENT_YET = "No incident is recorded yet."
LATEST_INCIDENTS = "Latest incidents"
WITHDRAWN = "withdrawn"
LENGTH_UNKNOWN = "length unknown"
SERVICE = "Service"
CATEGORY = "Category"
NOW = "Now"
INCIDENTS = "Incidents"
LAST_INCIDENT = "Last incident"
NONE = "none"


def open_count(found: int | str) -> str:
    """`3 open`, beside a name."""
    return f"{found} open"


def state_now(found: int, calm: str, unread: str = "") -> Markup:
    """What a lead says first; `calm`: the mark that says that nothing is open.

    `unread`: what of it the archive could not read, and so cannot vouch for.
    """
    if found:
        return phrase("<b>{found} open.</b>", found=found)
    if unread:
        sentence = "{calm} in this archive, but {unread} could not be read."
        return phrase(sentence, calm=calm, unread=unread)
    return phrase("{calm} in this archive.", calm=calm)


def since(time: str) -> Markup:
    """From when on something is open."""
    return phrase("since {time}", time=time)


def more_on(more: str, day: str) -> str:
    """`9 more on 29 July 2022`: the way to the rest of a list."""
    return f"{more} on {day}"
