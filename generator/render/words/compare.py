"""Vendors side by side."""

from markupsafe import Markup

from generator.render.words.grammar import phrase

COMPARE = "Compare"
COMPARE_DESCRIPTION = "The outage records of up to four services side by side, with caveats."


def compare_description(category: str) -> str:
    """What the page of a category's figures is, for search engines."""
    return f"{category}: incidents, lengths and times between them, side by side, with caveats."


COMPARE_SERVICES = "Compare services"
NOT_RELIABILITY = Markup(
    "A service that reports every hiccup has more incidents here, and shorter ones, than one that "
    "reports only what made the news: this compares records, <b>not reliability</b>."
)
COMPARE_THOSE = "Compare those chosen"
COMPARISON = "Comparison"
RECORD = "Whole record"
FIRST_INCIDENT = "First incident"
KNOWN_LENGTHS = "Known lengths"
BETWEEN = "Median from start to start"
SINCE = "Since"
OF = "of"
BY_CATEGORY = "By category"
TABLES = "All services of a category in one table:"
TABLE_CAPTION = "Incidents by their start, whole record; a dash: not recorded, or too few to tell"
COMPARE_NEEDS_SCRIPT = (
    "Choosing services needs JavaScript. The tables below, of all services of a category, do not."
)
EACH_ITS_OWN = "What each says of its own outages."
# What the script of the comparison says; units are those of a length, as `grammar` has them.
COMPARED = {
    "none": "too few",
    "missing": "There is no service",
    "blocked": (
        "The figures could not be loaded. From a disk a browser does not allow it: choose a table "
        "below."
    ),
    "units": "d h min s",
}


def compare_lead(most: int) -> Markup:
    """What may be compared, and what it means."""
    return phrase("Up to {most} records side by side. {caveat}", most=most, caveat=NOT_RELIABILITY)


def nth_service(number: int) -> str:
    """The name of a box to choose in."""
    return f"Service {number}"


def side_by_side(category: str) -> str:
    """The title of a category's table."""
    return f"{category}, side by side"


def compare_this(name: str) -> str:
    """What the box in a row is for."""
    return f"Compare {name}"


def up_to(most: int) -> str:
    """How many may be chosen."""
    return f"up to {most}"


def table_caveat(year: int) -> str:
    """What to know of a category's table."""
    return (
        f"{year} is not over. Lengths are of the incidents with a known end, as many as stand "
        f"under “{OF}”."
    )
