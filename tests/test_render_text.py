"""Vendors' text: whatever comes in, what goes out is clean, safe and says the same."""

import time
from html.parser import HTMLParser
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import UndefinedError
from markupsafe import Markup, escape

from generator.model import BodyFormat
from generator.render.env import environment
from generator.render.escaping import escaped
from generator.render.text import SCHEMES, TAGS, excerpt, safe_html, safe_link, shown, tongue

LINK = 'rel="nofollow noopener ugc"'


def linked(address: str) -> str:
    return f'<a href="{address}" {LINK}>{address}</a>'


@pytest.mark.parametrize(
    ("body", "html"),
    [
        ("", ""),
        (" \n ", ""),
        ("One line.", "<p>One line.</p>"),
        ("Two\nlines.", "<p>Two<br>lines.</p>"),
        ("Two\r\nlines.", "<p>Two<br>lines.</p>"),
        ("Two\n \nparagraphs.", "<p>Two</p>\n<p>paragraphs.</p>"),
        ("a < b && <host> is down", "<p>a &lt; b &amp;&amp; &lt;host&gt; is down</p>"),
        ("&lt;b&gt; as typed", "<p>&amp;lt;b&amp;gt; as typed</p>"),
        (
            "See https://a.example/x?y=1&z=2.",
            f"<p>See {linked('https://a.example/x?y=1&amp;z=2')}.</p>",
        ),
        (
            "(at http://a.example/b_(c)), or not",
            f"<p>(at {linked('http://a.example/b_(c)')}), or not</p>",
        ),
        ("Bell\x07 and \ud800 and \u202eback\ufffe.", "<p>Bell and  and back.</p>"),
    ],
)
def test_plain_text(body: str, html: str) -> None:
    assert safe_html(body, "text") == html


@pytest.mark.parametrize(
    ("body", "html"),
    [
        (
            'It is <a href="https://a.example/" onclick="x()" target="_blank">here</a>.',
            f'<p>It is <a href="https://a.example/" {LINK}>here</a>.</p>',
        ),
        ("One<br />\nTwo<br><br>Three", "<p>One<br>Two</p>\n<p>Three</p>"),
        ("<b>Bold</b>\nline\n\nnext", "<p><b>Bold</b><br>line</p>\n<p>next</p>"),
    ],
)
def test_text_with_known_tags_is_html(body: str, html: str) -> None:
    assert safe_html(body, "text") == html


@pytest.mark.parametrize(
    ("body", "html"),
    [
        ("**Bold** and `code`", "<p><strong>Bold</strong> and <code>code</code></p>"),
        ("# Title\n\nText", "<p><strong>Title</strong></p>\n<p>Text</p>"),
        ("- one\n- two", "<ul>\n<li>one</li>\n<li>two</li>\n</ul>"),
        ("line\nbreak", "<p>line<br>\nbreak</p>"),
        ("<script>x</script>", "&lt;script&gt;x&lt;/script&gt;"),
        ("![pixel](https://a.example/p.png)", ""),
        ("[go](javascript:alert(1))", "<p>[go](javascript:alert(1))</p>"),
        (
            "See https://a.example/b_c_d, `https://code.example`",
            f"<p>See {linked('https://a.example/b_c_d')}, <code>https://code.example</code></p>",
        ),
        (
            "[https://a.example](https://b.example)",
            f'<p><a href="https://b.example" {LINK}>https://a.example</a></p>',
        ),
    ],
)
def test_markdown(body: str, html: str) -> None:
    clean = safe_html(body, "markdown")
    assert clean in (html, f"<p>{html}</p>")


@pytest.mark.parametrize(
    ("body", "html"),
    [
        ("<h2 class=x>Head</h2>", "<p><strong>Head</strong></p>"),
        ("<p style='color:red'>Text</p>", "<p>Text</p>"),
        ("<div>a<div>b</div></div>", "<p>a</p><p>b</p>"),
        ("<p>a</p><p>&nbsp;</p><p></p>", "<p>a</p>"),
        ("<p> </p>", ""),
        ("<script>alert(1)</script><style>p{}</style>text", "<p>text</p>"),
        ("<img src=x onerror=alert(1)>text<iframe src=//e.example></iframe>", "<p>text</p>"),
        ("<svg onload=alert(1)><a href=#>x</a></svg>text", "<p>text</p>"),
        ('<p><a href="/relative" title="x">r</a></p>', f"<p><a {LINK}>r</a></p>"),
        ('<p><a href="JaVaScRiPt:alert(1)">j</a></p>', f"<p><a {LINK}>j</a></p>"),
        ("<p>a&#8;b&#x202e;c</p>", "<p>abc</p>"),
        ('<p><a href="https://a.example"> <img></a>b</p>', "<p>b</p>"),
        ("<li>stray</li>", "<ul><li>stray</li></ul>"),
        ("<ol><li>a<ul><li>b</li></ul></li></ol>", "<ol><li>a<ul><li>b</li></ul></li></ol>"),
        ("<ul><li>a</li></ul><li>b", "<ul><li>a</li></ul><ul><li>b</li></ul>"),
        ("<dl><dt>a<dd>b</dl>", "<p>a</p><p>b</p>"),
        ("<td>cell</td></div></li></ol>", "<p>cell</p>"),
        ("<p>unclosed <b>bold", "<p>unclosed <b>bold</b></p>"),
    ],
)  # fmt: skip
def test_html(body: str, html: str) -> None:
    assert safe_html(body, "html") == html


class Reader(HTMLParser):
    """Collects what a browser would find."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[tuple[str, str]] = set()
        self.schemes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {(tag, name) for name, _ in attrs}
        self.schemes |= {urlsplit(value or "").scheme for name, value in attrs if name == "href"}


@pytest.mark.parametrize(
    ("body", "body_format"),
    [
        ("<p>" + "".join(f"<b id={n}>" for n in range(3000)) + "<p>x" * 3000, "html"),
        ("<p>" + "".join(f"<b id={n}>" for n in range(39)) + "<p>x" * 4000, "html"),
        ("<div>" * 20_000, "html"),
        ("<table><tr><td>" * 8000, "text"),
        ("[" * 39_000, "markdown"),
        ("![a](" * 15_000, "markdown"),
        ("***a" * 9_900, "markdown"),
        ("http://a" + ")" * 150_000, "text"),
        ("&" * 200_000, "html"),
        ("a" + "\n\u3000" * 90_000 + "x", "text"),
        ("a" + "<br>\u3000" * 4_900 + "x", "html"),
        ("a\n" + "\u3000" * 190_000 + "x", "text"),
        ("a<br>" + " " * 190_000 + "x<b>", "html"),
    ],
    ids=[
        *("open", "just open", "deep", "tables", "brackets", "pictures", "stars", "ends", "signs"),
        *("lines", "breaks", "wide spaces", "spaces"),
    ],
)
def test_markup_that_nobody_wrote_costs_no_more_than_text(
    body: str, body_format: BodyFormat
) -> None:
    begun = time.process_time()
    html = safe_html(body, body_format)
    assert time.process_time() - begun < 2
    assert len(html) < 20 * len(body) + 5_000_000


HOSTILE = st.lists(
    st.one_of(
        st.sampled_from(
            ["<", ">", "</", "<script>", "<a href='", "javascript:", "data:text/html,", "'>", '"',
             "<!--", "-->", "<svg/onload=", "<math>", "<style>", "&#x6a;", "&#8;", "[a](", ")", "`",
             "\n\n", "<p ", "<noscript>", "<template>", "https://a.example/", "\x00", "]]>", "<h1>",
             "</h1>"]
        ),
        st.text(max_size=8),
    ),
    max_size=30,
).map("".join)  # fmt: skip


@given(HOSTILE, st.sampled_from(["text", "markdown", "html"]))
def test_nothing_but_the_allowed_comes_out(body: str, body_format: BodyFormat) -> None:
    reader = Reader()
    reader.feed(safe_html(body, body_format))
    assert reader.tags <= TAGS
    assert reader.attributes <= {("a", "href"), ("a", "rel")}
    assert reader.schemes <= SCHEMES


@given(HOSTILE, st.sampled_from(["text", "markdown", "html"]))
def test_every_result_can_be_written_as_xml(body: str, body_format: BodyFormat) -> None:
    written = safe_html(body, body_format)
    assert not [letter for letter in written if ord(letter) < 32 and letter not in "\t\n"]
    written.encode()


@given(st.one_of(st.text(), st.text("&<>'\"a"), st.integers(), st.none(), st.text().map(Markup)))
def test_what_is_printed_is_escaped_as_markupsafe_does_it(value: object) -> None:
    class Told(str):
        pass

    assert escaped(value) == str(escape(value))
    assert escaped(Told(value)) == str(escape(Told(value))), "a text of any class"


def test_templates_escape_whatever_they_print_and_know_every_name() -> None:
    made = environment().from_string(
        "{% macro cell(text) %}<td>{{ text }}</td>{% endmacro %}"
        "{{ page.name }} {{ page.markup }}{% for one in page.names %}<li>{{ one }}{{ one }}</li>"
        "{% endfor %}{% set kept %}<b>{{ page.name }}</b>{% endset %}{{ kept }}"
        "{{ cell(page.name) }}"
    )
    page = SimpleNamespace(name="<i>", markup=Markup("<u>"), names=["a&b"])
    assert made.render(page=page) == (
        "&lt;i&gt; <u><li>a&amp;ba&amp;b</li><b>&lt;i&gt;</b><td>&lt;i&gt;</td>"
    )
    for unknown in ("{{ pagee.name }} x", "{{ page.nam }} x", "{{ nobody }} x"):
        with pytest.raises((UndefinedError, AttributeError)):
            environment().from_string(unknown).render(page=page)


@pytest.mark.parametrize(
    ("title", "line"),
    [
        ("  API\n is\tdown ", "API is down"),
        ("invoice\u202efdp.exe", "invoice fdp.exe"),
        ("\u2066a\u2069\x00b\x9f", "a b"),
        ("<b>kept as typed</b>", "<b>kept as typed</b>"),
        ("\u200f\u05e9\u05dc\u05d5\u05dd", "\u200f\u05e9\u05dc\u05d5\u05dd"),
    ],
)
def test_titles_are_one_line_that_cannot_turn(title: str, line: str) -> None:
    assert shown(title) == line


@pytest.mark.parametrize(
    ("address", "safe"),
    [
        ("https://a.example/x", True),
        ("http://a.example", True),
        ("javascript:alert(1)", False),
        ("//a.example", False),
        ("https:///nowhere", False),
        ("https://[broken", False),
        ("mailto:a@b.example", False),
        (None, False),
    ],
)
def test_links_lead_to_the_web_or_nowhere(address: str | None, safe: bool) -> None:
    assert safe_link(address) == (address if safe else None)


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>One <b>two</b>.</p>\n<p>Three &amp; four</p>", "One two. Three & four"),
        ("<ul><li>a</li><li>b</li></ul>", "a b"),
        (f"<p>{'word ' * 20}</p>", "word word word word word word word …"),
    ],
)
def test_an_excerpt_is_text_cut_between_words(html: str, text: str) -> None:
    assert excerpt(Markup(html), 38) == text


@pytest.mark.parametrize(
    ("told", "language", "expected"),
    [
        ("Mail is slow", "", ""),
        ("Störung — 2 Server", "de", ' lang="de"'),
        ("メールの遅延", "", ""),
        ("תקלה בדואר", "he", ' lang="he" dir="auto"'),
        ("Mail: تأخير", "", ' dir="auto"'),
        ("", 'x" onclick="y', ' lang="x&quot; onclick=&quot;y"'),
    ],
)
def test_an_element_says_its_texts_language_and_that_it_may_run_leftwards(
    told: str, language: str, expected: str
) -> None:
    assert tongue(told, language) == expected
