"""Zendesk's own list, as somebody kept it, against facts taken from it by other means."""

import json
from datetime import datetime
from pathlib import Path

from tests.real import read_real
from tests.shared import REAL, needs_shared

FILE = REAL / "zendesk/zendesk/ops-dash/incidents.truncated.json"

pytestmark = needs_shared


def test_three_months_of_incidents(tmp_path: Path) -> None:
    nothing = tmp_path / "nothing.json"
    nothing.write_text('{"data": [], "included": []}')
    batch, faults = read_real(
        tmp_path,
        "zendesk",
        {
            "api/ssp/incidents.json": FILE,
            "api/incidents/active": nothing,
            "api/incidents/maintenance": nothing,
        },
    )
    document = json.loads(FILE.read_text(encoding="utf-8"))
    rows = {row["id"]: row for row in document["data"]}
    assert faults == []
    assert len(batch.incidents) == len(rows) == 17
    # Not one of the words says whether it is over: one is "monitoring" long after it was.
    assert {row["attributes"]["status"] for row in rows.values()} == {"resolved", "monitoring"}
    for incident in batch.incidents:
        facts = rows[incident.key]["attributes"]
        assert (incident.title, incident.impact) == (facts["name"], facts["impact"])
        assert incident.started_at == datetime.fromisoformat(facts["startedAt"])
        assert incident.ended_at == datetime.fromisoformat(facts["resolvedAt"])
        assert incident.end_basis == "resolve_time"
        assert incident.url == facts["postmortem"]
        assert incident.updates == ()
    # The file is cut: the services of its first three incidents are all that it includes.
    names: dict[str, list[str]] = {}
    for part in document["included"]:
        facts = part["attributes"]
        names.setdefault(str(facts["incidentId"]), []).append(facts["serviceName"])
    found = {one.key: list(one.components) for one in batch.incidents if one.components}
    assert found == names
    assert batch.partial == set(rows)
