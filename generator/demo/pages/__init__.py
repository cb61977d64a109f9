"""The wire formats: one module a platform, found by its file name.

A module says how its pages write (`BODY_FORMAT`), what they have a place for (`KINDS`), which
impacts they tell apart (`IMPACTS`, may be empty), and offers

    respond(page, path, query) -> Answer | None   what the page serves at a path; None: 404
    as_carried(page, incident) -> Incident        the truth, reduced to what that wire can carry
    options(status_page, variant) -> Mapping      the vendor file's options; may be missing
    shows(page, incident) -> bool                 of a page that drops what it likes, so that an
                                                  absence says nothing: whether it still lists it;
                                                  may be missing: it lists all it states

All are pure functions of the `Page`: no clock, no disk, no chance but `generator.demo.seeds`.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Protocol, cast

from generator.model import BodyFormat, Impact, Incident, Kind, Vendor


@dataclass(frozen=True, slots=True)
class Page:
    """All that one vendor states at one moment.

    `incidents` are complete and newest first; cutting them to the length of a list is the
    platform's business. `opened_at` and `changed_at`: when the page first showed, and last
    touched, the incident of that key. `variant` counts the vendors of a platform, 0, 1, 2, ...:
    for oddities that only some of its pages have.
    """

    vendor: Vendor
    incidents: tuple[Incident, ...]
    now: datetime
    opened_at: Mapping[str, datetime]
    changed_at: Mapping[str, datetime]
    components: tuple[str, ...]
    variant: int = 0

    def of(self, kind: Kind) -> list[Incident]:
        """The incidents, or the maintenance, newest first."""
        return [incident for incident in self.incidents if incident.kind == kind]

    def address(self, path: str = "") -> str:
        """The whole address of a path of this page."""
        return f"{self.vendor.status_page}/{path}"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a path answers with a 200."""

    body: bytes
    content_type: str


class Platform(Protocol):
    """What a module of this package is."""

    BODY_FORMAT: BodyFormat
    KINDS: frozenset[Kind]
    IMPACTS: frozenset[Impact]

    def respond(self, page: Page, path: str, query: Mapping[str, str]) -> Answer | None:
        """What the page serves at `path`, which has no leading slash; None: nothing."""

    def as_carried(self, page: Page, incident: Incident) -> Incident:
        """The truth, reduced to what this wire can carry."""


@cache
def all_platforms() -> tuple[str, ...]:
    """The names of all platforms of the fleet, sorted."""
    files = Path(__file__).parent.glob("*.py")
    return tuple(sorted(file.stem for file in files if not file.stem.startswith("_")))


def platform(name: str) -> Platform:
    """The wire format of that name."""
    return cast("Platform", import_module(f"{__name__}.{name}"))


def options(name: str, status_page: str, variant: int) -> Mapping[str, str]:
    """What a vendor's file has to say beyond the address of its page."""
    ask = getattr(platform(name), "options", None)
    return cast("Mapping[str, str]", ask(status_page, variant)) if ask else {}


def as_json(document: object) -> Answer:
    """A document as platforms serve theirs: compact JSON in UTF-8."""
    body = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
    return Answer(body, "application/json; charset=utf-8")
