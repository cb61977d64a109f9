"""Oracle's own feed, against facts taken from it by other means."""

import re
from pathlib import Path
from xml.etree import ElementTree

from generator.times import text_of
from tests.real import read_real
from tests.shared import REAL, needs_shared

FEED = REAL / "oci" / "oracle-oci" / "service-checker" / "incident-summary.truncated.rss"


@needs_shared
def test_every_item_is_an_incident_with_all_of_its_posts(tmp_path: Path) -> None:
    batch, faults = read_real(tmp_path, "oci", {"api/v2/incident-summary.rss": FEED})
    items = ElementTree.parse(FEED).findall("channel/item")
    assert faults == []
    assert len(batch.incidents) == len(items) == 3
    for incident, item in zip(batch.incidents, items, strict=True):
        text = item.findtext("description") or ""
        assert incident.key == item.findtext("guid")
        assert incident.title == item.findtext("title")
        assert len(incident.updates) == text.count("<small>")
        said = re.findall(r"<strong>(\w+)</strong>", text)
        assert [update.phase_raw for update in reversed(incident.updates)] == said


@needs_shared
def test_start_and_end_are_what_the_text_states(tmp_path: Path) -> None:
    batch, _ = read_real(tmp_path, "oci", {"api/v2/incident-summary.rss": FEED})
    found = [
        (text_of(one.started_at), one.ended_at and text_of(one.ended_at), one.end_basis)
        for one in batch.incidents
    ]
    assert found == [
        ("2023-10-26T01:47:00Z", "2023-10-26T06:21:00Z", "end_field"),
        ("2023-10-21T17:28:00Z", "2023-10-21T19:54:00Z", "end_field"),
        ("2023-10-13T16:40:00Z", "2023-10-13T18:40:00Z", "end_field"),
    ]
    assert [one.components for one in batch.incidents] == [
        ("Oracle Identity Cloud",),
        (),
        ("Networking",),
    ]
