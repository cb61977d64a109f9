"""How a vendor communicates: what each habit is told by, and of how many."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from generator.model import Incident, Kept, Phase, Revision, Update
from generator.render.conduct import Share, conduct
from generator.render.stats import Median
from tests.render_archive import at, incident, keep, update

AS_OF = date(2026, 11, 22)
START = at("2026-09-01 10:00")
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
# The vendor's first incident here; with it the following begins.
OLD = keep("acme", "old", incident("old", START - 9 * DAY, None, kind="maintenance"))


def posts(*said: tuple[int, Phase], start: datetime = START) -> tuple[Update, ...]:
    """Updates so many minutes after the start."""
    return tuple(
        update(str(number), start + minutes * MINUTE, phase, "x")
        for number, (minutes, phase) in enumerate(said)
    )


def told(
    *said: tuple[int, Phase], minutes: int | None = 60, start: datetime = START, late: int = 5
) -> Kept:
    """An incident of such posts, each seen `late` minutes after it was written."""
    what = incident("x", start, minutes, updates=posts(*said, start=start))
    return seen(what, late)


def seen(what: Incident, late: int) -> Kept:
    sightings = tuple(post.at + late * MINUTE for post in what.updates)
    first = min(sightings, default=what.started_at)
    return replace(
        keep("acme", "x", what), first_seen_at=first, changed_at=first, update_seen_at=sightings
    )


def edited(kept: Kept, field: str, minutes: int) -> Kept:
    """Changed so many minutes after its start."""
    key = "0" if field in ("body", "phase") else None
    return replace(kept, revisions=(Revision(START + minutes * MINUTE, field, "before", key),))


WHOLE = told((5, "investigating"), (20, "monitoring"), (60, "resolved"))


@pytest.mark.parametrize(
    ("minutes", "is_counted"), [(30, True), (1, True), (0, False), (-10, False)]
)
def test_a_start_at_the_first_post_is_not_one_that_the_vendor_states(
    minutes: int, is_counted: bool
) -> None:
    found = conduct([told((minutes, "investigating"))] * 5, AS_OF).first_post
    assert found == (Median(5, minutes * MINUTE) if is_counted else Median(0, None))


def test_seconds_between_the_start_and_the_post_are_the_page_writing_both_down() -> None:
    what = replace(WHOLE.incident, started_at=WHOLE.incident.updates[0].at - timedelta(seconds=59))
    assert conduct([replace(WHOLE, incident=what)] * 5, AS_OF).first_post.n == 0


def test_gaps_are_of_the_time_it_goes_on() -> None:
    with_more = told((0, "investigating"), (10, "update"), (10, "update"), (60, "resolved"),
                     (900, "postmortem"))  # fmt: skip
    found = conduct([with_more], AS_OF).between_updates
    assert found == Median(2, None), "two gaps: 10 and 50 minutes"
    still_open = told((0, "investigating"), (10, "update"), (40, "update"), minutes=None)
    found = conduct([with_more, with_more, still_open], AS_OF).between_updates
    assert found == Median(6, 20 * MINUTE), "10, 10, 10, 30, 50, 50"


@pytest.mark.parametrize(
    ("case", "last_word", "minutes", "share"),
    [
        ("resolved", at("2026-10-01 00:00"), 60, Share(5, 0)),
        ("open", at("2026-10-01 00:00"), None, Share(5, 5)),
        ("thirty days of silence", at("2026-10-23 00:00"), None, Share(5, 5)),
        ("not yet silent", at("2026-10-23 00:01"), None, Share(0, None)),
        ("nor do those count that ended lately", at("2026-10-23 00:01"), 60, Share(0, None)),
    ],
)
def test_never_resolved_is_judged_after_thirty_days(
    case: str, last_word: datetime, minutes: int | None, share: Share
) -> None:
    what = incident("x", START, minutes, updates=(update("1", last_word, "update", "x"),))
    assert conduct([seen(what, 0)] * 5, AS_OF).never_resolved == share, case
    if minutes is None:
        unstated = replace(what, end_basis="unstated")
        assert conduct([seen(unstated, 0)] * 5, AS_OF).never_resolved == share, case


def test_resolved_only_is_of_those_with_an_update() -> None:
    silent = keep("acme", "s", replace(WHOLE.incident, updates=()))
    after_all = told((60, "resolved"), (90, "postmortem"))
    found = conduct([WHOLE] * 3 + [after_all] * 2 + [silent] * 4, AS_OF)
    assert found.resolved_only == Share(5, 2)


@pytest.mark.parametrize(
    ("case", "kept", "hits"),
    [
        ("not edited", WHOLE, 0),
        ("a text, next day", edited(WHOLE, "body", 1440), 5),
        ("the title, next day", edited(WHOLE, "title", 1440), 5),
        ("another fact", edited(WHOLE, "components", 1440), 0),
        ("while it went on", edited(WHOLE, "title", 30), 0),
        ("in the reading that first saw the end", edited(WHOLE, "title", 65), 0),
        ("after the end that no update tells",
         edited(told((5, "investigating"), minutes=60), "title", 61), 5),
    ],
)  # fmt: skip
def test_edited_later_is_after_we_saw_the_end(case: str, kept: Kept, hits: int) -> None:
    assert conduct([OLD, *[kept] * 5], AS_OF).edited_later == Share(5, hits), case


def test_what_has_not_ended_cannot_be_edited_later() -> None:
    still_open = edited(told((5, "investigating"), minutes=None), "title", 1440)
    assert conduct([OLD, *[still_open] * 5], AS_OF).edited_later == Share(0, None)


@pytest.mark.parametrize(
    ("case", "late", "others", "share"),
    [
        ("within the hour", 60, [OLD], Share(5, 0)),
        ("later", 61, [OLD], Share(5, 5)),
        ("in the vendor's first reading", 1440, [], Share(0, None)),
        ("in the second of our first sighting", 1440,
         [replace(OLD, first_seen_at=START + 5 * MINUTE)], Share(0, None)),
        ("read from the past after that", 1440,
         [replace(OLD, first_seen_at=START + 10 * MINUTE)], Share(0, None)),
    ],
)  # fmt: skip
def test_back_dated_is_of_those_followed(
    case: str, late: int, others: Sequence[Kept], share: Share
) -> None:
    record = [told((5, "investigating"), late=late)] * 5
    assert conduct([*others, *record], AS_OF).back_dated == share, case


def test_only_incidents_that_stand_have_a_share_in_it() -> None:
    planned = replace(WHOLE, incident=replace(WHOLE.incident, kind="maintenance"))
    gone = replace(WHOLE, withdrawn_at=START + DAY)
    found = conduct([OLD, *[planned] * 9, *[gone] * 9], AS_OF)
    nothing = Share(0, None)
    assert (found.first_post, found.between_updates) == (Median(0, None), Median(0, None))
    assert [found.never_resolved, found.resolved_only] == [nothing, nothing]
    assert [found.edited_later, found.back_dated] == [nothing, nothing]


def test_four_are_too_few() -> None:
    found = conduct([OLD, *[WHOLE] * 4], AS_OF)
    assert found.first_post == Median(4, None)
    assert found.never_resolved == found.resolved_only == found.edited_later == Share(4, None)
    assert conduct([], AS_OF).back_dated == Share(0, None)
