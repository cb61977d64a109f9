"""An incident through time: how its page states it first, and every change after that.

A `Story` is folded up to a moment to learn what the page says then. Its steps are plain functions
from one statement to the next, so a new kind of change is one more function.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from operator import attrgetter, itemgetter

from generator.demo.prose import Prose
from generator.model import EndBasis, Incident, Phase, Update

# None: the vendor takes the incident off its page.
Step = Callable[[Incident], Incident | None]


@dataclass(frozen=True, slots=True)
class Story:
    """An incident before its first update, and all that happens to it, oldest first."""

    opening: Incident
    steps: tuple[tuple[datetime, Step], ...]

    @property
    def opened_at(self) -> datetime:
        """When the page first shows it."""
        return self.steps[0][0]

    def at(self, moment: datetime) -> Incident | None:
        """The incident as stated at `moment`; None before it is opened or once taken away."""
        if moment < self.opened_at:
            return None
        incident: Incident | None = self.opening
        for when, step in self.steps:
            if when > moment or incident is None:
                break
            incident = step(incident)
        return incident

    def changed_at(self, moment: datetime) -> datetime:
        """When the page last touched it, as of a `moment` at which it is stated."""
        return max(at for at, _ in self.steps if at <= moment)


class Telling:
    """A story being told: steps may come in any order, `story` puts them in the order of time.

    `posts` are the updates so far: when, key, text.
    """

    __slots__ = ("_steps", "opening", "posts", "prose")

    def __init__(self, opening: Incident, prose: Prose) -> None:
        self.opening = opening
        self.prose = prose
        self.posts: list[tuple[datetime, str, str]] = []
        self._steps: list[tuple[datetime, Step]] = []

    def post(self, at: datetime, phase: Phase, body: str | None = None) -> str:
        """Add an update, by default in the vendor's usual words; returns its key."""
        at = at.replace(microsecond=0)
        key = f"{self.opening.key[:9]}{len(self.posts):03d}"
        body = body or self.prose.body(phase)
        update = Update(key, at, phase, body, body_format=self.prose.body_format)
        self._step(at, lambda incident: _with_updates(incident, (*incident.updates, update)))
        self.posts.append((at, key, body))
        return key

    def edit(self, at: datetime, key: str, body: str) -> None:
        """Rewrite the text of an update."""

        def step(incident: Incident) -> Incident:
            updates = (replace(u, body=body) if u.key == key else u for u in incident.updates)
            return replace(incident, updates=tuple(updates))

        self._step(at, step)

    def drop(self, at: datetime, key: str) -> None:
        """Take an update away."""

        def step(incident: Incident) -> Incident:
            return _with_updates(incident, tuple(u for u in incident.updates if u.key != key))

        self._step(at, step)

    def amend(self, at: datetime, **facts: object) -> None:
        """Restate facts of the incident: `title`, `impact`, `started_at`, `components`."""
        self._step(at, lambda incident: replace(incident, **facts))  # type: ignore[arg-type]

    def withdraw(self, at: datetime) -> None:
        """Take the incident off the page."""
        self._step(at, lambda _: None)

    def story(self) -> Story:
        """The story, told to its end; it opens with its first step."""
        self._steps.sort(key=itemgetter(0))
        return Story(self.opening, tuple(self._steps))

    def _step(self, at: datetime, step: Step) -> None:
        self._steps.append((at, step))


def _with_updates(incident: Incident, updates: tuple[Update, ...]) -> Incident:
    updates = tuple(sorted(updates, key=attrgetter("at")))
    ended_at = _end(updates)
    basis: EndBasis | None = None if ended_at is None else "resolving_update"
    return replace(incident, updates=updates, ended_at=ended_at, end_basis=basis)


def _end(updates: tuple[Update, ...]) -> datetime | None:
    """When the updates say that it was over; an update that works on it again reopens it."""
    ended_at: datetime | None = None
    for update in updates:
        if update.phase in ("resolved", "completed"):
            ended_at = ended_at or update.at
        elif update.phase != "postmortem":
            ended_at = None
    return ended_at
