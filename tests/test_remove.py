"""Words taken out on request: gone from the file, and they do not come back from anywhere."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from generator.archive.audit import Audit
from generator.archive.queries import Archive
from generator.archive.store import reading
from generator.model import REMOVED, Kept
from generator.pipeline.places import Places
from generator.pipeline.verify import verify
from generator.removed import note, read_removed
from tests.pages import Pages
from tests.test_cli import add_vendor, outages, publish, wire

SECRET = "Mallory Mustermann"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    (folder / "vendors").mkdir(parents=True)
    return folder


def page(pages: Pages, data: Path, *incidents: dict[str, object]) -> None:
    publish(pages, "acme", *incidents)
    result = outages("--data", data, "update", "--allow-loopback")
    assert result.exit_code == 0, result.output


def told(name: str, body: str, **facts: object) -> dict[str, object]:
    one: dict[str, Any] = wire("k1", name, **facts)
    one["incident_updates"][0]["body"] = body
    return one


def all_held(data: Path) -> list[Kept]:
    with reading(data / "outages.db") as connection:
        return Archive(connection).kept("acme")


def held(data: Path) -> Kept:
    (kept,) = all_held(data)
    return kept


@pytest.fixture
def archive(data: Path) -> Path:
    """An incident whose title, post and edits name somebody; its words then removed."""
    with Pages() as pages:
        add_vendor(data, "acme", f"{pages.address}/acme")
        page(pages, data, told(f"{SECRET} is down", f"Ask {SECRET}."))
        page(pages, data, told("Somebody is down", f"Do not ask {SECRET}, ask us."))
    before = outages("--data", data, "export").stdout
    (data.parent / "before.ndjson").write_text(before)
    (data.parent / "before.db").write_bytes((data / "outages.db").read_bytes())
    assert before.count(SECRET) == 3
    result = outages("--data", data, "remove", f"acme/{held(data).slug}", "--reason", "a name")
    assert result.exit_code == 0, result.output
    return data


def test_no_word_is_left_in_the_file_and_the_facts_stay(archive: Path) -> None:
    raw = (archive / "outages.db").read_bytes()
    for word in (*SECRET.split(), *SECRET.lower().split(), "ask us"):
        assert word.encode() not in raw
    kept = held(archive)
    assert kept.slug == "2026-11-20-removed-on-request"
    assert (kept.incident.title, kept.incident.impact) == (REMOVED, "minor")
    assert kept.incident.url is None, "addresses are made of titles"
    assert kept.incident.updates[0].body.startswith("Removed on 20")
    assert {item.before[:7] for item in kept.revisions} == {"Removed"}


def test_the_chain_is_whole(archive: Path) -> None:
    with reading(archive / "outages.db") as connection:
        assert list(Audit(connection).faults()) == []
    assert verify(Places(archive), archive.parent / "before.db") == []
    (archive / "removed.toml").unlink()
    assert verify(Places(archive), archive.parent / "before.db"), "no word goes without a note"


def test_what_was_removed_is_noted_with_its_reason(archive: Path) -> None:
    removed = read_removed(Places(archive).removed)
    assert list(removed.days) == [("acme", "k1")]
    assert 'reason = "a name"' in Places(archive).removed.read_text()
    result = outages("--data", archive, "remove", f"acme/{held(archive).slug}", "--reason", "x")
    assert result.exit_code == 2
    assert "removed already" in result.output


def test_the_words_do_not_come_back_with_a_reading_but_facts_do(archive: Path) -> None:
    with Pages() as pages:
        add_vendor(archive, "acme", f"{pages.address}/acme")
        again = told("Somebody is down", f"Ask {SECRET}.", impact="major")
        page(pages, archive, again)
        kept = held(archive)
        assert (kept.incident.title, kept.incident.impact) == (REMOVED, "major")
        before = (archive / "outages.db").read_bytes()
        page(pages, archive, again)
        assert (archive / "outages.db").read_bytes() == before, "nothing new, nothing written"
    assert SECRET.encode() not in before


EARLIER = wire("k0", "Earlier", created_at="2026-11-19T10:00:00Z", incident_updates=[])


def test_nor_under_another_id(archive: Path) -> None:
    """What has its minutes, where it should be listed and is not, is that one."""
    with Pages() as pages:
        add_vendor(archive, "acme", f"{pages.address}/acme")
        for _ in range(2):
            page(pages, archive, told(SECRET, SECRET) | {"id": "k2"}, EARLIER)
            _, kept = all_held(archive)
            assert (kept.incident.key, kept.incident.title) == ("k2", REMOVED)
            assert kept.slug == "2026-11-20-removed-on-request"
    assert SECRET.encode() not in (archive / "outages.db").read_bytes()


OTHERS = {
    "it is listed itself": [told(SECRET, SECRET), EARLIER],
    "the list may have been cut": [],
}


@pytest.mark.parametrize("beside", OTHERS.values(), ids=OTHERS)
def test_but_no_other_incident_loses_its_words(
    archive: Path, beside: list[dict[str, object]]
) -> None:
    with Pages() as pages:
        add_vendor(archive, "acme", f"{pages.address}/acme")
        page(pages, archive, told("Another", "All else is down.") | {"id": "k9"}, *beside)
    titles = {kept.incident.key: kept.incident.title for kept in all_held(archive)}
    assert titles.items() >= {"k1": REMOVED, "k9": "Another"}.items()


def test_its_path_stays_whatever_is_taken_away_later(archive: Path) -> None:
    with Pages() as pages:
        add_vendor(archive, "acme", f"{pages.address}/acme")
        bare = told("Somebody is down", SECRET)
        bare["incident_updates"] = []
        for _ in range(2):
            page(pages, archive, bare)
            assert held(archive).slug == "2026-11-20-removed-on-request"
            before = (archive / "outages.db").read_bytes()
        page(pages, archive, bare)
    assert (archive / "outages.db").read_bytes() == before


@pytest.mark.parametrize("way", [["merge", "before.db"], ["import", "before.ndjson"]])
def test_nor_with_a_merge_or_an_import(archive: Path, way: list[str]) -> None:
    command, name = way
    result = outages("--data", archive, command, archive.parent / name)
    assert result.exit_code == 0, result.output
    assert SECRET.encode() not in (archive / "outages.db").read_bytes()
    assert held(archive).incident.title == REMOVED


def test_what_git_merged_without_our_list_is_cleared_by_the_next_run(archive: Path) -> None:
    """Git's merge of a pull knows only one side's list, and words come along with the other."""
    theirs, ours = archive.parent / "theirs", archive / "outages.db"
    (theirs / "vendors").mkdir(parents=True)
    (theirs / "outages.db").write_bytes((archive.parent / "before.db").read_bytes())
    with Pages() as pages:
        for data in (theirs, archive):
            add_vendor(data, "acme", f"{pages.address}/acme")
        page(pages, theirs, told("Somebody is down", f"Once more: ask {SECRET}."))
        note = (archive / "removed.toml").rename(archive.parent / "removed.toml")
        assert outages("--data", archive, "merge", theirs / "outages.db").exit_code == 0
        assert SECRET.encode() in ours.read_bytes()
        note.rename(archive / "removed.toml")
        page(pages, archive)
    for word in SECRET.split():
        assert word.encode() not in ours.read_bytes()
    with reading(ours) as connection:
        assert list(Audit(connection).faults()) == []


def test_nor_when_an_archive_that_has_them_takes_ours_in(archive: Path) -> None:
    """As after a push that came second: the remote's is the one to build on."""
    theirs = archive.parent / "before.db"
    result = outages("--data", archive, "merge", archive / "outages.db", "--into", theirs)
    assert result.exit_code == 0, result.output
    for word in SECRET.split():
        assert word.encode() not in theirs.read_bytes()
    with reading(theirs) as connection:
        assert list(Audit(connection).faults()) == []
        (kept,) = Archive(connection).kept("acme")
    assert kept.incident.title == REMOVED


def test_an_archive_begun_anew_has_the_facts_alone(archive: Path) -> None:
    (archive / "outages.db").unlink()
    with Pages() as pages:
        add_vendor(archive, "acme", f"{pages.address}/acme")
        page(pages, archive, told(SECRET, SECRET))
    assert SECRET not in outages("--data", archive, "export").stdout
    assert held(archive).slug == "2026-11-20-removed-on-request"


@pytest.mark.parametrize("path", ["acme/nothing", "nobody/at-all", "acme"])
def test_a_path_that_is_none_is_said(archive: Path, path: str) -> None:
    result = outages("--data", archive, "remove", path, "--reason", "x")
    assert result.exit_code == 2
    assert f"holds no {path}" in result.output


def test_a_path_that_is_nearly_one_is_named(archive: Path) -> None:
    result = outages("--data", archive, "remove", "acne/at-all", "--reason", "x")
    assert "Is acme meant?" in result.output


def test_a_broken_list_stops_the_run_before_it_writes(archive: Path) -> None:
    Places(archive).removed.write_text('[[removed]]\nvendor = "acme"\n')
    result = outages("--data", archive, "update", "--allow-loopback")
    assert result.exit_code == 2
    assert "Expected tables [[removed]]" in result.output


def test_any_reason_can_be_read_back(tmp_path: Path) -> None:
    file = tmp_path / "removed.toml"
    for number, reason in enumerate(("asked by Zoë \U0001f600", 'said "no"\n\\', "\x00\x7f\u2028")):
        note(file, "acme", f"k{number}\U0001f600", date(2026, 11, 22), reason)
    assert len(read_removed(file).days) == 3
