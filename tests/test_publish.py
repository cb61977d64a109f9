"""Whatever pages say, in every field and format: nothing runs, nothing leaves, nothing collides."""

import importlib
import json
import os
import re
import shutil
import sqlite3
import subprocess
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path

import msgspec
import pytest

from generator.errors import ArchiveError, BuildError, LineError
from generator.exchange import Slug, read_lines
from generator.pipeline.merge import merge
from generator.pipeline.places import Places
from generator.pipeline.verify import verify
from generator.render.components import slug_of
from generator.render.writer import Folder
from generator.slugs import DEVICES
from tests.hostile_site import bodies_in_feeds, drawn, judged, payloads, scraped
from tests.records import incident
from tests.shared import SHARED, needs_shared
from tests.test_merge import scrape

needs_browser = pytest.mark.skipif(
    not (Path("/usr/bin/chromium").exists() and find_spec("playwright")),
    reason="needs Debian's chromium and playwright: run make check-site",
)
CHECK = SHARED / "tools" / "sitecheck" / "xsscheck.mjs"
# Names for files and addresses that every host and file system can hold.
NAME = re.compile(r"[A-Za-z0-9._=-]{1,120}")
# Our own, which the browser's judge takes for a vendor's.
OURS = re.compile(r'<base target="_blank">')
CSP = re.compile(r'<meta http-equiv="Content-Security-Policy"[^>]*>')


@pytest.mark.parametrize(
    "path",
    [
        "../evil.html", "acme/../../evil.html", "/etc/evil", "acme/a\n.html", "acme/a\x00.html",
        "acme/\uff12\uff10.html", "acme/caf\u00e9.html", "acme/a:b.html", "acme\\evil.html", "",
        "acme//a",
    ],
)  # fmt: skip
def test_a_path_that_no_page_of_ours_has_is_written_nowhere(tmp_path: Path, path: str) -> None:
    folder = Folder(tmp_path / "site")
    with pytest.raises(BuildError, match="no name of a page"):
        folder.write(path, b"")
    with pytest.raises(BuildError, match="no name of a page"):
        folder.draft(path)
    assert not list(tmp_path.rglob("*.*"))


@pytest.mark.parametrize(
    "slug", ["2026-01-01-a\n", "\uff12026-01-01-a", "../a", "2026-01-01-" + "a" * 101]
)
def test_an_import_gives_no_path_that_leads_elsewhere(slug: str) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(slug, Slug)


@pytest.mark.parametrize("vendor", ["con", "api", "downloads", "category", "a\n", "../a", "A"])
def test_an_import_gives_no_vendor_the_place_of_a_page_or_a_device(vendor: str) -> None:
    line = {"vendor": vendor, "key": "k", "title": "Down", "kind": "incident", "impact": "minor",
            "started_at": "2026-11-20T10:00:00Z"}  # fmt: skip
    with pytest.raises(LineError, match=r"^lines:1: "):
        list(read_lines([json.dumps(line).encode()], "lines"))


STRANGE = {
    "a way out": ("incident", "../../evil"),
    "a page's name": ("incident", "2022.html"),
    "a folder": ("incident", "2026-11-20-a/b"),
    "a line break": ("incident", "2026-11-20-trouble\n"),
    "a vendor's way out": ("vendor", "../evil"),
    "a vendor for a page": ("vendor", "api"),
    "a device": ("vendor", "con"),
}


@pytest.mark.parametrize("how", STRANGE)
def test_an_archive_with_paths_that_lead_elsewhere_is_not_merged(tmp_path: Path, how: str) -> None:
    ours, theirs = Places(tmp_path / "ours"), Places(tmp_path / "theirs")
    scrape(ours.archive, 0, [incident("k1", "09:00")])
    scrape(theirs.archive, 0, [incident("k2", "09:00")])
    table, slug = STRANGE[how]
    with closing(sqlite3.connect(theirs.archive)) as connection, connection:
        connection.execute(f"UPDATE {table} SET slug = ?", (slug,))
    before = ours.archive.read_bytes()
    with pytest.raises(ArchiveError, match=r"not written by runs of ours: .* Nothing of it was"):
        merge(ours.archive, theirs.archive)
    assert ours.archive.read_bytes() == before
    assert any(repr(slug) in fault for fault in verify(theirs))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE incident SET started_at = 'soon'",
        "UPDATE incident SET kind = 'catastrophe'",
        "UPDATE incident SET impact = '<b>'",
        "UPDATE incident SET components = '[1]'",
        "UPDATE incident SET key = ''",
        "UPDATE incident_update SET phase = 'x'",
        "UPDATE incident_update SET body_format = 'script'",
        "UPDATE run SET at = 'x'",
        "UPDATE vendor SET complete_since = 'x'",
    ],
)
def test_an_archive_that_says_what_no_run_of_ours_says_is_not_merged(
    tmp_path: Path, statement: str
) -> None:
    ours, theirs = tmp_path / "ours.db", tmp_path / "theirs.db"
    scrape(ours, 0, [incident("k1", "09:00")])
    scrape(theirs, 0, [incident("k2", "09:00")])
    with closing(sqlite3.connect(theirs)) as connection, connection:
        connection.execute(statement)
    before = ours.read_bytes()
    with pytest.raises(ArchiveError, match=r"not written by runs of ours: .* Nothing of it was"):
        merge(ours, theirs)
    assert ours.read_bytes() == before


NAMES = [
    "API", "api", "A P I", "Api.", "ＡＰＩ", "Störung", "Sto\u0308rung", "Storung", "a" * 300,
    "a" * 299, "../..", "..", "/", "CON", "aux", "Nul.txt", "COM1", "lpt9", "con ", "日本",
    "日本 ", "🔥", "\u202eabc", "a\x00b", "%2e%2e%2f", "index", "Index.html",
]  # fmt: skip


def test_components_of_any_name_have_paths_that_every_file_system_can_hold() -> None:
    paths = {name: slug_of(name) for name in NAMES}
    for name, path in paths.items():
        assert NAME.fullmatch(path), name
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", path), name
        assert path not in DEVICES, name
    # What only case, width, or the way of writing a mark tells apart is the same component.
    assert paths["API"] == paths["api"] == paths["Api."] == paths["ＡＰＩ"]
    assert paths["Störung"] == paths["Sto\u0308rung"] == paths["Storung"]
    assert paths["a" * 300] != paths["a" * 299], "what was cut still tells them apart"
    assert len({paths[name] for name in ("日本", "🔥", "..", "CON", "aux", "COM1")}) == 6


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A part of the collections: the next part on other machines would be as good."""
    folder = tmp_path_factory.mktemp("hostile")
    some = payloads()[::45]
    assert scraped(some, Places(folder / "data")) == 3 * len(some)
    drawn(Places(folder / "data"), folder / "site")
    return folder / "site"


def check_pages(site: Path) -> None:
    ours = frozenset(file.name for file in site.rglob("*.js"))
    pages = sorted(site.rglob("*.html"))
    assert pages
    for page in pages:
        assert judged(page.read_text(encoding="utf-8"), ours) == [], page
    for file, html in bodies_in_feeds(site):
        assert judged(html) == [], file


def check_paths(site: Path) -> None:
    paths = [str(file.relative_to(site)) for file in site.rglob("*") if file.is_file()]
    assert len({path.casefold() for path in paths}) == len(paths)
    for path in paths:
        assert len(path) < 200
        assert all(NAME.fullmatch(part) for part in path.split("/")), path
    assert all(file.resolve().is_relative_to(site.resolve()) for file in site.rglob("*"))


def check_in_browser(site: Path, folder: Path) -> None:
    """Every page under the browser's judge, with its policy and then without; changes them."""
    driver = Path(importlib.import_module("playwright").__file__ or "").parent / "driver"
    (folder / "node_modules").mkdir()
    (folder / "node_modules" / "playwright-core").symlink_to(driver / "package")
    environment = os.environ | {
        "NODE_TOOLS": f"{folder}/",
        "ALLOW_SCRIPT": r"^[./]*[a-z]+\.[0-9a-f]+\.js$",
        "WAIT": "20",
    }
    for taken in (OURS, CSP):
        for page in site.rglob("*.html"):
            page.write_text(taken.sub("", page.read_text(encoding="utf-8")), encoding="utf-8")
        done = subprocess.run(
            (driver / "node", CHECK, site),
            env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]


@needs_shared
def test_no_page_and_no_feed_holds_anything_active(site: Path) -> None:
    check_pages(site)


@needs_shared
def test_no_path_leaves_its_folder_or_meets_another(site: Path) -> None:
    check_paths(site)


@needs_shared
@needs_browser
@pytest.mark.xdist_group("browser")
def test_nor_does_a_browser_find_anything(site: Path, tmp_path: Path) -> None:
    """The first page, and of each format an incident; all of them in `make torture`."""
    some = tmp_path / "site"
    shutil.copytree(site, some)
    kept = {"index.html"}
    for vendor in ("texts", "pages", "marks"):
        kept.add(f"{vendor}/{min(some.glob(f'{vendor}/20??-??-??-*.html')).name}")
    for page in some.rglob("*.html"):
        if str(page.relative_to(some)) not in kept:
            page.unlink()
    check_in_browser(some, tmp_path)


@needs_shared
@needs_browser
@pytest.mark.torture
def test_so_it_is_of_all_of_them_in_a_browser(tmp_path: Path) -> None:
    everything = payloads()
    assert len(everything) > 1100
    assert scraped(everything, Places(tmp_path / "data")) > 2.95 * len(everything)
    site = tmp_path / "site"
    drawn(Places(tmp_path / "data"), site)
    check_pages(site)
    check_paths(site)
    check_in_browser(site, tmp_path)
