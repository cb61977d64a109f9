"""How the reading of every status page fares."""

from markupsafe import Markup

from generator.render.words.grammar import phrase

SOURCES = "Sources"
READING_UNKNOWN = (
    "How their reading fares is not known here: this site was built without the memory of the "
    "runs that read them."
)
ALL_READ = "All that were tried could be read last time."
FAILING = "Failing"
LONGEST_FIRST = "longest first"
SOURCE = "Source"
GOES_WRONG = "What goes wrong"
FAILING_SINCE = "Failing since"
LAST_READ = "Last good read"
ITS_PAGE = "its page"
NEVER = "never"
ALL_SOURCES = "All sources"
PLATFORM = "Platform"
NEWEST_INCIDENT = "Newest incident"
SOURCE_STATE = "State"
NONE_RECORDED = "none recorded"
READ_WELL = "Read well"
NOT_TRIED = "Not tried yet"
NO_SOURCE = "No source is configured yet."
# On a narrow screen, before what stands alone there.
WHAT_FAILING_SINCE = "failing since"
WHAT_LAST_READ = "last read"
WHAT_NEWEST = "newest"
WHAT_READ = "read"


def sources_lead(total: str, reading: str) -> Markup:
    """How many sources there are, and how their reading fares."""
    return phrase(
        "<b>{total}</b>, each a status page that its vendor publishes. {reading}",
        total=total,
        reading=reading,
    )


def could_not_be_read(failing: int) -> Markup:
    """How many sources fail."""
    return phrase(
        "<b>{failing}</b> could not be read last time. What was read before stays.",
        failing=failing,
    )


def its_page_of(name: str) -> str:
    """The same as "its page", for who does not see the row."""
    return f"{ITS_PAGE}, {name}"


def sources_method(method: str, about: str) -> Markup:
    """Where to read on; addresses."""
    return phrase(
        'Days are in UTC. How sources are read and when one is not believed: <a href="{method}">'
        'method</a>. A source that is missing: <a href="{about}">how to add it</a>.',
        method=method,
        about=about,
    )
