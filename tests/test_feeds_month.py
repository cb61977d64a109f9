"""A month of the fleet, read by what chat tools have for a feed reader: nothing missed or twice."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from zlib import crc32

import pytest
from lxml import etree

from generator.archive.queries import Archive
from generator.archive.store import Run, reading, writing
from generator.decide import decide
from generator.demo.fleet import Fleet
from generator.model import Change, Incident, Vendor
from generator.reading import Batch
from generator.render.env import Press
from generator.render.feeds.dates import Readings, is_history
from generator.render.feeds.entries import entry_id
from generator.render.feeds.pages import across_feeds, vendor_feeds
from generator.render.updates import post_anchor
from tests.render_archive import CONFIG

HOURS = timedelta(hours=1)
# Between two readings: mostly an hour, now and then most of a day.
GAPS = (1, 1, 2, 1, 3, 1, 1, 9, 2, 1, 1, 17)


@dataclass
class Reader:
    """Takes each entry once by its id, again when it changed, and none older than what it knows."""

    known: dict[str, bytes] = field(default_factory=dict)
    newest: datetime | None = None
    told: Counter[str] = field(default_factory=Counter)

    def poll(self, feed: bytes) -> None:
        items = list(etree.fromstring(feed).iter("item"))
        dates = [parsedate_to_datetime(item.findtext("pubDate") or "") for item in items]
        assert len(set(dates)) == len(dates), "dates are distinct"
        assert dates == sorted(dates, reverse=True), "newest first"
        for item, date in zip(items, dates, strict=True):
            name, text = item.findtext("guid") or "", etree.tostring(item)
            if name not in self.known and self.newest and date <= self.newest:
                continue
            if self.known.get(name) == text:
                continue
            self.known[name] = text
            self.told[name] += 1
        self.newest = max([*dates, *([self.newest] if self.newest else [])], default=None)


@dataclass
class Month:
    """The fleet's last month, kept in an archive reading by reading."""

    fleet: Fleet
    path: Path
    vendors: list[Vendor]

    def moments(self) -> Iterator[datetime]:
        at, number = self.fleet.until - timedelta(days=30), 0
        while at <= self.fleet.until:
            yield at
            at, number = at + GAPS[number % len(GAPS)] * HOURS, number + 1

    def read(self, at: datetime) -> list[Change]:
        """What the pages change at that moment."""
        found = []
        with writing(self.path) as connection:
            archive, run = Archive(connection), Run(connection, at, "update")
            for vendor in self.vendors:
                held = {kept.incident.key: kept for kept in archive.kept(vendor.slug)}
                listed = self.fleet.begin - timedelta(days=365)
                told = (careless(each, at) for each in self.fleet.published(vendor.slug, at))
                batch = Batch(
                    tuple(each for each in told if each.updates),
                    listed_since={"incident": listed, "maintenance": listed},
                )
                changes = decide(vendor, held, batch, at, archive.slugs(vendor.slug))
                run.apply(vendor.slug, changes)
                found += changes
        return found


def careless(incident: Incident, at: datetime) -> Incident:
    """As a vendor states it that posts some updates five hours late, and edits some when old."""
    posts = []
    for post in incident.updates:
        kind, age = crc32(post.key.encode()) % 4, at - post.at
        if kind == 0 and age < 5 * HOURS:
            continue
        edited = kind == 1 and age > 8 * HOURS
        posts.append(replace(post, body=f"{post.body} (Edited.)") if edited else post)
    return replace(incident, updates=tuple(posts))


def events(press: Press, changes: list[Change], known: set[str], at: datetime) -> Iterator[str]:
    """The ids of what the changes tell for the first time."""
    for change in changes:
        kept = change.after
        for update, seen in zip(kept.incident.updates, kept.update_seen_at, strict=True):
            name = entry_id(press.site, kept.vendor, kept.slug, post_anchor(update.key))
            if name not in known and seen == at and not is_history(update.at, at):
                yield name
        if change.what in ("withdrawn", "restored"):
            name = f"{change.what}-{at:%Y%m%dT%H%M%SZ}"
            yield entry_id(press.site, kept.vendor, kept.slug, name)


@pytest.mark.parametrize("whose", ["all", "a vendor"])
def test_each_update_is_told_once(whose: str, tmp_path: Path) -> None:
    fleet = Fleet(platforms=["statuspage"], vendors=3, incidents=90, years=0.2)
    month = Month(fleet, tmp_path / "outages.db", fleet.vendors("https://fleet.example"))
    slugs = fleet.slugs if whose == "all" else fleet.slugs[:1]
    press = Press(CONFIG, {vendor.slug: vendor for vendor in month.vendors})
    reader, meant = Reader(), set[str]()
    for at in month.moments():
        changes = [each for each in month.read(at) if each.after.vendor in slugs]
        if changes:
            reader.poll(feed_of(press, month, None if whose == "all" else slugs[0]))
        # What stands there when somebody subscribes is no news.
        meant |= set(events(press, changes, meant, at)) if meant else set(reader.told)
    assert len(meant) > 60
    assert any("/withdrawn-" in name for name in meant)
    assert reader.told == Counter(meant)


def feed_of(press: Press, month: Month, vendor: str | None) -> bytes:
    """The updates feed as the site would have it now."""
    with reading(month.path) as connection:
        archive = Archive(connection)
        readings = Readings(archive.runs())
        if vendor is None:
            pages = across_feeds(
                press, archive, archive.counts(), {"cloud": month.fleet.slugs}, readings
            )
        else:
            pages = vendor_feeds(press, vendor, archive.kept(vendor), (), readings)
        name = f"{vendor}/updates.rss" if vendor else "updates.rss"
        return next(page.draw() for page in pages if page.path == name)
