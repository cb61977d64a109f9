"""GitLab's page, and the example of the platform's documentation, against the files themselves."""

import json
from pathlib import Path
from typing import Any

from generator.times import text_of
from tests.real import read_real
from tests.shared import REAL, needs_shared

GITLAB = REAL / "statusio/gitlab/statusio-gitlab.json"
EXAMPLE = REAL / "statusio/synthetic/statusio-incident-doc-derived.json"
PAGE_ID = "5b36dc6502d06804c08349f7"
API = {"page_id": PAGE_ID}
PATH = f"https://api.status.io/1.0/status/{PAGE_ID}"


@needs_shared
def test_a_page_on_which_nothing_happens_has_nothing(tmp_path: Path) -> None:
    batch, faults = read_real(tmp_path, "statusio", {PATH: GITLAB}, options=API)
    result = json.loads(GITLAB.read_bytes())["result"]
    assert result["incidents"] == []
    assert faults == []
    assert batch.incidents == ()
    assert batch.listed_since == {}


@needs_shared
def test_the_documented_example_is_read_whole(tmp_path: Path) -> None:
    batch, faults = read_real(tmp_path, "statusio", {PATH: EXAMPLE}, options=API)
    result: dict[str, Any] = json.loads(EXAMPLE.read_bytes())["result"]
    planned = result["maintenance"]["active"] + result["maintenance"]["upcoming"]
    rows = result["incidents"] + planned
    assert faults == []
    assert [incident.key for incident in batch.incidents] == [row["_id"] for row in rows]
    for incident, row in zip(batch.incidents, rows, strict=True):
        assert incident.ended_at is None
        said = [(text_of(post.at)[:16], post.body) for post in incident.updates]
        assert said == [
            (message["datetime"][:16], message["details"]) for message in row["messages"]
        ]
        assert incident.components == tuple(one["name"] for one in row["components_affected"])
        assert incident.regions == tuple(one["name"] for one in row["containers_affected"])
        if row in planned:
            assert incident.kind == "maintenance"
            assert text_of(incident.started_at)[:19] == row["datetime_planned_start"][:19]
    assert batch.incidents[0].impact == "minor"
    assert [post.phase for post in batch.incidents[0].updates] == ["investigating", "identified"]
    assert [post.phase for post in batch.incidents[1].updates] == ["scheduled", "in_progress"]
