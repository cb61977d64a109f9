"""Vendors' texts bear the language that their file states; what is not known is not said."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import feedparser
import pytest
from lxml import html

from generator.model import Kept, Revision, Vendor
from generator.render import words
from generator.render.frame import Site
from generator.render.site import build
from tests.render_archive import CONFIG, Memory, at, incident, keep, update, vendor

# German words that no other text of the site holds.
TITLE = "Störung beim Mailversand"
BEFORE = "Störung beim Webhosting"
COMPONENT = "Postausgang"
BODY = "Wir beheben die Ursache."
OWN_WORD = "Eingeschränkt"
THEIRS = (TITLE, COMPONENT, BODY, OWN_WORD, "Mailversand", "Webhosting")

START = at("2026-11-20 10:00")
POST = update("1", START, "investigating", BODY, "Wird untersucht")
EDITED = Revision(at("2026-11-20 11:00"), "title", BEFORE)
RERATED = Revision(at("2026-11-20 11:00"), "impact", "major")


def records() -> Iterator[Kept]:
    """Six incidents of the vendor, so that its components and figures have pages; one is open."""
    for day in range(14, 20):
        past = incident(
            f"{TITLE} {day}", at(f"2026-11-{day} 10:00"), updates=(POST,), components=(COMPONENT,)
        )
        yield keep("acme", f"2026-11-{day}-past", past)
    now = incident(TITLE, START, None, updates=(POST,), components=(COMPONENT,))
    yield keep("acme", "2026-11-20-now", replace(now, impact_raw=OWN_WORD), (EDITED, RERATED))
    # Another vendor's at the same time, in the language of the pages.
    yield keep("bolt", "2026-11-20-other", incident("Mail is slow", START, None))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    archive = Memory()
    archive.run(*records())
    vendors = {"acme": replace(vendor("acme"), language="de"), "bolt": vendor("bolt")}
    build(archive, vendors, CONFIG, folder, date(2026, 11, 22))
    return folder


def language_of(element: html.HtmlElement) -> str:
    return str(next(iter(element.xpath("ancestor-or-self::*[@lang][1]/@lang")), ""))


def texts(page: html.HtmlElement) -> Iterator[tuple[str, str]]:
    """Each text of a page's body with the language that it stands in."""
    for element in page.xpath("//body//*[not(self::script)]"):
        if element.text and element.text.strip():
            yield element.text.strip(), language_of(element)
        for child in element:
            if child.tail and child.tail.strip():
                yield child.tail.strip(), language_of(element)


# Where their words stand within a sentence of ours, or in a list cut short by a word of ours.
MIXED = ("//*[@class='cite']", "//*[@class='line']", "//*[@class='rows']//small")


def pages(site: Path) -> Iterator[tuple[str, html.HtmlElement]]:
    for file in sorted(site.rglob("*.html")):
        page = html.document_fromstring(file.read_bytes())
        for mixed in page.xpath("|".join(MIXED)):
            mixed.clear()
        yield file.relative_to(site).as_posix(), page


def test_words_from_right_to_left_keep_their_place(tmp_path: Path) -> None:
    archive = Memory()
    title, name, parts = "תקלה בדואר", "דואר", ("שרת", "API")
    archive.run(keep("mail", "x", incident(title, START, components=parts)))
    build(archive, {"mail": vendor("mail", name)}, CONFIG, tmp_path, date(2026, 11, 22))

    def texts_of(path: str, where: str) -> list[str]:
        page = html.document_fromstring((tmp_path / path).read_bytes())
        return [str(found).strip() for found in page.xpath(where)]

    assert texts_of("mail/2026.html", "//h1/text()") == [f"\u2068{name}\u2069 2026"]
    assert texts_of("mail/2026.html", "//ul[@class='rows']//small/text()") == [
        "\u2068שרת\u2069 · API"
    ]
    (cited,) = texts_of("mail/x.html", "//p[@class='cite']/text()")
    assert cited.startswith(f"\u2068{name}\u2069: “\u2068{title}\u2069”, 2026-11-20")
    assert texts_of("mail/x.html", "//h1/text()") == [title]
    feed = feedparser.parse((tmp_path / "feed.atom").read_bytes())
    assert feed.entries[0].title.startswith(f"\u2068{name}\u2069: \u2068{title}\u2069 (minor")
    (style,) = tmp_path.glob("style.*.css")
    assert re.search(r"\ba, b, .whose { unicode-bidi: isolate }", style.read_text(encoding="utf-8"))


def test_all_of_the_vendors_words_stand_in_its_language(site: Path) -> None:
    found = 0
    for path, page in pages(site):
        for text, language in texts(page):
            if any(each in text for each in THEIRS):
                assert language == "de", f"{path}: {text}"
                found += 1
    assert found > 40


def test_none_of_our_words_does(site: Path) -> None:
    own = {words.UPDATES, words.WITHDRAWN, words.OPEN_NOW, words.IMPACT["minor"], "Mail is slow"}
    said = set()
    for path, page in pages(site):
        for text, language in texts(page):
            if text in own or text.startswith(("[added", "[removed", "]", "2026-")):
                assert language == words.LANGUAGE, f"{path}: {text}"
                said.add(text)
    assert own <= said


@pytest.mark.parametrize("name", ["feed.atom", "feed.rss"])
def test_feeds_say_the_language_of_what_the_vendor_wrote(site: Path, name: str) -> None:
    entry = feedparser.parse((site / "acme" / name).read_bytes(), sanitize_html=False).entries[0]
    content = entry.content[0].value if "content" in entry else entry.summary
    tagged = html.fragment_fromstring(content, create_parent="main").xpath("//*[@lang='de']")
    assert [each.text_content().strip() for each in tagged] == [BODY]


def test_the_search_knows_it(site: Path) -> None:
    listed = json.loads((site / "vendors.json").read_bytes())
    assert {each["slug"]: each["language"] for each in listed} == {"acme": "de", "bolt": None}


@pytest.mark.parametrize(
    ("stated", "said"),
    [(None, ""), ("de", "de"), ("pt-BR", "pt-BR"), ("en", ""), ("en-GB", "")],
)
def test_only_another_language_than_that_of_the_pages_is_said(
    stated: str | None, said: str
) -> None:
    known: dict[str, Vendor] = {"acme": replace(vendor("acme"), language=stated)}
    site = Site(CONFIG, known, "style.css", "site.js")
    assert site.language("acme") == said
    assert site.language("nobody") == ""
