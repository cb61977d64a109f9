"""Whatever pages say, in every field and format: nothing runs, nothing leaves, nothing collides."""

import os
import re
import subprocess
from pathlib import Path

import pytest

from generator.pipeline.places import Places
from tests.hostile_site import bodies_in_feeds, drawn, judged, payloads, scraped
from tests.shared import SHARED, needs_shared

pytestmark = needs_shared
CHECK = SHARED / "tools" / "sitecheck" / "xsscheck.mjs"
# Names for files and addresses that every host and file system can hold.
NAME = re.compile(r"[A-Za-z0-9._=-]{1,120}")
# Our own, which the browser's judge takes for a vendor's.
OURS = re.compile(r'<base target="_blank">')
CSP = re.compile(r'<meta http-equiv="Content-Security-Policy"[^>]*>')


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


def test_no_page_and_no_feed_holds_anything_active(site: Path) -> None:
    check_pages(site)


def test_no_path_leaves_its_folder_or_meets_another(site: Path) -> None:
    check_paths(site)


@pytest.mark.torture
def test_so_it_is_of_all_of_them_in_a_browser(tmp_path: Path) -> None:
    playwright = pytest.importorskip("playwright", reason="run make check-site")
    if not Path("/usr/bin/chromium").exists():
        pytest.skip("needs Debian's chromium")
    everything = payloads()
    assert len(everything) > 1100
    assert scraped(everything, Places(tmp_path / "data")) > 2.95 * len(everything)
    site = tmp_path / "site"
    drawn(Places(tmp_path / "data"), site)
    check_pages(site)
    check_paths(site)
    driver = Path(playwright.__file__).parent / "driver"
    (tmp_path / "node_modules").mkdir()
    (tmp_path / "node_modules" / "playwright-core").symlink_to(driver / "package")
    environment = os.environ | {
        "NODE_TOOLS": f"{tmp_path}/",
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
