"""A vendor's pages: its overview, years and components."""

from collections.abc import Mapping
from datetime import date
from typing import Literal

from generator.model import Impact
from generator.render.words.grammar import count, incidents
from generator.render.words.terms import IMPACT, days_of

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
