"""Packit's issues, printed as Hugo prints them, against facts taken from their sources."""

import json
import re
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from generator.model import Fault
from generator.reading import Batch
from tests.real import read_real
from tests.shared import REAL, needs_shared

FINAL = REAL / "cstate" / "packit" / "final"
REPLAY = REAL / "cstate" / "packit" / "replay"
# One file lacks the line that begins the front matter: to Hugo it is no issue.
ISSUES = [file for file in sorted(FINAL.glob("*.md")) if file.read_text().startswith("---")]
IMPOSSIBLE = "2024-08-13-github-outage"  # at "T015:00:00", which is no time for Hugo either
QUOTES = ('"', "'")
ZERO = "0001-01-01 00:00:00 +0000 UTC"


def front_matter(file: Path) -> dict[str, Any]:
    """The lines between the dashes; a list is under `affected`."""
    head = file.read_text(encoding="utf-8").split("---\n", 2)[1]
    lines = re.findall(r"^(\w+):[ \t]*(.*?)[ \t]*$", head, re.MULTILINE)
    return {**dict(lines), "affected": re.findall(r"^ +- +(.+)$", head, re.MULTILINE)}


def parsed(text: str) -> datetime:
    """A time of a source, with an hour of one digit or two."""
    return datetime.fromisoformat(re.sub(r"T(\d):", r"T0\1:", text))


def printed(text: str) -> str:
    """A time as Go prints it; one in quotes stays as its author wrote it."""
    if text.startswith(QUOTES):
        return text[1:-1]
    moment = parsed(text)
    offset = f"{moment:%z}" or "+0000"
    return f"{moment:%Y-%m-%d %H:%M:%S} {offset} {offset if moment.utcoffset() else 'UTC'}"


def created(text: str) -> str:
    """Go reads the date whatever its quotes, but not an hour of three digits."""
    return ZERO if re.search(r"T\d{3}:", text) else printed(text.strip("\"'"))


def row(file: Path) -> dict[str, Any]:
    facts = front_matter(file)
    return {
        "is": "issue",
        "title": facts.get("title", "").strip("\"'"),
        "createdAt": created(facts["date"]),
        "permalink": f"https://status.packit.dev/issues/{file.stem.lower()}/",
        "severity": facts.get("severity", ""),
        "resolved": facts.get("resolved", "").lower() == "true",
        "resolvedAt": printed(facts["resolvedWhen"]) if facts.get("resolvedWhen") else "<nil>",
        "affected": facts["affected"],
    }


def read(files: Iterable[Path], folder: Path) -> tuple[Batch, list[Fault]]:
    listed = folder / "index.json"
    listed.write_text(json.dumps({"is": "issues", "pages": [row(file) for file in files]}))
    return read_real(folder, "cstate", {"issues/index.json": listed})


@needs_shared
def test_every_issue_is_read_but_the_one_with_an_impossible_date(tmp_path: Path) -> None:
    batch, faults = read(ISSUES, tmp_path)
    assert [fault.kind for fault in faults] == ["bad record"]
    assert len(ISSUES) == 107
    possible = [file for file in ISSUES if file.stem != IMPOSSIBLE]
    assert [incident.key for incident in batch.incidents] == [f.stem.lower() for f in possible]
    words = [
        re.findall(r"^severity: (\w+)", file.read_text(), re.MULTILINE)[0] for file in possible
    ]
    assert [incident.impact_raw for incident in batch.incidents] == words
    assert Counter(words) == {"disrupted": 68, "notice": 33, "down": 5}
    assert {incident.end_basis for incident in batch.incidents} == {"resolve_time"}


@needs_shared
def test_times_mean_what_their_authors_meant(tmp_path: Path) -> None:
    batch, _ = read(ISSUES, tmp_path)
    for incident, file in zip(
        batch.incidents, (f for f in ISSUES if f.stem != IMPOSSIBLE), strict=True
    ):
        facts = front_matter(file)
        times = [parsed(facts[name].strip('"')) for name in ("date", "resolvedWhen")]
        # Without a zone Hugo takes UTC.
        utc = [time.replace(tzinfo=time.tzinfo or UTC).astimezone(UTC) for time in times]
        assert [incident.started_at, incident.ended_at] == utc


@needs_shared
def test_every_version_of_every_issue_is_read(tmp_path: Path) -> None:
    versions = [file for file in sorted(REPLAY.glob("*.md")) if file.read_text().startswith("---")]
    batch, faults = read(versions, tmp_path)
    assert len(batch.incidents) + len(faults) == len(versions) == 231
    impossible = [file for file in versions if re.search(r"T\d{3}:", file.read_text())]
    assert len(faults) == len(impossible)
