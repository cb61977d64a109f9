"""Pages of OpenAI, Linear and Pleo, against facts taken from the files by other means.

Two of them are web pages: the page's own JSON is what they carry, and is served as it answers.
"""

import json
import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from generator.times import text_of
from tests.real import read_real
from tests.shared import REAL, needs_shared

FOLDER = REAL / "incidentio"
COPY = FOLDER / "openai/algoralabs-captures/openai-20260722-114905-minor.json"
PLEO = FOLDER / "pleo/statusy/proxy-incidents.excerpt.json"
LINEAR = FOLDER / "linear/stts/linear-good.html"
OPENAI = FOLDER / "openai/stts/openai-major.html"
COPIED = "api/v2/incidents.json"
ROOT = "/proxy/status.acme.example"


def carried(page: Path, name: str) -> Any:
    """A value of the state that a page carries; what is not there is null."""
    pushes = re.findall(r'__next_f\.push\(\[1,(".*?")\]\)</script>', page.read_text("utf-8"))
    text = "".join(json.loads(push) for push in pushes).replace('"$undefined"', "null")
    start = text.index(f'"{name}":')
    return json.JSONDecoder().raw_decode(text, start + len(name) + 3)[0]


def write(file: Path, document: object) -> Path:
    file.write_text(json.dumps(document), encoding="utf-8")
    return file


@needs_shared
def test_the_copy_of_statuspage_is_read_where_there_is_nothing_else(tmp_path: Path) -> None:
    batch, faults = read_real(tmp_path, "incidentio", {COPIED: COPY})
    (row,) = json.loads(COPY.read_bytes())["incidents"]
    (incident,) = batch.incidents
    assert faults == []
    assert (incident.key, incident.title) == (row["id"], row["name"])
    assert (incident.impact, incident.end_basis) == (row["impact"], None)
    assert text_of(incident.started_at) == row["created_at"]
    assert [update.body for update in incident.updates] == [
        post["body"] for post in row["incident_updates"]
    ]


@needs_shared
def test_what_a_page_carries_as_ongoing_is_read_with_every_post(tmp_path: Path) -> None:
    summary = carried(OPENAI, "summary")
    root = write(tmp_path / "summary.json", {"summary": summary})
    window = write(tmp_path / "window.json", {"incidents": summary["ongoing_incidents"]})
    newest = max(u["published_at"] for i in summary["ongoing_incidents"] for u in i["updates"])
    path = f"{ROOT}/incidents?start_at={shifted(newest, -30)}&end_at={shifted(newest, 2)}"
    batch, faults = read_real(tmp_path, "incidentio", {ROOT: root, path: window})
    assert faults == []
    assert len(batch.incidents) == len(summary["ongoing_incidents"]) > 0
    for incident, row in zip(batch.incidents, summary["ongoing_incidents"], strict=True):
        assert incident.key == row["id"]
        assert incident.ended_at is None
        assert incident.impact_raw == "degraded_performance"
        assert [u.body for u in incident.updates] == [u["message_string"] for u in row["updates"]]
        assert [u.phase_raw for u in incident.updates] == [u["to_status"] for u in row["updates"]]
        assert {u.phase for u in incident.updates} <= {
            "investigating",
            "identified",
            "monitoring",
            "resolved",
        }
        assert len(incident.components) == len(row["affected_components"])


@needs_shared
@pytest.mark.parametrize(("file", "count", "posts"), [(LINEAR, None, None), (PLEO, 2, 2)])
def test_what_is_over_ends_as_it_says(
    file: Path, count: int | None, posts: int | None, tmp_path: Path
) -> None:
    rows = (
        carried(LINEAR, "incidents")
        if file is LINEAR
        else json.loads(file.read_bytes())["incidents"]
    )
    summary = carried(LINEAR, "summary")
    root = write(tmp_path / "summary.json", {"summary": summary})
    copy = write(
        tmp_path / "copy.json",
        {"page": {"id": summary["id"], "updated_at": "2026-03-12T13:22:57Z"}, "incidents": None},
    )
    window = write(tmp_path / "window.json", {"incidents": rows})
    path = f"{ROOT}/incidents?start_at=2026-02-10T13%3A22%3A57Z&end_at=2026-03-14T13%3A22%3A57Z"
    batch, faults = read_real(tmp_path, "incidentio", {ROOT: root, COPIED: copy, path: window})
    assert faults == []
    assert len(batch.incidents) == len(rows) > 0
    if count is not None:
        assert (len(rows), sum(len(i.updates) for i in batch.incidents)) == (count, posts)
    for incident, row in zip(batch.incidents, rows, strict=True):
        over = [u["published_at"] for u in row["updates"] if u["to_status"] == "resolved"]
        # One of them was resolved, came back, and was resolved again.
        ends = max(impact["end_at"] for impact in row["component_impacts"])
        assert incident.ended_at is not None
        assert text_of(incident.ended_at)[:19] == (over[-1] if over else ends)[:19]
        assert incident.end_basis == ("resolving_update" if over else "end_field")
        assert (incident.kind == "maintenance") == (row["type"] == "maintenance")
        assert incident.scheduled_until is None or incident.kind == "maintenance"


def shifted(text: str, days: int) -> str:
    """A time some days from another, as a query has it."""
    moment = datetime.fromisoformat(text) + timedelta(days=days)
    return moment.strftime("%Y-%m-%dT%H%%3A%M%%3A%SZ")
