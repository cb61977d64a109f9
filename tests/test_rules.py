"""Rules that readers share, where no single page shows all sides of them."""

from dataclasses import replace

import pytest

from generator.model import Kind, Update
from generator.providers._rules import start_of, unless_listed
from tests.records import at, incident, post

ANNOUNCED = post("u1", "08:00", phase="scheduled")
BEGUN = post("u2", "10:00", phase="in_progress")
DONE = post("u3", "11:00", phase="completed")


@pytest.mark.parametrize(
    ("kind", "posts", "clock"),
    [
        ("maintenance", [ANNOUNCED], "08:00"),
        ("maintenance", [ANNOUNCED, BEGUN], "10:00"),
        ("maintenance", [ANNOUNCED, BEGUN, DONE], "10:00"),
        ("maintenance", [ANNOUNCED, DONE], "08:00"),
        # One text, rewritten in place: its date moves on with every change.
        ("maintenance", [BEGUN], "09:00"),
        ("incident", [ANNOUNCED, BEGUN], "08:00"),
        ("incident", [BEGUN, DONE], "09:00"),
    ],
)
def test_a_maintenance_begins_when_a_post_says_so(
    kind: Kind, posts: list[Update], clock: str
) -> None:
    assert start_of(posts, kind, at("09:00")) == at(clock)


def test_what_only_a_history_shows_is_over_or_unstated_but_not_open() -> None:
    listed = incident("k1", "10:00", post("u1", "10:00"))
    forgotten = incident("k2", "10:00", post("u1", "10:00", phase="monitoring"))
    over = incident("k3", "10:00", ended_at=at("11:00"), end_basis="resolving_update")
    planned = incident("k4", "10:00", kind="maintenance")
    told = [listed, forgotten, over, planned]
    assert unless_listed(told, {"k1"}, {"incident"}) == [
        listed,
        replace(forgotten, end_basis="unstated"),
        over,
        planned,
    ]
    assert unless_listed(told, set(), set()) == told
