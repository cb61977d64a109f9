"""Perplexity's page, against facts taken from the file itself."""

import json
from pathlib import Path

from generator.times import text_of
from tests.real import read_real
from tests.shared import REAL, needs_shared

FILE = REAL / "instatus/perplexity/algoralabs-captures/perplexity-20260723-145302-major.json"


@needs_shared
def test_the_open_incident_is_read_and_may_lack_its_posts(tmp_path: Path) -> None:
    batch, faults = read_real(tmp_path, "instatus", {"summary.json": FILE})
    (row,) = json.loads(FILE.read_bytes())["activeIncidents"]
    (incident,) = batch.incidents
    assert faults == []
    assert (incident.key, incident.title) == (row["id"], row["name"])
    assert (incident.impact, incident.impact_raw) == ("critical", row["impact"])
    assert text_of(incident.started_at)[:19] == row["started"][:19]
    assert (incident.ended_at, incident.end_basis) == (None, None)
    assert batch.partial == {row["id"]}
    assert batch.listed_since == {}, "a list of what is open vouches for nothing"
