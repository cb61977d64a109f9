"""The English of the site that is not in a template: one place to translate.

Sentences that a page composes stand in `templates/`; here are the names of values, of days and
months, and how lengths and counts are written.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from html import escape
from typing import Literal

from generator.model import EndBasis, Impact, Phase
from generator.render import links
from generator.render.facts import SEVERITY, State

LANGUAGE = "en"

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

IMPACT: dict[Impact, str] = {
    "none": "No impact",
    "minor": "Minor",
    "major": "Major",
    "critical": "Critical",
    "unknown": "Impact not stated",
}
MAINTENANCE = "Maintenance"

PHASE: dict[Phase, str] = {
    "investigating": "Investigating",
    "identified": "Identified",
    "monitoring": "Monitoring",
    "resolved": "Resolved",
    "postmortem": "Post-mortem",
    "scheduled": "Scheduled",
    "in_progress": "In progress",
    "completed": "Completed",
    "update": "Update",
    "unknown": "Other",
}

# Where the end comes from, as the words after "basis:".
END_BASIS: dict[EndBasis, str] = {
    "resolve_time": "the vendor's resolve time",
    "resolving_update": "the update that says it is over",
    "end_field": "the end the vendor states",
    "last_update": "last update",
    "unstated": "not stated",
}
# The same as sentences, for the paragraph that opens a page.
END_BASIS_SENTENCE: dict[EndBasis, str] = {
    "last_update": "No update says it was resolved; the end is the time of the last update.",
    "unstated": "The vendor's page does not say whether it has ended.",
}

STATE: dict[State, str] = {
    "open": "Open",
    "resolved": "Resolved",
    "over": "Taken as over",
    "unstated": "End not stated",
    "planned": "Planned",
    "under_way": "Under way",
    "completed": "Completed",
}

FIELD = {
    "title": "Title",
    "kind": "Kind",
    "impact": "Impact",
    "impact_raw": "Impact in the vendor's words",
    "url": "Address",
    "started_at": "Start",
    "ended_at": "End",
    "end_basis": "Basis of the end",
    "scheduled_until": "Planned end",
    "components": "Components",
    "regions": "Regions",
    "withdrawn": "Withdrawn",
    "at": "Time",
    "phase": "Phase",
    "phase_raw": "Phase in the vendor's words",
    "body": "Text",
    "body_format": "Format of the text",
    "update": "Update",
    "key": "The vendor's id",
}

# Values of a field that have a name.
VALUE: dict[tuple[str, str], str] = {
    **{("impact", value): word for value, word in IMPACT.items()},
    **{("phase", value): word for value, word in PHASE.items()},
    **{("end_basis", value): word for value, word in END_BASIS.items()},
}

# What goes wrong when a status page is read.
FAULT: dict[str, str] = {
    "unreachable": "No connection",
    "refused": "Address refused by us",
    "slow": "No answer in time",
    "too large": "Larger than a status page is",
    "blocked": "We are not let in",
    "gone": "Not there any more",
    "server error": "Error of the server",
    "moved": "Moved to another host",
    "not what it says": "Another document than expected",
    "platform changed": "Runs on another platform now",
    "unparseable": "Broken document",
    "bad record": "Broken record",
    "implausible": "Cannot be true",
}

# The pages about the archive itself, by where they are, as the foot of every page names them.
FOOTER = {
    links.METHOD: "Method",
    links.SOURCES: "Sources",
    links.DATA: "Data",
    links.ABOUT: "About",
}
METHOD_DESCRIPTION = (
    "How this archive counts: ends, lengths, downtime, impact, and what it cannot know."
)
SOURCES_DESCRIPTION = (
    "Every status page that is read here: when last, its newest incident, what fails."
)
DATA_DESCRIPTION = (
    "All of the archive to take away: JSON, feeds, NDJSON and SQLite, with their schema."
)
ABOUT_DESCRIPTION = "What this archive is, how to correct it, add a service or ask for a removal."

# Of an incident's bar: the time before the first post.
SILENT = "No word yet"

# What search results show of a page's title.
TITLE_LENGTH = 70
NOT_FOUND = "Not found"
UNTITLED = "Untitled incident"
EMPTY = "nothing"
OTHER_CATEGORY = "Other"
NEGATIVE_LENGTH = "the stated end lies before the start"
UNDER_A_MINUTE = "0 min"


def number(value: int) -> str:
    """`214,306`."""
    return f"{value:,}"


def count(value: int, one: str, many: str) -> str:
    """`1 incident`, `1,128 incidents`."""
    return f"{value:,} {one if value == 1 else many}"


def incidents(value: int) -> str:
    """`1 incident`, `12 incidents`."""
    return count(value, "incident", "incidents")


def maintenances(value: int) -> str:
    """`1 maintenance`, `12 maintenances`."""
    return count(value, "maintenance", "maintenances")


def long_day(day: date) -> str:
    """`Friday 29 July 2022`."""
    return f"{WEEKDAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]} {day.year}"


def short_day(day: date) -> str:
    """`29 July 2022`."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def length(span: timedelta) -> str:
    """`2 d 6 h`, `1 h 11 min`, `45 s`: exact to the second, empty units left out."""
    seconds = span.days * 86400 + span.seconds
    if seconds < 0:
        return NEGATIVE_LENGTH
    units = (
        (seconds // 86400, "d"),
        (seconds // 3600 % 24, "h"),
        (seconds // 60 % 60, "min"),
        (seconds % 60, "s"),
    )
    return " ".join(f"{value} {unit}" for value, unit in units if value) or UNDER_A_MINUTE


def rough_length(span: timedelta) -> str:
    """`2 d 6 h`, `1 h 11 min`, `45 s`: the two largest units, for lists."""
    return " ".join(length(span).split(" ")[:4]) if span >= timedelta(0) else ""


def minutes(span: timedelta) -> str:
    """`71 min`, with the seconds beyond: for people who compare numbers."""
    whole, rest = divmod(span.days * 86400 + span.seconds, 60)
    return f"{whole:,} min {rest} s" if rest else f"{whole:,} min"


def more(value: int) -> str:
    """`9 more`, at the end of a list cut short."""
    return f"{value:,} more"


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


def category_anchor(slug: str) -> str:
    """The anchor of a category on the first page: an address, not to be translated."""
    return f"category-{slug}"


def feed_title(name: str) -> str:
    """The title of a feed."""
    return f"{name}: incidents"


def strip_summary(bad_days: int) -> str:
    """What the strip of ninety days shows, in a sentence."""
    return f"Incidents on {count(bad_days, 'day', 'days')}" if bad_days else "No incident recorded"


def day_label(day: date, seen: int, impact: Impact) -> str:
    """What the bar of a day says."""
    return f"{day}: {incidents(seen)}, {IMPACT[impact].lower()}"


def vendor_description(name: str) -> str:
    """What a vendor's overview is, for search engines."""
    return f"Every outage that {name} has reported: what is open now, the last 90 days, all years."


def year_description(name: str, year: int, found: int) -> str:
    """What a year's page is, for search engines."""
    return f"{name} in {year}: {incidents(found)}, with start, length and impact."


def feed_description(name: str) -> str:
    """What a feed brings; without a name, the feed of all."""
    whose = f"that {name} reports" if name else "of all services"
    return f"Every incident {whose}, with all its updates. An entry changes when the incident does."


def basis_sentence(basis: EndBasis | None) -> str:
    """What has to be said about an end; empty where the vendor itself stated it."""
    return END_BASIS_SENTENCE.get(basis, "") if basis else ""


def pictured(name: str) -> str:
    """What the picture beside a link shows."""
    return f"{name}: incidents by month"


def picture_line(category: str, found: int) -> str:
    """What stands below the name on it."""
    return f"{category} · {incidents(found)} recorded"


def record_of(name: str) -> str:
    """The name of a vendor's record as a set of data."""
    return f"Incidents of {name}"


def back_since(gone: str) -> str:
    """What an incident's return says; `gone`: since when it was away."""
    return f"back on the vendor's page, from which it had gone on {gone}"


def fault(kind: str | None) -> str:
    """What goes wrong; a kind that another version of the program noted stands for itself."""
    return FAULT.get(kind, kind) if kind else ""


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


def mark(value: Impact | Literal["maintenance"]) -> str:
    """The name of an impact, or of planned work."""
    return MAINTENANCE if value == "maintenance" else IMPACT[value]


def days_of(value: Impact | Literal["maintenance"], days: int) -> str:
    """`Minor: 12 days`, of the days of which it is the gravest."""
    return f"{mark(value)}: {count(days, 'day', 'days')}"


def heat_summary(year: int, days: Mapping[Impact | Literal["maintenance"], int]) -> str:
    """What the calendar of a year shows, in a sentence."""
    shown = "; ".join(days_of(value, found) for value, found in days.items())
    return f"{year}, {shown[0].lower()}{shown[1:]}" if shown else f"{year}, no incident recorded"


def by_impact(found: Mapping[Impact, int]) -> str:
    """`1 critical, 12 minor`, the gravest first."""
    graver = sorted(found, key=lambda impact: -SEVERITY[impact])
    return ", ".join(
        f"{number(found[impact])} {IMPACT[impact].lower()}" for impact in graver if found[impact]
    )


def last_days(days: int) -> str:
    """`Last 90 days`."""
    return f"Last {days} days"


def percent(hits: int, of: int) -> str:
    """`30 %`: whole, and never 0 or 100 of what is not none or all."""
    whole = round(100 * hits / of)
    return f"{min(max(whole, int(hits > 0)), 100 - int(hits < of))} %"


def of(found: int, hits: int | None = None) -> str:
    """`of 40`, `12 of 40`."""
    return f"of {number(found)}" if hits is None else f"{number(hits)} of {number(found)}"


def component_description(name: str, vendor: str, found: int) -> str:
    """What a component's page is, for search engines."""
    return f"{incidents(found)} of {vendor} that affected {name}, with start, length and impact."


def insights_description(name: str) -> str:
    """What the page of a vendor's habits is, for search engines."""
    return f"How {name} communicates about its outages: how soon, how often, and to what end."


def compare_description(category: str) -> str:
    """What the page of a category's figures is, for search engines."""
    return f"{category}: incidents, lengths and times between them, side by side, with caveats."


COMPARE = "Compare"
COMPARE_DESCRIPTION = "The outage records of two to four services side by side, with caveats."
WHOLE_RECORD = "All"
INSIGHTS = "How it communicates"


# The pages over all vendors, by where they are, as the head of every page names them.
NAV = {links.VENDORS: "Services", links.DAYS: "Days", links.MAINTENANCE: "Maintenance"}

# Over all vendors: days, months, categories, planned work, what else went on.
DAYS = "Days"
SERVICES = "Services"
ALL_SERVICES = "All services"
DAY_BY_DAY = "What broke, day by day"
ALL_DAY = "all day"
GOES_ON = "still open"
DAYS_DESCRIPTION = "Every day on which a service reported an incident, by years and months."
VENDORS_DESCRIPTION = "Every service of this archive from A to Z: its state and its incidents."
MAINTENANCE_DESCRIPTION = "Planned work that services announced: ahead, under way, of late."


def services(value: int) -> str:
    """`1 service`, `24 services`."""
    return count(value, "service", "services")


def began(value: int) -> str:
    """`1 incident began`, `12 incidents began`."""
    return f"{incidents(value)} began"


def month(text: str) -> str:
    """`July 2022`, of `2022-07`."""
    return f"{MONTHS[int(text[5:]) - 1]} {text[:4]}"


def broke_on(day: str) -> str:
    """The title of a day's page."""
    return f"What broke on {day}"


def broke_in(month: str) -> str:
    """The title of a month's page."""
    return f"What broke in {month}"


def day_description(day: str, incidents: str, services: str) -> str:
    """What a day's page is, for search engines."""
    return f"{day}: {incidents} of {services}, with impact, times and length."


def month_description(month: str, incidents: str) -> str:
    """What a month's page is, for search engines."""
    return f"{month}: {incidents}, as a calendar and day by day."


def category_description(name: str, vendors: int) -> str:
    """What a category's page is, for search engines."""
    return f"{name}: {services(vendors)}, what is open now, and the latest incidents."


def planned_until(text: str) -> str:
    """The announced end of planned work."""
    return f"planned until {text}"


def letter_anchor(letter: str) -> str:
    """The anchor of a letter among all vendors: an address, not to be translated."""
    return f"letter-{letter.lower()}" if letter.isalpha() else "letter-other"


SEARCH = "Search"
SEARCH_DESCRIPTION = "Search all incidents by their titles, services and components."
STACK = "My stack"
STACK_DESCRIPTION = "The state and the incidents of the services that you depend on, in one list."
