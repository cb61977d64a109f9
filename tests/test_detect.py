"""Which platform is it: by the pages of the fleet, by real payloads, by pages that lie."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from generator.demo.fleet import Fleet
from generator.demo.pages import all_platforms
from generator.demo.server import FleetServer
from generator.detect import Detected
from generator.detect.about import categories_of, homepage_of, name_in, name_of
from generator.detect.probes import COMMON, HOSTS, KNOWN, OWN, SETTINGS, WORDS
from generator.detect.signs import Sign, at, holds, says
from generator.errors import SourceFault
from generator.fetch import Limits
from generator.pipeline.identify import identify
from generator.providers import platforms
from generator.reading import Reply
from generator.settings import SiteConfig
from tests.pages import Answer, Pages
from tests.shared import REAL, needs_shared

CONFIG = SiteConfig("Test", "http://localhost:8000/", "", "test.example", "")
HASTY = Limits(attempts=1, backoff=0.0)
HTML = "<!DOCTYPE html>\n<html><head><title>{}</title></head><body>{}</body></html>"
SHELL = Answer(HTML.format("Status", "").encode(), headers={"Content-Type": "text/html"})
VARIANTS = 3


def ask(address: str) -> Detected:
    return identify(address, CONFIG, allow_loopback=True, limits=HASTY)


@pytest.fixture
def pages() -> Iterator[Pages]:
    with Pages() as server:
        yield server


@pytest.fixture(scope="module")
def fleet() -> Iterator[FleetServer]:
    count = VARIANTS * len(all_platforms())
    with FleetServer(Fleet(vendors=count, incidents=20 * count)) as server:
        yield server


# The fleet


@pytest.mark.parametrize("platform", all_platforms())
def test_every_page_of_the_fleet_is_known_for_what_it_is(fleet: FleetServer, platform: str) -> None:
    vendors = [one for one in fleet.fleet.vendors(fleet.address) if one.platform == platform]
    assert len(vendors) == VARIANTS
    for vendor in vendors:
        found = ask(vendor.status_page)
        assert (found.platform, found.status_page) == (platform, vendor.status_page)
        assert found.name in (vendor.name, None)


def test_most_pages_are_known_after_a_few_requests(fleet: FleetServer) -> None:
    pages = {one.platform: one.status_page for one in fleet.fleet.vendors(fleet.address)[::-1]}
    for platform, most in {"statuspage": 4, "instatus": 4, "hund": 7, "statusiq": 7}.items():
        before = fleet.requests
        ask(pages[platform])
        assert fleet.requests - before <= most, platform


# Real payloads, each at its own path

REAL_PAGES: dict[str, tuple[str, Mapping[str, str]]] = {
    "github": ("statuspage", {"api/v2/summary.json": "statuspage/github/gitdown/summary.json"}),
    "anthropic": (
        "statuspage",
        {
            "api/v2/summary.json": (
                "statuspage/anthropic/algoralabs-captures/anthropic-20260729-172625-major.json"
            )
        },
    ),
    "openai": (
        "incidentio",
        {
            "api/v2/summary.json": (
                "incidentio/openai/algoralabs-captures/openai-20260722-114905-minor.json"
            )
        },
    ),
    "openai's page": ("incidentio", {"": "incidentio/openai/stts/openai-major.html"}),
    "linear's page": ("incidentio", {"": "incidentio/linear/stts/linear-good.html"}),
    "perplexity": (
        "instatus",
        {
            "summary.json": (
                "instatus/perplexity/algoralabs-captures/perplexity-20260723-145302-major.json"
            )
        },
    ),
    "hugging face": (
        "betterstack",
        {
            "index.json": (
                "betterstack/hugging-face/algoralabs-captures/"
                "huggingface-20260719-104250-major.json"
            )
        },
    ),
    "redis": ("firehydrant", {"data/payload.json": "firehydrant/redis/firehydrant-redis.json"}),
    "pagerduty, good": ("pagerduty", {"": "pagerduty/pagerduty/stts/pagerduty-good.html"}),
    "pagerduty, minor": ("pagerduty", {"": "pagerduty/pagerduty/stts/pagerduty-minor.html"}),
    "google cloud": (
        "google",
        {"incidents.json": "google-cloud/gcp/moritalous-2022/incidents.json"},
    ),
    "workspace": (
        "google",
        {"incidents.json": "google-workspace/google-workspace/excerpt-2026/incidents.excerpt.json"},
    ),
    "slack": (
        "slack",
        {"api/v2.0.0/current": "slack/slack/java-slack-sdk-2019/current.v2.merged.json"},
    ),
    "heroku": (
        "heroku",
        {"api/v4/current-status": "heroku/heroku/v4-2026/current-status.excerpt.json"},
    ),
    "zendesk": (
        "zendesk",
        {"api/ssp/incidents.json": "zendesk/zendesk/ops-dash/incidents.truncated.json"},
    ),
    "aws": (
        "aws",
        {"public/currentevents": "aws-health/aws/cyanheads-2026/currentevents.utf16be.json"},
    ),
    "azure": ("azure", {"feed/": "azure-rss/azure/algoralabs-captures/azure_live_westus.xml"}),
    "azure, healthy": (
        "azure",
        {"feed/": "azure-rss/azure/algoralabs-captures/azure_healthy_empty.xml"},
    ),
    "oracle": (
        "oci",
        {
            "api/v2/incident-summary.rss": (
                "oci/oracle-oci/service-checker/incident-summary.truncated.rss"
            )
        },
    ),
    "apple": (
        "apple",
        {"data/system_status_en_US.js": "apple/apple/excerpts/system_status.excerpt.json"},
    ),
    "checkly": (
        "checkly",
        {
            "api/status-page/acme/unresolved-incidents": (
                "checkly/mistral/algoralabs-captures/mistral-20260727-113302-major.json"
            )
        },
    ),
    "a feed": ("feed", {"history.rss": "statuspage-rss/status-ios-2014/history.rss"}),
}


@needs_shared
@pytest.mark.parametrize("name", REAL_PAGES)
def test_real_payloads_in_their_own_places_are_known(pages: Pages, name: str) -> None:
    platform, files = REAL_PAGES[name]
    for path, file in files.items():
        kind = "text/html" if file.endswith("html") else "application/octet-stream"
        answer = Answer((REAL / file).read_bytes(), headers={"Content-Type": kind})
        pages.answers[f"/acme/{path}"] = pages.answers[f"/acme/{path}".rstrip("/")] = answer
    assert ask(f"{pages.address}/acme").platform == platform


@needs_shared
def test_a_feed_may_be_given_by_its_own_address(pages: Pages) -> None:
    file = REAL / "rss-generic" / "xai" / "algoralabs" / "xai_active.xml"
    pages.answers["/feed.xml"] = Answer(file.read_bytes())
    found = ask(f"{pages.address}/feed.xml")
    assert (found.platform, found.status_page) == ("feed", f"{pages.address}/feed.xml")
    assert found.name == "xAI"


# What one answer gives away


def serve(pages: Pages, **answers: str) -> str:
    """A page at /acme with these bodies at these paths; `front` is the page itself."""
    for path, body in answers.items():
        place = "/acme" if path == "front" else f"/acme/{path}"
        pages.answers[place] = Answer(body.encode())
    return f"{pages.address}/acme"


def test_the_page_of_statusio_tells_its_id(pages: Pages) -> None:
    script = '<script>var statuspage_id = "5b36dc6502d06804c08349f7";</script>'
    found = ask(serve(pages, front=HTML.format("Acme System Status", script)))
    assert (found.platform, found.options) == ("statusio", {"page_id": "5b36dc6502d06804c08349f7"})
    assert found.name == "Acme"


def test_a_page_that_lets_its_states_be_read_has_them_read(pages: Pages) -> None:
    feed = '<rss version="2.0" xmlns:sc="http://statuscast.com"><channel></channel></rss>'
    page = serve(pages, rss=feed)
    assert ask(page).options == {}
    serve(pages, **{"incidents.json": '[{"Id": 7, "Status": "Resolved"}]'})
    assert ask(page).options == {"states": "incidents.json"}


def test_the_page_of_an_upptime_tells_its_repository_not_that_of_upptime(pages: Pages) -> None:
    powered = '<a href="https://github.com/upptime/upptime">Upptime</a>'
    source = '<a href="https://github.com/acme/status">open source</a>'
    site = '<a href="https://upptime.js.org">Upptime</a>'
    found = ask(serve(pages, front=HTML.format("Acme", f"{powered} {source}, powered by {site}")))
    assert (found.platform, found.options) == ("upptime", {"repository": "acme/status"})


def test_addresses_alone_tell_what_no_page_does() -> None:
    with pytest.raises(SourceFault):  # nothing is asked of a host that is not public
        identify("http://127.0.0.1:1/", CONFIG, allow_loopback=False, limits=HASTY)
    found = ask("https://github.com/acme/upptime")
    assert (found.platform, found.evidence) == ("upptime", "it is a repository on github.com")


# Pages that lie, refuse, move


def test_a_page_that_answers_everything_with_its_shell_shows_nothing(pages: Pages) -> None:
    paths = {probe.path for probe in (*COMMON, *OWN)}
    pages.answers |= {f"/acme/{path}".rstrip("/"): SHELL for path in paths}
    with pytest.raises(SourceFault, match="shows no platform that we know: expected one of"):
        ask(f"{pages.address}/acme")


@pytest.mark.parametrize(
    "body",
    [b"", b"null", b"[]", b"{}", b"[[[[", b"\xfe\xff", b"\xff" * 300, b'{"page": {"id": null}}'],
)
def test_garbage_everywhere_is_no_platform(pages: Pages, body: bytes) -> None:
    paths = {probe.path for probe in (*COMMON, *OWN)}
    pages.answers |= {f"/acme/{path}".rstrip("/"): Answer(body) for path in paths}
    with pytest.raises(SourceFault, match="shows no platform"):
        ask(f"{pages.address}/acme")


@pytest.mark.parametrize("status", [401, 403, 404, 429, 500, 503])
def test_one_refused_request_does_not_end_the_search(pages: Pages, status: int) -> None:
    page = serve(pages, **{"index.json": '{"data": {"type": "status_page"}}'})
    refusal = Answer(b"no", status)
    for path in ("", "/api/v2/summary.json", "/summary.json", "/rss"):
        pages.answers[f"/acme{path}"] = refusal
    assert ask(page).platform == "betterstack"


def test_a_page_that_lets_nobody_in_is_blocked_not_unknown(pages: Pages) -> None:
    pages.answers |= {f"/acme{path}": Answer(b"no", 403) for path in ("", "/api/v2/summary.json")}
    pages.answers[f"/proxy/{pages.address.removeprefix('http://')}/acme"] = Answer(b"no", 403)
    with pytest.raises(SourceFault, match="blocked"):
        ask(f"{pages.address}/acme")


def test_a_host_that_is_not_there_is_unreachable_not_unknown() -> None:
    with pytest.raises(SourceFault, match="unreachable"):
        ask("http://127.0.0.1:1/acme")


def test_a_page_that_moved_is_asked_where_it_is_now(pages: Pages) -> None:
    there = pages.address.replace("127.0.0.1", "localhost")
    pages.answers["/old"] = Answer(status=301, headers={"Location": f"{there}/acme/"})
    serve(pages, **{"index.json": '{"data": {"type": "status_page"}}'})
    found = ask(f"{pages.address}/old")
    assert (found.platform, found.status_page) == ("betterstack", f"{there}/acme")


def test_pages_that_send_each_other_round_are_given_up(pages: Pages) -> None:
    there = pages.address.replace("127.0.0.1", "localhost")
    pages.answers["/a"] = Answer(status=301, headers={"Location": f"{there}/b"})
    pages.answers["/b"] = Answer(status=301, headers={"Location": f"{pages.address}/a"})
    with pytest.raises(SourceFault, match="moved"):
        ask(f"{pages.address}/a")


# The table


def test_the_table_names_platforms_that_there_are() -> None:
    named = {probe.platform for probe in (*COMMON, *OWN)}
    pointed_at = {row[0] for row in (*HOSTS, *WORDS, *KNOWN)}
    assert named | pointed_at | set(SETTINGS) <= set(platforms())
    assert set(platforms()) - named - pointed_at == {"feed"}, "a platform that nothing detects"


def test_what_imitates_is_asked_for_before_what_it_imitates() -> None:
    order = [probe.platform for probe in COMMON if probe.path == "api/v2/summary.json"]
    assert order == ["incidentio", "statuspage", "instatus"]


DOCUMENT = {"page": {"id": "abc", "empty": None}, "rows": [{"title": "x"}]}


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ("page.id", "abc"),
        ("rows.0.title", "x"),
        ("rows.1.title", None),
        ("rows.title", None),
        ("page.id.deeper", None),
        ("page.empty", None),
    ],
)
def test_a_place_in_a_document(place: str, value: object) -> None:
    assert at(DOCUMENT, place) == value


@pytest.mark.parametrize(
    ("sign", "body", "seen"),
    [
        (holds("page.id"), '{"page": {"id": "abc"}}', "page.id 'abc'"),
        (holds("page.id~[a-z]{3}"), '{"page": {"id": "abc"}}', "page.id 'abc'"),
        (holds("page.id~[a-z]{2}"), '{"page": {"id": "abc"}}', None),
        (holds("page.id"), "<html>page.id</html>", None),
        (holds("page"), '\ufeff{"page": {}}', None),
        (holds("code~0", "data"), '{"code": 0, "data": {}}', "code 0 and data"),
        (says("made  by acme"), "Made  by ACME", "'Made by ACME'"),
        (says("made by acme"), "made by bolt", None),
    ],
)
def test_a_sign_says_what_it_saw(sign: Sign, body: str, seen: str | None) -> None:
    found = sign(reply(body))
    assert (found.what if found else None) == seen


def reply(body: str, url: str = "https://status.acme.example/", status: int = 200) -> Reply:
    return Reply(url, status, "", body.encode())


# What the page tells of its vendor


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ('{"page": {"name": "GitHub"}}', "GitHub"),
        ('{"page": {"name": "Acme Status"}}', "Acme"),
        ('{"data": {"attributes": {"company_name": "Hugging Face"}}}', "Hugging Face"),
        (HTML.format("Acme Status", ""), "Acme"),
        (HTML.format("Acme &amp; Sons - System Status", ""), "Acme & Sons"),
        (HTML.format("Status Page for Acme", ""), "Acme"),
        (HTML.format("Status | Acme", ""), "Status | Acme"),
        ("<rss><channel><title>xAI System Status</title></channel></rss>", "xAI"),
        ("<feed><title>Acme Status - Incident History</title></feed>", "Acme"),
        (HTML.format("Status", ""), None),
        ("", None),
    ],
)
def test_the_name_is_what_the_page_calls_itself(body: str, name: str | None) -> None:
    assert name_of([reply(body)]) == name


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("https://status.acme.com", "Acme"),
        ("https://www.acme-status.co.uk/x", "Acme"),
        ("https://acme.statuspage.io", "Acme"),
        ("http://127.0.0.1:8000/page/of-acme", "Of Acme"),
    ],
)
def test_without_a_name_the_address_is_asked(address: str, name: str) -> None:
    assert name_in(address) == name


LINKS = '<a href="https://twitter.com/acme">x</a> <a href="https://www.acme.example/help">y</a>'


@pytest.mark.parametrize(
    ("page", "body", "homepage"),
    [
        (
            "https://status.acme.example",
            '{"data": {"attributes": {"company_url": "https://acme.test"}}}',
            "https://acme.test",
        ),
        ("https://status.acme.example", HTML.format("", LINKS), "https://www.acme.example"),
        ("https://status.acme.example", HTML.format("", ""), "https://acme.example"),
        ("https://acme-status.example", HTML.format("", LINKS), None),
        ("https://status.example", HTML.format("", ""), None),
    ],
)
def test_the_homepage_is_what_the_page_leads_to(page: str, body: str, homepage: str) -> None:
    assert homepage_of(page, [reply(body)]) == homepage


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("<li>DNS</li><li>Registrar</li>", "dns"),
        ("Card payments and payouts", "payments"),
        ("Postgres and read replicas", "database"),
        ("Nothing that tells", None),
    ],
)
def test_a_category_is_guessed_from_words(text: str, category: str | None) -> None:
    fitting = [c for c in categories_of([reply(text)]) if c in ("dns", "payments", "database")]
    assert next(iter(fitting), None) == category


def test_real_files_are_where_the_tests_look() -> None:
    if REAL.exists():
        missing = [f for _, files in REAL_PAGES.values() for f in files.values()]
        assert [f for f in missing if not Path(REAL / f).exists()] == []
