"""Alerts: what is news, told once, by real messages to a real server on this machine."""

import json
import os
import re
import signal
import subprocess
import sys
import threading
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner

from generator.alerts.news import news
from generator.alerts.rules import Rule, read_rules
from generator.alerts.told import Target
from generator.archive.queries import Archive
from generator.archive.store import Run, writing
from generator.cli import cli
from generator.decide import decide
from generator.errors import InputError
from generator.model import Incident, Kept, Revision
from generator.pipeline.notify import Notified, notify
from generator.pipeline.places import Places
from generator.reading import Batch
from generator.settings import read_site
from generator.times import text_of
from tests.records import ACME, at, incident, post


class Webhook:
    """A receiver. `refuses`: how many of the next messages it answers with 503.

    `kills`: a process that it kills instead of taking the message of that number.
    """

    def __init__(self) -> None:
        self.got: list[dict[str, Any]] = []
        self.refuses = 0
        self.kills: tuple[int, int] | None = None
        webhook = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if webhook.kills and webhook.kills[0] == len(webhook.got):
                    os.kill(webhook.kills[1], signal.SIGKILL)
                    return
                refused = webhook.refuses > 0
                webhook.refuses -= refused
                if not refused:
                    webhook.got.append(json.loads(body))
                self.send_response(503 if refused else 200)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"json://127.0.0.1:{self.server.server_address[1]}/hook"
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    @property
    def titles(self) -> list[str]:
        return [message["title"] for message in self.got]


@pytest.fixture
def webhook() -> Iterator[Webhook]:
    made = Webhook()
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture
def places(tmp_path: Path) -> Places:
    found = Places(tmp_path / "data")
    found.vendors.mkdir(parents=True)
    (found.vendors / "acme.toml").write_text(
        'name = "Acme"\nhomepage = "https://acme.example"\ncategory = "cloud"\n'
        'status_page = "https://status.acme.example"\nplatform = "statuspage"\n'
    )
    found.site.write_text('[categories]\ncloud = "Cloud"\n')
    found.notify.write_text("[hook]\n")
    return found


def scrape(places: Places, when: str, *found: Incident, listed_since: str | None = None) -> None:
    """What the vendor lists; with `listed_since`, all that began since then."""
    since = at(listed_since) if listed_since else None
    batch = Batch(found, listed_since={"incident": since} if since else {})
    with writing(places.archive) as connection:
        archive, run = Archive(connection), Run(connection, at(when), "update")
        held = archive.held("acme", {each.key for each in found}, since)
        run.apply("acme", decide(ACME, held, batch, at(when), archive.slugs("acme")))


def tell(places: Places, webhook: Webhook) -> Notified:
    environment = {"NOTIFY_HOOK": webhook.address}
    return notify(places, read_site(places.site, environment={}), environment=environment)


def over(one: Incident, when: str) -> Incident:
    return replace(one, ended_at=at(when), end_basis="resolve_time")


def test_an_incidents_life_is_told_step_by_step_and_each_step_once(
    places: Places, webhook: Webhook
) -> None:
    scrape(places, "09:00", incident("old", "08:00"))
    assert tell(places, webhook).begun == ["hook"]
    first = incident("k1", "09:30")
    worse = replace(first, impact="critical", impact_raw="critical")
    for when, now in [
        ("09:45", first),
        ("10:00", worse),
        ("10:15", over(worse, "10:10")),
        ("10:30", worse),
        ("10:45", over(worse, "10:40")),
    ]:
        scrape(places, when, now, incident("old", "08:00"))
        for _ in range(2):
            tell(places, webhook)
    assert webhook.titles == [
        "New incident · Acme: Trouble k1",
        "More severe now · Acme: Trouble k1",
        "Resolved · Acme: Trouble k1",
        "Open again · Acme: Trouble k1",
        "Resolved · Acme: Trouble k1",
    ]
    assert [message["type"] for message in webhook.got] == [
        "warning",
        "failure",
        "success",
        "failure",
        "success",
    ]
    marks = [message["message"].splitlines()[-1] for message in webhook.got]
    assert marks[0] == "[acme/2026-11-20-trouble-k1:new@2026-11-20T09:45:00Z]"
    assert len(set(marks)) == 5


def test_the_message_says_what_when_how_bad_and_where(places: Places, webhook: Webhook) -> None:
    scrape(places, "09:00", incident("old", "08:00"))
    tell(places, webhook)
    loud = post("u", "09:31", "We <b>look</b> @everyone <!channel> ops@acme.example")
    scrape(places, "09:45", incident("k1", "09:30", loud, title="Down <!channel>"))
    tell(places, webhook)
    (message,) = webhook.got
    assert message["message"].splitlines()[:-1] == [
        "Minor, since 2026-11-20 09:30 UTC",
        "Affected: API",
        "Investigating: We look @\u200beveryone ops@acme.example",
        "Vendor's page: https://status.acme.example/incidents/k1",
        "Record: http://localhost:8000/acme/2026-11-20-down-channel.html",
    ]
    assert message["title"] == "New incident · Acme: Down <\u200b!channel>"


def test_history_is_not_news(places: Places, webhook: Webhook) -> None:
    scrape(places, "09:00", incident("old", "08:00"))
    tell(places, webhook)
    assert webhook.got == [], "the first run tells nothing"
    dug_up = incident("k2", "2025-03-01T10:00:00Z")
    scrape(places, "09:15", incident("old", "08:00", title="Edited"), dug_up)
    tell(places, webhook)
    assert webhook.got == []


def test_what_a_receiver_did_not_take_is_told_by_the_next_run_and_nothing_twice(
    places: Places, webhook: Webhook
) -> None:
    scrape(places, "09:00", incident("old", "08:00"))
    tell(places, webhook)
    several = [incident(f"k{number}", f"09:1{number}") for number in range(3)]
    scrape(places, "09:30", *several)
    webhook.refuses = 1
    assert tell(places, webhook).failed == ["hook"]
    assert webhook.got == []
    assert tell(places, webhook).failed == []
    tell(places, webhook)
    assert sorted(webhook.titles) == [f"New incident · Acme: Trouble k{n}" for n in range(3)]


def test_killed_while_sending_it_tells_the_rest_later_and_nothing_twice(
    places: Places, webhook: Webhook
) -> None:
    scrape(places, "09:00", incident("old", "08:00"))
    tell(places, webhook)
    scrape(places, "09:30", *(incident(f"k{number}", f"09:1{number}") for number in range(3)))
    words = (sys.executable, "-m", "generator", "--data", str(places.data), "notify")
    environment = {**os.environ, "NOTIFY_HOOK": webhook.address}
    for taken in (0, 2):  # killed at the first message, then at the last
        with subprocess.Popen(words, env=environment, stderr=subprocess.DEVNULL) as process:
            webhook.kills = (len(webhook.got) + taken, process.pid)
            assert process.wait(timeout=30) == -signal.SIGKILL
        webhook.kills = None
        assert len(webhook.got) == taken
    tell(places, webhook)
    assert sorted(webhook.titles) == [f"New incident · Acme: Trouble k{n}" for n in range(3)]


def test_a_dry_run_prints_and_neither_sends_nor_notes(places: Places, webhook: Webhook) -> None:
    scrape(places, "09:00", incident("old", "08:00"))
    tell(places, webhook)
    scrape(places, "09:30", incident("k1", "09:20"))
    noted = places.notified.read_bytes()
    done = CliRunner().invoke(cli, ["--data", str(places.data), "notify", "--dry-run"])
    assert done.exit_code == 0
    assert "to hook (warning): New incident · Acme: Trouble k1\n    Minor, since" in done.output
    assert "1 message to send." in done.output
    assert webhook.got == []
    assert places.notified.read_bytes() == noted


def test_without_news_not_a_byte_is_written(places: Places, webhook: Webhook) -> None:
    scrape(places, "09:00", incident("old", "08:00"))
    tell(places, webhook)
    before = places.notified.stat()
    tell(places, webhook)
    after = places.notified.stat()
    assert (after.st_mtime_ns, after.st_ino) == (before.st_mtime_ns, before.st_ino)


def test_a_failing_target_keeps_no_other_from_its_news(places: Places, webhook: Webhook) -> None:
    places.notify.write_text("[broken]\n[hook]\n")
    scrape(places, "09:00", incident("old", "08:00"))
    environment = {"NOTIFY_HOOK": webhook.address, "NOTIFY_BROKEN": "json://127.0.0.1:9/"}
    config = read_site(places.site, environment={})
    notify(places, config, environment=environment)
    scrape(places, "09:30", incident("k1", "09:20"))
    assert notify(places, config, environment=environment).failed == ["broken"]
    assert webhook.titles == ["New incident · Acme: Trouble k1"]


def kept(start: str = "10:00", seen: str = "10:05", **facts: Any) -> Kept:
    told = {name: facts.pop(name) for name in ("withdrawn_at", "revisions") if name in facts}
    what = incident("k", start, **facts)
    return Kept("acme", "k", what, at(seen), at("11:00"), update_seen_at=(at(seen),), **told)


RAISED = (Revision(at("10:50"), "impact", "minor"),)
ENDED: dict[str, Any] = {"ended_at": at("10:30"), "end_basis": "resolve_time"}


@pytest.mark.parametrize(
    ("rule", "known", "record", "told"),
    [
        ({}, None, kept(), "new minor"),
        ({}, None, kept(**ENDED), "new over"),
        ({}, None, kept(seen="08:00", start="07:59"), ""),
        ({}, None, kept(start="2026-11-18T10:00:00Z"), ""),
        ({}, None, kept(withdrawn_at=at("10:10")), ""),
        ({}, None, kept(kind="maintenance"), ""),
        ({"impact": "major"}, None, kept(), ""),
        ({"impact": "minor"}, None, kept(impact="unknown"), "new unknown"),
        ({"impact": "major"}, None, kept(impact="major"), "new major"),
        (
            {"impact": "major"},
            None,
            kept("07:59", "08:00", impact="major", revisions=RAISED),
            "escalated major",
        ),
        ({"vendors": ["acme"]}, None, kept(), "new minor"),
        ({"vendors": ["other"]}, None, kept(), ""),
        ({"vendors": ["other"], "categories": ["cloud"]}, None, kept(), "new minor"),
        ({}, "minor", kept(), ""),
        ({}, "minor", kept(impact="major"), "escalated major"),
        ({}, "major", kept(impact="minor"), ""),
        ({}, "minor", kept(**ENDED), "resolved over"),
        ({}, "minor", kept(end_basis="unstated"), ""),
        ({}, "minor", kept(withdrawn_at=at("10:10")), "withdrawn over"),
        ({}, "over", kept(), "reopened minor"),
        ({}, "over", kept(**ENDED), ""),
        ({}, "over", kept(withdrawn_at=at("10:40"), **ENDED), ""),
        ({}, "minor", kept(withdrawn_at=at("10:40"), **ENDED), "withdrawn over"),
    ],
)
def test_what_is_news(rule: dict[str, Any], known: str | None, record: Kept, told: str) -> None:
    target = Target(since=text_of(at("09:00")), told={"acme/k": known} if known else {})
    asked = msgspec.convert(rule, Rule)
    events = news(asked, target, [record], at("11:00"), {"acme": "cloud"})
    assert " ".join(f"{event.what} {event.state}" for event in events) == told


def test_what_is_deleted_after_its_end_is_told_no_more_as_the_readme_says(
    places: Places, webhook: Webhook
) -> None:
    scrape(places, "09:00", incident("old", "08:00"))
    tell(places, webhook)
    ended = over(incident("k1", "09:30"), "09:50")
    scrape(places, "10:00", ended, incident("k2", "09:40"))
    tell(places, webhook)
    webhook.got.clear()
    scrape(places, "10:30", listed_since="07:00")
    tell(places, webhook)
    assert webhook.titles == ["Taken back by the vendor · Acme: Trouble k2"]
    readme = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
    assert "taken back while it was open" in readme


def test_events_that_a_rule_leaves_out_are_not_sent_and_not_sent_later(
    places: Places, webhook: Webhook
) -> None:
    places.notify.write_text('[hook]\nevents = ["resolved"]\n')
    scrape(places, "09:00", incident("old", "08:00"))
    tell(places, webhook)
    for when, now in [
        ("09:45", incident("k1", "09:30")),
        ("10:00", over(incident("k1", "09:30"), "09:50")),
    ]:
        scrape(places, when, now)
        tell(places, webhook)
    assert webhook.titles == ["Resolved · Acme: Trouble k1"]


def test_what_is_over_and_old_is_forgotten(places: Places, webhook: Webhook) -> None:
    scrape(places, "09:00", incident("old", "08:00"))
    tell(places, webhook)
    ended = over(incident("k1", "09:30"), "09:40")
    scrape(places, "09:45", ended)
    tell(places, webhook)
    days_later = at("09:00") + timedelta(days=9)
    fresh = incident("k2", text_of(days_later))
    scrape(places, text_of(days_later), ended, fresh)
    tell(places, webhook)
    noted = json.loads(places.notified.read_bytes())
    assert list(noted["hook"]["told"]) == ["acme/2026-11-29-trouble-k2"]


def test_what_left_its_page_is_followed_until_its_end_is_known(
    places: Places, webhook: Webhook
) -> None:
    scrape(places, "08:30", incident("old", "08:00"))
    tell(places, webhook)
    told = incident("k1", "09:30")
    scrape(places, "09:45", told)
    tell(places, webhook)
    scrape(places, "10:00", replace(told, end_basis="unstated"))
    for day in (9, 10):
        when = text_of(at("09:00") + timedelta(days=day))
        scrape(places, when, incident(f"n{day}", when))
        tell(places, webhook)
    scrape(places, text_of(at("10:00") + timedelta(days=10)), over(told, "11:00"))
    tell(places, webhook)
    assert webhook.titles[-1] == "Resolved · Acme: Trouble k1"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[hook]\nseverity = 1\n", "severity"),
        ('[hook]\nimpact = "bad"\n', "impact"),
        ('[hook]\nvendors = ["nobody"]\n', "vendor 'nobody', which there is not"),
        ('[hook]\nvendors = ["acne"]\n', "take it out. Is acme meant"),
        ('[hook]\ncategories = ["none"]\n', "category 'none', which there is not"),
        ("[my-hook]\n", "cannot name a variable"),
        ("hook\n", "The README shows"),
    ],
)
def test_a_broken_file_is_a_sentence(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "notify.toml"
    file.write_text(text)
    with pytest.raises(InputError, match=said):
        read_rules(file, {"acme": ACME}, {"cloud": "Cloud"})


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({}, "set NOTIFY_OTHER in the environment"),
        ({"NOTIFY_OTHER": "nothing://secret-word"}, "NOTIFY_OTHER is not an address that Apprise"),
    ],
)
def test_a_target_without_an_address_silences_no_other_and_is_told_later_what_it_missed(
    places: Places, webhook: Webhook, environment: dict[str, str], said: str
) -> None:
    places.notify.write_text("[other]\n[hook]\n")
    scrape(places, "09:00", incident("old", "08:00"))
    config, missing = read_site(places.site, environment={}), {"NOTIFY_HOOK": webhook.address}
    notify(places, config, environment={**missing, **environment})
    for when, now in [
        ("09:30", incident("k1", "09:20")),
        ("10:00", over(incident("k1", "09:20"), "09:50")),
    ]:
        scrape(places, when, now)
        done = notify(places, config, environment={**missing, **environment})
        assert said in done.silent["other"]
        assert "secret-word" not in done.silent["other"]
    assert webhook.titles == [f"{what} · Acme: Trouble k1" for what in ("New incident", "Resolved")]
    webhook.got.clear()
    for _ in range(2):
        whole = {**missing, "NOTIFY_OTHER": webhook.address}
        assert notify(places, config, environment=whole).silent == {}
    assert webhook.titles == ["New incident · Acme: Trouble k1"], "once, and to it alone"


def test_the_command_names_the_target_without_an_address_and_fails(
    places: Places, webhook: Webhook
) -> None:
    places.notify.write_text("[hook]\n[other]\n")
    scrape(places, "09:00", incident("old", "08:00"))
    tell(places, webhook)
    scrape(places, "09:30", incident("k1", "09:20"))
    words = ["--data", str(places.data), "notify"]
    done = CliRunner().invoke(cli, words, env={"NOTIFY_HOOK": webhook.address})
    assert done.exit_code == 1
    assert "Error: the target 'other' of notify.toml has no address" in done.output
    assert "1 message sent." in done.output
    assert webhook.titles == ["New incident · Acme: Trouble k1"]


def test_the_readmes_example_is_one() -> None:
    readme = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```toml\n(# data/notify.toml.*?)```", readme, re.DOTALL)
    rules = msgspec.convert(tomllib.loads(example), dict[str, Rule])
    assert rules["slack"].vendors
