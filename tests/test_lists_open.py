"""Of which kinds a reading has all that is open: never where a list is cut or missing."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from generator.model import Vendor
from generator.providers import recent
from generator.reading import Batch, Get, Reply
from tests.records import ACME

FEED = '<rss version="2.0"><channel><title>Acme</title>{}</channel></rss>'
ITEM = """<item><title>Block | East | 1</title><guid>ocid1</guid>
<description>&lt;strong&gt;Investigating&lt;/strong&gt;</description>
<pubDate>Fri, 20 Nov 2026 10:00:00 GMT</pubDate></item>"""


def batch(vendor: Vendor, pages: Mapping[str, object]) -> Batch:
    """What a reading finds on pages that answer with these documents, by path; else 404."""
    reading = recent(vendor)
    asked = next(reading)
    while True:
        try:
            asked = reading.send([answer(get, pages) for get in asked])
        except StopIteration as end:
            found: Batch = end.value
            return found


def answer(get: Get, pages: Mapping[str, object]) -> Reply:
    path = next((path for path in pages if get.path.endswith(path)), None)
    if path is None:
        assert get.absent, f"{get.path} is needed"
        return Reply(get.path, 404, "", b"")
    page = pages[path]
    body = page if isinstance(page, str) else json.dumps(page)
    return Reply(get.path, 200, "", body.encode())


def reported(**severities: str) -> dict[str, Any]:
    rows = [{"incidentId": key, "severity": word} for key, word in severities.items()]
    service = {"serviceName": "Block", "incidents": rows}
    return {"regionHealthReports": [{"regionName": "East", "serviceHealthReports": [service]}]}


def rootly(count: int) -> dict[str, Any]:
    row = {"name": "Down", "started_at": "2026-11-20T10:00:00Z", "status": "started"}
    rows = [row | {"url": f"https://acme.example/incidents/{number}"} for number in range(count)]
    return {"page": {"name": "Acme"}, "incidents": rows}


def works(count: int) -> list[dict[str, Any]]:
    start = "2026-11-20T10:00:00Z"
    return [{"id": number, "name": "Work", "plannedStartTime": start} for number in range(count)]


def statusio(**lists: object) -> dict[str, Any]:
    return {"result": {"status_overall": {"status_code": 100}, **lists}}


def statuspal(**lists: object) -> dict[str, Any]:
    return {"status_page": {"name": "Acme", "time_zone": "UTC"}, **lists}


def oci(items: str, reports: dict[str, Any] | None = None) -> dict[str, object]:
    pages: dict[str, object] = {"incident-summary.rss": FEED.format(items)}
    return pages if reports is None else pages | {"components.json": reports}


BOTH = "incident maintenance"
OPTIONS = {
    "aws": {"history": ""},
    "salesforce": {"maintenance": "yes"},
    "statusio": {"page_id": "p"},
    "statuspal": {"subdomain": "acme"},
}
SALESFORCE: dict[str, object] = {"incidents/active": [], "incidents": []}
PLANNED: dict[str, object] = {"active": [], "upcoming": []}
WORKS: dict[str, object] = {"maintenances": [], "upcoming_maintenances": []}
NONE: dict[str, object] = {"limit=100": {"incidents": []}}
ACTIVE, AHEAD = "api/incidents/active", "api/incidents/maintenance"


@pytest.mark.parametrize(
    ("platform", "pages", "kinds"),
    [
        ("apple", {"en_US.js": {"services": [{"serviceName": "Maps"}]}}, BOTH),
        ("apple", {"en_US.js": {"services": []}}, ""),
        ("aws", {"currentevents": []}, "incident"),
        ("azure", {"feed/": FEED.format("")}, "incident"),
        ("oci", oci(ITEM, reported(ocid1="ServiceDown")), "incident"),
        ("oci", oci("", reported(ocid1="ServiceDown")), ""),
        ("oci", oci("", reported(ocid1="NormalPerformance")), "incident"),
        ("oci", oci("", {"regionHealthReports": []}), ""),
        ("oci", oci(ITEM), ""),
        ("rootly", {"incidents.json": rootly(99)}, "incident"),
        ("rootly", {"incidents.json": rootly(100)}, ""),
        ("salesforce", SALESFORCE | {"maintenances": works(99)}, BOTH),
        ("salesforce", SALESFORCE | {"maintenances": works(100)}, "incident"),
        ("statusio", {"p": statusio(incidents=[], maintenance=PLANNED)}, BOTH),
        ("statusio", {"p": statusio(maintenance=PLANNED)}, "maintenance"),
        ("statusio", {"p": statusio(incidents=[], maintenance={})}, "incident"),
        ("statusiq", {"details": {"code": 0, "data": {"statuspage_details": {}}}}, ""),
        ("statuspage", {"summary.json": {"page": {"id": "p"}, "incidents": []}}, "incident"),
        ("statuspal", {"summary": statuspal(incidents=[])} | NONE, "incident"),
        ("statuspal", {"summary": statuspal(**WORKS)} | NONE, "maintenance"),
        ("zendesk", {ACTIVE: {"data": []}, AHEAD: {"data": None}}, "incident"),
    ],
)
def test_the_kinds_of_which_all_that_is_open_was_read(
    platform: str, pages: dict[str, object], kinds: str
) -> None:
    vendor = replace(ACME, platform=platform, options=OPTIONS.get(platform, {}))
    assert batch(vendor, pages).lists_open == set(kinds.split())
