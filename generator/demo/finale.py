"""The last three days before the end of the fleet's time: one of everything, at known hours.

The first vendor of every platform goes through every kind of change in those days. And whatever the
seed, the end finds an incident of each impact open, a maintenance ahead and one going on.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from generator.demo.ordinary import Scene, announce, begin
from generator.demo.prose import CALLED_OFF, HOSTILE
from generator.demo.stories import Story
from generator.model import Impact, Kind

# Hours before the end at which the demonstration reads all pages.
READ_AT = (72, 30, 12, 4, 1, 0)

Recipe = Callable[[Scene, "Hours"], Story]


class Hours:
    """Moments by their distance from the end: `hours(3)` is three hours before it.

    `early`: how much before the full hour, less than half an hour; not everything breaks at once.
    Only what is `planned` keeps to the clock.
    """

    __slots__ = ("_early", "_until")

    def __init__(self, until: datetime, early: timedelta = timedelta()) -> None:
        self._until = until
        self._early = early

    def __call__(self, before: float) -> datetime:
        """About that many hours before the end."""
        return self.planned(before) - self._early

    def planned(self, before: float) -> datetime:
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
    told.post(hours(8), "investigating")
    return told.story()


def _resolved(scene: Scene, hours: Hours) -> Story:
    told = begin(scene, "major", hours(14))
    told.post(hours(14), "investigating")
    told.post(hours(13), "identified", HOSTILE)  # as it is: no page escapes its operators
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
    told = announce(scene, hours(120), hours.planned(-48), hours.planned(-50))
    told.amend(hours(8), started_at=hours.planned(-72), scheduled_until=hours.planned(-74))
    return told.story()


def _under_way(scene: Scene, hours: Hours) -> Story:
    told = announce(scene, hours(168), hours.planned(2), hours.planned(-2))
    told.post(hours.planned(2), "in_progress")
    told.post(hours.planned(-2), "completed")
    return told.story()


def _called_off(scene: Scene, hours: Hours) -> Story:
    told = announce(scene, hours(100), hours.planned(-20), hours.planned(-21))
    told.post(hours(6), "completed", told.prose.dressed(CALLED_OFF))
    return told.story()


# What the first vendor of every platform goes through.
CHANGES: tuple[Recipe, ...] = (
    _resolved,
    _edited,
    _withdrawn,
    _update_deleted,
    _reopened,
    _explained,
)
# What is so at the end: dealt out one by one, to pages with a place for the kind and the impact.
STANDING: tuple[tuple[Kind, Impact | None, Recipe], ...] = (
    ("maintenance", None, _ahead),
    ("maintenance", None, _under_way),
    ("maintenance", None, _called_off),
    ("incident", "critical", _open_critical),
    ("incident", "major", _open_major),
    ("incident", "minor", _open_minor),
    ("incident", "none", _open_notice),
)
