"""The search and the stack, and what their script says."""

from markupsafe import Markup

from generator.render.words.grammar import phrase

SEARCH = "Search"
SEARCH_DESCRIPTION = "Search all incidents by their titles, services and components."
STACK = "My stack"
STACK_DESCRIPTION = "The state and the incidents of the services that you depend on, in one list."


ALL = "All"
WORDS_OF = "Words of a title, a service or a component, or a date"
KEYS = Markup(
    "The last word may be cut short; a day is <kbd>2026-11-26</kbd>, a month <kbd>2026-11</kbd>. "
    "<kbd>/</kbd> comes here, <kbd>↓</kbd> goes to the results, <kbd>Enter</kbd> opens one."
)
FILTER_IMPACT = "Impact"
FILTER_KIND = "Kind"
FILTER_YEAR = "Year"
FILTER_STATE = "State"
KIND_INCIDENT = "Incidents"
KIND_MAINTENANCE = "Maintenance"
RESULTS = "Results"
# Before a day or a month.
ALL_RECORDED_FOR = "Everything recorded for"
SHOW_MORE = "Show more"

STACK_LEAD = (
    "Pick the services that you depend on: their state and their incidents in one list. The "
    "choice stays in this browser and in the address of this page, which you can keep or pass on."
)
STACK_NEEDS_SCRIPT = (
    "The stack is put together in your browser and needs JavaScript. Without it, follow each "
    "service by the feeds on its own page."
)
UNKNOWN_SERVICE = "No service has that name. Choose one from the list."
ADD_A_SERVICE = "Add a service"
ADD = "Add"
TAKE_FEEDS = "Take their feeds along (OPML)"
NOTHING_OPEN_NOW = "Nothing open"
UNREAD_NOW = "Could not be read"
UNSURE_NOW = "Unknown"
REMOVE = "Remove"
THEIR_INCIDENTS = "Their incidents"
OPEN_FIRST = "what is open first"
NOTHING_PICKED = "No service is picked yet."

# What the script says of what it finds, by when. It puts a number in the place of #.
FOUND = {
    "busy": "Reading …",
    "none": "Nothing found.",
    "single": "1 incident.",
    "some": "# incidents.",
    "newest": "The newest # are shown.",
    "failed": "The index could not be read. Check the connection and load the page again.",
    "file": (
        "This page was opened from disk, where browsers let no script read other files. Put the "
        "site on a web server, or browse by service and year."
    ),
}
MORE_COMPONENTS = "# more"
OPEN_COUNT = "# open"


def search_needs_script(ways: str) -> Markup:
    """What to do without; `ways` are links."""
    return phrase(
        "The search runs in your browser and needs JavaScript. Without it, every incident is "
        "found by its service and year, or by its day: {ways}.",
        ways=ways,
    )


def last(time: str) -> Markup:
    """The day of a service's last incident."""
    return phrase("last {time}", time=time)
