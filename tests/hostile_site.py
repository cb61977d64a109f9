"""A site drawn from pages that say the same hostile thing in every field, and who judges it."""

import json
import re
from collections.abc import Iterator, Sequence
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from xml.sax.saxutils import escape

import feedparser

from generator.model import Vendor
from generator.pipeline.build import build_site
from generator.pipeline.places import Places
from generator.pipeline.update import update
from generator.settings import SiteConfig
from generator.times import read
from generator.vendors.writing import write_text
from tests.pages import Answer, Pages
from tests.shared import SHARED

AT = read("2026-11-22T12:00:00Z")
CONFIG = SiteConfig("Test", "https://archive.example/", "", "test.example", "")
# Not characters of XML: no feed can send them.
NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
ACTIVE = {"iframe", "object", "embed", "applet", "frame", "portal", "frameset", "math"}
# What a browser asks for by itself.
ASKED_FOR = {"src", "srcset", "poster", "background", "data", "action", "formaction", "ping"}
UGC = "nofollow noopener ugc"
# Where we link to of our own accord.
KNOWN = ("lite.datasette.io", "www.rfc-editor.org")


def payloads(*, naughty: bool = True) -> list[str]:
    """Everything of the collections, once."""
    names = sorted((SHARED / "corpora" / "xss").glob("*.json"))
    names += [SHARED / "corpora" / "text" / "blns.json"] if naughty else []
    found: dict[str, None] = {}
    for file in names:
        for case in json.loads(file.read_text(encoding="utf-8"))["cases"]:
            text = case["payload"]
            if text.strip() and not re.search("[\ud800-\udfff]", text):
                found[text] = None
    return list(found)


def scraped(hostile: Sequence[str], places: Places) -> int:
    """Read three pages that say these things: as text, as HTML, as Markdown. How many are kept."""
    with Pages() as pages:
        _serve(pages, hostile)
        vendors = [
            Vendor("texts", "Texts", "https://t.example", f"{pages.address}/t", "statuspage", "x"),
            Vendor("pages", "Pages", "https://p.example", f"{pages.address}/rss", "feed", "x"),
            Vendor("marks", "Marks", "https://m.example", f"{pages.address}/m", "heroku", "x"),
        ]
        places.vendors.mkdir(parents=True)
        for vendor in vendors:
            (places.vendors / f"{vendor.slug}.toml").write_text(write_text(vendor))
        report = update(places, vendors, CONFIG, at=AT, allow_loopback=True)
        failed = [row.faults for row in report.rows if row.outcome == "failed"]
        assert not failed, failed
        return sum(row.new for row in report.rows)


def drawn(places: Places, out: Path) -> None:
    """The site of what was scraped."""
    build_site(places, CONFIG, out, as_of=date(2026, 11, 22))


def _serve(pages: Pages, hostile: Sequence[str]) -> None:
    when = "2026-11-{:02}T{:02}:00:00Z"
    texts: list[Any] = []
    marks: list[Any] = []
    items: list[str] = []
    for number, said in enumerate(hostile):
        at = when.format(1 + number % 20, number % 24)
        post = {"id": f"u{number}", "status": said, "body": said, "created_at": at}
        texts.append(
            {"id": f"{number}/{said}"[:900], "name": said, "status": "investigating",
             "impact": said, "created_at": at, "incident_updates": [post],
             "components": [{"id": "c", "name": said}]}
        )  # fmt: skip
        marks.append(
            {"id": number, "title": said, "created_at": at, "state": "open", "full_url": said,
             "systems": [{"name": said, "status": said}], "tags": [said],
             "updates": [{"created_at": at, "update_type": said, "contents": said}]}
        )  # fmt: skip
        plain = escape(NOT_XML.sub("", said))
        items.append(
            f"<item><title>{plain}</title><guid>{number} {plain}</guid><link>{plain}</link>"
            f"<pubDate>{1 + number % 20} Nov 2026 10:00:00 GMT</pubDate>"
            f"<category>{plain}</category><description>{plain}</description></item>"
        )
    page = {"id": "p", "name": hostile[0], "url": hostile[0]}
    lists = {"incidents": texts, "scheduled-maintenances": []}
    for name, rows in lists.items():
        field = name.replace("-", "_")
        pages.json(f"/t/api/v2/{name}.json", json.dumps({"page": page, field: rows}).encode())
    pages.json("/m/api/v4/incidents?limit=50", json.dumps(marks).encode())
    now: dict[str, list[str]] = {"status": [], "incidents": [], "scheduled": []}
    pages.json("/m/api/v4/current-status", json.dumps(now).encode())
    rss = f"<rss version='2.0'><channel><title>x</title>{''.join(items)}</channel></rss>"
    pages.answers["/rss"] = pages.answers["/rss/"] = Answer(
        rss.encode(), headers={"Content-Type": "application/rss+xml"}
    )


class Judge(HTMLParser):
    """What a browser would run or ask for in a page, as far as it can be told without one."""

    def __init__(self, ours: frozenset[str]) -> None:
        super().__init__()
        self.ours = ours
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        facts = {name.lower(): (value or "").strip() for name, value in attrs}
        if tag in ACTIVE or (tag == "base" and "href" in facts):
            self.found.append(f"<{tag}>")
        if tag == "script" and facts.get("type") != "application/ld+json":
            name = facts.get("src", "").rpartition("/")[2].partition("?")[0]
            if name not in self.ours:
                self.found.append(f"<script src={facts.get('src')!r}>")
        if tag == "meta" and facts.get("http-equiv", "").lower() == "refresh":
            self.found.append("<meta refresh>")
        for name, value in facts.items():
            if _is_active(name, value):
                self.found.append(f"{tag} {name}={value[:40]!r}")
        elsewhere = urlsplit(facts.get("href", "")).netloc not in ("", *KNOWN)
        if tag == "a" and facts.get("rel") != UGC and (elsewhere or "ugc" in facts.get("rel", "")):
            self.found.append(f"a rel={facts.get('rel')!r} href={facts.get('href', '')[:60]!r}")


def _is_active(name: str, value: str) -> bool:
    if name.startswith("on") or name in ("style", "srcdoc"):
        return True
    if name not in ASKED_FOR and name != "href":
        return False
    scheme = urlsplit(value).scheme
    if name == "href":
        return scheme not in ("", "http", "https", "mailto", "webcal")
    return scheme not in ("", "data") or value.startswith("//")


def judged(html: str, ours: frozenset[str] = frozenset()) -> list[str]:
    """All that is active in a page or body."""
    judge = Judge(ours)
    judge.feed(html)
    judge.close()
    return judge.found


def bodies_in_feeds(site: Path) -> Iterator[tuple[Path, str]]:
    """The HTML of every entry of every feed; AssertionError for a feed that is broken."""
    for file in sorted(site.rglob("*.json")):
        document = json.loads(file.read_bytes())
        if isinstance(document, dict) and "jsonfeed.org" in str(document.get("version")):
            for item in document["items"]:
                yield file, item.get("content_html", "")
    for file in sorted(site.rglob("*.xml")):
        if not re.search(rb"<(rss|feed)\b", file.read_bytes()[:500]):
            continue
        found: Any = feedparser.parse(file.read_bytes(), sanitize_html=False)
        assert not found.bozo, (file, found.bozo_exception)
        assert found.entries, file
        for entry in found.entries:
            for part in (*entry.get("content", ()), {"value": entry.get("summary", "")}):
                yield file, part["value"]
