"""Redis's own file, against facts taken from it by other means."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from generator.times import text_of
from tests.real import read_real
from tests.shared import REAL, needs_shared

FILE = REAL / "firehydrant" / "redis" / "firehydrant-redis.json"


def notes(row: dict[str, Any]) -> Iterator[str]:
    """The texts of an incident as they stand in the file, newest first."""
    for event in row["timeline"]:
        note = event["details"].get("note", "")
        yield (note["note"] if isinstance(note, dict) else note).strip()


@needs_shared
def test_every_incident_is_read_with_all_of_its_posts(tmp_path: Path) -> None:
    batch, faults = read_real(tmp_path, "firehydrant", {"data/payload.json": FILE})
    rows = json.loads(FILE.read_text(encoding="utf-8"))["incidents"]
    assert faults == []
    assert [incident.key for incident in batch.incidents] == [row["id"] for row in rows]
    assert [len(incident.updates) for incident in batch.incidents] == [6, 1, 2, 4]
    for incident, row in zip(batch.incidents, rows, strict=True):
        assert [update.body for update in reversed(incident.updates)] == list(notes(row))
        assert text_of(incident.started_at) == row["timestamps"]["started"]
        assert incident.ended_at is not None
        assert text_of(incident.ended_at) == row["timestamps"]["resolved"]


@needs_shared
def test_severities_and_phases_are_the_ones_of_the_file(tmp_path: Path) -> None:
    batch, _ = read_real(tmp_path, "firehydrant", {"data/payload.json": FILE})
    assert [(one.kind, one.impact, one.impact_raw) for one in batch.incidents] == [
        ("incident", "major", "SEV2"),
        ("maintenance", "none", "MAINTENANCE"),
        ("incident", "none", "UNSET"),
        ("incident", "minor", "SEV4"),
    ]
    assert [[update.phase for update in one.updates] for one in batch.incidents] == [
        ["investigating", "investigating", "identified", "identified", "identified", "resolved"],
        ["resolved"],
        ["monitoring", "resolved"],
        ["investigating", "update", "resolved", "resolved"],
    ]
    assert [len(one.components) for one in batch.incidents] == [0, 5, 0, 0]
