"""The archive's news to whom it concerns, each once.

A message is noted as told, on disk, as soon as its receiver took it. So whatever was not taken is
tried again by the next run, and only a crash between the taking and the noting, an instant, makes
the same message go out twice: with the same mark, by which its receiver can tell. The other order
would lose it instead, and an alert that is lost is worse than one that repeats itself.
"""

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from generator.alerts.news import FRESH, Event, forget, news
from generator.alerts.rules import GRAVITY, Rule, What, read_rules
from generator.alerts.sender import Message, Sender, Tone
from generator.alerts.told import Target, Told
from generator.archive.queries import Archive
from generator.archive.store import reading
from generator.model import Impact, Kept
from generator.pipeline.places import Places
from generator.render.alert import alert_of
from generator.render.frame import Site
from generator.settings import SiteConfig
from generator.times import text_of
from generator.vendors import read_vendors

TONES: dict[What, Tone] = {
    "new": "warning",
    "escalated": "failure",
    "resolved": "success",
    "reopened": "warning",
    "withdrawn": "info",
}


@dataclass
class Notified:
    """What a run did. `begun`: targets that are new, and hear of what comes from now on.

    `silent`: targets that cannot be told, with the sentence why. Like a receiver that is down,
    they keep nothing from the others and are told later what they missed.
    """

    targets: int = 0
    sent: list[tuple[str, Event]] = field(default_factory=list)
    begun: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    silent: dict[str, str] = field(default_factory=dict)


Post = Callable[[str, Message], bool]


def notify(
    places: Places,
    config: SiteConfig,
    *,
    environment: Mapping[str, str] = os.environ,
    rehearsed: Callable[[str, Message], None] | None = None,
) -> Notified:
    """Tell every target what it does not know. `rehearsed` gets it instead: a dry run."""
    vendors = read_vendors(places.vendors, config.categories)
    rules = read_rules(places.notify, vendors, config.categories)
    done = Notified(targets=len(rules))
    if not rules:
        return done
    told = Told(places.notified)
    archive_at, found = _found(places, told)
    if archive_at is None:
        return done
    if rehearsed is None:
        post = _sending(rules, environment, config, done)
    else:
        post = _rehearsing(rehearsed)
    site = Site(config, vendors, style="", script="")
    keep = told.keep if rehearsed is None else lambda: None
    teller = _Teller(site, found, archive_at, post, keep, done)
    for name, rule in rules.items():
        known = told.targets.get(name)
        if known is None:
            told.targets[name] = Target(since=text_of(archive_at))
            done.begun.append(name)
            keep()
        elif name not in done.silent:
            teller.tell(name, rule, known)
    return done


@dataclass(frozen=True, slots=True)
class _Teller:
    """Tells the targets of what was found; `keep` notes it for good."""

    site: Site
    found: list[Kept]
    archive_at: datetime
    post: Post
    keep: Callable[[], None]
    done: Notified

    def tell(self, name: str, rule: Rule, target: Target) -> None:
        """All that the target does not know, up to the first message that it does not take."""
        categories = {slug: vendor.category for slug, vendor in self.site.vendors.items()}
        for event in list(news(rule, target, self.found, self.archive_at, categories)):
            if event.what in rule.events:
                if not self.post(name, message_of(self.site, event)):
                    self.done.failed.append(name)
                    return
                self.done.sent.append((name, event))
            target.told[event.incident] = event.state
            forget(target, self.found, self.archive_at)
            self.keep()


def _sending(
    targets: Iterable[str], environment: Mapping[str, str], config: SiteConfig, done: Notified
) -> Post:
    """To the targets' addresses; `done` gets those that have none."""
    sender = Sender(environment, (config.title, config.address))
    for target in targets:
        if sentence := sender.problem(target):
            done.silent[target] = sentence
    return sender.send


def _rehearsing(rehearsed: Callable[[str, Message], None]) -> Post:
    def post(target: str, message: Message) -> bool:
        rehearsed(target, message)
        return True

    return post


def _found(places: Places, told: Told) -> tuple[datetime | None, list[Kept]]:
    """When the archive last changed, and all of it that may be news to anybody."""
    named = {name for target in told.targets.values() for name in target.told}
    with reading(places.archive) as connection:
        archive = Archive(connection)
        archive_at = archive.changed_at
        found = archive.lately(archive_at - 2 * FRESH, named) if archive_at else []
    return archive_at, found


def message_of(site: Site, event: Event) -> Message:
    """An event in words, and how it is meant."""
    title, body = alert_of(site, event.what, event.kept, event.id)
    return Message(title, body, _tone(event.what, event.kept.incident.impact))


def _tone(what: What, impact: Impact) -> Tone:
    is_grave = what in ("new", "reopened") and GRAVITY[impact] >= GRAVITY["major"]
    return "failure" if is_grave else TONES[what]
