"""By what a platform is known: a document with certain keys, or a page with certain words.

A sign looks at a reply, whatever it is, and tells what it saw; None when it is not there.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html import unescape

import msgspec

from generator.reading import UNDECODED, Reply

# A page that is longer has what matters near its beginning.
LOOKED_AT = 400_000


@dataclass(frozen=True, slots=True)
class Seen:
    """What a sign saw, in words, and the settings that it gave away."""

    what: str
    options: Mapping[str, str] = field(default_factory=dict)


Sign = Callable[[Reply], Seen | None]


def holds(*expected: str) -> Sign:
    """JSON with all of these places: `page.id`, `0.title`, or `page.id~[a-z0-9]{12}` by pattern."""

    def sign(reply: Reply) -> Seen | None:
        document = document_of(reply)
        seen = []
        for place, _, pattern in (text.partition("~") for text in expected):
            value = at(document, place)
            if value is None or (pattern and not re.fullmatch(pattern, str(value))):
                return None
            seen.append(place if isinstance(value, dict | list) else f"{place} {value!r}")
        return Seen(" and ".join(seen))

    return sign


def says(pattern: str, option: str = "") -> Sign:
    """Text with this pattern; its first group is the value of `option`."""
    mark = re.compile(pattern, re.IGNORECASE | re.DOTALL)

    def sign(reply: Reply) -> Seen | None:
        found = mark.search(text_of(reply))
        if not found or reply.absent:
            return None
        options = {option: unescape(found[1])} if option else {}
        return Seen(repr(" ".join(found[0].split())[:60]), options)

    return sign


def is_utf16_list(reply: Reply) -> Seen | None:
    """A list in UTF-16, with its mark: what only AWS serves."""
    if reply.body[:2] not in (b"\xfe\xff", b"\xff\xfe"):
        return None
    return Seen("a list in UTF-16") if isinstance(document_of(reply), list | dict) else None


def document_of(reply: Reply) -> object:
    """The reply as JSON; None when it is none."""
    body = reply.body
    if body[:2] in (b"\xfe\xff", b"\xff\xfe"):
        body = body.decode("utf-16", "replace").encode()
    if reply.absent or body.lstrip()[:1] not in (b"{", b"["):
        return None
    try:
        return msgspec.json.decode(body)
    except UNDECODED:
        return None


def text_of(reply: Reply) -> str:
    """The reply as text, of a page or a feed."""
    return reply.body[:LOOKED_AT].decode("utf-8", "replace")


def at(document: object, place: str) -> object:
    """The value at `page.id` or `0.title`; None when there is no such place."""
    for part in place.split("."):
        if isinstance(document, list):
            document = (
                document[int(part)] if part.isdecimal() and int(part) < len(document) else None
            )
        elif isinstance(document, dict):
            document = document.get(part)
        else:
            return None
    return document
