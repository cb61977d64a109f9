"""What cannot be true is not believed, and kept where a person can look at it."""

import random
import resource
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from generator.bodies import Body
from generator.errors import DiskError, SourceFault
from generator.model import Incident, Kept, Update, Vendor
from generator.pipeline.places import Places
from generator.pipeline.quarantine import Quarantine
from generator.pipeline.update import update
from generator.raw import Exchange, tapes
from generator.reading import Batch
from generator.report import Report
from generator.sanity import MOST_NEW, sift
from generator.settings import SiteConfig
from tests.pages import Pages
from tests.records import at

NOW = at("12:00")
LATER = NOW + timedelta(days=2)


def post(key: str, when: datetime) -> Update:
    return Update(key, when, "update", "Words.")


def incident(key: str, title: str = "", days: float = 0) -> Incident:
    start = NOW - timedelta(days=days)
    return Incident(key, title or f"Trouble {key}", "incident", "minor", start)


def ended(one: Incident, when: datetime) -> Incident:
    return replace(one, ended_at=when, end_basis="resolve_time")


def many(count: int, title: str = "", days: float = 0) -> list[Incident]:
    return [incident(str(number), title, days) for number in range(count)]


def held(incidents: Sequence[Incident]) -> dict[str, Kept]:
    return {one.key: Kept("acme", one.key, one, NOW, NOW, platform="feed") for one in incidents}


def batch(incidents: Sequence[Incident]) -> Batch:
    return Batch(tuple(incidents), listed_since={"incident": NOW - timedelta(days=100)})


@pytest.mark.parametrize(
    ("found", "known", "says"),
    [
        ([replace(one, title=" ") for one in many(2)], [], "none of 2 incidents has a title"),
        (many(5, days=-40), [], "5 of 5 incidents tell of times in the future"),
        (
            [replace(one, ended_at=LATER, end_basis="resolve_time") for one in many(5)],
            [],
            "5 of 5 incidents tell of times",
        ),
        ([replace(one, updates=(post("u", LATER),)) for one in many(5)], [], "5 of 5 incidents"),
        (many(5, days=365), many(5), "5 of 5 known incidents have another title or start"),
        ([], many(5, days=1), "5 of 5 incidents are gone"),
        (many(5, "Something else"), many(5), "5 of 5 known incidents have another title"),
        (
            [*many(4, "Another", days=1), *map(incident, "abcd")],
            [*many(4, days=90), *map(incident, "abcd")],
            None,
        ),
        (many(MOST_NEW + 1), [], "1,001 new incidents at once"),
        (many(10_001), [], "10,001 incidents at once"),
    ],
    ids=["untitled", "future", "ends", "posts", "moved", "gone", "retitled", "half", "new", "all"],
)
def test_a_batch_that_cannot_be_true_is_believed_only_by_a_person(
    found: list[Incident], known: list[Incident], says: str | None
) -> None:
    if says is None:
        kept, faults = sift(batch(found), held(known), "feed", NOW, known=True)
        assert [one.key for one in kept.incidents] == list("abcd")
        assert len(faults) == 4
        return
    with pytest.raises(SourceFault, match=says) as caught:
        sift(batch(found), held(known), "feed", NOW, known=True)
    assert caught.value.kind == "implausible"
    if len(found) <= 10_000:
        believed, _ = sift(batch(found), held(known), "feed", NOW, known=True, accepted=True)
        assert believed.incidents == tuple(found)


@pytest.mark.parametrize(
    ("odd", "says"),
    [
        (incident("x", days=-2), "x starts in the future"),
        (incident("0", "Another", days=90), "0 was 'Trouble 0' of"),
        (incident("x", "t" * 2001), "over 2,000 characters: title"),
        (
            replace(incident("x"), url="https://a.example/" + "a" * 4000),
            "over 4,000 characters: address",
        ),
        (replace(incident("x"), components=("c",) * 5001), "over 5,000 components"),
        (replace(incident("x"), impact_raw="i" * 1001), "over 1,000 characters: name"),
        (ended(incident("x"), LATER), "x ends in the future"),
        (replace(incident("x"), updates=(post("u", LATER),)), "x has a post in the future"),
    ],
)
def test_one_that_cannot_be_true_costs_itself_and_nothing_is_taken_for_gone(
    odd: Incident, says: str
) -> None:
    found = [one for one in many(9) if one.key != odd.key]
    kept, faults = sift(batch([*found, odd]), held(many(9)), "feed", NOW, known=True)
    assert kept.incidents == tuple(found)
    assert kept.listed_since == {}
    assert [fault.kind for fault in faults] == ["implausible"]
    assert says in faults[0].reason


def test_a_past_may_be_long_where_nothing_was_known() -> None:
    assert len(sift(batch(many(5000)), {}, "feed", NOW)[0].incidents) == 5000


CONFIG = SiteConfig("Test", "http://localhost:8000/", "", "test.example", "")
ITEM = (
    "<item><title>{}</title><guid>{}</guid><link>https://acme.example/{}</link>"
    "<pubDate>Thu, 19 Nov 2026 1{}:00:00 GMT</pubDate></item>"
)


def feed(title: str) -> bytes:
    items = "".join(ITEM.format(f"{title} {n}", n, n, n) for n in range(6))
    return f"<rss version='2.0'><channel><title>Acme</title>{items}</channel></rss>".encode()


def test_a_batch_nobody_believes_lies_in_quarantine_until_a_person_does(tmp_path: Path) -> None:
    places = Places(tmp_path)
    with Pages() as pages:
        vendor = Vendor("acme", "Acme", "", pages.address + "/rss", "feed", "cloud")

        def read(title: str, accept: Sequence[str] = ()) -> Report:
            pages.answers["/rss"] = pages.answers["/rss/"] = pages.feed(feed(title))
            return update(
                places, [vendor], CONFIG, at=NOW, allow_loopback=True, accept=tuple(accept)
            )

        assert read("Slow").rows[0].new == 6
        before = places.archive.read_bytes()
        (row,) = read("Entirely other words").rows
        assert row.outcome == "failed"
        assert row.faults[-1].kind == "implausible"
        assert row.faults[-1].reason.endswith("outages update --accept acme")
        assert places.archive.read_bytes() == before
        (file,) = (places.quarantine / "acme").iterdir()
        assert str(file) in row.faults[-1].reason
        (tape,) = tapes([file])
        kept = [one.body.read() for replies in tape.replies.values() for one in replies]
        assert feed("Entirely other words") in kept
        assert read("Entirely other words", ["acme"]).rows[0].changed == 6
        msgspec.json.encode(row)


def held_back(folder: Path, when: str, said: bytes) -> Quarantine:
    quarantine = Quarantine(folder, at(when), "update")
    body = Body("https://a.example/", zipped=False, wire=10_000, largest=10_000)
    body.feed(said)
    body.end()
    quarantine.hold(Exchange("acme", "https://a.example/", 200, (), body))
    return quarantine


def test_older_replies_stay_until_the_newer_are_on_the_disk(tmp_path: Path) -> None:
    doubt = SourceFault("implausible", "so it is")
    held_back(tmp_path, "10:00", b"first").keep("acme", doubt)
    (older,) = (tmp_path / "acme").iterdir()
    before = older.read_bytes()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, hard))
    try:
        with pytest.raises(DiskError):
            held_back(tmp_path, "11:00", random.Random(1).randbytes(5000)).keep("acme", doubt)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert older.read_bytes() == before
    held_back(tmp_path, "12:00", b"third").keep("acme", doubt)
    assert [file.name for file in (tmp_path / "acme").iterdir()] == [
        "2026-11-20T120000Z-update.warc.gz"
    ]
