"""The last three days before the end of the fleet's time: one of everything, at known hours.

Whatever the seed, the end of the fleet's time finds an incident of each impact open, a maintenance
ahead and one going on, and the hours before it hold every kind of change.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from generator.demo.ordinary import Scene, announce, begin
from generator.demo.prose import CALLED_OFF, HOSTILE
from generator.demo.stories import Story
from generator.model import Kind

# Hours before the end at which the demonstration reads all pages.
READ_AT = (72, 30, 12, 4, 1, 0)

Recipe = Callable[[Scene, "Hours"], Story]


class Hours:
    """Moments by their distance from the end: `hours(3)` is three before it."""

    __slots__ = ("_until",)

    def __init__(self, until: datetime) -> None:
        self._until = until

    def __call__(self, before: float) -> datetime:
        """That many hours before the end, or after it when negative."""
        return self._until - timedelta(minutes=round(before * 60))


def _open_critical(scene: Scene, hours: Hours) -> Story:
    told = begin(scene, "minor", hours(5))
    told.post(hours(5), "investigating")
    told.amend(hours(3), impact="critical")
    told.post(hours(3), "identified")
    told.post(hours(0.5), "update")
    return told.story()


def _open_major(scene: Scene, hours: Hours) -> Story:
    told = begin(scene, "major", hours(20))
    told.post(hours(20), "investigating")
    told.post(hours(15), "identified")
    told.amend(hours(2), title=f"{told.opening.title} in all regions")
    told.amend(hours(2), components=scene.persona.components)
    return told.story()


def _open_minor(scene: Scene, hours: Hours) -> Story:
    told = begin(scene, "minor", hours(49))
    told.post(hours(49), "investigating")
    told.post(hours(40), "identified")
    told.post(hours(6), "monitoring")
    return told.story()


def _open_notice(scene: Scene, hours: Hours) -> Story:
    told = begin(scene, "none", hours(8))
    told.post(hours(8), "investigating", HOSTILE)  # as it is: no page escapes its operators
    return told.story()


def _resolved(scene: Scene, hours: Hours) -> Story:
    told = begin(scene, "major", hours(14))
    told.post(hours(14), "investigating")
    told.post(hours(13), "identified")
    told.post(hours(3), "monitoring")
    told.post(hours(2), "resolved")
    return told.story()


def _edited(scene: Scene, hours: Hours) -> Story:
    told = begin(scene, "minor", hours(55))
    first = told.post(hours(55), "investigating", told.prose.dressed("We are lookign into it."))
    told.post(hours(50), "resolved")
    told.edit(hours(10), first, told.prose.dressed("We are looking into it."))
    told.amend(hours(3), started_at=hours(56))
    return told.story()


def _withdrawn(scene: Scene, hours: Hours) -> Story:
    told = begin(scene, "minor", hours(40))
    told.post(hours(40), "investigating")
    told.post(hours(38), "resolved", told.prose.dressed("A false alarm, raised by a drill."))
    told.withdraw(hours(2))
    return told.story()


def _update_deleted(scene: Scene, hours: Hours) -> Story:
    told = begin(scene, "minor", hours(26))
    told.post(hours(26), "investigating")
    wrong = told.post(hours(24), "update", told.prose.dressed("Posted to the wrong incident."))
    told.drop(hours(11), wrong)
    told.post(hours(6), "resolved")
    return told.story()


def _reopened(scene: Scene, hours: Hours) -> Story:
    told = begin(scene, "major", hours(34))
    told.post(hours(34), "investigating")
    told.post(hours(28), "resolved")
    told.post(hours(9), "investigating", told.prose.dressed("It is back. We are looking again."))
    told.post(hours(0.5), "resolved")
    return told.story()


def _explained(scene: Scene, hours: Hours) -> Story:
    told = begin(scene, "critical", hours(76))
    told.post(hours(76), "investigating")
    told.post(hours(75), "identified")
    told.post(hours(71), "resolved")
    told.post(hours(3), "postmortem")
    return told.story()


def _ahead(scene: Scene, hours: Hours) -> Story:
    told = announce(scene, hours(120), hours(-48), hours(-50))
    told.amend(hours(8), started_at=hours(-72), scheduled_until=hours(-74))
    return told.story()


def _under_way(scene: Scene, hours: Hours) -> Story:
    told = announce(scene, hours(168), hours(2), hours(-2))
    told.post(hours(2), "in_progress")
    told.post(hours(-2), "completed")
    return told.story()


def _called_off(scene: Scene, hours: Hours) -> Story:
    told = announce(scene, hours(100), hours(-20), hours(-21))
    told.post(hours(6), "completed", told.prose.dressed(CALLED_OFF))
    return told.story()


# Dealt out one by one to the first vendors of the fleet whose pages have a place for the kind.
FINALE: tuple[tuple[Kind, Recipe], ...] = (
    ("incident", _open_critical),
    ("incident", _withdrawn),
    ("incident", _edited),
    ("incident", _open_major),
    ("incident", _resolved),
    ("incident", _open_notice),
    ("incident", _open_minor),
    ("incident", _update_deleted),
    ("incident", _reopened),
    ("incident", _explained),
    ("maintenance", _ahead),
    ("maintenance", _under_way),
    ("maintenance", _called_off),
)
