"""Two archives become one: nothing lost, nothing doubled, whichever comes first."""

import shutil
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from generator.archive.audit import Audit
from generator.archive.queries import Archive
from generator.archive.store import Run, reading, writing
from generator.decide import decide
from generator.errors import InputError
from generator.model import Incident, Kept
from generator.pipeline.merge import merge
from generator.reading import Batch
from tests.records import ACME, at, incident, post

DAY = at("00:00")


def scrape(path: Path, minute: int, now: list[Incident]) -> None:
    """The page, read at that minute of the tests' day; its list vouches for the whole day."""
    moment = at(f"{10 + minute // 60:02}:{minute % 60:02}")
    with writing(path) as connection:
        archive, run = Archive(connection), Run(connection, moment, "update")
        batch = Batch(tuple(now), {"incident": at("00:30")})
        held = archive.held("acme", {item.key for item in now}, DAY)
        run.apply("acme", decide(ACME, held, batch, moment, archive.slugs("acme")))


def held(path: Path) -> list[Kept]:
    """All records, without what differs between archives: run numbers, order within a moment."""
    with reading(path) as connection:
        return [
            replace(kept, changed_in=0, revisions=tuple(sorted(kept.revisions, key=repr)))
            for kept in Archive(connection).kept("acme")
        ]


def head(path: Path) -> bytes | None:
    """The hash that stands for all that the archive holds."""
    with reading(path) as connection:
        audit = Audit(connection)
        assert list(audit.faults()) == []
        return audit.head


def extends(path: Path, earlier: Path) -> bool:
    state = head(earlier)
    with reading(path) as connection:
        return state is None or Audit(connection).went_through(state)


facts = st.fixed_dictionaries(
    {"title": st.sampled_from(["Down", "Slow"]), "impact": st.sampled_from(["minor", "major"])}
)
bodies = st.lists(st.sampled_from(["A.", "B.", "C."]), max_size=3)


@st.composite
def incidents(draw: st.DrawFn) -> list[Incident]:
    """What a page may say: some of three incidents, an hour apart, each in some state."""
    found = []
    for hour in draw(st.sets(st.sampled_from([7, 8, 9]))):
        start = f"{hour:02}:00"
        posts = [post(f"u{n}", f"{hour:02}:{n:02}", body) for n, body in enumerate(draw(bodies))]
        found.append(incident(f"k{hour}", start, **draw(facts), updates=tuple(posts)))
    return found


# Which of two writers reads the page, and what the page says then.
lives = st.lists(st.tuples(st.sampled_from(["a", "b", "both"]), incidents()), max_size=6)


def bare(hour: int, title: str) -> Incident:
    return incident(f"k{hour}", f"{hour:02}:00", title=title, updates=())


# Two archives gave the same incident another path, one of them a path that is another's elsewhere.
CROSSED = [
    ("a", [bare(7, "Down")]),
    ("both", [bare(8, "Down")]),
    ("both", [bare(8, "Slow"), bare(7, "Down")]),
    ("b", [bare(8, "Slow"), bare(7, "Slow")]),
]


@settings(max_examples=25)
@example(CROSSED)
@given(lives)
def test_the_union_is_the_same_both_ways_and_doing_it_again_changes_nothing(
    life: list[tuple[str, list[Incident]]],
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        paths = {name: Path(folder) / f"{name}.db" for name in ("a", "b")}
        for minute, (reader, now) in enumerate(life):
            for name in "ab" if reader == "both" else reader:
                scrape(paths[name], minute, now)
        one, other = Path(folder) / "one.db", Path(folder) / "other.db"
        for target, first, second in ((one, "a", "b"), (other, "b", "a")):
            if paths[first].exists():
                shutil.copy(paths[first], target)
            merge(target, paths[second], at=at("20:00"))
        assert held(one) == held(other)
        assert head(one) == head(other), "whoever unites them makes the same run"
        for part in paths.values():
            assert extends(one, part)
        _holds_everything(held(one), held(paths["a"]) + held(paths["b"]))
        before = one.read_bytes()
        for source in (one, other, paths["a"], paths["b"]):
            merge(one, source, at=at("21:00"))
        assert one.read_bytes() == before


def _holds_everything(union: list[Kept], parts: list[Kept]) -> None:
    """Every fact of every part is a fact of the union, or something it said before."""
    records = {kept.incident.key: kept for kept in union}
    assert records.keys() == {part.incident.key for part in parts}
    for part in parts:
        kept = records[part.incident.key]
        assert set(part.revisions) <= set(kept.revisions)
        said = {(item.field, item.update_key, item.before) for item in kept.revisions}
        assert part.incident.title == kept.incident.title or (
            ("title", None, part.incident.title) in said
        )
        updates = {update.key: update for update in kept.incident.updates}
        for update in part.incident.updates:
            if update.key in updates:
                body = updates[update.key].body
                assert body == update.body or ("body", update.key, update.body) in said
            else:
                assert any(item[:2] == ("update", update.key) for item in said)


def test_an_incident_that_one_archive_knows_under_a_new_id_stays_one(tmp_path: Path) -> None:
    ours, theirs = tmp_path / "ours.db", tmp_path / "theirs.db"
    old = incident("old", "09:00", post("p", "09:00"), title="Down")
    for path in (ours, theirs):
        scrape(path, 0, [old])
    scrape(theirs, 5, [replace(old, key="new", updates=(post("q", "09:00"),))])
    merge(ours, theirs, at=at("20:00"))
    (kept,) = held(ours)
    assert kept.incident.key == "new"


def test_two_incidents_that_took_one_path_get_one_each(tmp_path: Path) -> None:
    ours, theirs = tmp_path / "ours.db", tmp_path / "theirs.db"
    scrape(ours, 5, [incident("k1", "09:00", title="Down")])
    scrape(theirs, 0, [incident("k2", "09:30", title="Down")])
    merge(ours, theirs, at=at("20:00"))
    assert {kept.incident.key: kept.slug for kept in held(ours)} == {
        "k2": "2026-11-20-down",
        "k1": "2026-11-20-down-2",
    }


def test_unions_of_three_archives_in_any_order_come_to_be_one(tmp_path: Path) -> None:
    """When somebody saw that a title was another depends on the order, until they meet."""
    parts = {name: tmp_path / f"{name}.db" for name in "abc"}
    for minute, (name, title) in enumerate(zip("abc", ("Down", "Slow", "Out"), strict=True)):
        scrape(parts[name], 0, [bare(8, "Down")])
        scrape(parts[name], 5 + minute, [bare(8, title), bare(7, name)])
    left, right = tmp_path / "left.db", tmp_path / "right.db"
    for target, names in ((left, "abc"), (right, "cba")):
        for name in names:
            merge(target, parts[name])
    titles = {kept.incident.key: kept.incident.title for kept in held(left)}
    assert titles == {"k7": "c", "k8": "Out"}
    before = tmp_path / "before.db"
    shutil.copy(left, before)
    merge(left, right)
    merge(right, before)
    assert head(left) == head(right)
    assert held(left) == held(right)
    assert all(extends(left, part) for part in (*parts.values(), before))


def test_lines_are_no_archive(tmp_path: Path) -> None:
    (tmp_path / "lines.ndjson").write_text("{}\n")
    with pytest.raises(InputError, match=r"is no archive. .* outages import .*lines.ndjson"):
        merge(tmp_path / "a.db", tmp_path / "lines.ndjson")
