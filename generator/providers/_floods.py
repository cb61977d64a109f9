"""What no feed has, refused before feedparser sees it: a flood of a megabyte takes it minutes."""

from xml.parsers import expat

from generator.errors import SourceFault
from generator.reading import Reply

LARGEST = 10_000_000
ELEMENTS = 60_000
# Of one element: what feedparser does with them grows with their square.
ATTRIBUTES = 200
NESTED = 60
# Broken markup goes to a parser that is slower by far.
LARGEST_BROKEN = 2_000_000
TAGS_BROKEN = 20_000
XINCLUDE = b"http://www.w3.org/2001/XInclude"


def check(reply: Reply) -> None:
    """SourceFault for a document that declares entities, includes others, or is a flood of tags."""
    counter = _Counter(reply.url)
    if len(reply.body) > LARGEST:
        raise _flood(reply.url, f"{len(reply.body):,} bytes")
    if XINCLUDE in reply.body:
        raise SourceFault("refused", f"{reply.url} includes other documents")
    try:
        counter.parser.Parse(reply.body, True)
    except (expat.ExpatError, ValueError, LookupError):
        if b"<!ENTITY" in reply.body:
            raise _entities(reply.url) from None
        if len(reply.body) > LARGEST_BROKEN or reply.body.count(b"<") > TAGS_BROKEN:
            raise _flood(reply.url, "markup that is broken, too") from None


class _Counter:
    """Counts what a document is made of; expat keeps none of it."""

    def __init__(self, url: str) -> None:
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.EntityDeclHandler = self._entity
        self._url = url
        self._elements = self._depth = 0

    def _start(self, _: str, attributes: dict[str, str]) -> None:
        self._elements += 1
        self._depth += 1
        if self._elements > ELEMENTS:
            raise _flood(self._url, f"over {ELEMENTS:,} elements")
        if len(attributes) > ATTRIBUTES:
            raise _flood(self._url, f"an element with {len(attributes):,} attributes")
        if self._depth > NESTED:
            raise _flood(self._url, f"elements in each other, over {NESTED} deep")

    def _end(self, _: str) -> None:
        self._depth -= 1

    def _entity(self, *_: object) -> None:
        raise _entities(self._url)


def _flood(url: str, what: str) -> SourceFault:
    return SourceFault("too heavy", f"{url} is no feed but a flood: {what}")


def _entities(url: str) -> SourceFault:
    return SourceFault("refused", f"{url} declares entities of its own")
