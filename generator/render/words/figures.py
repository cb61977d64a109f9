"""Statistics, and calendars of a year."""

from collections.abc import Sequence
from typing import Protocol


class Told(Protocol):
    """A column of figures, as far as its caveat needs it."""

    @property
    def window(self) -> str: ...  # noqa: D102
    @property
    def presumed(self) -> str: ...  # noqa: D102


IN_FIGURES = "In figures"
TOO_FEW = "too few"
MEDIAN_LENGTH = "Median length"
NINETY_PERCENT = "90 % no longer than"
LONGEST = "Longest"
BETWEEN_STARTS = "Median time from one start to the next"
TIME_WITH_INCIDENT = "Time with a stated incident"
HOW_COMPUTED = "How all this is computed"
CALENDAR_KEY = "A column is a week, from Monday down; a day shows its gravest."
PALE_DAYS = "Pale days lie before what is recorded here."


def rests_on(values: str) -> str:
    """Of how many values a figure is."""
    return f"of {values}"


def graver(length: str) -> str:
    """The part of a downtime with a grave impact."""
    return f"major or worse: {length}"


def how_counted(columns: Sequence[Told]) -> str:
    """What is counted in figures, and which of their lengths are presumed."""
    presumed = ", ".join(
        f"{each.presumed} ({each.window.lower()})" for each in columns if each.presumed
    )
    stands_in = f"; the last update stands in for it in {presumed}" if presumed else ""
    return (
        "Incidents are counted by their start; planned work and what was withdrawn are not. "
        f"A length is known where there is an end after the start{stands_in}. "
        "No median, percentile or longest is given of fewer than five."
    )
