"""The pages of the fleet against the reference of their platforms, not against our readers."""

import json
import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from xml.etree import ElementTree

import pytest

from generator.demo.fleet import Fleet
from generator.demo.pages import Page, platform
from generator.demo.pages._markup import headings
from generator.demo.prose import HOSTILE
from generator.model import Incident, Phase, Update

BASE = "http://127.0.0.1:1"
# Twelve vendors of one platform have it in every variant.
FLEETS = {
    name: Fleet(platforms=[name], vendors=12, incidents=600)
    for name in ("statuspage", "google", "feed")
}
UNTIL = FLEETS["statuspage"].until


def page(name: str, variant: int = 0, at: datetime = UNTIL) -> Page:
    fleet = FLEETS[name]
    return fleet.page(fleet.slugs[variant], at, BASE)


def body(stated: Page, path: str, **query: str) -> bytes:
    answer = platform(stated.vendor.platform).respond(stated, path, query)
    assert answer is not None, f"no {path}"
    return answer.body


def document(stated: Page, path: str, **query: str) -> Any:
    return json.loads(body(stated, path, **query))


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC).replace(microsecond=0)


# Statuspage

PAGE = "id name url time_zone updated_at"
COMPONENT = (
    "id name status created_at updated_at position description showcase start_date group_id "
    "page_id group only_show_if_degraded"
)
INCIDENT = (
    "id name status created_at updated_at monitoring_at resolved_at impact shortlink started_at "
    "page_id incident_updates components reminder_intervals"
)
UPDATE = (
    "id status body incident_id created_at updated_at display_at affected_components "
    "deliver_notifications custom_tweet tweet_id"
)
STATUSES = {
    "incidents": {"investigating", "identified", "monitoring", "resolved", "postmortem"},
    "scheduled_maintenances": {"scheduled", "in_progress", "verifying", "completed"},
}
MAINTENANCES = "api/v2/scheduled-maintenances.json"
LISTS = [("incidents", "api/v2/incidents.json"), ("scheduled_maintenances", MAINTENANCES)]


@pytest.mark.parametrize(("kind", "path"), LISTS)
def test_statuspage_lists_have_the_fields_of_the_reference(kind: str, path: str) -> None:
    planned = {"scheduled_for", "scheduled_until"} if kind != "incidents" else set()
    seen: set[str] = set()
    for variant in range(12):
        listed = document(page("statuspage", variant), path)
        assert set(listed) == {"page", kind}
        assert set(listed["page"]) == set(PAGE.split())
        assert re.fullmatch("[a-z0-9]{12}", listed["page"]["id"])
        for row in listed[kind]:
            assert set(row) | {"started_at"} == set(INCIDENT.split()) | planned
            assert re.fullmatch("[a-z0-9]{12}", row["id"])
            assert all(set(part) == set(COMPONENT.split()) for part in row["components"])
            seen.add(row["status"])
            for update in row["incident_updates"]:
                assert set(update) == set(UPDATE.split())
                assert update["incident_id"] == row["id"]
                seen.add(update["status"])
            posted = [moment(update["display_at"]) for update in row["incident_updates"]]
            assert posted == sorted(posted, reverse=True)
            assert row["status"] == row["incident_updates"][0]["status"]
    assert seen == STATUSES[kind]


def test_statuspage_lists_fifty_and_the_rest_slides_off() -> None:
    pages = [page("statuspage", at=at) for at in (FLEETS["statuspage"].moments()[0], UNTIL)]
    lists = [document(stated, "api/v2/incidents.json")["incidents"] for stated in pages]
    listed = [{row["id"] for row in rows} for rows in lists]
    assert [len(keys) for keys in listed] == [50, 50]
    slid = listed[0] - listed[1]
    assert slid & {incident.key for incident in pages[1].incidents}


def test_statuspage_lists_by_the_last_post_so_that_the_long_outlast_the_short() -> None:
    fleet = Fleet(platforms=["statuspage"], vendors=1, incidents=300, years=0.4)
    stated = fleet.page(fleet.slugs[0], fleet.until, BASE)
    rows = document(stated, "api/v2/incidents.json")["incidents"]
    posted = [moment(row["incident_updates"][0]["display_at"]) for row in rows]
    assert posted == sorted(posted, reverse=True)
    keys = {row["id"] for row in rows}
    oldest = min(incident.started_at for incident in stated.incidents if incident.key in keys)
    gone = [i for i in stated.of("incident") if i.key not in keys and i.started_at > oldest]
    assert gone, "every incident that slid off began before all that are listed"


def test_statuspage_writes_local_times_on_some_pages() -> None:
    stamps = [
        document(page("statuspage", variant), "api/v2/status.json")["page"]["updated_at"]
        for variant in range(3)
    ]
    assert [re.sub(r".*\.\d{3}", "", stamp) for stamp in stamps] == ["Z", "-07:00", "+09:00"]


def test_statuspage_leaves_out_what_it_leaves_out_in_life() -> None:
    rows = [
        row
        for variant in range(12)
        for row in document(page("statuspage", variant), "api/v2/incidents.json")["incidents"]
    ]
    ended = [row for row in rows if row["status"] in ("resolved", "postmortem")]
    assert any(row["resolved_at"] is None for row in ended)
    assert any("started_at" not in row for row in rows)
    assert any(u["affected_components"] is None for row in rows for u in row["incident_updates"])
    assert any(
        moment(update["display_at"]) < moment(update["created_at"])
        for row in rows
        for update in row["incident_updates"]
    )


def test_statuspage_summary_has_what_is_not_over() -> None:
    stated = page("statuspage")
    summary = document(stated, "api/v2/summary.json")
    assert set(summary) == {"page", "components", "incidents", "scheduled_maintenances", "status"}
    now = {incident.key for incident in stated.incidents if incident.ended_at is None}
    assert {row["id"] for row in summary["incidents"] + summary["scheduled_maintenances"]} == now


def test_statuspage_components_show_what_is_broken_and_may_stand_in_a_group() -> None:
    states: set[str] = set()
    for variant in range(12):
        parts = document(page("statuspage", variant), "api/v2/components.json")["components"]
        groups = [part for part in parts if part["group"]]
        assert len(groups) == variant % 2
        for group in groups:
            inside = [part["id"] for part in parts if part["group_id"] == group["id"]]
            assert inside == group["components"]
        states |= {part["status"] for part in parts}
    assert states == {
        "operational",
        "degraded_performance",
        "partial_outage",
        "major_outage",
        "under_maintenance",
    }


def test_statuspage_status_is_that_of_the_worst_open_incident() -> None:
    order = ["none", "minor", "major", "critical"]
    for variant in range(12):
        stated = page("statuspage", variant)
        worst = [i.impact for i in stated.of("incident") if i.ended_at is None]
        said = document(stated, "api/v2/status.json")["status"]
        assert said["indicator"] == max(worst, key=order.index, default="none")


def history(stated: Page, pages: Iterable[int]) -> list[tuple[int, int, dict[str, str]]]:
    """Year and month of each code in the history."""
    names = [f"{datetime(2000, month, 1, tzinfo=UTC):%b}" for month in range(1, 13)]
    return [
        (month["year"], names.index(month["name"][:3]) + 1, row)
        for number in pages
        for month in document(stated, "history.json", page=str(number))["months"]
        for row in month["incidents"]
    ]


@pytest.mark.parametrize(("variant", "offset"), [(0, 0), (1, -7), (2, 9)])
def test_statuspage_history_has_everything_once_under_the_month_it_ended(
    variant: int, offset: int
) -> None:
    stated = page("statuspage", variant)
    filed = history(stated, range(1, 16))
    expected = {
        incident.key: incident
        for incident in stated.incidents
        if incident.kind == "incident" or incident.ended_at
    }
    assert sorted(row["code"] for _, _, row in filed) == sorted(expected)
    for year, month, row in filed:
        incident = expected[row["code"]]
        end = (incident.ended_at or UNTIL) + timedelta(hours=offset)
        assert (end.year, end.month) == (year, month)
        assert set(row) == {"code", "name", "message", "impact", "timestamp"}
        assert row["message"] == incident.updates[-1].body


def test_statuspage_history_is_in_quarters_and_never_ends() -> None:
    stated = page("statuspage")
    first = document(stated, "history.json")["months"]
    assert [(m["name"], m["year"], m["days"], m["starts_on"]) for m in first] == [
        ("December", 2026, 31, 2),
        ("November", 2026, 30, 0),
        ("October", 2026, 31, 4),
    ]
    assert document(stated, "history.json", page="1")["months"] == first
    for number in (30, 9_999):
        assert history(stated, [number]) == []
    assert document(stated, "history.json", page="nonsense")["months"] == first


def test_statuspage_history_writes_times_without_a_year() -> None:
    filed = history(page("statuspage", 1), range(1, 15))
    form = re.compile(
        r"[A-Z][a-z]{2} <var data-var='date'>[ \d]\d</var>, <var data-var='time'>\d\d:\d\d</var>"
        r"( - ([A-Z][a-z]{2} <var data-var='date'>[ \d]\d</var>, )?"
        r"<var data-var='time'>\d\d:\d\d</var>)? MST"
    )
    spans = [form.fullmatch(row["timestamp"]) for _, _, row in filed]
    assert all(spans)
    assert {bool(span[2]) for span in spans if span} == {True, False}


def test_statuspage_gives_each_incident_by_its_code() -> None:
    stated = page("statuspage")
    for incident in stated.incidents[:5]:
        alone = document(stated, f"incidents/{incident.key}.json")
        assert alone == document(stated, f"api/v2/incidents/{incident.key}.json")
        assert alone["id"] == incident.key
        assert len(alone["incident_updates"]) == len(incident.updates)
        explained = any(update.phase == "postmortem" for update in incident.updates)
        assert (alone["postmortem_body"] is not None) == explained


# Google

GOOGLE = (
    "id number begin created end modified external_desc updates most_recent_update status_impact "
    "severity service_key service_name affected_products uri currently_affected_locations "
    "previously_affected_locations"
)


def test_google_is_one_array_with_the_fields_of_the_reference() -> None:
    for variant in range(12):
        stated = page("google", variant)
        rows = document(stated, "incidents.json", ignored="1")
        assert [row["id"] for row in rows] == [incident.key for incident in stated.incidents]
        for row, incident in zip(rows, stated.incidents, strict=True):
            assert set(row) | {"end"} == set(GOOGLE.split())
            assert moment(row["begin"]) == incident.started_at
            assert row["most_recent_update"] == row["updates"][0]
            when = [update["when"] for update in row["updates"]]
            assert when == sorted(when, reverse=True)
            assert row["uri"] == f"incidents/{row['id']}"


def test_google_tells_an_open_incident_by_a_null_or_by_nothing() -> None:
    ends = {
        row.get("end", "absent")
        for variant in range(12)
        for row in document(page("google", variant), "incidents.json")
        if not row.get("end")
    }
    assert ends == {None, "absent"}


def test_google_has_words_for_each_impact_and_calls_several_products_so() -> None:
    said: set[tuple[str, str]] = set()
    services: set[bool] = set()
    for variant in range(12):
        for row in document(page("google", variant), "incidents.json"):
            said.add((row["status_impact"], row["severity"]))
            several = len(row["affected_products"]) > 1
            assert (row["service_name"] == "Multiple Products") == several
            services.add(several)
    assert said == {
        ("SERVICE_INFORMATION", "low"),
        ("SERVICE_DISRUPTION", "medium"),
        ("SERVICE_DISRUPTION", "high"),
        ("SERVICE_OUTAGE", "high"),
    }
    assert services == {True, False}


def test_google_products_are_the_components() -> None:
    stated = page("google")
    products = document(stated, "products.json")["products"]
    assert [product["title"] for product in products] == list(stated.components)


# Feeds

ATOM = "{http://www.w3.org/2005/Atom}"


def newest(stated: Page) -> list[Incident]:
    return sorted(stated.incidents, key=lambda i: i.updates[-1].at, reverse=True)[:25]


def texts(root: ElementTree.Element, path: str) -> list[str]:
    return [element.text or "" for element in root.iterfind(path)]


def test_an_atom_feed_has_the_25_last_posted_with_all_their_posts() -> None:
    stated = page("feed", 0)
    feed = ElementTree.fromstring(body(stated, "feed.atom"))
    shown = newest(stated)
    entries = f"{ATOM}entry/{ATOM}"
    assert texts(feed, f"{entries}title") == [incident.title for incident in shown]
    published = [moment(text) for text in texts(feed, f"{entries}published")]
    assert published == [incident.updates[-1].at for incident in shown]
    assert published == sorted(published, reverse=True)
    updated = [moment(text) for text in texts(feed, f"{entries}updated")]
    assert updated == [stated.changed_at[incident.key] for incident in shown]
    for content, incident in zip(texts(feed, f"{entries}content"), shown, strict=True):
        posts = re.findall(r"<p><small>.*?</small><br><strong>(.*?)</strong> - (.*?)</p>", content)
        assert [text for _, text in posts] == [u.body for u in reversed(incident.updates)]


def test_an_rss_feed_may_have_an_item_an_incident() -> None:
    stated = page("feed", 1)
    feed = ElementTree.fromstring(body(stated, "feed.rss"))
    shown = newest(stated)
    assert texts(feed, "channel/item/title") == [incident.title for incident in shown]
    dates = [parsedate_to_datetime(text) for text in texts(feed, "channel/item/pubDate")]
    assert dates == [incident.updates[-1].at for incident in shown]
    assert texts(feed, "channel/item/guid") == texts(feed, "channel/item/link")


def test_an_rss_feed_may_have_an_item_an_update() -> None:
    stated = page("feed", 2)
    feed = ElementTree.fromstring(body(stated, "feed.rss"))
    dates = [parsedate_to_datetime(text) for text in texts(feed, "channel/item/pubDate")]
    assert dates == sorted(dates, reverse=True)
    expected = sorted(
        f"{stated.address()}incidents/{incident.key}#{update.key}"
        for incident in newest(stated)
        for update in incident.updates
    )
    assert sorted(texts(feed, "channel/item/guid")) == expected
    states = {title.partition(":")[0] for title in texts(feed, "channel/item/title")}
    assert states >= {"INVESTIGATING", "IDENTIFIED", "UPDATE", "MONITORING", "RESOLVED"}


def test_a_post_that_repeats_the_phase_is_headed_update() -> None:
    said: list[Phase] = ["investigating", "investigating", "update", "investigating", "monitoring"]
    posts = (Update(f"u{n}", UNTIL, phase, "") for n, phase in enumerate(said))
    incident = Incident("k", "T", "incident", "minor", UNTIL, updates=tuple(posts))
    assert headings(incident) == ["investigating", "update", "update", "update", "monitoring"]


@pytest.mark.parametrize("variant", range(6))
def test_a_vendor_of_a_feed_names_it_or_its_page_leads_to_it(variant: int) -> None:
    stated = page("feed", variant)
    name = stated.vendor.options.get("feed", "").removeprefix(stated.address())
    link = re.search(
        r'<link rel="alternate" type="application/(\w+)\+xml".*? href="(.*?)">',
        body(stated, "").decode(),
    )
    assert link
    assert (link[1] == "atom") == (variant % 3 == 0)
    assert bool(name) == (variant < 3)
    assert name in ("", link[2].removeprefix(stated.address()))
    assert body(stated, link[2].removeprefix(stated.address()))


def test_statuspage_has_feeds_too() -> None:
    stated = page("statuspage", 2)
    atom = ElementTree.fromstring(body(stated, "history.atom"))
    rss = ElementTree.fromstring(body(stated, "history.rss"))
    titles = texts(rss, "channel/item/title")
    assert len(titles) == 25
    assert titles == texts(atom, f"{ATOM}entry/{ATOM}title")
    assert texts(rss, "channel/item/description")[0].count("JST</small>") >= 1
    assert texts(rss, "channel/item/pubDate")[0].endswith("+0900")


# All


def test_hostile_words_reach_every_wire_as_they_are() -> None:
    statuspage = document(page("statuspage"), "api/v2/incidents.json")["incidents"]
    google = document(page("google"), "incidents.json")
    feed = ElementTree.fromstring(body(page("feed"), "feed.atom"))
    assert HOSTILE in [u["body"] for row in statuspage for u in row["incident_updates"]]
    assert HOSTILE in [u["text"] for row in google for u in row["updates"]]
    assert any(HOSTILE in text for text in texts(feed, f"{ATOM}entry/{ATOM}content"))
