"""An incident of Google Workspace, which writes its title below a heading."""

import json
from pathlib import Path

from tests.real import read_real
from tests.shared import REAL, needs_shared

FILE = REAL / "google-workspace" / "google-workspace" / "excerpt-2026" / "incidents.excerpt.json"
PAGE = "https://www.google.com/appsstatus/dashboard"


@needs_shared
def test_workspace_has_a_title_and_its_last_update(tmp_path: Path) -> None:
    batch, faults = read_real(tmp_path, "google", {"incidents.json": FILE}, status_page=PAGE)
    (row,) = json.loads(FILE.read_bytes())
    (incident,) = batch.incidents
    assert faults == []
    assert incident.key == row["id"]
    assert incident.title.startswith("Gmail Android App users on the latest")
    assert (incident.ended_at, incident.end_basis, incident.impact) == (None, None, "none")
    assert incident.components == ("Gmail",)
    assert [update.body for update in incident.updates] == [row["most_recent_update"]["text"]]
    assert batch.partial == {row["id"]}
