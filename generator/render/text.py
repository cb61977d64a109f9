"""Vendors' text made safe to show: the one place of the project that marks HTML as safe.

Every body, whatever its format, becomes HTML and then passes the same allow-list: no images, no
styles, no classes, no scripts; links to http, https and mailto alone. What the archive holds is
never touched.
"""

import re
from functools import lru_cache
from html import escape, unescape
from urllib.parse import urlsplit

import nh3
from markdown_it import MarkdownIt
from markdown_it.common.normalize_url import normalizeLink
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markupsafe import Markup

from generator.model import BodyFormat
from generator.render.bidi import LEFTWARD

TAGS = {
    "a", "abbr", "b", "blockquote", "br", "caption", "code", "del", "em", "hr", "i", "ins", "kbd",
    "li", "ol", "p", "pre", "q", "s", "samp", "small", "strong", "sub", "sup", "table", "tbody",
    "td", "tfoot", "th", "thead", "tr", "u", "ul",
}  # fmt: skip
# Dropped with what is inside them.
DROPPED = {"script", "style", "iframe", "object", "svg", "math", "template", "noscript", "title"}
SCHEMES = {"http", "https", "mailto"}

# Not characters in XML, not meant for people in HTML: controls, lone surrogates, non-characters.
_FORBIDDEN = r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff"
# They turn the rest of a line around, so that a title can claim to be another.
_BIDI = r"\u202a-\u202e\u2066-\u2069"
_unwanted = re.compile(f"[{_FORBIDDEN}{_BIDI}]+")
_address = re.compile(r"https?://[^\s<>\"'`]{1,2000}")
_heading = re.compile(r"<(/?)h[1-6]\b[^>]*>", re.IGNORECASE)
_block = re.compile(
    r"<(/?)(?:div|section|article|header|footer|center|figure|dl|dt|dd)\b[^>]*>", re.IGNORECASE
)
# Links and paragraphs around nothing, and breaks with the end of a paragraph where there is one: of
# a run that would be looked for from each of its breaks, a page of them takes minutes.
_empty = re.compile(r"<(?:a [^>]*>\s*</a>|p>(?:\s|&nbsp;|<br>)*</p>)|(?:<br>\s*)+(</p>)?")
_loose_start = re.compile(r"\s*(?:<br>\s*)+")
_tag = re.compile(r"<[^>]*>")
_apart = re.compile(r"</?(?:p|br|li|ul|ol|td|th|tr|pre|blockquote|hr)\b[^>]*>")
_link = re.compile(r'<a href="([^"]*)"[^>]*>(.*?)</a>', re.DOTALL)
_list_tag = re.compile(r"(</?(?:ul|ol|li)>)")
# Tags that say that a body is HTML although the platform calls it text.
_known_tag = re.compile(
    r"</?(?:a|b|br|p|i|em|strong|ul|ol|li|code|pre|u|small|span|div|h[1-6]|table|tr|td|var|hr)"
    r"(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_block_tag = re.compile(r"<(?:p|div|ul|ol|li|h[1-6]|table|pre|blockquote)\b", re.IGNORECASE)
_break_tag = re.compile(r"<br\s*/?>", re.IGNORECASE)
_trailing = ".,;:!?…'\"*_"
# Markup that nobody wrote: an open element is repeated in each paragraph that follows, and
# brackets are looked for to the end of the text, so that a page of it grows to gigabytes or days.
_MARKUP = 100_000
_MARKDOWN = 40_000
_TAGS = 5_000
_OPEN = 40
_BRACKETS = 2_000
_any_tag = re.compile(r"<(/?)([a-zA-Z]+[1-6]?)")
_CLOSE_THEMSELVES = {"br", "hr", "img", "input", "li", "p", "td", "th", "tr", "dd", "dt", "col"}

# What `tongue` mostly says: nothing.
_UNSAID = Markup("")

_cleaner = nh3.Cleaner(
    tags=TAGS,
    clean_content_tags=DROPPED,
    attributes={"a": {"href"}, "*": set()},
    url_schemes=SCHEMES,
    url_relative="deny",
    link_rel="nofollow noopener ugc",
)


@lru_cache(maxsize=1024)
def shown(text: str) -> str:
    """A vendor's word on one line: no control and no direction-turning characters."""
    return " ".join(_unwanted.sub(" ", text).split())


def tongue(text: str, language: str) -> Markup:
    """What the element around a vendor's text says of it: the language, if that is not the page's.

    And that its letters tell the direction, if any is written from right to left.
    """
    said = f' lang="{escape(language)}"' if language else ""
    if text.isascii() and not said:
        return _UNSAID
    if not text.isascii() and LEFTWARD.search(text):
        said += ' dir="auto"'
    return Markup(said)  # noqa: S704 - the language is escaped, the text is not in it


def safe_link(address: str | None) -> str | None:
    """The address if a reader may be sent there: http or https, with a host."""
    if address is None:
        return None
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    return address if parts.scheme in ("http", "https") and parts.netloc else None


# Of one vendor at a time: with four times as many few are found oftener.
@lru_cache(maxsize=1024)
def safe_html(body: str, body_format: BodyFormat) -> Markup:
    """A body as clean HTML; empty when it says nothing."""
    return cleaned(body, body_format)


def cleaned(body: str, body_format: BodyFormat) -> Markup:
    """The same, made anew: for whom does not ask twice."""
    text = _unwanted.sub("", body.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if not text:
        return Markup("")
    if _is_flood(text, body_format):
        html = _plain(text)
    elif body_format == "markdown":
        html = _as_paragraphs(_markdown.render(text))
    elif body_format == "html" or ("<" in text and _known_tag.search(text)):
        html = _as_paragraphs(text if _block_tag.search(text) else _paragraphs(_lines(text)))
    else:
        html = _plain(text)
    # Once more: what is written as &#8; comes out as the character itself.
    clean = _empty.sub(_filled, _unwanted.sub("", _cleaner.clean(html)))
    if "<br>" in clean:
        clean = _without_loose_ends(clean)
    if "<li>" in clean:
        clean = _in_lists(clean)
    return Markup(clean.strip())  # noqa: S704 - this is the reviewed place: the cleaner wrote it


def excerpt(html: Markup, length: int) -> str:
    """The beginning of a body as text on one line, cut between words; text, to be escaped."""
    apart = _apart.sub(" ", str(html))
    text = " ".join(unescape(_tag.sub("", apart)).split())
    if len(text) <= length:
        return text
    return text[:length].rpartition(" ")[0] + " …"


def plain(html: Markup) -> str:
    """A body as text, a paragraph or item a line, with the addresses that its links hide."""
    told = _link.sub(lambda link: link[2] if link[1] == link[2] else f"{link[2]} ({link[1]})", html)
    lines = _tag.sub("", _apart.sub("\n", told)).split("\n")
    return unescape("\n".join(line.strip() for line in lines if line.strip()))


def _is_flood(text: str, body_format: BodyFormat) -> bool:
    """Whether the markup of a body would cost more than a person's: it is shown as typed."""
    if len(text) > _MARKUP:
        return True
    if body_format == "markdown":
        return len(text) > _MARKDOWN or text.count("[") > _BRACKETS
    if text.count("<") > _TAGS:
        return True
    depth = 0
    for closes, name in _any_tag.findall(text):
        if name.lower() not in _CLOSE_THEMSELVES:
            depth += -1 if closes else 1
            if depth > _OPEN:
                return True
    return False


def _as_paragraphs(html: str) -> str:
    """Headings and boxes as paragraphs: a page's outline is its own, not a vendor's."""
    html = _heading.sub(lambda tag: "</strong></p>" if tag[1] else "<p><strong>", html)
    return _block.sub(lambda tag: "</p>" if tag[1] else "<p>", html)


def _filled(found: re.Match[str]) -> str:
    """What stays of something empty: the end of a paragraph, and breaks that do not stand there."""
    if found[1]:
        return found[1]
    return found[0] if found[0].startswith("<br>") else ""


def _without_loose_ends(clean: str) -> str:
    """Without the breaks that it begins or ends with; each letter is looked at once."""
    start = _loose_start.match(clean)
    begin, end = start.end() if start else 0, len(clean)
    while True:
        while end > begin and clean[end - 1].isspace():
            end -= 1
        if not clean.endswith("<br>", begin, end):
            return clean[begin:end]
        end -= len("<br>")


def _in_lists(clean: str) -> str:
    """Items that stand in no list put into one: a browser would end a list of ours for them."""
    parts: list[str] = []
    inside: list[str] = []
    for part in _list_tag.split(clean):
        if part in ("<ul>", "<ol>"):
            inside.append("list")
        elif part == "<li>":
            stray = not inside or inside[-1] != "list"
            inside.append("stray" if stray else "item")
            parts += ["<ul>"] if stray else []
        parts.append(part)
        if part in ("</ul>", "</ol>", "</li>") and inside.pop() == "stray":
            parts.append("</ul>")
    return "".join(parts)


def _plain(text: str) -> str:
    linked = []
    end = 0
    for start, address in _addresses(text):
        quoted = escape(address)
        linked += [escape(text[end:start]), f'<a href="{quoted}">{quoted}</a>']
        end = start + len(address)
    linked.append(escape(text[end:]))
    return _paragraphs("".join(linked))


def _paragraphs(html: str) -> str:
    blocks = re.split(r"\n[ \t]*(?:\n[ \t]*)+", html)
    return "\n".join(f"<p>{block.replace(chr(10), '<br>')}</p>" for block in blocks)


def _lines(html: str) -> str:
    """Inline HTML by lines: where it has breaks, they end lines, and line ends are only spaces."""
    if not _break_tag.search(html):
        return html
    lines = _break_tag.sub("\n", html.replace("\n", " ")).split("\n")
    return "\n".join(line.strip(" ") for line in lines)


def _addresses(text: str) -> list[tuple[int, str]]:
    """Where bare addresses stand in a text, without the sentence's own punctuation."""
    found = []
    for match in _address.finditer(text):
        address = match[0].rstrip(_trailing)
        while address.endswith(")") and address.count(")") > address.count("("):
            address = address[:-1].rstrip(_trailing)
        found.append((match.start(), address))
    return found


def _link_addresses(state: StateCore) -> None:
    """Make bare addresses links, outside of links and code."""
    for block in state.tokens:
        if block.type != "inline" or "://" not in block.content:
            continue
        children: list[Token] = []
        depth = 0
        for token in block.children or []:
            depth += (token.type == "link_open") - (token.type == "link_close")
            children += [token] if depth or token.type != "text" else _linked(token)
        block.children = children


def _linked(token: Token) -> list[Token]:
    tokens = []
    end = 0
    for start, address in _addresses(token.content):
        tokens += [
            Token("text", "", 0, content=token.content[end:start]),
            Token("link_open", "a", 1, attrs={"href": address}),
            Token("text", "", 0, content=address),
            Token("link_close", "a", -1),
        ]
        end = start + len(address)
    return [*tokens, Token("text", "", 0, content=token.content[end:])] if tokens else [token]


class _Markdown(MarkdownIt):
    """The same few addresses are linked again and again, and taking one apart is slow."""

    normalizeLink = staticmethod(lru_cache(maxsize=1024)(normalizeLink))  # noqa: N815


_markdown = _Markdown("commonmark", {"html": False, "breaks": True})
_markdown.enable(["strikethrough", "table"])
# They are asked at each letter that may mean something, to say no: no HTML is let through.
_markdown.disable(["html_block", "html_inline"])
# Letters that mean something to one of the rules that are left; by default plugins' are, too.
_markdown.inline.terminator_re = re.compile(r"[\n!&*<\[\\\]_`~]")
_markdown.core.ruler.push("addresses", _link_addresses)
