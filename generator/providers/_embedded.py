"""The data that a web page carries for its own scripts: Nuxt's payload and Next's flight.

Both are how a framework hands its state to the browser; a status page that has no JSON of its
past often has it here.
"""

import json
import re

from generator.errors import SourceFault
from generator.reading import Reply

NUXT = re.compile(
    rb"""<script[^>]*\bid=["']__NUXT_DATA__["'][^>]*>(.*?)</script>""", re.DOTALL | re.IGNORECASE
)
FLIGHT = re.compile(rb'self\.__next_f\.push\(\[1,\s*("(?:[^"\\]|\\.)*")\s*\]\)')


def nuxt(reply: Reply) -> object:
    """Nuxt's payload as plain data; SourceFault when the page has none or a broken one.

    The payload is one flat array: an object's values and an array's items are places in it, an
    array that begins with a text is a marked value (`["Reactive", 3]`, `["Date", "2026-..."]`).
    """
    found = NUXT.search(reply.body)
    if not found:
        raise SourceFault("not what it says", f"{reply.url} is a page without a Nuxt payload")
    try:
        flat = json.loads(found[1])
        if not isinstance(flat, list):
            raise ValueError("its payload is not an array")
        return _Payload(flat).at(0)
    except (ValueError, RecursionError) as error:
        raise SourceFault("unparseable", f"the payload of {reply.url}: {error}") from None


def flight(reply: Reply) -> str:
    """Next's flight, all of its pushes joined; SourceFault when the page has none."""
    try:
        text = "".join(json.loads(push) for push in FLIGHT.findall(reply.body))
    except ValueError as error:
        raise SourceFault("unparseable", f"the flight of {reply.url}: {error}") from None
    if not text:
        raise SourceFault("not what it says", f"{reply.url} is a page without a Next flight")
    return text


class _Payload:
    """A flat array and what has been made of it: each place once, so that sharing stays cheap."""

    def __init__(self, flat: list[object]) -> None:
        self._flat = flat
        self._made: dict[int, object] = {}

    def at(self, place: object) -> object:
        """The value at a place; None for a place that is none (-1 is "undefined")."""
        if not isinstance(place, int) or not 0 <= place < len(self._flat):
            return None
        if place not in self._made:
            self._made[place] = None  # what contains itself ends here
            self._made[place] = self._make(self._flat[place])
        return self._made[place]

    def _make(self, value: object) -> object:
        if isinstance(value, dict):
            return {key: self.at(place) for key, place in value.items()}
        if not isinstance(value, list):
            return value
        if not value or not isinstance(value[0], str):
            return [self.at(place) for place in value]
        mark, *rest = value
        if mark == "null":
            pairs = zip(rest[::2], rest[1::2], strict=False)
            return {str(key): self.at(place) for key, place in pairs}
        if mark == "Set":
            return [self.at(place) for place in rest]
        if rest and isinstance(rest[0], int):
            return self.at(rest[0])
        return rest[0] if rest else None
