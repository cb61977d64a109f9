"""How English writes numbers, counts, lengths and days; and which language this is."""

from datetime import date, timedelta
from functools import lru_cache

from markupsafe import Markup

from generator.render.escaping import escaped

LANGUAGE = "en"
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
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
    """`1 maintenance window`, `12 maintenance windows`."""
    return count(value, "maintenance window", "maintenance windows")


def services(value: int) -> str:
    """`1 service`, `24 services`."""
    return count(value, "service", "services")


def more(value: int) -> str:
    """`9 more`, at the end of a list cut short."""
    return f"{value:,} more"


def percent(hits: int, of: int) -> str:
    """`30 %`: whole, and never 0 or 100 of what is not none or all."""
    whole = round(100 * hits / of)
    return f"{min(max(whole, int(hits > 0)), 100 - int(hits < of))} %"


def of(found: int, hits: int | None = None) -> str:
    """`of 40`, `12 of 40`."""
    return f"of {number(found)}" if hits is None else f"{number(hits)} of {number(found)}"


def long_day(day: date) -> str:
    """`Friday 29 July 2022`."""
    return f"{WEEKDAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]} {day.year}"


def short_day(day: date) -> str:
    """`29 July 2022`."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def month(text: str) -> str:
    """`July 2022`, of `2022-07`."""
    return f"{MONTHS[int(text[5:]) - 1]} {text[:4]}"


def last_days(days: int) -> str:
    """`Last 90 days`."""
    return f"Last {days} days"


# A unit, its seconds, and how many make one of the next.
UNITS = (("d", 86400, 10**9), ("h", 3600, 24), ("min", 60, 60), ("s", 1, 60))


@lru_cache(maxsize=4096)
def length(span: timedelta) -> str:
    """`2 d 6 h`, `13 h 0 min 37 s`, `45 s`: exact to the second, as far as there is something."""
    seconds = span.days * 86400 + span.seconds
    if seconds < 0:
        return NEGATIVE_LENGTH
    return _in_units(seconds, len(UNITS)) or UNDER_A_MINUTE


def rough_length(span: timedelta) -> str:
    """`2 d 6 h`, `1 h 11 min`, `45 s`: the largest unit and the one below it, for lists."""
    seconds = span.days * 86400 + span.seconds
    return "" if seconds < 0 else _in_units(seconds, 2) or UNDER_A_MINUTE


def _in_units(seconds: int, most: int) -> str:
    """So many units at most, the largest first; those in between too where they are empty."""
    values = [(seconds // size % many, unit) for unit, size, many in UNITS]
    first = next((at for at, (value, _) in enumerate(values) if value), len(values))
    shown = values[first : first + most]
    while shown and not shown[-1][0]:
        shown.pop()
    return " ".join(f"{value} {unit}" for value, unit in shown)


def minutes(span: timedelta) -> str:
    """`71 min`, with the seconds beyond: for people who compare numbers."""
    whole, rest = divmod(span.days * 86400 + span.seconds, 60)
    return f"{whole:,} min {rest} s" if rest else f"{whole:,} min"


def phrase(text: str, **parts: object) -> Markup:
    """A sentence of the catalogue with its parts put in.

    Parts that are markup stay so, all others are escaped.
    """
    safe = {name: escaped(part) for name, part in parts.items()}
    return Markup(text.format_map(safe))  # noqa: S704 - the text is ours, the parts are escaped
