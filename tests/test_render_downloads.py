"""The downloads: every row there, read back by other programs, told by a manifest that is true."""

import csv
import gzip
import hashlib
import io
import json
import sqlite3
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pyarrow.parquet
import pytest

from generator.archive.queries import Archive
from generator.archive.store import Run, reading, writing
from generator.decide import decide
from generator.exchange import read_lines
from generator.model import Kept, Revision
from generator.reading import Batch
from generator.render import links, words
from generator.render.datasette import metadata_json, opened_in_lite
from generator.render.downloads import FORMS
from generator.render.frame import Site
from generator.render.site import build
from generator.render.source import Source
from generator.times import text_of
from tests import records
from tests.render_archive import CONFIG, PYPI, Memory, at, incident, keep, update, vendor

AS_OF = date(2026, 11, 22)
VENDORS = {"python": vendor("python", "Python"), "acme": vendor("acme", "Acme")}
START = at("2026-11-20 10:00")
HARD = keep(
    "acme",
    "2026-11-20-hard",
    incident(
        '=HYPERLINK("x"), "quoted"\nand more ☂',
        START,
        None,
        impact="critical",
        components=("A, B", "C; D"),
        updates=(
            update("1", START, "investigating", "One,\r\ntwo"),
            update("2", at("2026-11-20 11:00"), "identified", "@SUM(1)"),
        ),
    ),
)
GONE = replace(
    keep("acme", "2026-11-19-gone", incident("Gone", at("2026-11-19 10:00"))),
    withdrawn_at=at("2026-11-19 12:00"),
)


def built(out: Path, *kept: Kept, **parts: bool) -> Path:
    archive = Memory()
    archive.run(*kept)
    build(archive, VENDORS, replace(CONFIG, parts=parts), out, AS_OF)
    return out


def rows(file: Path) -> list[dict[str, str]]:
    text = gzip.decompress(file.read_bytes()).decode()
    return list(csv.DictReader(io.StringIO(text, newline="")))


def table(file: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = pyarrow.parquet.read_table(file).to_pylist()
    return found


def test_every_form_holds_every_row_of_its_month(tmp_path: Path) -> None:
    folder = built(tmp_path, PYPI, HARD, GONE) / "downloads"
    lines = gzip.decompress((folder / "2026-11.ndjson.gz").read_bytes()).splitlines()
    read = list(read_lines(lines, "x"))
    slugs = ["2026-11-19-gone", "2026-11-20-hard"]
    assert [line.slug for line, _ in read] == slugs
    for suffix, reader in (("csv.gz", rows), ("parquet", table)):
        found = reader(folder / f"2026-11.incidents.{suffix}")
        assert [row["slug"] for row in found] == slugs
        posts = reader(folder / f"2026-11.updates.{suffix}")
        assert [(row["slug"], row["key"]) for row in posts] == [
            ("2026-11-19-gone", "1"),
            ("2026-11-20-hard", "1"),
            ("2026-11-20-hard", "2"),
        ]
    assert [row["slug"] for row in table(folder / "2022-07.incidents.parquet")] == [PYPI.slug]


def test_parquet_has_types_and_the_vendors_own_text(tmp_path: Path) -> None:
    folder = built(tmp_path, HARD, PYPI) / "downloads"
    (hard,) = table(folder / "2026-11.incidents.parquet")
    assert hard["title"] == '=HYPERLINK("x"), "quoted"\nand more ☂'
    assert hard["components"] == ["A, B", "C; D"]
    assert (hard["started_at"], hard["ended_at"], hard["minutes"]) == (START, None, None)
    (pypi,) = table(folder / "2022-07.incidents.parquet")
    assert (pypi["minutes"], pypi["updates"], pypi["ended_at"]) == (71, 4, PYPI.incident.ended_at)
    assert table(folder / "2026-11.updates.parquet")[0]["body"] == "One,\r\ntwo"


def test_csv_opens_without_a_formula(tmp_path: Path) -> None:
    folder = built(tmp_path, HARD) / "downloads"
    (hard,) = rows(folder / "2026-11.incidents.csv.gz")
    assert hard["title"] == '\'=HYPERLINK("x"), "quoted"\nand more ☂'
    assert hard["components"] == "A, B; C; D"
    assert (hard["started_at"], hard["ended_at"]) == ("2026-11-20T10:00:00Z", "")
    posts = rows(folder / "2026-11.updates.csv.gz")
    assert [post["body"] for post in posts] == ["One,\r\ntwo", "'@SUM(1)"]


def test_a_trace_tells_when_it_was_down_and_how_badly(tmp_path: Path) -> None:
    planned = keep(
        "acme", "2026-11-18-m", incident("M", at("2026-11-18 10:00"), kind="maintenance")
    )
    ended = keep("acme", "2026-11-17-x", incident("X", at("2026-11-17 10:00"), 30, impact="major"))
    out = built(tmp_path, HARD, GONE, planned, ended)
    assert (out / "acme" / "trace.csv").read_bytes().decode().split("\r\n") == [
        "start,end,severity",
        "2026-11-17T10:00:00Z,2026-11-17T10:30:00Z,major",
        "2026-11-20T10:00:00Z,,critical",
        "",
    ]
    assert (out / "python" / "trace.csv").read_bytes() == b"start,end,severity\r\n"


def check_manifest(out: Path) -> list[dict[str, Any]]:
    """It names every file to take away, and what it says of each is so."""
    files: list[dict[str, Any]] = json.loads((out / links.MANIFEST).read_bytes())["files"]
    own = {links.MANIFEST, links.METADATA, links.DOWNLOADS}
    present = [file for pattern in ("downloads/*", "*/trace.csv") for file in out.glob(pattern)]
    assert {entry["path"] for entry in files} == {
        file.relative_to(out).as_posix() for file in present
    } - own
    for entry in files:
        content = (out / entry["path"]).read_bytes()
        assert entry["bytes"] == len(content)
        assert entry["sha256"] == hashlib.sha256(content).hexdigest(), entry["path"]
        if entry["path"].endswith(".csv.gz"):
            assert entry["rows"] == len(rows(out / entry["path"]))
        if entry["path"].endswith("ndjson.gz"):
            assert entry["rows"] == gzip.decompress(content).count(b"\n")
        if entry["path"].endswith("parquet"):
            assert entry["rows"] == len(table(out / entry["path"]))
    return files


def test_the_manifest_is_true_and_stays_so(tmp_path: Path) -> None:
    archive = Memory()
    archive.run(PYPI, HARD, GONE)
    build(archive, VENDORS, CONFIG, tmp_path, AS_OF)
    assert len(check_manifest(tmp_path)) == 1 + 2 * len(FORMS) + 2
    moved = replace(
        PYPI,
        incident=replace(PYPI.incident, started_at=at("2022-08-01 10:00")),
        revisions=(Revision(archive.now, "started_at", text_of(PYPI.incident.started_at)),),
    )
    archive.run(replace(moved, changed_at=archive.now))
    before = {entry["path"]: entry for entry in check_manifest(tmp_path)}
    build(archive, VENDORS, CONFIG, tmp_path, AS_OF)
    after = {entry["path"]: entry for entry in check_manifest(tmp_path)}
    assert after["downloads/2022-08.ndjson.gz"]["rows"] == 1
    assert before["downloads/2026-11.ndjson.gz"] == after["downloads/2026-11.ndjson.gz"]
    (tmp_path / links.MANIFEST).unlink()
    archive.run(replace(HARD, changed_at=archive.now))
    build(archive, VENDORS, CONFIG, tmp_path, AS_OF)
    check_manifest(tmp_path)


def test_an_edit_draws_the_files_of_its_month_alone(tmp_path: Path) -> None:
    archive = Memory()
    archive.run(PYPI, HARD)
    build(archive, VENDORS, CONFIG, tmp_path, AS_OF)
    stamps = {file: file.stat().st_ino for file in (tmp_path / "downloads").iterdir()}
    archive.run(replace(PYPI, incident=replace(PYPI.incident, title="Renamed")))
    build(archive, VENDORS, CONFIG, tmp_path, AS_OF)
    changed = {file.name for file, inode in stamps.items() if file.stat().st_ino != inode}
    assert changed == {
        "2022-07.ndjson.gz",
        "2022-07.incidents.csv.gz",
        "2022-07.incidents.parquet",
        "outages.db",
        "manifest.json",
        "index.html",
    }


def test_the_list_shows_every_file_with_its_size(tmp_path: Path) -> None:
    out = built(tmp_path, PYPI, HARD)
    page = (out / "downloads" / "index.html").read_text()
    for entry in check_manifest(out):
        if entry["path"].startswith("downloads/"):
            assert f'href="{entry["path"].partition("/")[2]}"' in page
            assert entry["sha256"] in page
    assert 'href="downloads/index.html"' in (out / "data.html").read_text()


@pytest.mark.parametrize(
    ("parts", "gone"),
    [({"downloads": False}, ["downloads", "acme/trace.csv"]), ({"sqlite": False}, [links.SQLITE])],
)
def test_a_site_can_do_without(tmp_path: Path, parts: dict[str, bool], gone: list[str]) -> None:
    out = built(tmp_path, PYPI, HARD, **parts)
    for path in gone:
        assert not (out / path).exists()
    assert "downloads" in parts or len(check_manifest(out)) == 2 * len(FORMS) + 2


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """A real archive: two incidents, of which one is edited and over."""
    file = tmp_path / "data" / "outages.db"
    first = records.incident("k1", "10:00", records.post("u1", "10:07"))
    over = replace(first, title="Renamed", ended_at=records.at("11:00"), end_basis="resolve_time")
    for when, *found in (("10:10", first, records.incident("k2", "10:30")), ("11:10", over)):
        with writing(file) as connection:
            archive, run = Archive(connection), Run(connection, records.at(when), "update")
            held = archive.held("acme", {each.key for each in found}, None)
            taken = archive.slugs("acme")
            batch = Batch(tuple(found))
            run.apply("acme", decide(records.ACME, held, batch, records.at(when), taken))
    return file


def test_the_sqlite_file_is_the_archive(database: Path, tmp_path: Path) -> None:
    with reading(database) as connection:
        source: Source = Archive(connection)
        build(source, VENDORS, CONFIG, tmp_path / "site", AS_OF)
    copy = tmp_path / "site" / links.SQLITE
    assert copy.read_bytes() == database.read_bytes()
    found = {entry["path"]: entry["rows"] for entry in check_manifest(tmp_path / "site")}
    assert found[links.SQLITE] == found["downloads/2026-11.ndjson.gz"] == 2
    assert found["downloads/2026-11.updates.csv.gz"] == 2


SITE = Site(CONFIG, VENDORS, style="", script="")


@pytest.mark.parametrize("name", sorted(words.SAVED_QUERIES))
def test_a_saved_query_answers(database: Path, name: str) -> None:
    document = json.loads(metadata_json(SITE))
    sql = document["databases"]["outages"]["queries"][name]["sql"]
    asked = {"vendor": "acme", "time": "2026-11-20T10:00:00Z"}
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        assert connection.execute(sql, asked).fetchall(), "the question has an answer"
    connection.close()


@pytest.mark.parametrize("name", ["by_year", "first_word", "longest", "same_hour"])
def test_a_saved_query_counts_nothing_that_was_withdrawn(database: Path, name: str) -> None:
    sql = metadata_json(SITE)
    with sqlite3.connect(database) as connection:
        connection.execute("UPDATE incident SET withdrawn_at = '2026-11-21T00:00:00Z'")
        question = json.loads(sql)["databases"]["outages"]["queries"][name]["sql"]
        assert not connection.execute(question, {"time": "2026-11-20T10:00:00Z"}).fetchall()
    connection.close()


def test_the_metadata_describes_what_there_is(database: Path) -> None:
    tables = json.loads(metadata_json(SITE))["databases"]["outages"]["tables"]
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        for name, told in tables.items():
            rows = connection.execute(f"SELECT name FROM pragma_table_info('{name}')")
            columns = {column for (column,) in rows}
            assert columns, name
            named = {told.get("sort_desc"), *told.get("facets", ()), *told.get("units", ())}
            assert named - {None} <= columns
    connection.close()


def test_datasette_lite_is_told_where_both_files_are() -> None:
    asked = parse_qs(urlsplit(opened_in_lite(SITE)).query)
    assert asked == {
        "url": [f"{CONFIG.address}downloads/outages.db"],
        "metadata": [f"{CONFIG.address}downloads/metadata.json"],
    }
