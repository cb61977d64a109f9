"""Two real events of Apple's, in the envelope they came in."""

import json
from pathlib import Path

from tests.real import read_real
from tests.shared import REAL, needs_shared

FILE = REAL / "apple" / "apple" / "excerpts" / "system_status.excerpt.json"


@needs_shared
def test_every_event_is_read_with_its_times(tmp_path: Path) -> None:
    batch, faults = read_real(tmp_path, "apple", {"data/system_status_en_US.js": FILE})
    rows = [
        (service["serviceName"], event)
        for service in json.loads(FILE.read_bytes())["services"]
        for event in service["events"]
    ]
    assert faults == []
    assert len(batch.incidents) == len(rows) == 2
    for incident, (service, event) in zip(batch.incidents, rows, strict=True):
        assert incident.key == event["messageId"]
        assert incident.components == (service,)
        assert incident.started_at.timestamp() * 1000 == event["epochStartDate"]
        assert incident.ended_at is not None
        assert incident.ended_at.timestamp() * 1000 == event["epochEndDate"]
        assert incident.end_basis == "end_field"
        assert [update.body for update in incident.updates] == [event["message"]]
    assert [one.kind for one in batch.incidents] == ["incident", "maintenance"]
    assert [one.impact for one in batch.incidents] == ["minor", "none"]
