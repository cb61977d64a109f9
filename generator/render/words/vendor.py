"""A vendor's pages: its overview, years and components."""

from collections.abc import Mapping
from datetime import date
from typing import Literal

from markupsafe import Markup

from generator.model import Health, Impact
from generator.render.words.grammar import count, incidents, month, phrase
from generator.render.words.terms import IMPACT, days_of, fault

WHOLE_RECORD = "All"


def strip_summary(bad_days: int) -> str:
    """What the strip of ninety days shows, in a sentence."""
    return f"Incidents on {count(bad_days, 'day', 'days')}" if bad_days else "No incident recorded"


def day_label(day: date, seen: int, impact: Impact) -> str:
    """What the bar of a day says."""
    return f"{day}: {incidents(seen)}, {IMPACT[impact].lower()}"


def heat_summary(year: int, days: Mapping[Impact | Literal["maintenance"], int]) -> str:
    """What the calendar of a year shows, in a sentence."""
    shown = "; ".join(days_of(value, found) for value, found in days.items())
    return f"{year}, {shown[0].lower()}{shown[1:]}" if shown else f"{year}, no incident recorded"


ADD_TO_STACK = "Add to my stack"
HOW_SOURCES_FARE = "How all sources fare"


def unread(name: str, health: Health) -> str:
    """Why what stands here may be behind what the vendor's page says."""
    behind = "What it says now is not known; what stands here may be behind it."
    if health.failing_since is None:
        return f"{name}'s own page has not been read yet. {behind}"
    read_at, since = health.read_at, health.failing_since.date()
    last = f"was last read on {read_at.date()}" if read_at else "has never been read"
    failing = f"has failed since {since} ({fault(health.fault).lower()})"
    return f"{name}'s own page {last} and {failing}. {behind}"


def vendor_description(name: str) -> str:
    """What a vendor's overview is, for search engines."""
    return f"Every outage that {name} has reported: what is open now, the last 90 days, all years."


def year_description(name: str, year: int, found: int) -> str:
    """What a year's page is, for search engines."""
    return f"{name} in {year}: {incidents(found)}, with start, length and impact."


def component_description(name: str, vendor: str, found: int) -> str:
    """What a component's page is, for search engines."""
    return f"{incidents(found)} of {vendor} that affected {name}, with start, length and impact."


def record_of(name: str) -> str:
    """The name of a vendor's record as a set of data."""
    return f"Incidents of {name}"


MAINTENANCE_AHEAD = "Maintenance ahead and under way"
COMPARE_WITH_OTHERS = "Compare with others"
COMPONENT = "Component"
COMPONENTS = "Components"
MOST_AFFECTED = "most affected first"
LAST = "Last"
THESE_DAYS = "These days as a table"
DAY = "Day"
GRAVEST = "Gravest"
TIME_STATED = "Time stated"
ALL_YEARS = "All years"
YEAR = "Year"
YEARS_DATA = "Data"
MONTHS_NAV = "Months"
MONTH = "Month"
NOTHING_YET = "Nothing is recorded yet."
OLDER = "Older"
COMPONENTS_YEARS = "The incidents of all components stand on the pages of their years:"


def recorded(total: str, complete_since: str = "", changed: str = "", read_on: str = "") -> Markup:
    """How much of a vendor is recorded, since when all of it, when it changed and was read."""
    complete = phrase(", complete since {day}", day=complete_since) if complete_since else ""
    last = phrase(", last changed on {day}", day=changed) if changed else ""
    read = phrase(", last read on {day}", day=read_on) if read_on else ""
    sentence = "{total} recorded{complete}{last}{read}."
    return phrase(sentence, total=total, complete=complete, last=last, read=read)


def own_status_page(name: str) -> Markup:
    """The vendor's page, where all of this comes from."""
    return phrase("{name}'s own status page", name=name)


def the_last_days(days: int) -> str:
    """The heading of the strip, and of planned work that is over."""
    return f"The last {days} days"


def strip_label(summary: str, first: str, last: str) -> str:
    """What the strip shows, and of which days."""
    return f"{summary} from {first} to {last}"


def more_components(found: int) -> str:
    """What is folded away below a table of components."""
    return f"{found} more {'component' if found == 1 else 'components'}"


def unlisted(more: str) -> str:
    """Components that have no page; `more` says how many."""
    return f"And {more}, on the incidents' own pages."


def so_far(year: int) -> str:
    """A year that is not over."""
    return f"{year} so far"


def as_json(year: int) -> str:
    """The link to a year's data."""
    return f"{year} as JSON"


def vendor_caveat(name: str) -> str:
    """What a vendor's downtime is and is not."""
    return (
        "Time with a stated incident is of impact minor or worse, overlaps counted once; of the "
        f"rest {name} said nothing, which is not the same as uptime."
    )


YEAR_CAVEAT = (
    "Time with a stated incident is of impact minor or worse, overlaps counted once, and of "
    "incidents from the years before too; the rest is not the same as uptime."
)


def month_of(vendor: str, text: str) -> str:
    """`GitHub, July 2026`."""
    return f"{vendor}, {month(text)}"


def vendor_month_description(title: str, found: int) -> str:
    """What a month's page of a vendor is, for search engines."""
    return f"{title}: {incidents(found)}, with start, length and impact."


def year_lead(incidents: str, maintenances: str, withdrawn: str) -> Markup:
    """What a year's page lists; `maintenances` and `withdrawn` may be empty."""
    planned = f" and {maintenances}" if maintenances else ""
    gone = f" {withdrawn} more listed here, withdrawn by the vendor." if withdrawn else ""
    return phrase(
        "<b>{incidents}</b>{planned}, newest first, by their start.{gone}",
        incidents=incidents,
        planned=planned,
        gone=gone,
    )


def year_goes_on(name: str, href: str) -> Markup:
    """Where the calendar of this year is."""
    return phrase(
        "The year is not over: its calendar and figures so far are on "
        '<a href="{href}">{name}\'s overview</a>.',
        name=name,
        href=href,
    )


def component_lead(name: str, href: str, found: str) -> Markup:
    """Whose component it is."""
    return phrase(
        'A component of <a href="{href}">{name}</a>, as its status page names it: '
        "<b>{found}</b> affected it.",
        name=name,
        href=href,
        found=found,
    )
