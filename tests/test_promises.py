"""What holds whatever the pages do: facts converge, nothing is removed, an export is all of it."""

import tempfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from generator.archive.queries import Archive
from generator.archive.store import Run, writing
from generator.decide import decide
from generator.extension import missing
from generator.model import Incident, Kept
from generator.pipeline.lines import export, import_lines
from generator.pipeline.places import Places
from generator.pipeline.verify import verify
from generator.reading import Batch
from tests.records import ACME, at, incident, post

State = list[Incident]
# Vouched for by every list; the incidents start later.
SINCE = at("00:30")


@st.composite
def states(draw: st.DrawFn) -> State:
    """What a page says at some moment: some of three incidents, each with its posts so far."""
    found = []
    for hour in draw(st.sets(st.sampled_from([7, 8, 9]))):
        posts = tuple(
            post(f"u{n}", f"{hour:02}:{n:02}", draw(st.sampled_from(["A.", "B."])))
            for n in range(draw(st.integers(0, 3)))
        )
        facts: dict[str, object] = {
            "title": draw(st.sampled_from([f"Down {hour}", f"Slow {hour}"])),
            "components": draw(st.sampled_from([("API",), ("API", "Web")])),
            "updates": posts,
        }
        if draw(st.booleans()):
            facts |= {"ended_at": at(f"{hour:02}:30"), "end_basis": "resolve_time"}
        found.append(incident(f"k{hour}", f"{hour:02}:00", **facts))
    return found


# The truth as it went, and when the page was read: any order, any number of times, or never.
truths = st.lists(states(), min_size=1, max_size=4)
readings = st.lists(st.integers(0, 3), max_size=6)


def read_page(archive_file: Path, number: int, now: State) -> list[Kept]:
    """Read the page as the number-th time of the day; what is held after that."""
    moment = at("10:00") + timedelta(minutes=number)
    with writing(archive_file) as connection:
        archive, run = Archive(connection), Run(connection, moment, "update")
        batch = Batch(tuple(now), {"incident": SINCE})
        held = archive.held("acme", {item.key for item in now}, SINCE)
        run.apply("acme", decide(ACME, held, batch, moment, archive.slugs("acme")))
        return archive.kept("acme")


def lived(archive_file: Path, truth: Sequence[State], reading: Sequence[int]) -> list[list[Kept]]:
    """What was held after each reading; the last state is read last."""
    seen = [truth[index] for index in reading if index < len(truth)]
    return [read_page(archive_file, n, now) for n, now in enumerate([*seen, truth[-1]])]


@settings(max_examples=30)
@given(truths, readings)
def test_whatever_was_read_before_the_last_truth_stands(
    truth: list[State], reading: list[int]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        held = lived(Path(folder) / "outages.db", truth, reading)[-1]
    standing = {kept.incident.key: kept.incident for kept in held if not kept.withdrawn_at}
    assert standing == {item.key: item for item in truth[-1]}


@settings(max_examples=30)
@given(truths, readings)
def test_scraping_never_removes(truth: list[State], reading: list[int]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        places = Places(Path(folder))
        steps = lived(places.archive, truth, reading)
        assert verify(places) == []
    for number, earlier in enumerate(steps):
        for later in steps[number:]:
            assert list(missing(earlier, later)) == []
    # And that is a promise of each post, not only of the record it stands in.
    said = {
        (k.incident.key, u.key, u.body) for step in steps for k in step for u in k.incident.updates
    }
    (last,) = steps[-1:]
    kept = {(k.incident.key, u.key, u.body) for k in last for u in k.incident.updates}
    kept |= {(k.incident.key, r.update_key or "", r.before) for k in last for r in k.revisions}
    gone = {
        (k.incident.key, r.update_key) for k in last for r in k.revisions if r.field == "update"
    }
    assert {fact for fact in said - kept if fact[:2] not in gone} == set()


@settings(max_examples=30)
@given(truths, readings)
def test_export_then_import_is_the_identity(truth: list[State], reading: list[int]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        one, other = Places(Path(folder) / "one"), Places(Path(folder) / "other")
        lived(one.archive, truth, reading)
        lines = list(export(one.archive, ()))
        import_lines(other, lines, "lines", at=at("23:00"))
        assert list(export(other.archive, ())) == lines
        before = other.archive.read_bytes()
        import_lines(other, lines, "lines", at=at("23:30"))
        assert other.archive.read_bytes() == before
        assert verify(other) == []


def test_a_scrape_that_forgets_is_found_to_forget(tmp_path: Path) -> None:
    (before,) = read_page(tmp_path / "a.db", 0, [incident("k7", "07:00")])
    after = replace(before, incident=replace(before.incident, title="Else"))
    (sentence,) = missing([before], [after])
    assert sentence.startswith("acme/2026-11-20-trouble-k7 says something else as title")
    assert list(missing([before], [])) == ["acme/2026-11-20-trouble-k7 is gone"]
