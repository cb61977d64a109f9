"""The remaining real payloads of Statuspage pages, counted in the raw files by code of its own."""

import json
from pathlib import Path

import pytest

from generator.errors import SourceFault
from tests.real import read_real
from tests.shared import REAL, needs_shared

pytestmark = needs_shared
GITHUB = REAL / "statuspage" / "github"


def test_a_summary_of_what_is_open(tmp_path: Path) -> None:
    file = GITHUB / "algoralabs-captures" / "github-20260724-164436-major.json"
    (wire,) = json.loads(file.read_bytes())["incidents"]
    batch, faults = read_real(tmp_path, "statuspage", {"api/v2/summary.json": file})
    (found,) = batch.incidents
    assert faults == []
    assert (found.key, found.title, found.status) == (wire["id"], wire["name"], "open")
    assert {update.key for update in found.updates} == {
        update["id"] for update in wire["incident_updates"]
    }


def test_a_summary_when_all_is_well(tmp_path: Path) -> None:
    file = GITHUB / "gitdown" / "summary.json"
    assert json.loads(file.read_bytes())["incidents"] == []
    batch, faults = read_real(tmp_path, "statuspage", {"api/v2/summary.json": file})
    assert (batch.incidents, faults) == ((), [])


def test_a_list_without_its_page_is_not_believed(tmp_path: Path) -> None:
    # This copy was trimmed to its incidents: what says that it is a Statuspage is gone.
    file = GITHUB / "cloud-incident-atlas" / "incidents.json"
    assert "page" not in json.loads(file.read_bytes())
    with pytest.raises(SourceFault, match="not what it says"):
        read_real(tmp_path, "statuspage", {"api/v2/incidents.json": file})


def test_the_same_list_in_its_page(tmp_path: Path) -> None:
    raw = json.loads((GITHUB / "cloud-incident-atlas" / "incidents.json").read_bytes())
    whole = tmp_path / "incidents.json"
    whole.write_text(json.dumps(raw | {"page": {"id": "kctbh9vrtdwd"}}))
    batch, faults = read_real(tmp_path, "statuspage", {"api/v2/incidents.json": whole})
    assert faults == []
    assert len(batch.incidents) == len(raw["incidents"]) == 5
    assert sum(len(incident.updates) for incident in batch.incidents) == 24


def test_the_placeholders_of_the_documentation_are_no_page(tmp_path: Path) -> None:
    file = REAL / "statuspage" / "hubot-fixture" / "incidents.json"
    with pytest.raises(SourceFault, match="not what it says"):
        read_real(tmp_path, "statuspage", {"api/v2/incidents.json": file})


def test_one_incident_alone(tmp_path: Path) -> None:
    alone = GITHUB / "gitdown" / "incident-actions-critical.json"
    wire = json.loads(alone.read_bytes())
    history = tmp_path / "history.json"
    month = {"name": "July", "year": 2026, "incidents": [{"code": wire["id"]}]}
    history.write_text(json.dumps({"months": [month]}))
    batch, faults = read_real(
        tmp_path,
        "statuspage",
        {"history.json?page=1": history, f"incidents/{wire['id']}.json": alone},
        walk="history",
    )
    (found,) = batch.incidents
    assert faults == []
    assert (found.impact, found.end_basis) == ("critical", "resolve_time")
    assert len(found.updates) == len(wire["incident_updates"])
