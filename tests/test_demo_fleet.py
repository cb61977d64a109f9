"""The embedded fleet: the same everywhere, alive through time, true to the wires it imitates."""

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from generator.demo.fleet import Fleet
from generator.demo.names import CATEGORIES, persona, slug_of
from generator.demo.pages import all_platforms, platform
from generator.demo.prose import dress
from generator.model import IMPACTS, Incident

BASE = "http://127.0.0.1:1"
# Few platforms, so that each has a variety of vendors; what all platforms owe is asked of each.
FLEET = Fleet(platforms=["feed", "google", "statuspage"])
UNTIL = FLEET.until
VENDORS = {vendor.slug: vendor for vendor in FLEET.vendors(BASE)}


@cache
def only(name: str) -> Fleet:
    """A fleet of one platform."""
    return Fleet(platforms=[name], vendors=2, incidents=160)


# The same everywhere

DIGEST = """
import hashlib
from generator.demo.fleet import Fleet
fleet = Fleet(seed=7, vendors=6, incidents=120)
said = hashlib.sha256()
for at in fleet.moments():
    for slug in fleet.slugs:
        said.update(repr(fleet.page(slug, at, "http://x")).encode())
print(said.hexdigest())
"""


def digest(**environment: str) -> str:
    return subprocess.run(
        [sys.executable, "-c", DIGEST],
        env=os.environ | environment,
        check=True,
        capture_output=True,
        text=True,
        cwd=Path(__file__).parent.parent,
    ).stdout


def test_one_seed_is_one_fleet_whatever_the_machine() -> None:
    ours = digest(PYTHONHASHSEED="1", TZ="UTC", LC_ALL="C.UTF-8")
    assert ours == digest(PYTHONHASHSEED="2", TZ="Asia/Tokyo", LC_ALL="C")


def test_another_seed_is_another_fleet() -> None:
    one, other = Fleet(seed=1), Fleet(seed=2)
    slug = one.slugs[0]
    assert one.published(slug, UNTIL) == Fleet(seed=1).published(slug, UNTIL)
    assert one.published(slug, UNTIL) != other.published(slug, UNTIL)


def test_the_fleet_has_the_size_that_was_asked_for() -> None:
    def told(fleet: Fleet) -> int:
        keys: set[str] = set()
        for slug in fleet.slugs:
            for day in range(int((fleet.until - fleet.begin).days) + 2):
                at = fleet.begin + timedelta(days=day)
                keys |= {incident.key for incident in fleet.published(slug, at)}
        return len(keys)

    assert told(Fleet(vendors=3, incidents=40, years=0.1)) in range(37, 41)  # days miss some
    assert len(Fleet(vendors=0).slugs) == 0
    assert Fleet(vendors=4, incidents=0).published("cumulonimbus", UNTIL) == []


def test_a_large_fleet_costs_nothing_until_it_is_asked() -> None:
    fleet = Fleet(vendors=500, incidents=100_000)
    assert len(set(fleet.slugs)) == 500
    assert 150 < len(fleet.published(fleet.slugs[-1], fleet.until)) < 250


def test_vendors_are_spread_over_platforms_and_categories() -> None:
    fleet = Fleet(vendors=60)
    vendors = fleet.vendors(BASE)
    shares = Counter(vendor.platform for vendor in vendors)
    assert set(shares) == set(all_platforms())
    assert max(shares.values()) - min(shares.values()) <= 1
    assert {vendor.category for vendor in vendors} == set(CATEGORIES)


def test_names_try_what_software_trips_over() -> None:
    names = "".join(vendor.name for vendor in VENDORS.values())
    assert all(mark in names for mark in ("'", "&", "<", "é", "ł", "パ"))
    assert all(slug == slug_of(slug) for slug in VENDORS)


def test_thousands_of_vendors_have_names_of_their_own() -> None:
    vendors = [persona(1, index) for index in range(6000)]
    assert len({who.slug for who in vendors}) == len({who.name for who in vendors}) == 6000


# Alive through time


def test_at_the_end_one_of_each_impact_is_open_and_maintenance_stands() -> None:
    now = [incident for slug in VENDORS for incident in FLEET.published(slug, UNTIL)]
    standing = [incident for incident in now if incident.ended_at is None]
    impacts = {incident.impact for incident in standing if incident.kind == "incident"}
    assert impacts == {"none", "minor", "major", "critical"}
    planned = [incident for incident in standing if incident.kind == "maintenance"]
    assert any(incident.started_at > UNTIL for incident in planned)
    assert any(incident.updates[-1].phase == "in_progress" for incident in planned)
    assert len(standing) < len(now) / 20


CHANGES: dict[str, Callable[[Incident, Incident], bool]] = {
    "resolved": lambda old, new: old.ended_at is None and new.ended_at is not None,
    "reopened": lambda old, new: old.ended_at is not None and new.ended_at is None,
    "explained": lambda old, new: (
        "postmortem" in {u.phase for u in new.updates[len(old.updates) :]}
    ),
    "text edited": lambda old, new: any(
        a.key == b.key and a.body != b.body for a in old.updates for b in new.updates
    ),
    "update deleted": lambda old, new: bool(
        {u.key for u in old.updates} - {u.key for u in new.updates}
    ),
    "start moved": lambda old, new: old.started_at > new.started_at,
}
STANDING: dict[str, Callable[[Incident, Incident], bool]] = {
    "escalated": lambda old, new: IMPACTS.index(new.impact) > IMPACTS.index(old.impact),
    "retitled": lambda old, new: old.title != new.title,
    "spread": lambda old, new: set(old.components) < set(new.components),
    "postponed": lambda old, new: old.started_at < new.started_at,
    "begun": lambda old, new: (
        (old.updates[-1].phase, new.updates[-1].phase) == ("scheduled", "in_progress")
    ),
}


def successions(fleet: Fleet) -> Iterator[tuple[Incident, Incident]]:
    """Each incident at one moment and at the next."""
    for slug in fleet.slugs:
        for before, after in pairwise(fleet.moments()):
            then = {incident.key: incident for incident in fleet.published(slug, before)}
            for incident in fleet.published(slug, after):
                if incident.key in then:
                    yield then[incident.key], incident


@pytest.mark.parametrize("name", all_platforms())
@pytest.mark.parametrize("change", CHANGES)
def test_every_platform_shows_every_change(name: str, change: str) -> None:
    assert any(CHANGES[change](old, new) for old, new in successions(only(name)))


@pytest.mark.parametrize("change", STANDING)
def test_what_stands_at_the_end_has_come_about_before_our_eyes(change: str) -> None:
    assert any(STANDING[change](old, new) for old, new in successions(FLEET))


@pytest.mark.parametrize("name", all_platforms())
def test_every_platform_has_news_and_takes_an_incident_back(name: str) -> None:
    fleet = only(name)
    keys = [{i.key for i in fleet.published(fleet.slugs[0], at)} for at in fleet.moments()]
    assert any(after - before for before, after in pairwise(keys))
    assert any(before - after for before, after in pairwise(keys))


def test_nothing_is_stated_before_it_is_posted() -> None:
    for slug in VENDORS:
        for at in FLEET.moments():
            for incident in FLEET.published(slug, at):
                assert incident.updates, incident.key
                assert incident.updates[-1].at <= at
                assert [u.at for u in incident.updates] == sorted(u.at for u in incident.updates)


def test_published_is_newest_first() -> None:
    for slug in VENDORS:
        starts = [incident.started_at for incident in FLEET.published(slug, UNTIL)]
        assert starts == sorted(starts, reverse=True)


@pytest.mark.parametrize(
    ("body_format", "dressed"),
    [
        ("markdown", "## Why\n1 < 2, [see](https://a.example/?b&c)."),
        ("text", "Why\n1 < 2, see (https://a.example/?b&c)."),
        (
            "html",
            '<strong>Why</strong><br />1 &lt; 2, <a href="https://a.example/?b&amp;c">see</a>.',
        ),
    ],
)
def test_words_are_dressed_as_the_page_writes_them(body_format: Any, dressed: str) -> None:
    little = "## Why\n1 < 2, [see](https://a.example/?b&c)."
    assert dress(little, body_format) == dressed


# What every platform owes


@pytest.mark.parametrize("name", all_platforms())
def test_a_platform_carries_what_it_says_it_carries(name: str) -> None:
    fleet, wire = only(name), platform(name)
    page = fleet.page(fleet.slugs[0], fleet.until, BASE)
    carried = [wire.as_carried(page, incident) for incident in page.incidents]
    assert {incident.kind for incident in page.incidents} == wire.KINDS
    assert {u.body_format for i in page.incidents for u in i.updates} == {wire.BODY_FORMAT}
    impacts = {incident.impact for incident in carried if incident.kind == "incident"}
    assert impacts <= wire.IMPACTS | {"unknown"}
    assert len({incident.key for incident in carried}) == len(carried)
    for before, after in zip(page.incidents, carried, strict=True):
        assert len({u.key for u in after.updates}) == len(after.updates) <= len(before.updates)
        if after.end_basis != "unstated":
            assert after.status == before.status


@pytest.mark.parametrize("name", all_platforms())
def test_an_unknown_path_has_no_answer(name: str) -> None:
    fleet = only(name)
    page = fleet.page(fleet.slugs[0], fleet.until, BASE)
    for path in ("nothing", "nothing.json", "incidents/nothing.json", "api/v2/nothing.json"):
        assert platform(name).respond(page, path, {}) is None
