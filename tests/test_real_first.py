"""Real payloads of the first three platforms, served on loopback and read by the real command.

What is expected is counted in the raw files by code of its own.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner

from generator.cli import cli
from tests.pages import Answer, Pages
from tests.shared import REAL, needs_shared

pytestmark = needs_shared
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def pages() -> Iterator[Pages]:
    with Pages() as server:
        yield server


@dataclass
class Archive:
    """A data folder with one vendor, and the command over it."""

    data: Path
    reports: list[dict[str, Any]] = field(default_factory=list)

    def scrape(self) -> dict[str, Any]:
        report = self.data / "report.json"
        self.run("update", "--allow-loopback", "--report", str(report))
        row: dict[str, Any] = json.loads(report.read_bytes())["rows"][0]
        return row

    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.run("export").splitlines()]

    def run(self, *words: str) -> str:
        result = CliRunner().invoke(cli, ["--data", str(self.data), *words])
        assert result.exit_code == 0, result.output
        return result.stdout


def archive(folder: Path, page: str, platform: str) -> Archive:
    (folder / "vendors").mkdir(parents=True)
    (folder / "vendors" / "acme.toml").write_text(
        f'name = "Acme"\nhomepage = "https://acme.example"\nstatus_page = "{page}"\n'
        f'platform = "{platform}"\ncategory = "cloud"\n'
    )
    return Archive(folder)


def test_github_fifty_incidents_with_every_update(tmp_path: Path, pages: Pages) -> None:
    raw = (REAL / "statuspage/github/gitdown/incidents.json").read_bytes()
    rows = json.loads(raw)["incidents"]
    pages.json("/api/v2/incidents.json", raw)
    found = archive(tmp_path / "data", pages.address, "statuspage")
    row = found.scrape()
    assert (row["new"], row["faults"], row["unknown"]) == (50, [], {})
    lines = {line["key"]: line for line in found.lines()}
    assert sum(len(line["updates"]) for line in lines.values()) == 287
    for wire in rows:
        line = lines[wire["id"]]
        assert line["title"] == wire["name"]
        assert line["impact"] == wire["impact"]
        # Three were filed once they were over: they "started" when they were filed.
        filed_later = wire["started_at"] > wire["resolved_at"]
        begun = wire["created_at"] if filed_later else wire["started_at"]
        assert line["started_at"] == begun[:19] + "Z"
        assert line["ended_at"] == wire["resolved_at"][:19] + "Z"
        assert {update["key"]: update["body"] for update in line["updates"]} == {
            update["id"]: update["body"] for update in wire["incident_updates"]
        }
        times = [update["at"] for update in line["updates"]]
        assert times == sorted(times)
    assert sum(wire["started_at"] > wire["resolved_at"] for wire in rows) == 3
    before = (tmp_path / "data" / "outages.db").read_bytes()
    assert found.scrape()["outcome"] == "unchanged"
    assert (tmp_path / "data" / "outages.db").read_bytes() == before


def test_anthropic_live_summary(tmp_path: Path, pages: Pages) -> None:
    name = "statuspage/anthropic/algoralabs-captures/anthropic-20260729-172625-major.json"
    raw = (REAL / name).read_bytes()
    (wire,) = json.loads(raw)["incidents"]
    pages.json("/api/v2/summary.json", raw)
    found = archive(tmp_path / "data", pages.address, "statuspage")
    assert found.scrape()["faults"] == []
    (line,) = found.lines()
    assert (line["key"], line["title"], line["status"]) == (wire["id"], wire["name"], "open")
    assert (line["impact"], line["ended_at"], line["end_basis"]) == ("critical", None, None)
    assert line["components"] == [part["name"] for part in wire["components"]]


def test_google_cloud_157_incidents_770_updates(tmp_path: Path, pages: Pages) -> None:
    raw = (REAL / "google-cloud/gcp/moritalous-2022/incidents.json").read_bytes()
    rows = json.loads(raw)
    pages.json("/incidents.json", raw)
    found = archive(tmp_path / "data", pages.address, "google")
    row = found.scrape()
    assert (row["new"], row["faults"], row["unknown"]) == (157, [], {})
    lines = {line["key"]: line for line in found.lines()}
    assert len(lines) == len(rows) == 157
    assert sum(len(line["updates"]) for line in lines.values()) == 770
    for wire in rows:
        line = lines[wire["id"]]
        assert sorted(update["body"] for update in line["updates"]) == sorted(
            update["text"] for update in wire["updates"]
        )
        assert line["ended_at"][:19] == wire["end"][:19]
        assert line["end_basis"] == "end_field"
    impacts = Counter(line["impact"] for line in lines.values())
    assert impacts == {"minor": 118, "critical": 20, "none": 19}


@dataclass
class Seen:
    """One entry of a capture, read by this test's own means."""

    title: str
    posts: dict[str, tuple[str, str]]


def entries(raw: bytes) -> dict[str, Seen]:
    """By id: title, and each post by its printed time (and place among equals)."""
    found = {}
    for entry in ElementTree.fromstring(raw).iter(f"{ATOM}entry"):
        html = entry.findtext(f"{ATOM}content") or ""
        posts: dict[str, tuple[str, str]] = {}
        for block in reversed(re.split(r"<p>\s*<small>", html)[1:]):
            when, rest = re.split(r"</small>\s*<br>", block, maxsplit=1)
            mark = re.match(r"<strong>([^<]*)</strong> - (.*)</p>$", rest.strip(), re.DOTALL)
            assert mark, block
            printed = " ".join(re.sub(r"<[^>]*>", "", when).split())
            place = sum(key.startswith(printed) for key in posts)
            posts[f"{printed}#{place}"] = (mark[1], mark[2].strip())
        identity = entry.findtext(f"{ATOM}id") or ""
        found[identity] = Seen(" ".join((entry.findtext(f"{ATOM}title") or "").split()), posts)
    return found


def test_120_captures_of_one_feed_are_120_runs(tmp_path: Path, pages: Pages) -> None:
    captures = sorted((REAL / "statuspage-atom/github/replay").glob("*.atom"))
    assert len(captures) == 120
    found = archive(tmp_path / "data", f"{pages.address}/history.atom", "feed")
    known: dict[str, Seen] = {}
    edits: Counter[str] = Counter()
    for capture in captures:
        raw = capture.read_bytes()
        pages.answers["/history.atom"] = Answer(
            raw, headers={"Content-Type": "application/atom+xml"}
        )
        row = found.scrape()
        assert row["faults"] == []
        assert row["withdrawn"] == 0
        for key, now in entries(raw).items():
            before = known.get(key)
            if before:
                edits["title"] += before.title != now.title
                for post, (phase, body) in before.posts.items():
                    if post in now.posts:
                        edits["phase"] += now.posts[post][0] != phase
                        edits["body"] += now.posts[post][1] != body
                    else:
                        edits["moved or gone"] += 1
            known[key] = now
    assert found.scrape()["outcome"] == "unchanged"
    lines = {line["key"]: line for line in found.lines()}
    assert lines.keys() == known.keys()
    revisions = Counter(item["field"] for line in lines.values() for item in line["revisions"])
    assert revisions["title"] == edits["title"]
    assert revisions["body"] == edits["body"] > 50
    assert revisions["update"] + revisions["at"] == edits["moved or gone"]
    for key, seen in known.items():
        bodies = sorted(body for _, body in seen.posts.values())
        assert sorted(update["body"] for update in lines[key]["updates"]) == bodies
        assert lines[key]["title"] == seen.title
