"""The script's way through the search index, in Python: what it would read and find."""

import gzip
import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from generator.render import links, postings
from generator.render.search import file_of, words_in


@dataclass
class Lookup:
    """A reader of the index. `transferred`: what it has loaded so far, compressed."""

    read: Callable[[str], bytes]
    vendors: Sequence[str]
    loaded: dict[str, Any] = field(default_factory=dict)
    transferred: int = 0

    def load(self, path: str) -> Any:
        if path not in self.loaded:
            content = self.read(path)
            self.transferred += len(gzip.compress(content))
            self.loaded[path] = json.loads(content)
        return self.loaded[path]

    def years(self) -> Mapping[str, Any]:
        known: Mapping[str, Any] = self.load(links.SEARCH_YEARS)
        return known

    def places(self, year: str, alternatives: Collection[tuple[str, bool]]) -> set[int]:
        """The places of a year that have one of the words; True: of those that begin so."""
        letters, files = self.years()[year]["letters"], self.years()[year]["files"]
        found: set[int] = set()
        for word, begins in alternatives:
            name = file_of(word, letters)
            for file in files:
                if not (file.startswith(name) if begins else file == name):
                    continue
                for held, text in self.load(links.search_words(int(year), file)).items():
                    if held.startswith(word) if begins else held == word:
                        found.update(postings.decode(text))
        return found

    def find(
        self, query: str, groups: Sequence[Collection[str]] = (), years: Collection[str] = ()
    ) -> Iterator[tuple[str, str]]:
        """Vendor and slug of what has every word and one facet of each group, newest day first."""
        for year, place in self.places_of(query, groups, years):
            yield self.entry(year, place)

    def places_of(
        self, query: str, groups: Sequence[Collection[str]] = (), years: Collection[str] = ()
    ) -> Iterator[tuple[str, int]]:
        """Their years and places, for which no list of entries is loaded."""
        words = words_in(query)
        typed = len(words) - (not query[-1:].isspace())  # the one that is still being typed
        terms = [[(word, at == typed)] for at, word in enumerate(words)]
        terms += [[(facet, False) for facet in group] for group in groups]
        for year in sorted(self.years(), reverse=True):
            if years and year not in years:
                continue
            sets = [self.places(year, each) for each in terms]
            for place in sorted(set.intersection(*sets), reverse=True) if sets else ():
                yield year, place

    def entry(self, year: str, place: int) -> tuple[str, str]:
        vendor_day, nth = divmod(place, postings.ROOM)
        day, number = divmod(vendor_day, len(self.vendors))
        vendor = self.vendors[number]
        entries = self.load(links.search_entries(vendor, int(year)))
        of_day = [each for each in entries if day_of_year(each[0]) == day]
        return vendor, of_day[nth][1]


def day_of_year(start: str) -> int:
    day = date.fromisoformat(start[:10])
    return (day - date(day.year, 1, 1)).days
