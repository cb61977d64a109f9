"""PagerDuty's own older pages, against facts taken from their scripts by other means."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from generator.times import text_of
from tests.real import read_real
from tests.shared import REAL, needs_shared

FOLDER = REAL / "pagerduty" / "pagerduty" / "stts"
POSTS = "api/posts?is_featured=true&limit=500"


def summary(name: str) -> dict[str, Any]:
    text = (FOLDER / name).read_text(encoding="utf-8")
    begin = text.index("{", text.index('id="data"'))
    document: dict[str, Any]
    document, _ = json.JSONDecoder().raw_decode(text[begin:])
    found: dict[str, Any] = document["summary"]
    return found


@needs_shared
@pytest.mark.parametrize(
    ("name", "ongoing"), [("pagerduty-good.html", 0), ("pagerduty-minor.html", 1)]
)
@pytest.mark.parametrize("path", [POSTS, ""])
def test_every_incident_with_every_update(
    name: str, ongoing: int, path: str, tmp_path: Path
) -> None:
    batch, faults = read_real(tmp_path, "pagerduty", {path: FOLDER / name})
    raw = summary(name)
    rows = {row["id"]: row for row in (*raw["open_incidents"], *raw["resolved_incidents"])}
    assert faults == []
    assert len(batch.incidents) == len(rows) == 80 + ongoing
    assert Counter(one.status for one in batch.incidents) == Counter(
        {"resolved": 80, "open": ongoing}
    )
    for incident in batch.incidents:
        row = rows[incident.key]
        posts = {post["id"]: post["message"] for post in row["updates"]}
        if row.get("postmortem"):
            posts[row["postmortem"]["id"]] = row["postmortem"]["message"]
        assert {update.key: update.body for update in incident.updates} == posts
        assert text_of(incident.started_at) == min(post["reported_at"] for post in row["updates"])
        if incident.ended_at:
            ends = [p["reported_at"] for p in row["updates"] if p["status"] == "resolved"]
            assert text_of(incident.ended_at) in ends
            assert incident.end_basis == "resolving_update"


@needs_shared
def test_every_word_is_known(tmp_path: Path) -> None:
    batch, _ = read_real(tmp_path, "pagerduty", {POSTS: FOLDER / "pagerduty-minor.html"})
    phases = Counter(update.phase for one in batch.incidents for update in one.updates)
    reports = sum(
        bool(row["postmortem"]) for row in summary("pagerduty-minor.html")["resolved_incidents"]
    )
    assert phases == {"investigating": 241, "resolved": 80, "postmortem": reports}
    unknown = [one for one in batch.incidents if one.impact == "unknown"]
    # Only those that were told when they were over, and all good again.
    assert all(one.updates[0].phase == "resolved" for one in unknown)
    assert all(one.impact_raw is None for one in unknown)
