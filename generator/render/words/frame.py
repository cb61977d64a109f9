"""What stands around every page: the way to others, titles, the picture beside a link."""

from html import escape

from generator.render import links
from generator.render.words.grammar import incidents

# The pages over all vendors, by where they are, as the head of every page names them.
NAV = {links.VENDORS: "Services", links.DAYS: "Days", links.MAINTENANCE: "Maintenance"}
# The pages about the archive itself, by where they are, as the foot of every page names them.
FOOTER = {
    links.METHOD: "Method",
    links.SOURCES: "Sources",
    links.FEEDS: "Feeds",
    links.DATA: "Data",
    links.ABOUT: "About",
}
# What search results show of a page's title.
TITLE_LENGTH = 70
NOT_FOUND = "Not found"


def page_title(title: str, site: str) -> str:
    """A page's name for tabs and search results: with the site's where it fits, else cut short.

    What follows its last dot, the vendor's name, is the last to go.
    """
    whole = f"{title} · {site}"
    if _fits(whole):
        return whole
    if _fits(title):
        return title
    head, dot, tail = title.rpartition(" · ")
    if len(head) < len(tail):
        head, dot, tail = title, "", ""
    while head and not _fits(f"{head}…{dot}{tail}"):
        head = head[:-1].rstrip()
    return f"{head}…{dot}{tail}"


def _fits(title: str) -> bool:
    """Measured as it is written in a page: an ampersand takes five characters."""
    return len(escape(title)) <= TITLE_LENGTH


def pictured(name: str) -> str:
    """What the picture beside a link shows."""
    return f"{name}: incidents by month"


def picture_line(category: str, found: int) -> str:
    """What stands below the name on it."""
    return f"{category} · {incidents(found)} recorded"


SKIP = "Skip to content"
SITE = "Site"
HOME = "Home"
BREADCRUMB = "Breadcrumb"
THEME = "Theme:"
# As the system has it, light, dark: in the order in which the button offers them.
THEMES = ("auto", "light", "dark")
FOOT = "What vendors said about their own outages, every edit kept. All times are UTC."
ABOUT_THE_ARCHIVE = "About the archive"
SOURCE_AND_DATA = "Source and data"
NOTHING_HERE = (
    "There is no page at this address. Addresses of incidents never move, so perhaps it was "
    "mistyped."
)


def contact(name: str) -> str:
    """Who answers for the site."""
    return f"Contact: {name}"


def earlier(name: str) -> str:
    """The way to what lies before."""
    return f"Earlier: {name}"


def later(name: str) -> str:
    """The way to what comes after."""
    return f"Later: {name}"
