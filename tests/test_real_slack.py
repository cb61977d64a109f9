"""Slack's own lists, against facts taken from them by other means."""

import json
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from generator.errors import SourceFault
from generator.times import text_of
from tests.real import read_real
from tests.shared import REAL, needs_shared

FOLDER = REAL / "slack/slack/java-slack-sdk-2019"
CURRENT = FOLDER / "current.v2.merged.json"

pytestmark = needs_shared


def when(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.fixture
def nothing(tmp_path: Path) -> Path:
    file = tmp_path / "nothing.json"
    file.write_text('{"status": "ok", "active_incidents": []}')
    return file


@pytest.mark.parametrize("version", ["v1", "v2"])
def test_the_list_of_2019_with_every_note(version: str, tmp_path: Path, nothing: Path) -> None:
    file = FOLDER / f"history.{version}.json"
    batch, faults = read_real(
        tmp_path, "slack", {"api/v2.0.0/current": nothing, "api/v2.0.0/history": file}
    )
    rows: list[dict[str, Any]] = json.loads(file.read_text(encoding="utf-8"))
    found = {incident.key: incident for incident in batch.incidents}
    assert faults == []
    assert len(found) == len(rows) == 116
    assert sum(len(incident.updates) for incident in found.values()) == 511
    for row in rows:
        incident = found[str(row["id"])]
        assert [update.body for update in reversed(incident.updates)] == [
            note["body"] for note in row["notes"]
        ]
        assert incident.started_at == when(row["date_created"])
        assert incident.components == tuple(row["services"])
    assert Counter(incident.impact for incident in found.values()) == {
        "minor": 105,
        "critical": 6,
        "none": 5,
    }
    # Nothing that began after the oldest last touch can be missing.
    oldest = min(when(row["date_updated"]) for row in rows)
    assert batch.listed_since == {"incident": oldest}


def test_a_summary_written_days_later_is_not_the_end(tmp_path: Path, nothing: Path) -> None:
    file = FOLDER / "history.v2.json"
    batch, _ = read_real(
        tmp_path, "slack", {"api/v2.0.0/current": nothing, "api/v2.0.0/history": file}
    )
    summaries = 0
    for incident in batch.incidents:
        after = [update for update in incident.updates if "ummary" in update.body[:20]]
        summaries += bool(after)
        assert incident.ended_at not in [update.at for update in after] or len(
            incident.updates
        ) == len(after)
    assert summaries == 82
    sidebar = next(incident for incident in batch.incidents if incident.key == "756")
    assert sidebar.ended_at is not None
    assert text_of(sidebar.ended_at) == "2019-08-23T23:05:24Z"
    assert text_of(sidebar.updates[-1].at) == "2019-08-26T22:32:23Z"


def test_all_that_was_ever_seen_active(tmp_path: Path) -> None:
    nothing = tmp_path / "none.json"
    nothing.write_text("[]")
    batch, faults = read_real(
        tmp_path, "slack", {"api/v2.0.0/current": CURRENT, "api/v2.0.0/history": nothing}
    )
    rows = json.loads(CURRENT.read_text(encoding="utf-8"))["active_incidents"]
    latest = {str(row["id"]): row for row in rows}
    assert faults == []
    assert (len(rows), len(latest), len(batch.incidents)) == (60, 54, 54)
    assert {incident.key for incident in batch.incidents} == set(latest)
    for incident in batch.incidents:
        assert len(incident.updates) == len(latest[incident.key]["notes"])
        assert (incident.ended_at, incident.end_basis) == (None, None)
    assert batch.listed_since == {}


def test_the_first_api_at_the_place_of_the_second_is_not_believed(
    tmp_path: Path, nothing: Path
) -> None:
    old = FOLDER / "current.v1.merged.json"
    with pytest.raises(SourceFault, match="not what it says"):
        read_real(tmp_path, "slack", {"api/v2.0.0/current": old, "api/v2.0.0/history": nothing})
