"""Hugging Face's page, against facts taken from the file by other means."""

import json
from pathlib import Path
from typing import Any

from generator.times import text_of
from tests.real import read_real
from tests.shared import REAL, needs_shared

FILE = REAL / "betterstack/hugging-face/algoralabs-captures/huggingface-20260719-104250-major.json"


def included(kind: str) -> list[dict[str, Any]]:
    rows = json.loads(FILE.read_bytes())["included"]
    return [row for row in rows if row["type"] == kind]


@needs_shared
def test_every_report_has_its_updates_and_components(tmp_path: Path) -> None:
    batch, faults = read_real(tmp_path, "betterstack", {"index.json": FILE})
    reports = included("status_report")
    assert faults == []
    assert len(batch.incidents) == len(reports) == 5
    said = [u for incident in batch.incidents for u in incident.updates]
    bodies = {row["id"]: row["attributes"]["message"] for row in included("status_update")}
    assert {update.key: update.body for update in said} == bodies
    assert len(said) == 10
    for incident, row in zip(batch.incidents, reports, strict=True):
        facts = row["attributes"]
        assert incident.key == row["id"]
        assert text_of(incident.started_at)[:19] == facts["starts_at"][:19]
        assert len(incident.components) == len(facts["affected_resources"])
        assert (incident.kind == "maintenance") == (facts["report_type"] == "maintenance")
        over = facts["aggregate_state"] == "resolved"
        assert (incident.ended_at is not None) == over


@needs_shared
def test_ends_and_impacts_are_what_the_posts_say(tmp_path: Path) -> None:
    batch, _ = read_real(tmp_path, "betterstack", {"index.json": FILE})
    found = {
        incident.key: (incident.impact, incident.ended_at and text_of(incident.ended_at))
        for incident in batch.incidents
    }
    assert found == {
        "919822": ("minor", "2026-06-10T10:50:00Z"),
        "939240": ("minor", "2026-06-30T08:05:00Z"),
        "946090": ("none", "2026-07-08T08:00:36Z"),
        "965809": ("critical", "2026-07-16T10:07:00Z"),
        "961899": ("none", None),
    }
    bases = {incident.key: incident.end_basis for incident in batch.incidents}
    assert bases["946090"] == "end_field", "its posts affect nothing and cannot resolve"
    assert bases["965809"] == "resolving_update"
