"""Dates that name no year."""

from datetime import datetime, tzinfo

from generator.times import instant


def near(
    moment: datetime, month: str, day: int, clock: tuple[int, int, int], zone: tzinfo
) -> datetime:
    """The day and time, `Nov`, 22, in the year that brings it nearest to a moment that is known."""
    number = datetime.strptime(month, "%b").month  # noqa: DTZ007 - a name to its number
    found = []
    for year in (moment.year - 1, moment.year, moment.year + 1):
        try:
            found.append(instant(datetime(year, number, day, *clock, tzinfo=zone)))
        except ValueError:  # 29 February of another year
            continue
    if not found:
        raise ValueError(f"{month} {day} is no day of any year near {moment:%Y}")
    return min(found, key=lambda at: abs(at - moment))
