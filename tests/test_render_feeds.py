"""The feeds: valid, with ids and dates that come from the record and from nowhere else."""

import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from time import struct_time
from typing import Any

import feedparser
import pytest

from generator.model import Kept
from generator.render.site import build
from tests.render_archive import CONFIG, PYPI, Memory, at, incident, keep, update, vendor

AS_OF = date(2026, 11, 22)
VENDORS = {"python": vendor("python", "Python"), "acme": vendor("acme", "Acme & Sons")}
CHECK = Path(__file__).parents[2] / "shared" / "tools" / "feedcheck" / "feedcheck.py"
FORMATS = ("feed.atom", "feed.rss")


def built(out: Path, *records: Kept) -> Path:
    archive = Memory()
    archive.run(*records)
    build(archive, VENDORS, CONFIG, out, AS_OF)
    return out


def read(file: Path) -> Any:
    parsed = feedparser.parse(file.read_bytes())
    assert not parsed.bozo, parsed.get("bozo_exception")
    return parsed


def instant(parsed: struct_time) -> datetime:
    return datetime(*parsed[:6], tzinfo=UTC)


HARD = keep(
    "acme",
    "2026-11-20-hard",
    incident(
        "A & B <down>\x0b \u202enow",
        at("2026-11-20 10:00"),
        None,
        impact="critical",
        components=("API\x08", "B]]>"),
        updates=(
            update("1", at("2026-11-20 10:00"), "investigating", "One ]]> & two\x00<b>&#8;</b>"),
            update("2", at("2026-11-20 11:00"), "identified", "See https://a.example/x."),
        ),
    ),
)


@pytest.mark.parametrize("name", FORMATS)
def test_an_entry_an_incident(tmp_path: Path, name: str) -> None:
    out = built(tmp_path, PYPI, HARD)
    feed = read(out / name)
    assert [entry.title for entry in feed.entries] == [
        "Acme & Sons: A & B <down> now",
        "Python: Notice: PyPI Mass CDN Purge",
    ]
    hard, pypi = feed.entries
    assert pypi.id == "tag:example.org,2026:python/2022-07-29-pypi-mass-cdn-purge"
    assert pypi.link == f"{CONFIG.address}python/2022-07-29-pypi-mass-cdn-purge.html"
    assert instant(pypi.published_parsed) <= at("2022-07-29 15:19")
    content = hard.content[0].value if "content" in hard else hard.summary
    assert content.index("Identified") < content.index("Investigating"), "newest first"
    assert "One ]]&gt; &amp; two<b></b>" in content
    assert '<a href="https://a.example/x"' in content
    assert "No update says it was resolved" in (
        pypi.content[0].value if "content" in pypi else pypi.summary
    )


def test_atom_has_its_dates_from_the_record(tmp_path: Path) -> None:
    edited = replace(PYPI, changed_at=at("2022-08-03 09:00"))
    newer = keep("python", "2022-08-01-x", incident("Newer", at("2022-08-01 10:00")))
    feed = read(built(tmp_path, edited, newer) / "python" / "feed.atom")
    entry = feed.entries[1]
    assert instant(entry.published_parsed) == at("2022-07-29 15:19")
    assert instant(entry.updated_parsed) == at("2022-08-03 09:00")
    assert instant(feed.feed.updated_parsed) == at("2022-08-03 09:00")
    assert entry.author == "Python"
    links = {link.rel: link.href for link in feed.feed.links}
    assert links == {
        "self": f"{CONFIG.address}python/feed.atom",
        "alternate": f"{CONFIG.address}python/",
    }
    assert feed.feed.title == "Python: incidents"
    assert feed.feed.id == "tag:example.org,2026:python/incidents"


def test_the_newest_fifty_that_stand(tmp_path: Path) -> None:
    kept = [
        keep("acme", f"2026-01-01-{n:02}", incident(f"N{n}", at(f"2026-01-01 10:{n:02}")))
        for n in range(60)
    ]
    kept[59] = replace(kept[59], withdrawn_at=at("2026-02-01 00:00"))
    kept[58] = replace(kept[58], incident=replace(kept[58].incident, kind="maintenance"))
    for name in ("feed.atom", "feed.rss"):
        out = built(tmp_path / name, *kept)
        for feed in (read(out / name), read(out / "acme" / name)):
            titles = [entry.title for entry in feed.entries]
            assert titles == [f"Acme & Sons: N{n}" for n in range(57, 7, -1)]


def test_a_feed_without_entries_has_a_date_all_the_same(tmp_path: Path) -> None:
    feed = read(built(tmp_path, PYPI) / "acme" / "feed.atom")
    assert feed.entries == []
    assert instant(feed.feed.updated_parsed) == datetime(1970, 1, 1, tzinfo=UTC)


def test_ids_stay_when_everything_else_moves(tmp_path: Path) -> None:
    moved = replace(
        PYPI, incident=replace(PYPI.incident, title="Renamed", started_at=at("2022-07-28 10:00"))
    )
    before = read(built(tmp_path / "a", PYPI) / "feed.atom").entries[0].id
    after = read(built(tmp_path / "b", moved) / "feed.atom").entries[0].id
    assert before == after


@pytest.mark.skipif(not CHECK.exists(), reason="the feed checker is not beside this checkout")
def test_the_judges_find_nothing(tmp_path: Path) -> None:
    out = built(tmp_path, PYPI, HARD)
    files = sorted(map(str, out.rglob("feed.*")))
    assert len(files) == 6
    verdict = subprocess.run(
        [sys.executable, str(CHECK), *files], capture_output=True, text=True, check=False
    )
    assert verdict.returncode == 0, verdict.stdout + verdict.stderr
