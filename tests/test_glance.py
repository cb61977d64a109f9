"""A build that finds everything as it was knows so at a glance; and notices whatever is not."""

import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from generator.archive.glimpse import fared, last_run
from generator.archive.state import remembering
from generator.archive.store import Run, writing
from generator.decide import new
from generator.errors import ArchiveError
from generator.pipeline.build import build_site
from generator.pipeline.glance import glance, standing
from generator.pipeline.lines import import_lines
from generator.pipeline.places import Places
from generator.settings import read_site
from tests.records import incident
from tests.render_archive import at

DAY = date(2026, 11, 22)
VENDOR = """\
name = "Acme"
homepage = "https://acme.example"
status_page = "https://status.acme.example"
platform = "statuspage"
category = "cloud"
"""
LINE = (
    b'{"vendor":"acme","key":"1","title":"%s","kind":"incident","impact":"minor",'
    b'"started_at":"2026-11-20T10:00:00Z","ended_at":null,"updates":[]}'
)


@pytest.fixture
def places(tmp_path: Path) -> Places:
    made = Places(tmp_path / "data")
    made.vendors.mkdir(parents=True)
    (made.vendors / "acme.toml").write_text(VENDOR, encoding="utf-8")
    made.site.write_text('[categories]\ncloud = "Cloud"\n', encoding="utf-8")
    import_lines(made, [LINE % b"Down"], "a test", at=at("2026-11-20 12:00"))
    return made


def seen(places: Places, day: date = DAY) -> str:
    return glance(places, read_site(places.site, environment={}), day, "")


def failing(places: Places) -> None:
    with remembering(places.state) as state:
        state.note_failure("acme", at("2026-11-21 10:00"), "slow")


CHANGES: dict[str, Callable[[Places], object]] = {
    "a vendor's name": lambda places: (places.vendors / "acme.toml").write_text(
        VENDOR.replace("Acme", "Acme Cloud"), encoding="utf-8"
    ),
    "another vendor": lambda places: (places.vendors / "beta.toml").write_text(
        VENDOR, encoding="utf-8"
    ),
    "a category's name": lambda places: places.site.write_text(
        '[categories]\ncloud = "Clouds"\n', encoding="utf-8"
    ),
    "an incident": lambda places: import_lines(
        places, [LINE % b"Still down"], "a test", at=at("2026-11-20 13:00")
    ),
    "a source that fails": failing,
}


@pytest.mark.parametrize("change", CHANGES)
def test_whatever_a_build_looks_at_is_noticed(places: Places, change: str) -> None:
    before = seen(places)
    assert seen(places) == before
    CHANGES[change](places)
    assert seen(places) != before


def test_the_day_is_noticed(places: Places) -> None:
    assert seen(places) != seen(places, DAY + timedelta(days=1))


def test_files_that_need_something_done_first_are_seen_as_the_same(places: Places) -> None:
    failing(places)
    before = seen(places)
    for asked, file in ((last_run, places.archive), (fared, places.state)):
        assert asked(file)
        file.with_name(f"{file.name}-journal").touch()
        assert asked(file) is None
    assert seen(places) == before


def test_an_archive_of_a_newer_program_is_refused_at_a_glance(places: Places) -> None:
    connection = sqlite3.connect(places.archive)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(ArchiveError, match="Update the program"):
        seen(places)


def test_a_site_that_stands_is_told_without_knowing_how_to_draw(
    places: Places, tmp_path: Path
) -> None:
    config, out = read_site(places.site, environment={}), tmp_path / "site"
    first = build_site(places, config, out, as_of=DAY)
    stamps = {file: file.stat().st_mtime_ns for file in out.rglob("*")}
    words = ("--data", str(places.data), "--out", str(out), "build", "--as-of", DAY.isoformat())
    code = (
        "import sys; from generator.cli import cli; "
        f"cli({words!r}, standalone_mode=False); "
        "dear = {'jinja2', 'feedgen', 'lxml', 'rich', 'PIL', 'msgspec', 'generator.model'}; "
        "print(sorted(dear & sys.modules.keys()))"
    )
    done = subprocess.run((sys.executable, "-c", code), capture_output=True, text=True, check=True)
    told, imported = done.stdout.splitlines()
    assert told == f"{out}: {first.pages} pages, 0 written, 0 removed, {first.pages} as they were."
    assert imported == "[]"
    assert {file: file.stat().st_mtime_ns for file in out.rglob("*")} == stamps


# What a build imports and what says nothing of a page: words in, settings and vendor files (which
# are part of the key as they are read), files and errors, readers of pages, and what only the
# archive's writer asks.
SILENT = re.compile(
    r"generator(\.(alike|categories|cli\w*|console|decide|durable|errors|merging|misfits|reading|report"
    r"|settings|sharding|toml|wording|providers(\.\w+)?|vendors(\.\w+)?|pipeline(\.(build|glance|places))?))?"
)


def test_all_that_shapes_a_page_makes_all_be_drawn_again(places: Places, tmp_path: Path) -> None:
    words = ("--data", str(places.data), "--out", str(tmp_path / "site"), "build")
    code = (
        "import sys; from generator.cli import cli; "
        f"cli({words!r}, standalone_mode=False); "
        "from generator.render.plan import shaping; known = set(map(str, shaping())); "
        "own = {n: m.__file__ for n, m in sys.modules.items() if n.split('.')[0] == 'generator'}; "
        "print(*sorted(name for name, file in own.items() if file not in known))"
    )
    done = subprocess.run((sys.executable, "-c", code), capture_output=True, text=True, check=True)
    others = done.stdout.splitlines()[-1].split()
    assert "generator.settings" in others, "they are looked at"
    assert [name for name in others if not SILENT.fullmatch(name)] == []


def test_what_a_run_writes_after_a_build_has_read_is_drawn_by_the_next(
    places: Places, tmp_path: Path
) -> None:
    config, out, clean = read_site(places.site, environment={}), tmp_path / "s", tmp_path / "clean"
    with writing(places.archive) as connection:
        run = Run(connection, at("2026-11-20 13:00"), "update")
        for key in ("2", "3"):
            run.apply("acme", [new("acme", incident(key), at("2026-11-20 13:00"), set())])
            build_site(places, config, out, as_of=DAY)
    build_site(places, config, clean, as_of=DAY)
    assert differing(out, clean) == []


def differing(one: Path, other: Path) -> list[Path]:
    """The files that two folders do not both hold just so, but for what each was built from."""
    files = {file.relative_to(root) for root in (one, other) for file in root.rglob("*.*")}
    pairs = ((file, one / file, other / file) for file in files if file.name != ".manifest.json")
    return [
        file
        for file, a, b in pairs
        if not (a.is_file() and b.is_file() and a.read_bytes() == b.read_bytes())
    ]


def test_a_build_that_was_cut_short_does_not_stand(places: Places, tmp_path: Path) -> None:
    out = tmp_path / "site"
    build_site(places, read_site(places.site, environment={}), out, as_of=DAY)
    manifest = out / ".manifest.json"
    assert standing(out, seen(places))
    whole = manifest.read_text(encoding="utf-8")
    for content in (whole.replace('"key":"', '"key":"","was":"'), whole[:40], "[]"):
        manifest.write_text(content, encoding="utf-8")
        assert standing(out, seen(places)) is None
