"""The run of incidents and maintenance, most of them plain and a stated share of them odd."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import itemgetter

from generator.demo.names import HELP, REGIONS, Persona
from generator.demo.prose import CALLED_OFF, Prose
from generator.demo.stories import Story, Telling
from generator.model import BodyFormat, Impact, Incident, Kind, Phase

IMPACTS: tuple[Impact, ...] = ("none", "minor", "major", "critical")
HOW_OFTEN = (8, 52, 28, 12)
MAINTENANCE = 0.15
# Minutes from the opening to the end.
LASTING = (9, 17, 28, 41, 55, 71, 95, 130, 190, 280, 420, 760, 1900)


@dataclass(frozen=True, slots=True)
class Scene:
    """What a story is made with: whose page, its own chance, its key, how the page writes."""

    persona: Persona
    rng: random.Random
    key: str
    body_format: BodyFormat


def story(scene: Scene, at: datetime, kinds: frozenset[Kind]) -> Story:
    """What befalls at that moment: an incident, or a maintenance where the page has such."""
    planned = scene.rng.random() < MAINTENANCE
    tell = maintenance if planned and "maintenance" in kinds else incident
    return tell(scene, at)


def incident(scene: Scene, at: datetime) -> Story:
    """An incident from its opening to its end, with the odd thing done to it meanwhile."""
    rng = scene.rng
    told = begin(scene, rng.choices(IMPACTS, HOW_OFTEN)[0], at)
    minutes = rng.choice(LASTING) * rng.uniform(0.7, 1.4)
    end = at + _whole(minutes)
    for phase, share in _course(rng):
        told.post(at + _whole(minutes * share), phase)
    told.post(end, "resolved")
    for share, oddity in ODDITIES:
        if rng.random() < share:
            oddity(told, rng, end)
    return told.story()


def maintenance(scene: Scene, at: datetime) -> Story:
    """A maintenance: announced days ahead, then done, called off, moved or quietly deleted."""
    rng = scene.rng
    starts = (at + timedelta(hours=rng.randrange(20, 240))).replace(minute=0, second=0)
    length = timedelta(minutes=rng.choice((30, 60, 120, 240)))
    told = announce(scene, at, starts, starts + length)
    halfway = at + (starts - at) / 2
    halfway = halfway.replace(microsecond=0)
    fate = rng.random()
    if fate < 0.06:
        told.withdraw(halfway)
    elif fate < 0.12:
        told.post(halfway, "completed", told.prose.dressed(CALLED_OFF))
    else:
        if fate < 0.22:
            starts += timedelta(hours=26)
            told.amend(halfway, started_at=starts, scheduled_until=starts + length)
        told.post(starts + timedelta(seconds=rng.randrange(50)), "in_progress")
        done = length * rng.uniform(0.5, 1.3)
        if rng.random() < 0.3:
            told.post(starts + done * 0.8, "monitoring")
        told.post(starts + done, "completed")
    return told.story()


def begin(scene: Scene, impact: Impact, at: datetime) -> Telling:
    """The opening of an incident: its title, impact, components and regions; no update yet."""
    rng, persona = scene.rng, scene.persona
    components = _some(scene, rng.choice((1, 1, 1, 2, 2, 3)))
    regions = tuple(rng.sample(persona.regions, rng.randint(1, 3))) if persona.regions else ()
    prose = Prose(rng, components[0], scene.body_format)
    where = f" in {REGIONS[regions[0]]}" if regions and rng.random() < 0.4 else ""
    opening = Incident(
        key=scene.key,
        title=prose.title + where,
        kind="incident",
        impact=impact,
        started_at=at,
        components=components,
        regions=regions,
    )
    return Telling(opening, prose)


def announce(scene: Scene, at: datetime, starts: datetime, until: datetime) -> Telling:
    """The announcement of a maintenance."""
    components = _some(scene, scene.rng.choice((1, 2)))
    prose = Prose(scene.rng, components[0], scene.body_format)
    opening = Incident(
        key=scene.key,
        title=prose.task,
        kind="maintenance",
        impact="none",
        started_at=starts,
        scheduled_until=until,
        components=components,
    )
    told = Telling(opening, prose)
    told.post(at, "scheduled")
    return told


def _some(scene: Scene, count: int) -> tuple[str, ...]:
    """Some components, in the order in which the page lists them."""
    breakable = [name for name in scene.persona.components if name != HELP]
    chosen = scene.rng.sample(breakable, count)
    return tuple(name for name in breakable if name in chosen)


def _course(rng: random.Random) -> list[tuple[Phase, float]]:
    """The phases before the end, each with its share of the whole time."""
    if rng.random() < 0.06:
        return []  # told only when it was over
    course: list[tuple[Phase, float]] = [("investigating", 0.0)]
    if rng.random() < 0.65:
        course.append(("identified", rng.uniform(0.15, 0.35)))
    course += [("update", rng.uniform(0.36, 0.6)) for _ in range(rng.choice((0, 0, 1, 2)))]
    if rng.random() < 0.75:
        course.append(("monitoring", rng.uniform(0.65, 0.9)))
    return sorted(course, key=itemgetter(1))


def _whole(minutes: float) -> timedelta:
    return timedelta(seconds=int(minutes * 60))


Oddity = Callable[[Telling, random.Random, datetime], None]


def _edited(told: Telling, rng: random.Random, end: datetime) -> None:
    at, key, body = rng.choice(told.posts)
    after = max(at, end) + timedelta(minutes=rng.randrange(5, 3000))
    told.edit(after, key, told.prose.dressed("(Corrected.) ") + body)


def _retitled(told: Telling, rng: random.Random, end: datetime) -> None:
    title = f"{told.opening.title}, since {told.opening.started_at:%H:%M} UTC"
    told.amend(told.posts[-1][0] - timedelta(seconds=90), title=title)


def _moved(told: Telling, rng: random.Random, end: datetime) -> None:
    earlier = told.opening.started_at - timedelta(minutes=rng.randrange(4, 180))
    told.amend(end + timedelta(minutes=12), started_at=earlier)


def _escalated(told: Telling, rng: random.Random, end: datetime) -> None:
    worse = IMPACTS[min(IMPACTS.index(told.opening.impact) + 1, len(IMPACTS) - 1)]
    told.amend(told.posts[len(told.posts) // 2][0], impact=worse)


def _spread(told: Telling, rng: random.Random, end: datetime) -> None:
    reached = dict.fromkeys((*told.opening.components, HELP))
    told.amend(told.posts[-1][0], components=tuple(reached))


def _update_deleted(told: Telling, rng: random.Random, end: datetime) -> None:
    if len(told.posts) > 2:
        told.drop(end + timedelta(minutes=40), told.posts[1][1])


def _reopened(told: Telling, rng: random.Random, end: datetime) -> None:
    again = end + timedelta(minutes=rng.randrange(20, 400))
    told.post(again, "investigating")
    told.post(again + timedelta(minutes=rng.randrange(15, 200)), "resolved")


def _explained(told: Telling, rng: random.Random, end: datetime) -> None:
    told.post(end + timedelta(hours=rng.randrange(20, 170)), "postmortem")


def _withdrawn(told: Telling, rng: random.Random, end: datetime) -> None:
    told.withdraw(end + timedelta(hours=rng.randrange(1, 50)))


# The share of incidents to which each happens.
ODDITIES: tuple[tuple[float, Oddity], ...] = (
    (0.10, _edited),
    (0.04, _retitled),
    (0.03, _moved),
    (0.08, _escalated),
    (0.06, _spread),
    (0.02, _update_deleted),
    (0.02, _reopened),
    (0.06, _explained),
    (0.015, _withdrawn),
)
