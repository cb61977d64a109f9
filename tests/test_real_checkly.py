"""Mistral's page, against facts taken from the file itself."""

import json
from pathlib import Path

from generator.times import text_of
from tests.real import read_real
from tests.shared import REAL, needs_shared

FILE = REAL / "checkly/mistral/algoralabs-captures/mistral-20260727-113302-major.json"


@needs_shared
def test_the_open_incident_is_read_with_its_update(tmp_path: Path) -> None:
    batch, faults = read_real(
        tmp_path,
        "checkly",
        {"api/status-page/mistral/unresolved-incidents": FILE},
        options={"slug": "mistral"},
    )
    (row,) = json.loads(FILE.read_bytes())["incidents"]
    (incident,) = batch.incidents
    assert faults == []
    assert (incident.key, incident.title) == (row["id"], row["name"])
    assert (incident.impact, incident.impact_raw) == ("major", row["severity"])
    assert text_of(incident.started_at)[:19] == row["created_at"][:19]
    assert incident.ended_at is None
    assert incident.end_basis is None
    assert incident.components == ("Audio API",)
    (update,) = incident.updates
    (post,) = row["incidentUpdates"]
    assert (update.key, update.body) == (post["id"], post["description"])
    assert update.phase == "investigating"
    assert batch.listed_since == {}, "a list of what is open vouches for nothing"
