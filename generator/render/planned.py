"""The view of planned work: what is ahead and under way over all vendors, and the last weeks."""

from collections.abc import Sequence
from datetime import date
from itertools import groupby

from msgspec import Struct
from msgspec.structs import replace

from generator.model import Outline
from generator.render import facts, links, words
from generator.render.almanac import Almanac, days_from, incident_of
from generator.render.days import listed
from generator.render.facts import State
from generator.render.frame import Frame, Row, Site, moment
from generator.times import read

LAST_DAYS = 30
# How many of those behind us are listed; there may be thousands.
BEHIND = 200


class PlannedDay(Struct, frozen=True):
    """A day of the list."""

    iso: str
    name: str
    rows: tuple[Row, ...]


class MaintenanceView(Struct, frozen=True):
    """Planned work over all vendors."""

    frame: Frame
    under_way: tuple[Row, ...]
    ahead: tuple[PlannedDay, ...]
    behind: tuple[PlannedDay, ...]
    more: str
    last_days: int


def maintenance_view(site: Site, almanac: Almanac) -> MaintenanceView:
    """The view of planned work; what is ahead begins on `as_of`, what is behind the day before."""
    today = almanac.as_of.isoformat()
    since = days_from(today, -LAST_DAYS)
    found = [each for each in almanac.recent(since) if each.kind == "maintenance"]
    under_way = [each for each in found if _state(each) == "under_way"]
    # A plan whose day has passed without a word was not ahead any more, and is listed behind.
    ahead = [each for each in found if each.started_at[:10] >= today and _state(each) == "planned"]
    elsewhere = {id(each) for each in (*under_way, *ahead)}
    behind = [
        each
        for each in reversed(found)
        if since <= each.started_at[:10] <= today and id(each) not in elsewhere
    ]
    return MaintenanceView(
        frame=site.frame(links.MAINTENANCE, words.MAINTENANCE, words.MAINTENANCE_DESCRIPTION),
        under_way=tuple(_row(site, each) for each in under_way),
        ahead=_by_day(site, ahead),
        behind=_by_day(site, behind[:BEHIND]),
        more=words.more(len(behind) - BEHIND) if len(behind) > BEHIND else "",
        last_days=LAST_DAYS,
    )


def _state(outline: Outline) -> State | None:
    """Where one without an end stands: times are read of those alone."""
    return None if outline.ended_at else facts.state_of(incident_of(outline))


def _by_day(site: Site, found: Sequence[Outline]) -> tuple[PlannedDay, ...]:
    return tuple(
        PlannedDay(
            day, words.long_day(date.fromisoformat(day)), tuple(_row(site, each) for each in of_day)
        )
        for day, of_day in groupby(found, key=lambda each: each.started_at[:10])
    )


def _row(site: Site, outline: Outline) -> Row:
    found = listed(site, outline, "")
    until = outline.scheduled_until
    if outline.ended_at is None and until is not None:
        return replace(found, under=words.planned_until(moment(read(until)).text))
    return found
