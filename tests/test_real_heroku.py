"""Heroku's own records, against facts taken from them by other means."""

import json
from pathlib import Path

from generator.model import Vendor
from generator.providers import history
from generator.reading import Get, Reply
from tests.real import read_real
from tests.shared import REAL, needs_shared

CURRENT = REAL / "heroku/heroku/v4-2026/current-status.excerpt.json"
OLD = REAL / "heroku/heroku/legacy-v3/issue-6.json"

VENDOR = Vendor("acme", "Acme", "https://acme.example", "https://s.acme.example", "heroku", "cloud")

pytestmark = needs_shared


def test_an_announcement_that_was_never_taken_down_is_neither_open_nor_over(tmp_path: Path) -> None:
    nothing = tmp_path / "nothing.json"
    nothing.write_text("[]")
    batch, faults = read_real(
        tmp_path,
        "heroku",
        {"api/v4/incidents?limit=50": nothing, "api/v4/current-status": CURRENT},
    )
    (row,) = json.loads(CURRENT.read_text(encoding="utf-8"))["scheduled"]
    (found,) = batch.incidents
    assert faults == []
    assert row["state"] == "upcoming"
    assert (found.key, found.kind, found.title) == (str(row["id"]), "maintenance", row["title"])
    assert (found.ended_at, found.end_basis) == (None, "unstated")
    assert found.regions == ("EMEA", "NA", "APAC")
    assert found.components == ("Apps",)


def test_an_excerpt_whose_updates_have_no_number_keeps_them(tmp_path: Path) -> None:
    nothing = tmp_path / "nothing.json"
    nothing.write_text("[]")
    batch, _ = read_real(
        tmp_path,
        "heroku",
        {"api/v4/incidents?limit=50": nothing, "api/v4/current-status": CURRENT},
    )
    assert [update.body for update in batch.incidents[0].updates] == [
        "On July 15, 2026, starting at 17:00 UTC ... (3 hours) ...",
        "Maintenance is complete",
    ]


def test_a_record_of_2009_is_read_as_those_of_today() -> None:
    walk = history(VENDOR, "6 0 2010-01-01T00:00:00Z")
    assert walk is not None
    replies = [_reply(get) for get in next(walk)]
    try:
        walk.send(replies)
    except StopIteration as end:
        batch = end.value
    (found,) = batch.incidents
    row = json.loads(OLD.read_text(encoding="utf-8"))
    assert not any(reply.faults for reply in replies)
    assert found.title == row["title"]
    assert [u.body for u in reversed(found.updates)] == [u["contents"] for u in row["updates"]]
    assert [update.phase for update in found.updates] == ["investigating", "resolved"]
    assert (found.ended_at, found.end_basis) == (found.updates[-1].at, "resolving_update")


def _reply(get: Get) -> Reply:
    found = get.path.endswith("/6")
    body = OLD.read_bytes() if found else b""
    return Reply(get.path, 200 if found else 404, "application/json", body)
