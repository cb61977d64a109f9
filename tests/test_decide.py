"""What a reading changes: nothing that is the same, everything that differs, never an end."""

import time
from dataclasses import replace
from datetime import timedelta

import pytest

from generator.decide import decide, new
from generator.model import Change, Incident, Kept
from generator.reading import Batch
from tests.records import ACME, at, incident, post

NOON = at("12:00")


def kept(known: Incident, slug: str = "a-path") -> Kept:
    seen = (at("10:05"),) * len(known.updates)
    return Kept(
        "acme", slug, known, at("10:05"), at("10:05"), platform="statuspage", update_seen_at=seen
    )


def changes(held: list[Kept], *now: Incident, **batch: object) -> list[Change]:
    known = {item.incident.key: item for item in held}
    return decide(ACME, known, Batch(tuple(now), **batch), NOON, set())  # type: ignore[arg-type]


def revised(change: Change) -> list[tuple[str, str | None, str]]:
    return [(item.field, item.update_key, item.before) for item in change.revisions]


def test_what_is_the_same_changes_nothing() -> None:
    assert changes([kept(incident())], incident()) == []


def test_a_new_incident_gets_a_public_path_from_its_day_and_title() -> None:
    (change,) = changes([], incident(title="[Monitoring] Café: élan vital!"))
    assert change.what == "new"
    assert change.after.slug == "2026-11-20-cafe-elan-vital"
    assert change.after.first_seen_at == NOON


def test_two_new_incidents_of_one_title_get_two_paths() -> None:
    both = changes([], incident("k1", title="Down"), incident("k2", title="Down"))
    assert [change.after.slug for change in both] == ["2026-11-20-down", "2026-11-20-down-2"]


def test_every_fact_that_was_said_and_is_no_longer_becomes_a_revision() -> None:
    before = incident("k1", "10:00", post("u1", "10:00", "First."))
    now = replace(
        before,
        title="Other trouble",
        impact="major",
        impact_raw="major",
        started_at=at("09:30"),
        components=("API", "Web"),
        updates=(replace(before.updates[0], body="Edited.", at=at("10:01")),),
    )
    (change,) = changes([kept(before)], now)
    assert change.what == "changed"
    assert change.after.incident == now
    assert revised(change) == [
        ("title", None, "Trouble k1"),
        ("impact", None, "minor"),
        ("started_at", None, "2026-11-20T10:00:00Z"),
        ("components", None, '["API"]'),
        ("at", "u1", "2026-11-20T10:00:00Z"),
        ("body", "u1", "First."),
    ]


def test_an_incident_going_on_is_a_change_without_revisions() -> None:
    before = incident("k1", "10:00", post("u1", "10:00"))
    over = post("u2", "11:00", phase="resolved")
    now = replace(
        before,
        ended_at=at("11:00"),
        end_basis="resolve_time",
        updates=(*before.updates, over),
    )
    (change,) = changes([kept(before)], now)
    assert (change.what, change.revisions) == ("changed", ())
    assert change.after.update_seen_at == (at("10:05"), NOON)


def test_an_update_that_was_taken_away_is_kept_whole() -> None:
    before = incident("k1", "10:00", post("u1", "10:00"), post("u2", "10:30", "Oops."))
    (change,) = changes([kept(before)], replace(before, updates=before.updates[:1]))
    ((field, key, gone),) = revised(change)
    assert (field, key) == ("update", "u2")
    assert '"body":"Oops."' in gone


def test_where_updates_may_be_cut_off_none_is_taken_away() -> None:
    before = incident("k1", "10:00", post("u1", "10:00"), post("u2", "10:30"))
    now = replace(before, updates=(post("u3", "11:00"),))
    (change,) = changes([kept(before)], now, partial=frozenset({"k1"}))
    assert [update.key for update in change.after.incident.updates] == ["u1", "u2", "u3"]
    assert change.revisions == ()


def test_where_the_first_posts_are_cut_off_the_start_does_not_move_later() -> None:
    before = incident("k1", "10:00", post("u1", "10:00"), post("u2", "10:30"))
    now = replace(before, started_at=at("10:30"), updates=before.updates[1:])
    assert changes([kept(before)], now, partial=frozenset({"k1"})) == []
    (change,) = changes([kept(before)], now)
    assert ("started_at", None, "2026-11-20T10:00:00Z") in revised(change)


def test_a_source_that_is_silent_does_not_unsay() -> None:
    before = incident(ended_at=at("11:00"), end_basis="resolve_time", regions=("eu-1",))
    silent = replace(
        before,
        title="",
        impact="unknown",
        impact_raw=None,
        url=None,
        components=(),
        regions=(),
        ended_at=None,
        end_basis="unstated",
    )
    assert changes([kept(before)], silent) == []


def test_a_word_we_do_not_know_is_said_all_the_same() -> None:
    (change,) = changes([kept(incident())], incident(impact="unknown", impact_raw="spicy"))
    assert change.after.incident.impact_raw == "spicy"
    assert revised(change) == [("impact", None, "minor")]


def test_what_nobody_had_said_is_no_revision_and_a_word_we_did_not_know_is() -> None:
    silent = incident(impact="unknown", impact_raw=None)
    (change,) = changes([kept(silent)], incident())
    assert change.revisions == ()
    (change,) = changes([kept(incident(impact="unknown", impact_raw="spicy"))], incident())
    assert revised(change) == [("impact_raw", None, "spicy")]


def test_a_reopened_incident_shows_the_end_it_had() -> None:
    before = incident(ended_at=at("11:00"), end_basis="resolve_time")
    (change,) = changes([kept(before)], incident())
    assert change.after.incident.status == "open"
    assert revised(change) == [("ended_at", None, "2026-11-20T11:00:00Z")]


def test_an_incident_that_is_over_again_was_open_in_between() -> None:
    over = incident(ended_at=at("11:00"), end_basis="resolve_time")
    (once,) = changes([kept(incident())], over)
    assert revised(once) == [], "that nothing was said before is no edit"
    (opened,) = changes([once.after], incident())
    again = incident(ended_at=at("11:45"), end_basis="resolve_time")
    (closed,) = changes([opened.after], again)
    assert revised(closed) == [("ended_at", None, "")]
    assert [edit.before for edit in closed.after.revisions] == ["2026-11-20T11:00:00Z", ""]


def test_an_update_known_by_its_time_keeps_its_key_when_the_time_moves() -> None:
    before = incident("k1", "10:00", post("2026-11-20T10:00:00Z", "10:00", "Same words."))
    now = replace(before, updates=(post("2026-11-20T10:07:00Z", "10:07", "Same words."),))
    (change,) = changes([kept(before)], now)
    assert [update.key for update in change.after.incident.updates] == ["2026-11-20T10:00:00Z"]
    assert revised(change) == [("at", "2026-11-20T10:00:00Z", "2026-11-20T10:00:00Z")]
    moved = replace(kept(before), incident=change.after.incident)
    assert changes([moved], now) == []


def test_absence_within_the_range_is_a_withdrawal_and_never_an_end() -> None:
    gone = incident("k1", "10:00")
    (change,) = changes([kept(gone)], listed_since={"incident": at("09:00")})
    assert change.what == "withdrawn"
    assert change.after.withdrawn_at == NOON
    assert change.after.incident == gone


def test_what_slid_off_the_list_or_is_of_another_kind_is_not_withdrawn() -> None:
    old = kept(incident("k1", "08:00"))
    planned = kept(incident("k2", "10:00", kind="maintenance"))
    assert changes([old, planned], listed_since={"incident": at("09:00")}) == []


def test_a_page_answers_from_now_on_for_what_it_lists_of_another_one() -> None:
    """Else what ends by leaving this page's list would be open for ever."""
    other = replace(kept(incident()), platform="feed")
    (change,) = changes([other], incident())
    assert change.after == kept(incident()), "its times too: nothing was said"
    (left,) = changes([change.after], lists_open=frozenset({"incident"}))
    assert left.after.incident.end_basis == "unstated"


@pytest.mark.parametrize("platform", [None, "feed"])
def test_what_this_platform_never_showed_cannot_be_missing_from_it(platform: str | None) -> None:
    other = replace(kept(incident("k1", "10:00")), platform=platform)
    assert changes([other], listed_since={"incident": at("09:00")}) == []


def test_what_leaves_a_list_of_all_that_is_open_is_neither_over_nor_open() -> None:
    held = [kept(incident("k1", "10:00")), kept(incident("k2", "10:30", kind="maintenance"))]
    (change,) = changes(held, lists_open=frozenset({"incident"}))
    left = change.after.incident
    assert (change.what, left.key, left.ended_at, left.end_basis) == (
        "changed",
        "k1",
        None,
        "unstated",
    )
    assert change.revisions == ()
    again = [replace(held[0], incident=left)]
    assert changes(again, lists_open=frozenset({"incident"})) == []
    (back,) = changes(again, incident("k1", "10:00"), lists_open=frozenset({"incident"}))
    assert back.after.incident.end_basis is None


def test_an_incident_that_comes_back_is_restored_and_its_absence_noted() -> None:
    gone = replace(kept(incident()), withdrawn_at=at("11:00"))
    (change,) = changes([gone], incident())
    assert (change.what, change.after.withdrawn_at) == ("restored", None)
    assert revised(change) == [("withdrawn", None, "2026-11-20T11:00:00Z")]


def test_an_incident_under_a_new_id_is_the_same_incident() -> None:
    by_hand = incident("by-hand", "10:00", post("10:00", "10:00", "In our words."))
    theirs = incident(
        "x9", "10:00", post("u1", "10:00", "In their words."), title=" TROUBLE  by-hand "
    )
    (change,) = changes([kept(by_hand)], theirs, listed_since={"incident": at("09:00")})
    assert (change.held_as, change.after.incident.key) == ("by-hand", "x9")
    assert change.after.slug == "a-path"
    assert ("key", None, "by-hand") in revised(change)
    assert ("body", "10:00", "In our words.") in revised(change)


@pytest.mark.parametrize(
    ("held", "now", "same"),
    [
        (["10:00 10:00"], "10:20 10:00", True),
        (["10:00 10:00"], "10:20 10:01", False),
        (["10:00 10:00 10:30"], "10:20 10:30 11:00", True),
        (["10:00"], "10:15", True),
        (["10:00"], "10:16", False),
        (["10:00"], "10:10 10:10", True),
        (["10:10 10:10"], "10:00", True),
        (["08:00 10:00", "09:00 10:00"], "09:30 10:00", True),
    ],
)
def test_what_two_records_of_one_title_must_share(held: list[str], now: str, same: bool) -> None:
    """Each is its start, and the times of its posts."""

    def told(key: str, words: str) -> Incident:
        start, *posts = words.split()
        some = tuple(post(f"{key}{when}", when) for when in posts)
        return incident(key, start, title="Down", updates=some)

    records = [kept(told(f"h{number}", words)) for number, words in enumerate(held)]
    (change,) = changes(records, told("n", now))
    assert (change.what == "changed") is same


def test_thousands_of_one_title_cost_no_more_than_as_many_of_others() -> None:
    def many(key: str) -> list[Incident]:
        starts = (at("00:00") + timedelta(seconds=15 * number) for number in range(2000))
        return [
            incident(f"{key}{number}", title="Down", started_at=start)
            for number, start in enumerate(starts)
        ]

    begun = time.process_time()
    held = [kept(one) for one in many("h")]
    found = changes(held, *many("n"))
    assert time.process_time() - begun < 3
    assert sum(change.what == "changed" for change in found) == 2000, "each is taken once"
    taken: set[str] = set()
    paths = [new("acme", one, at("12:00"), taken).after.slug for one in many("n")]
    assert paths[:3] == ["2026-11-20-down", "2026-11-20-down-2", "2026-11-20-down-3"]
    assert len(set(paths)) == 2000


def test_same_titles_at_other_times_stay_apart() -> None:
    held = kept(incident("k1", "10:00", title="Down"))
    later = incident("k2", "10:10", title="Down")
    (change,) = changes([held], later)
    assert change.what == "new"
