"""The archive proves itself: whole, as its runs left it, and grown from what it was."""

import hashlib
import shutil
import sqlite3
import subprocess
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from generator.archive.chain import DIGEST, Layout
from generator.archive.queries import Archive
from generator.archive.store import Run, writing
from generator.decide import decide
from generator.model import Incident, Origin
from generator.pipeline.merge import merge
from generator.pipeline.places import Places
from generator.pipeline.verify import verify
from generator.reading import Batch
from tests.records import ACME, at, incident, post

FIXTURES = Path(__file__).parent / "fixtures" / "archives"
PAGE = "https://status.acme.example/api/v2/incidents.json"


def scrape(places: Places, when: str, *now: Incident, command: str = "update") -> None:
    """The page, read at that time, in a reply of its own."""
    with writing(places.archive) as connection:
        archive, run = Archive(connection), Run(connection, at(when), command)
        batch = Batch(now, {"incident": at("00:30")})
        held = archive.held("acme", {item.key for item in now}, at("00:00"))
        origin = Origin(PAGE, at(when), when.encode().ljust(32))
        changes = decide(ACME, held, batch, at(when), archive.slugs("acme"))
        run.apply("acme", [replace(change, origin=origin) for change in changes])


@pytest.fixture
def places(tmp_path: Path) -> Places:
    """An archive with a life: a title changed, an update edited, an incident gone and back."""
    places = Places(tmp_path / "data")
    first, second = post("u1", "09:00"), post("u2", "10:20")
    scrape(places, "10:00", incident("k1", "09:00", first), incident("k2", "08:00"))
    scrape(places, "10:30", incident("k1", "09:00", first, second, title="Worse"))
    edited = replace(second, body="Edited.")
    scrape(places, "11:00", incident("k1", "09:00", first, edited), incident("k2", "08:00"))
    return places


def copied(places: Places, name: str) -> Places:
    shutil.copytree(places.data, places.data.parent / name)
    return Places(places.data.parent / name)


def tampered(places: Places, *statements: str) -> None:
    connection = sqlite3.connect(places.archive)
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()


def rows(places: Places, query: str) -> Sequence[tuple[object, ...]]:
    connection = sqlite3.connect(places.archive)
    found = connection.execute(query).fetchall()
    connection.close()
    return found


def test_every_change_is_observed_with_the_reply_it_came_from(places: Places) -> None:
    assert rows(places, "SELECT incident, what, at, url, sha256 FROM observations") == [
        (slug, what, f"2026-11-20T{when}:00Z", PAGE, when.encode().ljust(32).hex())
        for slug, seen in (
            (
                "2026-11-20-trouble-k2",
                [("new", "10:00"), ("withdrawn", "10:30"), ("restored", "11:00")],
            ),
            (
                "2026-11-20-trouble-k1",
                [("new", "10:00"), ("changed", "10:30"), ("changed", "11:00")],
            ),
        )
        for what, when in seen
    ]
    assert rows(places, "SELECT (SELECT count(*) FROM reply), (SELECT count(*) FROM address)") == [
        (3, 1)
    ]
    with writing(places.archive) as connection:
        for kept in Archive(connection).kept("acme"):
            assert kept.origin == Origin(PAGE, at("11:00"), b"11:00".ljust(32))


def test_an_archive_that_only_its_runs_wrote_is_sound_and_extends_all_it_was(
    places: Places,
) -> None:
    before = copied(places, "before")
    scrape(places, "12:00", incident("k1", "09:00", title="Over"), command="backfill")
    assert verify(places) == []
    assert verify(places, before.archive) == []
    assert verify(places, places.archive) == []
    assert verify(places, before.data / "none.db") == []


TAMPERING = {
    "a title": ["UPDATE incident SET title = 'Fine' WHERE key = 'k1'"],
    "an update's text": ["UPDATE incident_update SET body = 'Fine.' WHERE key = 'u1'"],
    "an update gone": ["DELETE FROM incident_update WHERE key = 'u1'"],
    "a revision gone": ["DELETE FROM revision WHERE field = 'title'"],
    "a revision's text": ["UPDATE revision SET before = 'Fine' WHERE field = 'title'"],
    "when it was first seen": ["UPDATE incident SET first_seen_at = '2026-11-20T09:59:00Z'"],
    "the hash of a reply": ["UPDATE reply SET sha256 = zeroblob(32) WHERE id = 2"],
    "an address": ["UPDATE address SET url = 'https://other.example'"],
    "the time of a run": ["UPDATE run SET at = '2026-11-20T10:01:00Z' WHERE id = 1"],
    "an observation gone": ["DELETE FROM observation WHERE what = 'withdrawn'"],
    "the last run gone": ["DELETE FROM observation WHERE run_id = 3"],
    "when it last changed": ["UPDATE incident SET changed_in = 2 WHERE key = 'k1'"],
    "an incident gone": [
        "DELETE FROM observation WHERE incident_id = 1",
        "DELETE FROM revision WHERE incident_id = 1",
        "DELETE FROM incident_update WHERE incident_id = 1",
        "DELETE FROM incident WHERE id = 1",
    ],
    "an incident hidden behind another": [
        "UPDATE observation SET incident_id = 2, number = number + 9 WHERE incident_id = 1",
        "DELETE FROM revision WHERE incident_id = 1",
        "DELETE FROM incident_update WHERE incident_id = 1",
        "DELETE FROM incident WHERE id = 1",
    ],
    "an orphan": [
        "INSERT INTO incident_update SELECT 9, * FROM (SELECT 1, 'u', '', '', '', '', '', '')"
    ],
}


@pytest.mark.parametrize("how", TAMPERING)
def test_whatever_else_wrote_it_is_found(places: Places, how: str) -> None:
    tampered(places, *TAMPERING[how])
    assert verify(places)


def test_an_archive_with_less_than_an_earlier_one_does_not_extend_it(places: Places) -> None:
    before = copied(places, "before")
    scrape(places, "12:00", incident("k1", "09:00", title="Over"))
    found = verify(before, places.archive)
    assert (
        "acme/2026-11-20-trouble-k1 lost what was revised at 2026-11-20 12:00: its title" in found
    )
    assert any("its chain was never where" in sentence for sentence in found)


def test_a_history_written_anew_is_not_the_one_it_says_it_is(places: Places) -> None:
    forged = Places(places.data.parent / "forged")
    first, second = post("u1", "09:00"), post("u2", "10:20", "Edited.")
    scrape(forged, "10:00", incident("k1", "09:00", first), incident("k2", "08:00"))
    scrape(forged, "11:00", incident("k1", "09:00", first, second), incident("k2", "08:00"))
    assert verify(forged) == []
    found = verify(forged, places.archive)
    assert any(sentence.startswith("acme/2026-11-20-trouble-k1 lost") for sentence in found)
    assert any("its chain was never where" in sentence for sentence in found)


def test_a_copy_taken_in_the_middle_of_a_run_is_extended_too(tmp_path: Path) -> None:
    places = Places(tmp_path / "data")
    with writing(places.archive) as connection:
        run = Run(connection, at("10:00"), "update")
        for name in ("acme", "zeta"):
            page = replace(ACME, slug=name)
            run.apply(name, decide(page, {}, Batch((incident(),)), at("10:00"), set()))
            copied(places, name)
    for name in ("acme", "zeta"):
        assert verify(places, tmp_path / name / "outages.db") == []


def test_a_merged_archive_extends_both(places: Places) -> None:
    other = copied(places, "other")
    scrape(places, "12:00", incident("k1", "09:00", title="Ours"), incident("k3", "11:00"))
    scrape(other, "12:05", incident("k1", "09:00", title="Theirs"), incident("k4", "11:30"))
    scrape(other, "12:10", incident("k1", "09:00", title="Again"), incident("k4", "11:30"))
    before = copied(places, "before")
    merge(places.archive, other.archive, at=at("13:00"))
    for earlier in (places, before, other):
        assert verify(places, earlier.archive) == []
    assert rows(places, "SELECT what, at, url FROM observations WHERE incident LIKE '%k4'") == [
        ("new", "2026-11-20T12:05:00Z", PAGE),
    ]
    scrape(places, "14:00", incident("k1", "09:00", title="Later"))
    assert verify(places, other.archive) == []
    tampered(places, "UPDATE observation SET digest = zeroblob(16) WHERE run_id = 5")
    assert verify(places)


def test_what_git_has_committed_is_what_must_not_be_lost(places: Places) -> None:
    def git(*words: str) -> None:
        line = ("git", "-c", "user.name=x", "-c", "user.email=x@x", *words)
        subprocess.run(line, cwd=places.data, check=True, capture_output=True)

    git("init", "--quiet")
    git("add", "outages.db")
    git("commit", "--quiet", "--message", "archive")
    scrape(places, "12:00", incident("k1", "09:00", title="Over"))
    assert verify(places) == []
    places.archive.unlink()
    scrape(places, "12:00", incident("k1", "09:00", title="Over"))
    assert "acme/2026-11-20-trouble-k2 is gone" in verify(places)


def test_an_archive_from_before_the_chain_is_extended_by_its_records(tmp_path: Path) -> None:
    places = Places(tmp_path)
    old = tmp_path / "old.db"
    connection = sqlite3.connect(old)
    connection.executescript((FIXTURES / "schema-1.sql").read_text(encoding="utf-8"))
    connection.close()
    shutil.copy(old, places.archive)
    scrape(places, "12:00", incident("k1", "09:00"))
    assert verify(places, old) == []


def test_the_chain_begins_alike_in_every_copy(tmp_path: Path) -> None:
    heads = []
    for name in ("a.db", "b.db"):
        places = Places(tmp_path / name)
        places.data.mkdir()
        connection = sqlite3.connect(places.archive)
        connection.executescript((FIXTURES / "schema-1.sql").read_text(encoding="utf-8"))
        connection.close()
        with writing(places.archive):
            pass
        assert verify(places) == []
        heads.append(rows(places, "SELECT hash FROM run"))
    assert heads[0] == heads[1]


def test_a_digest_is_of_what_the_rows_say_by_name_whatever_their_order() -> None:
    layout = Layout(
        ("id", "vendor", "key", "url", "changed_in"),
        ("incident_id", "number", "key", "at", "phase_raw"),
        ("incident_id", "number", "seen_at", "field", "update_key", "before"),
    )
    record = (7, "acme", "k\u00e9", None, 3)
    updates = [(7, 1, "b", "2", None), (7, 2, "a!", "1", "Oh"), (7, 3, "a", "1", None)]
    revisions = [
        (7, 1, "9", "title", None, "Z"),
        (7, 2, "9", "body", "a", "Y"),
        (7, 3, "8", "url", None, '"'),
    ]
    told = (
        '{"key":"k\u00e9",'
        '"revisions":[{"before":"\\"","field":"url","seen_at":"8"},'
        '{"before":"Y","field":"body","seen_at":"9","update_key":"a"},'
        '{"before":"Z","field":"title","seen_at":"9"}],'
        '"updates":[{"at":"1","key":"a!","phase_raw":"Oh"},{"at":"1","key":"a"},'
        '{"at":"2","key":"b"}],"vendor":"acme"}'
    )
    expected = hashlib.sha256(told.encode()).digest()[:DIGEST]
    assert layout.digest(record, updates, revisions) == expected
    assert layout.digest(record, updates[::-1], revisions[::-1]) == expected


def test_a_digest_says_nothing_of_rows_that_are_not_there() -> None:
    layout = Layout(("key", "title"), ("key", "at"), ("seen_at", "before"))
    expected = hashlib.sha256(b'{"key":"k"}').digest()[:DIGEST]
    assert layout.digest(("k", None), [], []) == expected
