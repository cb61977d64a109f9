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
