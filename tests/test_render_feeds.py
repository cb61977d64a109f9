"""The feeds: valid, with ids and dates that come from the record and from nowhere else."""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from time import struct_time
from typing import Any

import feedparser
import msgspec
import pytest
from lxml import etree

from generator.model import Kept, Phase, Revision, Update
from generator.render.components import slug_of
from generator.render.feeds.dates import HISTORY, Readings, distinct
from generator.render.site import build
from generator.settings import SiteConfig
from generator.times import text_of
from tests.render_archive import CONFIG, PYPI, Memory, at, incident, keep, update, vendor
from tests.shared import SHARED

AS_OF = date(2026, 11, 22)
VENDORS = {"python": vendor("python", "Python"), "acme": vendor("acme", "Acme & Sons")}
CHECK = SHARED / "tools" / "feedcheck" / "feedcheck.py"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def built(out: Path, *records: Kept, config: SiteConfig = CONFIG) -> Path:
    archive = Memory()
    archive.run(*records)
    build(archive, VENDORS, config, out, AS_OF)
    return out


def read(file: Path) -> Any:
    """A feed as feedparser has it; of JSON, as much of it as the tests ask."""
    if file.suffix == ".json":
        return from_json(msgspec.json.decode(file.read_bytes()))
    parsed = feedparser.parse(file.read_bytes())
    assert not parsed.bozo, parsed.get("bozo_exception")
    return parsed


def from_json(document: Any) -> Any:
    assert document["version"] == "https://jsonfeed.org/version/1.1"
    entries = [
        feedparser.FeedParserDict(
            id=item["id"],
            title=item["title"],
            link=item["url"],
            summary=item["content_html"],
            published_parsed=datetime.fromisoformat(item["date_published"]).timetuple(),
        )
        for item in document["items"]
    ]
    return feedparser.FeedParserDict(entries=entries, feed=document)


def titles(file: Path) -> list[str]:
    return [entry.title for entry in read(file).entries]


def content(entry: Any) -> str:
    return str(entry.content[0].value if "content" in entry else entry.summary)


def instant(parsed: struct_time) -> datetime:
    return datetime(*parsed[:6], tzinfo=UTC)


def edited(kept: Kept, seen: datetime, field: str, key: str | None = None, **now: Any) -> Kept:
    """The record after its vendor changed a field of it or, with `key`, of a post."""
    told = kept.incident
    if key is None:
        before = getattr(told, field)
        told = replace(told, **now)
    else:
        (post,) = (post for post in told.updates if post.key == key)
        before = getattr(post, field)
        posts = tuple(replace(each, **now) if each is post else each for each in told.updates)
        told = replace(told, updates=posts)
    said = text_of(before) if isinstance(before, datetime) else str(before)
    revisions = (*kept.revisions, Revision(seen, field, said, key))
    return replace(kept, incident=told, changed_at=seen, revisions=revisions)


def posted(kept: Kept, seen: datetime, *posts: Update) -> Kept:
    """The record after its vendor posted."""
    return replace(
        kept,
        incident=replace(kept.incident, updates=(*kept.incident.updates, *posts)),
        changed_at=seen,
        update_seen_at=(*kept.update_seen_at, *(seen for _ in posts)),
    )


HARD = keep(
    "acme",
    "2026-11-20-hard",
    incident(
        "A & B <down>\x0b \u202enow",
        at("2026-11-20 10:00"),
        None,
        impact="critical",
        components=("API\x08", "B]]>"),
        updates=(
            update("1", at("2026-11-20 10:00"), "investigating", "One ]]> & two\x00<b>&#8;</b>"),
            update("2", at("2026-11-20 10:04"), "identified", "See https://a.example/x."),
        ),
    ),
)
FORMATS = ("atom", "rss", "json")


@pytest.mark.parametrize("kind", FORMATS)
def test_an_entry_an_incident(tmp_path: Path, kind: str) -> None:
    hard, pypi = read(built(tmp_path, PYPI, HARD) / f"feed.{kind}").entries
    assert hard.title == "Acme & Sons: A & B <down> now (critical, open)"
    assert pypi.title == "Python: Notice: PyPI Mass CDN Purge (minor, taken as over)"
    assert pypi.id == "tag:example.org,2026:python/2022-07-29-pypi-mass-cdn-purge"
    assert pypi.link == f"{CONFIG.address}python/2022-07-29-pypi-mass-cdn-purge.html"
    assert instant(pypi.published_parsed) == at("2022-07-29 15:19")
    told = content(hard)
    assert told.index("Identified") < told.index("Investigating"), "newest first"
    assert "One ]]&gt; &amp; two<b></b>" in told
    assert '<a href="https://a.example/x"' in told
    assert "No update says it was resolved" in content(pypi)


@pytest.mark.parametrize("kind", FORMATS)
def test_an_entry_an_update(tmp_path: Path, kind: str) -> None:
    second, first = read(built(tmp_path, HARD) / "acme" / f"updates.{kind}").entries
    assert first.title == "Acme & Sons: A & B <down> now (investigating)"
    assert second.title == "Acme & Sons: A & B <down> now (identified)"
    assert instant(second.published_parsed) == at("2026-11-20 10:04")
    page = f"{CONFIG.address}acme/2026-11-20-hard.html"
    assert [entry.link.partition("#")[0] for entry in (first, second)] == [page, page]
    assert first.link != second.link, "some readers know entries by their links"
    told = (tmp_path / "acme" / "2026-11-20-hard.html").read_text(encoding="utf-8")
    for entry in (first, second):
        assert f'id="{entry.link.partition("#")[2]}"' in told


def test_what_began_and_what_is_over(tmp_path: Path) -> None:
    over = keep("acme", "2026-11-19-over", incident("Over", at("2026-11-19 10:00"), 90))
    feed = read(built(tmp_path, over, HARD) / "opened-resolved.atom")
    assert [(entry.title, entry.id.rpartition("/")[2]) for entry in feed.entries] == [
        ("Acme & Sons: A & B <down> now (reported)", "opened"),
        ("Acme & Sons: Over (over)", "resolved"),
        ("Acme & Sons: Over (reported)", "opened"),
    ]
    assert content(feed.entries[1]) == "<p>Ended 2026-11-19 11:30 UTC, after 1 h 30 min.</p>"


def reopened() -> list[Kept]:
    """An incident as it stood: begun, over, open again, over again, its last end moved."""
    begun = keep("acme", "2026-11-20-on-off", incident("On", at("2026-11-20 10:00"), None))

    def turned(
        kept: Kept, clock: str, phase: Phase, end: datetime | None, *said: str | None
    ) -> Kept:
        seen = at(f"2026-11-20 {clock}") + timedelta(minutes=5)
        post = update(clock, at(f"2026-11-20 {clock}"), phase, f"At {clock}.")
        edits = tuple(Revision(seen, "ended_at", before) for before in said if before is not None)
        known = replace(kept, revisions=(*kept.revisions, *edits))
        told = replace(known.incident, ended_at=end, end_basis="resolve_time" if end else None)
        return posted(replace(known, incident=told), seen, post)

    first, second = at("2026-11-20 11:00"), at("2026-11-20 13:00")
    over = turned(begun, "11:00", "resolved", first)
    again = turned(over, "12:00", "investigating", None, text_of(first))
    done = turned(again, "13:00", "resolved", second, "")
    moved = edited(done, second + HOUR, "ended_at", ended_at=second - HOUR / 4)
    return [begun, over, again, done, moved]


def test_what_is_open_again_is_told_and_so_is_its_second_end(tmp_path: Path) -> None:
    told: list[tuple[str, str, datetime]] = []
    for number, record in enumerate(reopened()):
        out = built(tmp_path / str(number), record)
        feed = read(out / "opened-resolved.atom")
        page = (out / "acme/2026-11-20-on-off.html").read_text(encoding="utf-8")
        now = [
            (entry.id.rpartition("/")[2], entry.title, instant(entry.published_parsed))
            for entry in reversed(feed.entries)
        ]
        assert all(f'id="{anchor}"' in page for anchor, _, _ in now[:4])
        assert [entry[:2] for entry in now[: len(told)]] == [entry[:2] for entry in told]
        if number < 4:
            assert now[: len(told)] == told, "what was told stays as it was"
        told = now
    clock = "2026-11-20 {}:00"
    assert told[:3] == [
        ("opened", "Acme & Sons: On (reported)", at(clock.format(10))),
        ("resolved", "Acme & Sons: On (over)", at(clock.format(11))),
        ("opened-2", "Acme & Sons: On (open again)", at(clock.format(12))),
    ]
    assert told[3][:2] == ("resolved-2", "Acme & Sons: On (over)")
    assert len(told) == 4, "an end that moves is the same end"
    ended = content(feed.entries[0])
    assert "Ended 2026-11-20 12:45 UTC, after 2 h 45 min." in ended
    assert "At 11:00." in content(feed.entries[2])


@pytest.mark.parametrize("vendor_slug", ["acme", "python"])
@pytest.mark.parametrize("apart", [1, 5, 30])
def test_readings_close_together_never_turn_a_date_back(
    tmp_path: Path, vendor_slug: str, apart: int
) -> None:
    start, dates = at("2026-11-20 10:00"), []
    seen = start + timedelta(seconds=2)
    record = keep(vendor_slug, "2026-11-20-x", incident("X", start, None))
    record = replace(record, first_seen_at=seen, changed_at=seen, update_seen_at=(seen,))
    for number in range(5):
        entry = read(built(tmp_path / str(number), record) / "feed.atom").entries[0]
        dates.append((instant(entry.updated_parsed), instant(entry.published_parsed)))
        seen += timedelta(seconds=apart)
        record = edited(record, seen, "title", title=f"X{number}")
    assert [updated for updated, _ in dates] == sorted({updated for updated, _ in dates})
    assert len({published for _, published in dates}) == 1


def test_an_end_is_told_however_many_began_since(tmp_path: Path) -> None:
    begun = keep("acme", "2026-11-18-long", incident("Long", at("2026-11-18 10:00"), None))
    others = [
        keep("acme", f"2026-11-19-{n}", incident(f"I{n}", at("2026-11-19 00:00") + n * HOUR))
        for n in range(20)
    ]
    end = at("2026-11-20 10:00")
    told = replace(begun.incident, ended_at=end, end_basis="resolve_time")
    over = replace(begun, incident=told, changed_at=end + timedelta(minutes=5))
    for name in ("opened-resolved.atom", "acme/opened-resolved.atom"):
        before = titles(built(tmp_path / "before", begun, *others) / name)
        after = titles(built(tmp_path / "after", over, *others) / name)
        assert after[0] == "Acme & Sons: Long (over)"
        assert after[1 : len(before)] == before[: len(before) - 1]


def test_each_variant_holds_its_own(tmp_path: Path) -> None:
    start = at("2026-11-20 10:00")
    records = [
        keep("acme", "2026-11-20-minor", incident("Small", start)),
        keep("acme", "2026-11-20-major", incident("Large", start + HOUR, impact="major")),
        keep("acme", "2026-11-20-work", incident("Work", start + 2 * HOUR, kind="maintenance")),
    ]
    out = built(tmp_path, *records)
    for folder in ("", "acme", "category/cloud"):
        held = {
            stem: [title.split(": ")[1].split(" (")[0] for title in titles(out / folder / name)]
            for stem in ("feed", "updates", "maintenance", "major")
            for name in [f"{stem}.atom"]
        }
        assert held == {
            "feed": ["Large", "Small"],
            "updates": ["Work", "Large", "Small"],
            "maintenance": ["Work"],
            "major": ["Large"],
        }
    assert titles(out / "python" / "feed.atom") == []


@pytest.mark.parametrize("kind", FORMATS)
def test_a_components_feed_has_the_newest_post_of_each(tmp_path: Path, kind: str) -> None:
    records = [replace(HARD, slug=f"2026-11-20-hard-{n}") for n in range(5)]
    feed = read(built(tmp_path, *records) / "acme" / "component" / slug_of("B]]>") / f"feed.{kind}")
    assert len(feed.entries) == 5, "all of the last hours, for it is more than three"
    told = content(feed.entries[0])
    assert "Identified" in told
    assert "Investigating" not in told


FIRST = at("2026-11-20 10:00")
# Told by the vendor, first seen by us, the reading before that; and the date of the entry.
DATES = {
    "between two readings": ("09:50", "10:00", "09:45", "09:50"),
    "back-dated": ("09:30", "10:00", "09:45", "10:00"),
    "at the reading before": ("09:45", "10:00", "09:45", "10:00"),
    "the first reading": ("09:30", "10:00", None, "09:30"),
    "ahead of our clock": ("10:30", "10:00", "09:45", "10:00"),
}


@pytest.mark.parametrize(("told", "seen", "before", "date"), DATES.values(), ids=DATES)
def test_an_entry_has_a_date_that_no_reader_passes_over(
    told: str, seen: str, before: str | None, date: str
) -> None:
    runs = [text_of(at(f"2026-11-20 {clock}")) for clock in (before, seen, "12:00") if clock]
    found = Readings(runs).date(at(f"2026-11-20 {told}"), at(f"2026-11-20 {seen}"))
    assert found == at(f"2026-11-20 {date}")


def test_history_keeps_its_dates() -> None:
    readings = Readings([text_of(FIRST - HOUR), text_of(FIRST)])
    for days, kept in ((6, FIRST), (7, FIRST - timedelta(days=7)), (900, FIRST - 900 * DAY)):
        assert readings.date(FIRST - days * DAY, FIRST) == kept


def test_equal_dates_are_told_apart_and_stay_so() -> None:
    second = timedelta(seconds=1)
    same = [FIRST] * 3
    assert distinct(same) == [FIRST, FIRST - second, FIRST - 2 * second]
    assert distinct([FIRST + HOUR, *same])[1:] == distinct(same), "what is newer moves nothing"


def test_what_a_vendor_dates_back_says_both_times(tmp_path: Path) -> None:
    archive = Memory()
    archive.run(PYPI)
    seen = archive.now + HOUR
    late = keep(
        "acme",
        "2026-11-01-late",
        incident(
            "Late",
            seen - 3 * HOUR,
            updates=(
                update("1", seen - 3 * HOUR, "investigating", "One."),
                update("2", seen - 3 * HOUR, "resolved", "Two."),
            ),
        ),
    )
    late = replace(late, first_seen_at=seen, changed_at=seen, update_seen_at=(seen, seen))
    archive.run(late)
    build(archive, VENDORS, CONFIG, tmp_path, AS_OF)
    second, first = read(tmp_path / "updates.atom").entries
    assert instant(second.published_parsed) == seen
    assert instant(first.published_parsed) == seen - timedelta(seconds=1), "in order, distinct"
    assert "2026-11-01 11:00 UTC (dated so by the vendor; first seen" in content(first)
    (entry, _) = read(tmp_path / "feed.atom").entries
    assert instant(entry.published_parsed) == seen


def test_history_is_no_news(tmp_path: Path) -> None:
    old = replace(HARD, first_seen_at=at("2026-11-20 10:04") + HISTORY)
    old = replace(old, changed_at=old.first_seen_at, update_seen_at=(old.first_seen_at,) * 2)
    out = built(tmp_path, old)
    assert titles(out / "acme" / "updates.atom") == []
    (entry,) = read(out / "acme" / "feed.atom").entries
    assert instant(entry.published_parsed) == at("2026-11-20 10:00")


def test_an_edit_moves_updated_and_nothing_else_of_its_entry(tmp_path: Path) -> None:
    seen = at("2026-11-20 15:00")
    moved = edited(HARD, seen, "title", title="Renamed")
    moved = edited(moved, seen, "started_at", started_at=at("2026-11-20 08:00"))
    before, after = (
        read(built(tmp_path / str(n), PYPI, record) / "acme" / "feed.atom")
        for n, record in enumerate((HARD, moved))
    )
    (was,), (now,) = before.entries, after.entries
    assert now.title == "Acme & Sons: Renamed (critical, open)"
    assert (now.id, now.published) == (was.id, was.published)
    assert instant(was.updated_parsed) == at("2026-11-20 10:04")
    changed = instant(now.updated_parsed)
    assert seen - timedelta(minutes=1) < changed <= seen
    assert instant(after.feed.updated_parsed) == changed


def test_an_entry_of_the_updates_feed_never_changes(tmp_path: Path) -> None:
    later = at("2026-11-20 15:00")
    record, told = HARD, b""
    changes: list[Callable[[Kept], Kept]] = [
        lambda kept: kept,
        lambda kept: edited(kept, later, "title", title="Renamed"),
        lambda kept: edited(kept, later, "body", "1", body="Something else."),
        lambda kept: edited(kept, later, "body", "1", body="And again."),
        lambda kept: edited(kept, later, "phase", "2", phase="monitoring"),
        lambda kept: edited(kept, later, "at", "1", at=at("2026-11-20 09:00")),
        lambda kept: edited(kept, later, "started_at", started_at=at("2026-11-20 09:00")),
        lambda kept: posted(kept, later, update("3", later, "resolved", "Over.")),
        lambda kept: replace(kept, withdrawn_at=later + HOUR, changed_at=later + HOUR),
    ]
    for number, change in enumerate(changes):
        record = change(record)
        file = built(tmp_path / str(number), record) / "acme" / "updates.atom"
        entries = {
            element.findtext("{*}id"): etree.tostring(element)
            for element in etree.fromstring(file.read_bytes()).iterfind("{*}entry")
        }
        told = told or b"".join(entries.values())
        assert told == b"".join(list(entries.values())[-2:]), number
    assert titles(file)[:2] == [
        "Acme & Sons: Renamed (withdrawn by the vendor)",
        "Acme & Sons: Renamed (resolved)",
    ]


def test_what_a_vendor_takes_away_and_brings_back_is_told(tmp_path: Path) -> None:
    gone, back, again = (at(f"2026-11-20 {hour}:00") for hour in (12, 13, 14))
    seen = Revision(back, "withdrawn", text_of(gone))
    record = replace(HARD, revisions=(seen,), withdrawn_at=again, changed_at=again)
    out = built(tmp_path, record)
    told = [title.partition(" now ")[2] for title in titles(out / "acme" / "updates.atom")]
    assert told == [
        "(withdrawn by the vendor)",
        "(back on the vendor's page)",
        "(withdrawn by the vendor)",
        "(identified)",
        "(investigating)",
    ]
    (entry,) = read(out / "feed.atom").entries
    assert entry.title == "Acme & Sons: A & B <down> now (critical, withdrawn)"
    assert "Withdrawn: the vendor has taken this off its page" in content(entry)


def test_the_newest_and_all_of_the_last_hours(tmp_path: Path) -> None:
    days = [
        keep("acme", f"2026-01-{n + 1:02}-n", incident(f"N{n}", at("2026-01-01 10:00") + n * DAY))
        for n in range(15)
    ]
    burst = [replace(days[-1], slug=f"2026-01-15-b{n:02}") for n in range(25)]
    out = built(tmp_path, *days)
    assert len(titles(out / "acme" / "feed.atom")) == 10
    assert len(titles(out / "feed.atom")) == 15
    out = built(tmp_path / "burst", *days, *burst)
    for name in ("acme/feed.atom", "acme/updates.rss", "feed.json"):
        assert len(titles(out / name)) == 26, name


def test_a_feed_without_entries_has_a_date_all_the_same(tmp_path: Path) -> None:
    feed = read(built(tmp_path, PYPI) / "acme" / "feed.atom")
    assert feed.entries == []
    assert instant(feed.feed.updated_parsed) == datetime(1970, 1, 1, tzinfo=UTC)


def test_a_feed_says_what_it_is(tmp_path: Path) -> None:
    out = built(tmp_path, PYPI)
    feed = read(out / "python" / "feed.atom").feed
    assert (feed.title, feed.id) == ("Python: incidents", "tag:example.org,2026:python/incidents")
    assert {link.rel: link.href for link in feed.links} == {
        "self": f"{CONFIG.address}python/feed.atom",
        "alternate": f"{CONFIG.address}python/",
        "prev-archive": f"{CONFIG.address}python/2022.atom",
    }
    document = read(out / "category" / "cloud" / "updates.json").feed
    assert document["title"] == "Cloud: updates"
    assert document["feed_url"] == f"{CONFIG.address}category/cloud/updates.json"
    assert document["home_page_url"] == f"{CONFIG.address}category/cloud.html"
    for file in (out / "python" / "feed.rss", out / "feed.atom"):
        style = etree.parse(file).xpath("string(//processing-instruction('xml-stylesheet')[1])")
        assert (file.parent / style.split('href="')[1].rstrip('"')).exists()


def walk(site: Path, start: str) -> list[Path]:
    """The documents of a feed's history, as RFC 5005 has a reader find them."""
    found = [site / start]
    while True:
        links = {link.rel: link.href for link in read(found[-1]).feed.links}
        if "prev-archive" not in links:
            return found
        found.append(site / links["prev-archive"].removeprefix(CONFIG.address))


def test_a_reader_walks_through_all_of_the_past(tmp_path: Path) -> None:
    records = [
        keep(
            "acme", f"2023-06-01-n{n:03}", incident(f"N{n}", at("2023-06-01 10:00") + n * 21 * DAY)
        )
        for n in range(60)
    ]
    gone = replace(records[3], withdrawn_at=at("2026-11-20 10:00"))
    out = built(tmp_path, *records[:3], gone, *records[4:])
    documents = walk(out, "acme/feed.atom")
    names = ["feed.atom", "2026.atom", "2025.atom", "2024.atom", "2023.atom"]
    assert [document.name for document in documents] == names
    ids = [entry.id for document in documents[1:] for entry in read(document).entries]
    assert len(ids) == len(set(ids)) == 60
    assert {entry.id for entry in read(documents[0]).entries} <= set(ids)
    for document in documents[1:]:
        text = document.read_bytes()
        closed = document.name != "2026.atom"
        assert (b"<fh:archive" in text) == closed, "the newest year still grows"
        relations = {link.rel: link.href for link in read(document).feed.links}
        assert relations["current"] == f"{CONFIG.address}acme/feed.atom"
        assert ("next-archive" in relations) == closed


def test_a_closed_year_changes_only_where_its_vendor_rewrites_it(tmp_path: Path) -> None:
    archive = Memory()
    old = [
        keep("acme", f"2024-03-{n + 1:02}-n", incident(f"N{n}", at("2024-03-01 10:00") + n * DAY))
        for n in range(20)
    ]
    new = keep("acme", "2025-03-01-new", incident("New", at("2025-03-01 10:00")))
    archive.run(*old, new)
    build(archive, VENDORS, CONFIG, tmp_path, AS_OF)
    closed = tmp_path / "acme" / "2024.atom"
    before = closed.read_bytes()
    archive.run(keep("acme", "2025-04-01-newer", incident("Newer", at("2025-04-01 10:00"))))
    archive.run(edited(old[0], archive.now, "started_at", started_at=at("2025-01-01 10:00")))
    build(archive, VENDORS, CONFIG, tmp_path, AS_OF)
    assert {entry.id for entry in read(closed).entries} == {
        f"tag:example.org,2026:acme/{each.slug}" for each in old
    }, "an incident stays in the year that was stated first"
    assert closed.read_bytes() != before
    (rewritten,) = (e for e in read(tmp_path / "acme" / "feed.atom").entries if ": N0 " in e.title)
    assert instant(rewritten.updated_parsed) > at("2026-11-01 00:00")


def test_parts_can_be_switched_off(tmp_path: Path) -> None:
    parts = ("archives", "updates", "opened-resolved", "maintenance", "major", "components")
    config = replace(CONFIG, parts={"json-feed": False, **dict.fromkeys(parts, False)})
    out = built(tmp_path, replace(HARD, slug="2026-11-20-other"), HARD, config=config)
    left = {file.relative_to(out).as_posix() for kind in FORMATS for file in out.rglob(f"*.{kind}")}
    folders = ("", "acme/", "python/", "category/cloud/")
    feeds = {f"{folder}feed.{kind}" for folder in folders for kind in ("atom", "rss")}
    assert {path for path in left if Path(path).stem in ("feed", "updates")} == feeds
    assert {path for path in left if path.endswith((".atom", ".rss"))} == feeds


def test_the_page_of_feeds_and_the_list_for_readers_name_what_is_there(tmp_path: Path) -> None:
    out = built(tmp_path, PYPI, HARD)
    listed = etree.parse(out / "feeds.opml")
    assert {
        group.get("text"): [entry.get("xmlUrl") for entry in group]
        for group in listed.iterfind("body/outline")
    } == {"Cloud": [f"{CONFIG.address}{vendor}/feed.atom" for vendor in ("acme", "python")]}
    page = (out / "feeds.html").read_text(encoding="utf-8")
    for name in ("feed.rss", "updates.json", "major.atom", "category/cloud/updates.rss"):
        assert f'href="{name}"' in page
    vendor_page = (out / "acme" / "index.html").read_text(encoding="utf-8")
    for name in ("feed.atom", "feed.json", "updates.rss", "opened-resolved.atom"):
        assert 'rel="alternate" type="application/' in vendor_page
        assert f'href="{name}"' in vendor_page


@pytest.mark.skipif(not CHECK.exists(), reason="the feed checker is not beside this checkout")
def test_the_judges_find_nothing(tmp_path: Path) -> None:
    gone = replace(PYPI, withdrawn_at=at("2026-11-20 10:00"), slug="2022-07-29-gone")
    out = built(tmp_path, PYPI, HARD, gone)
    files = sorted(str(file) for kind in ("atom", "rss") for file in out.rglob(f"*.{kind}"))
    assert len(files) == 30
    verdict = subprocess.run(
        [sys.executable, str(CHECK), *files], capture_output=True, text=True, check=False
    )
    assert verdict.returncode == 0, verdict.stdout + verdict.stderr


def test_ids_are_unique_and_stay_over_ten_rebuilds_with_edits(tmp_path: Path) -> None:
    archive = Memory()
    archive.run(PYPI, HARD, replace(HARD, slug="2026-11-20-other"))
    known: dict[str, set[str]] = {}
    record = HARD
    for number in range(10):
        seen = archive.now
        record = edited(record, seen, "title", title=f"Renamed {number}")
        record = edited(record, seen, "body", "1", body=f"Rewritten {number}.")
        moved = at(f"2026-11-1{number} 10:00")
        archive.run(edited(record, seen, "started_at", started_at=moved))
        build(archive, VENDORS, CONFIG, tmp_path, AS_OF)
        for file in (file for kind in FORMATS[:2] for file in tmp_path.rglob(f"*.{kind}")):
            ids = [entry.id for entry in read(file).entries]
            assert len(ids) == len(set(ids)), file
            name = file.relative_to(tmp_path).as_posix()
            assert known.setdefault(name, set(ids)) == set(ids), name
    assert len(known) == 34


def test_the_past_has_the_newest_post_of_each(tmp_path: Path) -> None:
    out = built(tmp_path, PYPI)
    (entry,) = read(out / "python" / "2022.atom").entries
    first, last = PYPI.incident.updates[0], PYPI.incident.updates[-1]
    assert last.body in content(entry)
    assert first.body not in content(entry)
    (whole,) = read(out / "python" / "feed.atom").entries
    assert last.body in content(whole)
    assert first.body in content(whole)


def test_the_years_beside_one_that_goes_are_linked_anew(tmp_path: Path) -> None:
    archive = Memory()
    years = [
        keep("acme", f"{year}-03-01-n", incident("N", at(f"{year}-03-01 10:00")))
        for year in (2022, 2023, 2024)
    ]
    archive.run(*years)
    build(archive, VENDORS, CONFIG, tmp_path, AS_OF)
    archive.run(edited(years[1], archive.now, "kind", kind="maintenance"))
    build(archive, VENDORS, CONFIG, tmp_path, AS_OF)
    names = ["feed.atom", "2024.atom", "2022.atom"]
    assert [document.name for document in walk(tmp_path, "acme/feed.atom")] == names
