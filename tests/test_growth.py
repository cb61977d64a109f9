"""What one page may add to the archive that everybody clones: at once, and in small bites."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from generator.archive.sizes import sizes
from generator.archive.state import remembering
from generator.archive.store import reading
from generator.decide import compared, new
from generator.errors import SourceFault
from generator.growth import LATELY, MOST, ROW, added, check, leaves_room
from generator.model import Change, Incident, Kept, Vendor
from generator.pipeline.places import Places
from generator.pipeline.update import backfill, update
from generator.report import Report, Row
from generator.settings import SiteConfig
from tests.pages import Pages
from tests.records import at, incident, post

SEEN = at("12:00")
DAY = timedelta(days=1)
POSTS = (post("p1", "10:00", "a" * 200), post("p2", "11:00", "b" * 300))
BEFORE = incident("k", "10:00", *POSTS)


def changed(now: Incident) -> tuple[list[Change], dict[str, Kept]]:
    kept = Kept("acme", "k", BEFORE, SEEN, SEEN, update_seen_at=(SEEN, SEEN))
    change = compared(kept, now, SEEN)
    assert change is not None
    return [change], {"k": kept}


@pytest.mark.parametrize(
    ("now", "texts", "rows"),
    [
        (replace(BEFORE, title="t" * 70), 70, 2),
        (replace(BEFORE, title="ü" * 70), 140, 2),
        (replace(BEFORE, updates=(*POSTS, post("p3", "12:00", "c" * 400))), 400, 2),
        (replace(BEFORE, updates=(POSTS[0], replace(POSTS[1], body="c" * 900))), 300 + 600, 2),
        (replace(BEFORE, updates=(POSTS[0], replace(POSTS[1], body="c"))), 300, 2),
        (replace(BEFORE, components=("API", "n" * 50)), 60, 2),
    ],
    ids=["title", "bytes", "post", "longer", "shorter", "component"],
)
def test_a_change_adds_its_text_and_what_it_replaces(now: Incident, texts: int, rows: int) -> None:
    """`rows`: the observation, and the update or revision that it makes."""
    more = added(*changed(now))
    assert abs(more - texts - rows * ROW) <= 30


def test_what_is_new_adds_all_of_it() -> None:
    change = new("acme", BEFORE, SEEN, set())
    assert abs(added([change], {}) - 500 - 4 * ROW) < 100
    assert added([change] * 9, {}) == 9 * added([change], {})
    assert added([], {}) == 0


def test_more_than_any_page_has_to_say_is_implausible() -> None:
    check(MOST, 0)
    check(1, MOST - 1)
    for more, lately in ((MOST + 1, 0), (1, MOST), (MOST, 1)):
        with pytest.raises(SourceFault, match=r"implausible: .* bytes of news"):
            check(more, lately)
    assert leaves_room(MOST // 2 - 1)
    assert not leaves_room(MOST // 2)


# The main job

CONFIG = SiteConfig("Test", "http://localhost:8000/", "", "test.example", "")
ITEM = (
    "<item><title>Trouble {0}</title><guid>{0}</guid><description>{1}</description>"
    "<pubDate>Thu, 19 Nov 2026 10:00:00 GMT</pubDate></item>"
)


class Page:
    """A page of so many incidents, and the archive that reads it."""

    def __init__(self, folder: Path, pages: Pages) -> None:
        self.places = Places(folder)
        self.pages = pages
        self.vendor = Vendor("acme", "Acme", "", pages.address + "/rss", "feed", "cloud")

    def read(self, incidents: int, days: float = 0, accept: Sequence[str] = ()) -> Row:
        items = "".join(ITEM.format(number, "x" * 1000) for number in range(incidents))
        body = f"<rss version='2.0'><channel><title>Acme</title>{items}</channel></rss>"
        self.pages.answers["/rss"] = self.pages.answers["/rss/"] = self.pages.feed(body.encode())
        report: Report = update(
            self.places, [self.vendor], CONFIG,
            at=SEEN + days * DAY, allow_loopback=True, accept=tuple(accept),
        )  # fmt: skip
        return report.rows[0]

    def note(self, size: int, days: float = 0) -> None:
        with remembering(self.places.state) as state:
            state.note_growth("acme", SEEN + days * DAY, size, SEEN - LATELY)


def test_small_bites_add_up_until_a_person_looks_or_a_week_has_gone(tmp_path: Path) -> None:
    with Pages() as pages:
        page = Page(tmp_path, pages)
        first = page.read(2)
        assert first.new == 2
        assert 2 * 1000 < first.added < 2 * 1600
        page.note(MOST - first.added - 2000)
        assert page.read(3).added == pytest.approx(first.added / 2, abs=10)
        before = page.places.archive.read_bytes()
        (fault,) = (row := page.read(4, days=1)).faults
        assert (row.outcome, row.added, fault.kind) == ("failed", 0, "implausible")
        assert "bytes of news after 19,9" in fault.reason
        assert "If they are right: outages update --accept acme" in fault.reason
        assert page.places.archive.read_bytes() == before
        assert list((page.places.quarantine / "acme").iterdir())
        assert page.read(4, days=1, accept=["acme"]).new == 1
        assert page.read(5, days=1).outcome == "failed", "what was accepted makes no room"
        assert page.read(5, days=8).new == 1


def test_the_walk_through_the_past_leaves_room_for_news(tmp_path: Path) -> None:
    with Pages() as pages:
        page = Page(tmp_path, pages)
        vendor = replace(page.vendor, platform="heroku", status_page=pages.address)
        page.note(MOST // 2)

        def walk(days: float, accept: Sequence[str] = ()) -> int:
            report = backfill(
                page.places, [vendor], CONFIG,
                at=SEEN + days * DAY, allow_loopback=True, accept=tuple(accept),
            )  # fmt: skip
            return report.rows[0].requests

        assert walk(0) == 0
        assert walk(0, ["acme"]) > 0
        assert walk(8) > 0


def test_what_a_shard_added_is_known_to_the_others(tmp_path: Path) -> None:
    with remembering(tmp_path / "a.db") as ours, remembering(tmp_path / "b.db") as theirs:
        theirs.note_growth("acme", SEEN, 700, SEEN - LATELY)
        theirs.note_growth("acme", SEEN, 70, SEEN - LATELY)
        theirs.note_read("acme", SEEN, "", "", {})
        ours.adopt(theirs)
        assert ours.grown("acme", SEEN - DAY) == 770
        assert ours.grown("acme", SEEN + DAY) == ours.grown("beta", SEEN - DAY) == 0


def test_the_archive_tells_whose_it_is(tmp_path: Path) -> None:
    with Pages() as pages:
        page = Page(tmp_path, pages)
        one, more = page.read(2).added, page.read(5, days=40).added
        with reading(page.places.archive) as connection:
            (size,) = sizes(connection, SEEN + 30 * DAY)
    assert size.vendor == "acme"
    assert size.lately == pytest.approx(more, rel=0.2)
    assert size.whole == pytest.approx(one + more, rel=0.2)
