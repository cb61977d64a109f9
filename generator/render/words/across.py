"""Pages over all vendors: days, months, categories, the list of all, planned work."""

from markupsafe import Markup

from generator.render.words.grammar import incidents, phrase, services

# Over all vendors: days, months, categories, planned work, what else went on.
DAYS = "Days"
SERVICES = "Services"
ALL_SERVICES = "All services"
DAY_BY_DAY = "What broke, day by day"
ALL_DAY = "all day"
GOES_ON = "still open"
DAYS_DESCRIPTION = "Every day on which a service reported an incident, by years and months."
VENDORS_DESCRIPTION = "Every service of this archive from A to Z: its state and its incidents."
MAINTENANCE_DESCRIPTION = "Planned work that services announced: ahead, under way, recent."


def began(value: int) -> str:
    """`1 incident began`, `12 incidents began`."""
    return f"{incidents(value)} began"


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


DAYS_LEAD = (
    "Every month of the record, with the number of incidents that began in it. Each leads to a "
    "calendar, and each day of it to what was under way."
)
BEGAN_THAT_DAY = "Began that day"
WENT_ON = "Went on from before"
LONG_ONES = (
    "What goes on for more than seven days is listed on its first seven days and on its last."
)
PLANNED_WORK = "Planned work"
BY_DAY = "Incidents by day"
LETTERS = "Letters"
MAINTENANCE_LEAD = "Work that services planned and announced. It never counts as an incident."
UNDER_WAY = "Under way"
AHEAD = "Ahead"
NOTHING_ANNOUNCED = "Nothing is announced."
THERE_WAS_NONE = "There was none."


def begins_at(time: str) -> Markup:
    """Of a day's list: it began then, and went on beyond the day."""
    return phrase("from {time}", time=time)


def ends_at(time: str) -> Markup:
    """Of a day's list: it had begun before, and ended then."""
    return phrase("until {time}", time=time)


def day_lead(incidents: str, services: str) -> Markup:
    """What a day's page lists."""
    return phrase(
        "<b>{incidents}</b> of {services}: what began that day and what was still going on, by "
        "start. Times are UTC.",
        incidents=incidents,
        services=services,
    )


def month_lead(incidents: str) -> Markup:
    """What a month's page lists."""
    return phrase(
        "<b>{incidents}</b> began. Each day counts what was under way on it, and shows the "
        "gravest impact; below, each day's gravest come first.",
        incidents=incidents,
    )


def category_lead(services: str, incidents: str) -> Markup:
    """What a category holds."""
    return phrase(
        "<b>{services}</b>, {incidents} recorded.", services=services, incidents=incidents
    )


def directory_lead(services: str) -> Markup:
    """What the list of all services tells."""
    return phrase(
        "<b>{services}</b> from A to Z, with what is open now, the number of incidents recorded "
        "and the day of the last one.",
        services=services,
    )


def more_planned(more: str) -> str:
    """Planned work that is not listed; `more` says how much."""
    return f"And {more}, on the services' own pages."
