"""AWS's own list, as served and as text, against facts taken from it by other means."""

import json
from pathlib import Path

import pytest

from generator.model import Impact
from tests.real import read_real
from tests.shared import REAL, needs_shared

FOLDER = REAL / "aws-health/aws/cyanheads-2026"
LEGACY = REAL / "aws-legacy-data-json/aws/moritalous-2022/data.json"
PAGE = "https://health.aws.amazon.com"
LIST = f"{PAGE}/public/currentevents"

pytestmark = needs_shared


@pytest.mark.parametrize("name", ["currentevents.utf16be.json", "currentevents.utf8.json"])
def test_two_events_that_have_been_open_for_months(name: str, tmp_path: Path) -> None:
    batch, faults = read_real(
        tmp_path,
        "aws",
        {LIST: FOLDER / name},
        status_page=f"{PAGE}/health/status",
        options={"history": ""},
    )
    rows = json.loads((FOLDER / "currentevents.utf8.json").read_text(encoding="utf-8"))
    assert faults == []
    assert batch.listed_since == {}
    assert [incident.key for incident in batch.incidents] == [row["arn"] for row in rows]
    assert sum(len(incident.updates) for incident in batch.incidents) == 36
    critical: Impact = "critical"
    for incident, row in zip(batch.incidents, rows, strict=True):
        assert [update.body for update in incident.updates] == [
            post["message"] for post in row["event_log"]
        ]
        assert [int(update.at.timestamp()) for update in incident.updates] == [
            post["timestamp"] for post in row["event_log"]
        ]
        assert int(incident.started_at.timestamp()) == int(row["date"])
        assert (incident.ended_at, incident.end_basis, incident.impact) == (None, None, critical)
        names = {service["service_name"] for service in row["impacted_services"].values()}
        assert set(incident.components) == names
        assert len(incident.components) == len(names)
    assert [incident.regions for incident in batch.incidents] == [
        ("me-central-1",),
        ("me-south-1",),
    ]
    assert [incident.title for incident in batch.incidents] == [
        "Multiple services (UAE): Increased Error Rates",
        "Multiple services (Bahrain): Increased Error Rates",
    ]


def test_the_file_of_the_dashboard_before_health_has_nothing_current(tmp_path: Path) -> None:
    batch, faults = read_real(
        tmp_path, "aws", {LIST: LEGACY}, status_page=PAGE, options={"history": ""}
    )
    old = json.loads(LEGACY.read_text(encoding="utf-8"))
    assert (len(old["archive"]), old["current"]) == (86, [])
    assert (batch.incidents, faults) == ((), [])
