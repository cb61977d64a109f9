"""Driving a provider without a network: replies from files, requests answered in order."""

import tomllib
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from generator.errors import SourceFault
from generator.exchange import line_of
from generator.model import Fault, Incident, Kept, Vendor
from generator.providers import history, recent
from generator.reading import Batch, Get, Reading, Reply
from generator.times import read, text_of
from generator.worker import Walk

SEEN = read("2026-11-22T12:00:00Z")


class Case:
    """A folder of tests/fixtures/<platform>: what was asked, what came back.

    case.toml: `status_page`; `walk` = "recent" (or "history" with `cursor`), `watch`; `[options]`;
    and a `[[reply]]` for each `path` (as the provider asks it, with its query) with `file`,
    `status` (200) and `content_type` ("application/json"). A path not listed answers 404.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        table = tomllib.loads((folder / "case.toml").read_text(encoding="utf-8"))
        self.walk: Walk = table.get("walk", "recent")
        self.cursor: str | None = table.get("cursor")
        self.watch = frozenset(table.get("watch", ()))
        self.vendor = Vendor(
            slug="acme",
            name="Acme",
            homepage="https://acme.example",
            status_page=table.get("status_page", "https://status.acme.example"),
            platform=folder.parent.name,
            category="cloud",
            options=table.get("options", {}),
        )
        self.replies: dict[str, dict[str, Any]] = {row["path"]: row for row in table["reply"]}

    def reading(self) -> Reading:
        """The walk that the case is about."""
        if self.walk == "recent":
            return recent(self.vendor, self.watch)
        walk = history(self.vendor, self.cursor)
        assert walk is not None, f"{self.vendor.platform} has no history"
        return walk

    def reply(self, get: Get) -> Reply:
        """What the page answers, or the fault that the network would raise."""
        asked = get.path + (f"?{urlencode(get.params)}" if get.params else "")
        url = get.url(self.vendor.status_page)
        row = self.replies.get(asked, {"status": 404})
        status = row.get("status", 200)
        if status >= 300 and status not in get.absent:
            raise SourceFault("gone", f"{url} answers {status}")
        body = (self.folder / row["file"]).read_bytes() if "file" in row else b""
        return Reply(row.get("url", url), status, row.get("content_type", "application/json"), body)


def drive(reading: Reading, case: Case) -> tuple[Batch, list[Fault]]:
    """Run a reading to its end against a case; SourceFault as it would be reported."""
    faults: list[Fault] = []
    asked = next(reading)
    while True:
        replies = [case.reply(get) for get in asked]
        try:
            asked = reading.send(replies)
        except StopIteration as end:
            batch: Batch = end.value
            return batch, faults + _noted(replies)
        faults += _noted(replies)


def outcome(case: Case) -> dict[str, Any]:
    """All that came of a case, as its expected.json has it."""
    try:
        return found_in(*drive(case.reading(), case))
    except SourceFault as fault:
        return {"failure": str(fault)}


def found_in(batch: Batch, faults: list[Fault]) -> dict[str, Any]:
    """A batch and its faults, as an expected.json has them."""
    found: dict[str, Any] = {"incidents": [facts(incident) for incident in batch.incidents]}
    if batch.listed_since:
        found["listed_since"] = {kind: text_of(at) for kind, at in batch.listed_since.items()}
    if batch.lists_open:
        found["lists_open"] = sorted(batch.lists_open)
    if batch.partial:
        found["partial"] = sorted(batch.partial)
    if batch.cursor:
        found["cursor"] = batch.cursor
    if batch.complete_since:
        found["complete_since"] = text_of(batch.complete_since)
    if faults:
        found["faults"] = [f"{fault.kind}: {fault.reason}" for fault in faults]
    return found


def facts(incident: Incident) -> dict[str, Any]:
    """An incident as an export has it, without what the archive adds."""
    kept = Kept("acme", "", incident, SEEN, SEEN)
    ours = ("vendor", "slug", "first_seen_at", "changed_at", "withdrawn_at", "revisions")
    return {key: value for key, value in line_of(kept).items() if key not in ours}


def _noted(replies: list[Reply]) -> list[Fault]:
    return [fault for reply in replies for fault in reply.faults]
