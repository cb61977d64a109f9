"""Dates that name no year."""

from datetime import datetime, tzinfo

from generator.times import instant


def near(
    moment: datetime,
    month: str,
    day: int,
    clock: tuple[int, int, int],
    zone: tzinfo,
    latest: datetime | None = None,
) -> datetime:
    """The day and time, `Nov`, 22, in the year that brings it nearest to a moment that is known.

    Of those not after the `latest`, where there is one.
    """
    number = datetime.strptime(month, "%b").month  # noqa: DTZ007 - a name to its number
    found = []
    # 29 February is of every fourth year.
    for year in range(moment.year - 4, moment.year + 5):
        try:
            at = instant(datetime(year, number, day, *clock, tzinfo=zone))
        except ValueError:  # no day of that year
            continue
        if latest is None or at <= latest:
            found.append(at)
    if not found:
        raise ValueError(f"{month} {day} is no day of any year near {moment:%Y}")
    return min(found, key=lambda at: abs(at - moment))
