"""Badges, the list for other pages, and the page that offers them."""

from generator.model import Impact
from generator.render.words.grammar import incidents
from generator.render.words.terms import IMPACT

BADGE_QUIET = "nothing open"
BADGE_NOTHING = "no incident recorded"
TAKE = "Data, badges, embed"
TAKE_AWAY = "Data and badges"
LATEST = "Latest incidents"
BADGES = "Badges"
# By the name of a badge.
BADGE = {
    "state": "What is open",
    "last": "The last incident",
    "incidents": "Incidents in 90 days",
}
BADGES_LEAD = (
    "A picture that stands until the site is built again: its title says of which day it is. Where "
    "the vendor's page could not be read of late the badge says so, in grey, and not that all is "
    "well."
)
EMBED = "In your own page"
EMBED_LEAD = "The latest incidents as a small page without scripts, for a frame:"
AS_MARKDOWN = "Markdown"
AS_HTML = "HTML"
AS_ENDPOINT = "Address for shields.io's endpoint badge"
AS_DATA = "Data"
ABOUT_API = "About the API"
AS_STATUSPAGE = "For tools that read Statuspage"
NO_INCIDENT = "No incident is recorded."


def badge_open(number: int, worst: Impact) -> str:
    """What is open."""
    return f"{number} open, {IMPACT[worst].lower()}"


def badge_last(day: str) -> str:
    """The day of the last incident."""
    return f"last incident {day}"


def badge_count(number: int, days: int) -> str:
    """How many incidents began of late."""
    return f"{incidents(number)} in {days} days"


def badge_silent(read_on: str) -> str:
    """Where nobody looked; `read_on` "": ever."""
    return f"not read since {read_on}" if read_on else "not read yet"


def badge_title(name: str, message: str, day: str) -> str:
    """The whole of a badge."""
    return f"{name}: {message}, as of {day}"


def badge_unread(name: str, message: str, read_on: str) -> str:
    """The same where the page was not read of late."""
    when = f"its page was last read on {read_on}" if read_on else "its page has not been read"
    return f"{name}: {message}; {when}"


def sharing_title(name: str) -> str:
    """The title of the page."""
    return f"{TAKE_AWAY} · {name}"


def sharing_description(name: str) -> str:
    """What the page is, for search engines."""
    return f"The record of {name} to take away: JSON, a Statuspage face, badges, a list to embed."


def latest_of(name: str) -> str:
    """The title of the list for other pages."""
    return f"{name}: latest incidents"


def all_of(name: str, site: str) -> str:
    """Where the rest is."""
    return f"All incidents of {name} at {site}"


def vendor_as_data(name: str) -> str:
    """The vendor's document."""
    return f"{name} and its figures (JSON)"


def year_as_data(year: str) -> str:
    """The document of a year."""
    return f"{year} in full (JSON)"
