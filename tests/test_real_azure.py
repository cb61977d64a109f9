"""Azure's own feeds, against facts taken from them by other means."""

from pathlib import Path
from xml.etree import ElementTree

import pytest

from generator.times import text_of
from tests.real import read_real
from tests.shared import REAL, needs_shared

FOLDER = REAL / "azure-rss/azure"
EARLY = FOLDER / "algoralabs-captures/azure_live_westus.xml"
LATE = FOLDER / "algoralabs-captures/azure-20260723-152634-major.json"  # XML, for all its name
FRONT_DOOR = FOLDER / "cyanheads-wayback/azure-feed-20220907.xml"
EMPTY = (
    FOLDER / "algoralabs-captures/azure_healthy_empty.xml",
    FOLDER / "cloud-incident-atlas/azure.xml",
)
PAGE = "https://azure.status.microsoft/en-us/status"

pytestmark = needs_shared


@pytest.mark.parametrize("file", EMPTY, ids=lambda file: file.parent.name)
def test_an_empty_feed_is_a_good_one(file: Path, tmp_path: Path) -> None:
    batch, faults = read_real(tmp_path, "azure", {"feed/": file}, status_page=PAGE)
    assert (batch.incidents, batch.listed_since, faults) == ((), {}, [])
    assert batch.lists_open == {"incident"}


@pytest.mark.parametrize(
    ("file", "started_at", "regions"),
    [
        (EARLY, "2026-07-23T14:44:00Z", 1),
        (LATE, "2026-07-23T14:44:00Z", 1),
        (FRONT_DOOR, "2022-09-07T16:10:00Z", 16),
    ],
    ids=["early", "late", "front door"],
)
def test_one_event(file: Path, started_at: str, regions: int, tmp_path: Path) -> None:
    batch, faults = read_real(tmp_path, "azure", {"feed/": file}, status_page=PAGE)
    item = ElementTree.parse(file).find("channel/item")
    assert item is not None
    (found,) = batch.incidents
    categories = [part.text for part in item.findall("category")]
    assert faults == []
    assert found.title == (item.findtext("title") or "").strip()
    assert (found.ended_at, found.end_basis, found.impact) == (None, None, "unknown")
    assert text_of(found.started_at) == started_at
    assert len(found.regions) == regions
    assert set(found.components) | set(found.regions) == set(categories)
    assert [update.body for update in found.updates] == [item.findtext("description")]


def test_two_captures_of_one_event_are_one_whose_text_was_replaced(tmp_path: Path) -> None:
    (early,), (late,) = (
        read_real(tmp_path / file.stem, "azure", {"feed/": file}, status_page=PAGE)[0].incidents
        for file in (EARLY, LATE)
    )
    assert early.key == late.key
    assert [update.key for update in early.updates] == [update.key for update in late.updates]
    assert early.updates[0].body != late.updates[0].body
    assert len(early.components) < len(late.components)
