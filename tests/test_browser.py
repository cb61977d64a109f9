"""The site in a browser: search, stack, theme, local times; and that it is whole without them."""

import re
import threading
from collections.abc import Iterator
from datetime import date
from functools import partial
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar

from generator.render.search import words_in
from generator.render.site import build
from generator.serve import Handler
from tests.render_archive import CONFIG, Memory, at, incident, keep, vendor

playwright = pytest.importorskip("playwright.sync_api", reason="run make check-site")
CHROMIUM = Path("/usr/bin/chromium")
pytestmark = [
    pytest.mark.skipif(not CHROMIUM.exists(), reason="needs Debian's chromium"),
    # Playwright keeps an event loop running while a browser is open: nothing else fits beside it.
    pytest.mark.xdist_group("browser"),
]

VENDORS = {
    slug: vendor(slug, name, category)
    for slug, name, category in (
        ("acme", "Acme Cloud", "cloud"),
        ("beta", "Bêta Pay", "package-registry"),
        ("corp", "Corp Mail", "cloud"),
    )
}
BASE = "archive"
Page = Any  # playwright is not installed with the tests


def archive() -> Memory:
    """Three vendors over four years, two incidents open, thirty alike."""
    held = Memory()
    held.run(
        keep("acme", "2026-11-20-dns", incident("DNS <b>fails</b>", at("2026-11-20 22:30"), None)),
        keep("acme", "2024-02-01-slow", incident("Slow dashboards", at("2024-02-01 10:00"),
             impact="major", components=("API", "Web site", "Störung", "Edge"))),
        keep("acme", "2026-11-10-move", incident("Network work", at("2026-11-10 10:00"),
             kind="maintenance")),
        keep("beta", "2025-07-01-slow", incident("Slow payments", at("2025-07-01 10:00"))),
        keep("beta", "2023-03-01-old", incident("Old trouble", at("2023-03-01 10:00"), None)),
        *(
            keep("corp", f"2026-{month:02}-{day:02}-mail", incident("Mail delayed",
                 at(f"2026-{month:02}-{day:02} 08:00")))
            for month in (5, 6, 7) for day in range(1, 11)
        ),
    )  # fmt: skip
    return held


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the site's base path lies in."""
    out = tmp_path_factory.mktemp("site")
    build(archive(), VENDORS, CONFIG, out / BASE, date(2026, 11, 22))
    return out


@pytest.fixture(scope="module")
def site(folder: Path) -> Iterator[str]:
    """The address of the site, below a path, as on a host for projects."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/{BASE}/"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with playwright.sync_playwright() as running:
        found = running.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        yield found
        found.close()


@pytest.fixture
def page(browser: Any) -> Iterator[Page]:
    """A page of a fresh reader in New York, who gets no error and nothing from elsewhere."""
    context = browser.new_context(timezone_id="America/New_York", locale="en-US")
    opened = context.new_page()
    errors: list[str] = []
    opened.on("pageerror", lambda error: errors.append(str(error)))
    opened.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
    yield opened
    context.close()
    assert not errors


def expect(locator: Any) -> Any:
    return playwright.expect(locator)


def titles(page: Page) -> list[str]:
    found: list[str] = page.locator("#results a").all_inner_texts()
    return found


def searched(page: Page, site: str, query: str) -> Page:
    page.goto(f"{site}search.html{query}")
    expect(page.locator("#found")).to_have_text(re.compile(r"incident|shown|Nothing"))
    return page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?q=slow", ["Slow payments", "Slow dashboards"]),
        ("?q=SLOW%20pay", ["Slow payments"]),
        ("?q=sl%20pay", []),
        ("?q=2025-07-01", ["Slow payments"]),
        ("?q=2026-11", ["DNS <b>fails</b>", "Network work"]),
        ("?q=2026-11%20dns", ["DNS <b>fails</b>"]),
        ("?q=2026-11-20%2015:20", ["DNS <b>fails</b>"]),
        ("?q=2026-11-20T15:20Z%20dns", ["DNS <b>fails</b>"]),
        ("?q=2025-07-01&year=2024", []),
        ("?q=payment%20", []),
        ("?q=storu", ["Slow dashboards"]),
        ("?q=beta", ["Slow payments", "Old trouble"]),
        ("?q=slow&vendor=acme", ["Slow dashboards"]),
        ("?q=slow&category=package-registry", ["Slow payments"]),
        ("?q=slow&year=2024", ["Slow dashboards"]),
        ("?impact=major", ["Slow dashboards"]),
        ("?kind=maintenance", ["Network work"]),
        ("?state=open", ["DNS <b>fails</b>", "Old trouble"]),
        ("?vendor=acme", ["DNS <b>fails</b>", "Network work", "Slow dashboards"]),
        ("?q=nowhere", []),
    ],
)
def test_search_finds(page: Page, site: str, query: str, found: list[str]) -> None:
    assert titles(searched(page, site, query)) == found


def test_a_result_says_what_lists_say(page: Page, site: str) -> None:
    searched(page, site, "?q=dashboards")
    row = page.locator("#results li")
    assert row.locator("time").get_attribute("datetime") == "2024-02-01T10:00:00Z"
    assert row.inner_text().split("\n")[0] == "2024-02-01"
    for text in ("10:00 UTC", "Acme Cloud · API · Web site · Störung · 1 more", "Major", "1 h"):
        assert text in row.inner_text()
    assert row.locator(".mark").count() == 1
    expect(page.locator("#found")).to_have_text("1 incident.")


def test_search_is_typed_chosen_and_kept_in_the_address(page: Page, site: str) -> None:
    page.goto(f"{site}search.html")
    expect(page.locator("#vendor option")).to_have_count(4)
    page.fill("#q", "slow")
    expect(page.locator("#found")).to_have_text("2 incidents.")
    page.select_option("#vendor", "beta")
    expect(page.locator("#found")).to_have_text("1 incident.")
    assert page.url.endswith("search.html?q=slow&vendor=beta")
    page.reload()
    expect(page.locator("#results a")).to_have_text(["Slow payments"])
    assert page.input_value("#vendor") == "beta"


def test_a_date_leads_to_the_page_of_its_day_or_month(browser: Any, site: str) -> None:
    # Not with the page that gets no error: of what is not there a browser says so to developers.
    with browser.new_context() as context:
        page = context.new_page()
        searched(page, site, "?q=2025-07-01")
        for date in ("2025-07-01", "2025-07"):
            page.fill("#q", date)
            expect(page.locator("#when a")).to_have_text(f"Everything recorded for {date}")
            assert page.locator("#when a").evaluate("a => a.href") == f"{site}days/{date}.html"
        for other in ("2025-07-02", "slow"):
            page.fill("#q", other)
            expect(page.locator("#when")).to_be_hidden()


def test_many_results_come_by_twenties(page: Page, site: str) -> None:
    searched(page, site, "?q=mail")
    assert len(titles(page)) == 20
    expect(page.locator("#found")).to_have_text("The newest 20 are shown.")
    page.click("#more")
    expect(page.locator("#results a")).to_have_count(30)
    expect(page.locator("#results a").nth(20)).to_be_focused()
    expect(page.locator("#more")).to_be_hidden()


def test_search_by_keyboard(page: Page, site: str) -> None:
    page.goto(f"{site}acme/index.html")
    page.keyboard.press("/")
    page.wait_for_url("**/search.html")
    page.keyboard.press("/")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.type("slow /")
    expect(page.locator("#found")).to_have_text("2 incidents.")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#results a").nth(1)).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/beta/2025-07-01-slow.html")
    expect(page.locator("h1")).to_have_text("Slow payments")


@pytest.mark.parametrize(
    "text", ["Störung: ÉTÉ", "障害が発生", "us-east-1 x²", "Сбой сети", "a" * 30]
)
def test_the_script_folds_words_as_the_index_does(page: Page, site: str, text: str) -> None:
    page.goto(f"{site}search.html")
    assert page.evaluate("text => wordsIn(text)", text) == words_in(text)


def test_a_stack_is_picked_kept_and_taken_along(page: Page, site: str, browser: Any) -> None:
    page.goto(f"{site}stack.html")
    expect(page.locator("#found")).to_have_text("No service is picked yet.")
    for name in ("bêta pay", "acme"):
        page.fill("#pick", name)
        page.keyboard.press("Enter")
    expect(page.locator("#picked li")).to_have_count(2)
    assert page.url.endswith("stack.html#beta,acme")
    expect(page.locator("#results a")).to_have_count(5)
    assert titles(page)[:3] == ["DNS <b>fails</b>", "Old trouble", "Network work"]
    assert "1 open" in page.locator("#picked li").nth(1).inner_text()
    with page.expect_download() as download:
        page.click("#opml")
    opml = Path(download.value.path()).read_text(encoding="utf-8")
    assert f'xmlUrl="{site}acme/feed.atom"' in opml
    assert 'text="Bêta Pay"' in opml
    with page.expect_download() as download:
        page.click("#ics")
    events = Calendar.from_ical(Path(download.value.path()).read_bytes()).walk("VEVENT")
    assert {str(event["UID"]).partition("/")[0] for event in events} == {"acme", "beta"}
    page.goto(f"{site}stack.html")
    expect(page.locator("#picked li")).to_have_count(2)
    page.get_by_role("button", name="Remove: Acme Cloud").click()
    expect(page.locator("#results a")).to_have_text(["Old trouble", "Slow payments"])
    assert page.url.endswith("#beta")
    page.fill("#pick", "corp mail")
    page.keyboard.press("Enter")
    # How its reading fares is not known to this site.
    expect(page.locator("#picked li").nth(1)).to_contain_text("Unknown")


def test_a_stack_in_the_address_goes_before_the_kept_one(page: Page, site: str) -> None:
    page.goto(f"{site}stack.html#acme,nobody")
    expect(page.locator("#picked li")).to_have_count(1)
    page.goto(f"{site}index.html")
    page.goto(f"{site}stack.html")
    expect(page.locator("#found")).to_have_text("No service is picked yet.")


def test_an_address_that_is_cut_short_opens_the_stack(page: Page, site: str) -> None:
    page.goto(f"{site}stack.html#corp,%")
    expect(page.locator("#picked li")).to_have_count(1)


def test_a_vendors_page_adds_it_to_the_stack(page: Page, site: str) -> None:
    for name in ("beta", "acme", "acme"):
        page.goto(f"{site}{name}/index.html")
        page.get_by_role("link", name="Add to my stack").click()
        expect(page.locator("#picked li").first).to_contain_text("Bêta Pay")
    expect(page.locator("#picked li")).to_have_count(2)
    assert page.url.endswith("stack.html#beta,acme")


def test_services_are_compared_side_by_side(page: Page, site: str) -> None:
    page.goto(f"{site}compare.html")
    for place, name in enumerate(("corp", "acme")):
        page.locator("input[name=v]").nth(place).fill(name)
    page.get_by_role("button", name="Compare").click()
    heads = page.locator("#result thead th")
    expect(heads).to_have_text(["Whole record", "Corp Mail", "Acme Cloud"])
    rows = {
        row.locator("th").inner_text(): row.locator("td").all_inner_texts()
        for row in page.locator("#result tbody tr").all()
    }
    assert rows["Incidents"] == ["30", "2"]
    assert rows["First incident"] == ["2026-05-01", "2024-02-01"]
    assert rows["Major"] == ["0", "1"]
    assert rows["Median length"] == ["1 h", "too few"]
    assert page.url.endswith("compare.html?v=corp&v=acme")
    page.goto(f"{site}compare.html")
    for place, name in enumerate(("BÊTA pay", " Acme")):
        page.locator("input[name=v]").nth(place).fill(name)
    page.get_by_role("button", name="Compare").click()
    expect(heads).to_have_text(["Whole record", "Bêta Pay", "Acme Cloud"])
    assert page.url.endswith("compare.html?v=beta&v=acme")
    page.goto(f"{site}compare.html?v=nobody&v=beta pay&v=none")
    expect(page.locator("#said")).to_have_text("There is no service “nobody”, “none”.")
    expect(heads).to_have_text(["Whole record", "Bêta Pay"])
    page.goto(f"{site}compare.html?v=nobody")
    expect(page.locator("#said")).to_have_text("There is no service “nobody”.")
    expect(page.locator("#result")).to_be_hidden()


def test_a_name_that_no_service_has_is_refused_in_words(page: Page, site: str) -> None:
    page.goto(f"{site}stack.html")
    expect(page.locator("#found")).to_have_text("No service is picked yet.")
    page.fill("#pick", "nobody")
    page.keyboard.press("Enter")
    assert "No service has that name" in page.eval_on_selector(
        "#pick", "box => box.validationMessage"
    )
    page.fill("#pick", "acme")
    page.keyboard.press("Enter")
    expect(page.locator("#picked li")).to_have_count(1)


PAPER = "getComputedStyle(document.body).backgroundColor"


def test_the_theme_is_the_systems_until_one_is_chosen(browser: Any, site: str) -> None:
    with browser.new_context(color_scheme="light") as context:
        page = context.new_page()
        page.goto(site)
        light = page.evaluate(PAPER)
        page.emulate_media(color_scheme="dark")
        dark = page.evaluate(PAPER)
        assert light != dark
        button = page.locator("button.theme")
        for words, paper in (("Theme: light", light), ("Theme: dark", dark)):
            button.click()
            expect(button).to_have_text(words)
            assert page.evaluate(PAPER) == paper
        page.emulate_media(color_scheme="light")
        page.goto(f"{site}acme/index.html")
        assert page.evaluate(PAPER) == dark
        button.click()
        expect(button).to_have_text("Theme: auto")
        page.reload()
        assert page.evaluate(PAPER) == light


def test_a_chosen_theme_is_there_before_the_page_is(browser: Any, site: str) -> None:
    with browser.new_context(color_scheme="light") as context:
        context.add_init_script("localStorage.setItem('theme', 'dark')")
        # What the page is told when its body begins, before anything of it is painted.
        context.add_init_script(
            "new MutationObserver((_, me) => { if (!document.body) return; me.disconnect();"
            " window.first = document.documentElement.dataset.theme; })"
            ".observe(document, { childList: true, subtree: true })"
        )
        page = context.new_page()
        page.goto(site)
        assert page.evaluate("window.first") == "dark"
        assert page.evaluate(PAPER) == "rgb(20, 20, 19)"


@pytest.mark.parametrize(
    ("zone", "beside"),
    [
        ("America/New_York", " (17:30 EST)"),
        ("Asia/Kolkata", " (2026-11-21 04:00 GMT+5:30)"),
        ("Etc/UTC", None),
        ("Europe/London", None),
    ],
)
def test_local_time_stands_beside_utc(
    browser: Any, site: str, zone: str, beside: str | None
) -> None:
    with browser.new_context(timezone_id=zone) as context:
        page = context.new_page()
        page.goto(f"{site}acme/2026-11-20-dns.html")
        started = page.locator("main time[datetime='2026-11-20T22:30Z']:not([title=''])").first
        facts = page.locator("dl.facts dd").first
        assert "22:30 UTC" in facts.inner_text()
        if beside is None:
            assert page.locator(".local").count() == 0
        else:
            assert facts.locator(".local").text_content() == beside
            assert started.get_attribute("title") == beside.strip(" ()")


def test_without_script_all_is_said_and_nothing_is_offered_in_vain(browser: Any, site: str) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{site}search.html")
        expect(page.locator("noscript p")).to_contain_text("needs JavaScript")
        for hidden in ("form.search", "button.theme", "#more"):
            expect(page.locator(hidden)).to_be_hidden()
        page.goto(f"{site}stack.html")
        expect(page.locator("noscript p")).to_contain_text("needs JavaScript")
        page.goto(f"{site}acme/2026-11-20-dns.html")
        expect(page.locator("dl.facts")).to_contain_text("22:30 UTC")


@pytest.mark.parametrize("name", ["search.html", "stack.html"])
def test_from_disk_the_page_says_what_it_needs(page: Page, folder: Path, name: str) -> None:
    page.goto((folder / BASE / name).as_uri())
    expect(page.locator("#found")).to_contain_text("web server")


def test_nothing_is_asked_of_others(page: Page, site: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    searched(page, site, "?q=slow")
    page.goto(f"{site}stack.html#acme")
    expect(page.locator("#results a")).to_have_count(3)
    assert asked
    assert all(address.startswith(site) for address in asked)


def test_tables_of_a_vendor_fit_a_narrow_screen(page: Page, tmp_path: Path) -> None:
    held = Memory()
    held.run(*(
        keep("acme", f"2026-11-{day}-slow", incident("Slow", at(f"2026-11-{day} 10:00"), 406,
             impact="unknown", components=("Authentication", "Internationalization")))
        for day in range(10, 16)
    ))  # fmt: skip
    build(held, VENDORS, CONFIG, tmp_path, date(2026, 11, 22))
    page.set_viewport_size({"width": 320, "height": 900})
    page.goto((tmp_path / "acme" / "index.html").as_uri())
    page.locator("details").evaluate_all("all => all.forEach(each => each.open = true)")
    tables = page.locator("table")
    expect(tables).to_have_count(4)
    ends = tables.evaluate_all("all => all.map(each => each.getBoundingClientRect().right)")
    assert max(ends) <= 300
