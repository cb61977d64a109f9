"""What calendars say of themselves, and where pages offer them."""

TAKE_CALENDAR = "Put their incidents into a calendar (iCalendar)"


def calendar_title(name: str) -> str:
    """The name of a calendar, as clients list it."""
    return f"{name}: outages and maintenance"


def calendar_description(name: str) -> str:
    """What a calendar holds."""
    return f"The newest incidents of {name}, and its maintenance: planned, under way and the last."
