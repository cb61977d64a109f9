"""Instants: aware, UTC, whole seconds. Written `2022-07-29T15:19:00Z`."""

from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from msgspec import to_builtins

Otherwise = TypeVar("Otherwise")
# Before this no status page existed; after it a vendor's clock is wrong, not ahead.
EARLIEST = datetime(1995, 1, 1, tzinfo=UTC)
LATEST = datetime(2100, 1, 1, tzinfo=UTC)
# The same as text: times in this form stand in the order of their letters.
FIRST, LAST = "1995-01-01T00:00:00Z", "2100-01-01T00:00:00Z"

# Abbreviations that mean one offset wherever a status page uses them, in hours.
ZONES = {
    "UTC": 0.0,
    "GMT": 0.0,
    "Z": 0.0,
    "WET": 0.0,
    "WEST": 1.0,
    "BST": 1.0,
    "CET": 1.0,
    "CEST": 2.0,
    "EET": 2.0,
    "EEST": 3.0,
    "MSK": 3.0,
    "SGT": 8.0,
    "HKT": 8.0,
    "JST": 9.0,
    "KST": 9.0,
    "AEST": 10.0,
    "AEDT": 11.0,
    "NZST": 12.0,
    "NZDT": 13.0,
    "AST": -4.0,
    "ADT": -3.0,
    "EST": -5.0,
    "EDT": -4.0,
    "CST": -6.0,
    "CDT": -5.0,
    "MST": -7.0,
    "MDT": -6.0,
    "PST": -8.0,
    "PDT": -7.0,
    "AKST": -9.0,
    "AKDT": -8.0,
    "HST": -10.0,
    "BRT": -3.0,
}

_moment = datetime.fromisoformat


def instant(moment: datetime) -> datetime:
    """The same moment in UTC to the second; ValueError if naive or absurd."""
    if moment.tzinfo is None:
        raise ValueError(f"{moment.isoformat()} names no time zone")
    # A page tells hundreds of times, and most are in UTC and whole: those cost nothing more.
    if moment.tzinfo is not UTC:
        try:
            moment = moment.astimezone(UTC)
        except OverflowError:
            raise ValueError(f"{moment.isoformat()} is out of range") from None
    if moment.microsecond:
        moment = moment.replace(microsecond=0)
    if not EARLIEST <= moment < LATEST:
        raise ValueError(f"{moment.isoformat()} is not a time a status page can mean")
    return moment


def parse_iso(text: str, zone: tzinfo | None = None) -> datetime:
    """ISO 8601 to an instant; `zone` serves texts without one, else they are a ValueError."""
    moment = datetime.fromisoformat(text.strip())
    if moment.tzinfo is None and zone is not None:
        moment = moment.replace(tzinfo=zone)
    return instant(moment)


def parse_rfc822(text: str) -> datetime:
    """An RSS date, `Thu, 23 Jul 2026 16:29:09 Z`, to an instant."""
    # Imported here: few read such dates, and it brings half of what mail is made of.
    from email.utils import parsedate_to_datetime

    words = text.replace(",", " ").split()
    named = bool(words) and words[-1].upper() in ZONES
    try:
        moment = parsedate_to_datetime(" ".join([*words[:-1], "+0000"]) if named else text)
    except OverflowError:
        raise ValueError(f"{text!r} has a number that no date has") from None
    if named:
        moment = moment.replace(tzinfo=zone_named(words[-1]))
    # Where the year is no number, what parses such dates makes one of the time of day.
    if not {str(moment.year), str(moment.year)[2:]} & set(text.replace("-", " ").split()):
        raise ValueError(f"{text!r} names no year")
    return instant(moment)


def parse_epoch(seconds: float | str) -> datetime:
    """Seconds since 1970, as a number or the text of one, to an instant."""
    try:
        return instant(datetime.fromtimestamp(float(seconds), UTC))
    except (OverflowError, OSError):
        raise ValueError(f"{seconds} is not a time in seconds") from None


def zone_named(abbreviation: str) -> tzinfo:
    """The zone a page means by `PST` or `UTC`; ValueError for one we would have to guess."""
    try:
        return timezone(timedelta(hours=ZONES[abbreviation.upper()]))
    except KeyError:
        raise ValueError(f"unknown time zone {abbreviation!r}") from None


def kept(text: str, otherwise: Otherwise) -> datetime | Otherwise:
    """A time as an edit keeps it, or `otherwise`: an import may have brought anything."""
    try:
        return read(text)
    except ValueError:
        return otherwise


def iana_zone(name: str) -> tzinfo | None:
    """The zone of a name such as Europe/Paris; None where there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def text_of(moment: datetime) -> str:
    """`2022-07-29T15:19:00Z`, of an instant."""
    # A tenth of what isoformat() takes, and every row written has some.
    text: str = to_builtins(moment)
    return text if len(text) == 20 else f"{text[:19]}Z"


def read(text: str) -> datetime:
    """The inverse of `text_of`, and only of it: what the archive and its exports hold."""
    if len(text) != 20 or text[4::3] != "--T::Z":
        raise ValueError(f"{text!r} is not a time like 2022-07-29T15:19:00Z")
    moment = _moment(text)
    # An import reads a million: what is an instant already is not made one again.
    return moment if FIRST <= text < LAST else instant(moment)
