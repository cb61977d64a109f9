"""Pages over all vendors: days, months, categories, the list of all, planned work."""

from generator.render.words.grammar import incidents, services

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
