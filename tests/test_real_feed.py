"""Real feeds of other making than GitHub's, against facts taken from them by other means."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from generator.times import text_of
from tests.real import read_real
from tests.shared import REAL, needs_shared

PARSE = REAL / "statuspage-rss" / "status-ios-2014" / "history.rss"
XAI = REAL / "rss-generic" / "xai" / "algoralabs"


def items(file: Path) -> dict[str, ElementTree.Element]:
    found = ElementTree.parse(file).findall("channel/item")
    return {item.findtext("guid") or "": item for item in found}


@needs_shared
def test_statuspage_as_it_was_in_2014(tmp_path: Path) -> None:
    page = "https://status.acme.example/history.rss"
    batch, faults = read_real(tmp_path, "feed", {"": PARSE}, status_page=page)
    rows = items(PARSE)
    assert faults == []
    assert len(batch.incidents) == len(rows) == 17
    assert not batch.partial
    for incident in batch.incidents:
        text = rows[incident.key].findtext("description") or ""
        assert len(incident.updates) == text.count("<small>")
        said = re.findall(r"<strong>([^<]*)</strong>", text)
        assert [update.phase_raw for update in reversed(incident.updates)] == said
        assert all(update.at.year in (2013, 2014) for update in incident.updates)
    (first,) = [one for one in batch.incidents if one.key.endswith("lzf7mjchpy20")]
    # Jan 1, 08:17 PST
    assert text_of(first.started_at) == "2014-01-01T16:17:00Z"
    assert all(one.end_basis == "resolving_update" for one in batch.incidents)


@needs_shared
@pytest.mark.parametrize(("name", "ongoing"), [("xai_active.xml", 3), ("xai_resolved.xml", 0)])
def test_xai_states_severity_and_a_block_a_post(name: str, ongoing: int, tmp_path: Path) -> None:
    page = "https://status.acme.example/feed.xml"
    batch, faults = read_real(tmp_path, "feed", {"": XAI / name}, status_page=page)
    rows = items(XAI / name)
    assert faults == []
    assert len(batch.incidents) == len(rows)
    assert sum(one.status == "open" for one in batch.incidents) == ongoing
    for incident in batch.incidents:
        text = rows[incident.key].findtext("description") or ""
        assert len(incident.updates) == text.count("<strong>")
        severity = re.search(r"Severity: (\w+)", text)
        expected = {"unavailable": "critical", "degraded": "minor", "available": "unknown"}
        assert severity
        assert incident.impact == expected[severity[1]]
