"""The search index: which incidents have which words, in files so small that a query reads few.

By year of the start; within a year a file holds the words that begin alike. Ten changes touch the
words of ten incidents: old and new rows of their days are compared, and only the files of words
that come or go are read and written again. `search/years.json` says which files there are.

A word stands for a whole word of the title, of a component or of the vendor's name, folded to
lower case without accents. Facets stand among the words and start with `=`.
"""

import re
import unicodedata
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from itertools import groupby

import msgspec
from msgspec import Struct, field

from generator.model import Kept
from generator.render import facts, links, postings
from generator.render.frame import Row
from generator.times import text_of

# Words are told apart by so many letters.
LONGEST = 20
# Years with more incidents than this have a file for two first letters, others for one.
ROOMY = 1500
# Han, kana: written without spaces, so that each sign is a word.
_SIGN = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
_WORD = re.compile(rf"[{_SIGN}]|[^\W_{_SIGN}]+")
_ASCII = frozenset("abcdefghijklmnopqrstuvwxyz0123456789=")

Standing = Callable[[str], bytes | None]


class Entry(msgspec.Struct, array_like=True, frozen=True):
    """An incident in a list of the search: what is found by, and what is shown of it."""

    start: str
    slug: str
    title: str
    mark: str
    length: str
    components: tuple[str, ...]
    open: bool
    withdrawn: bool

    @property
    def day(self) -> int:
        """The day of its start within the year, the first of January is 0."""
        return _day_of_year(self.start[:10])


class YearFiles(msgspec.Struct):
    """What the index holds of a year. `letters`: how many a file's words have in common."""

    entries: int
    letters: int
    files: list[str]


def entry(kept: Kept, row: Row) -> Entry:
    """The entry of an incident, its row in a list being drawn already."""
    return Entry(
        start=text_of(kept.incident.started_at),
        slug=kept.slug,
        title=row.title,
        mark=row.mark,
        length=row.length,
        components=kept.incident.components,
        open=facts.is_open(kept),
        withdrawn=row.withdrawn,
    )


def entries_json(entries: Iterable[Entry]) -> bytes:
    """A vendor's year as the search shows it, one incident a line."""
    return b"[\n" + b",\n".join(msgspec.json.encode(each) for each in entries) + b"\n]\n"


def entries_of(content: bytes | None) -> list[Entry]:
    """The entries of such a file; none of one that is not there."""
    return msgspec.json.decode(content, type=list[Entry]) if content else []


def words_in(text: str) -> list[str]:
    """The words of a text, folded: lower case, without accents, none longer than LONGEST."""
    if not text.isascii():
        plain = unicodedata.normalize("NFKD", text)
        text = "".join(sign for sign in plain if unicodedata.category(sign) != "Mn")
    return [word[:LONGEST] for word in _WORD.findall(text.lower())]


# Names of vendors and components come back; of titles, which do not, few are kept.
@lru_cache(maxsize=4096)
def words_of(text: str) -> frozenset[str]:
    """The words of a text, each once."""
    return frozenset(words_in(text))


def terms_of(entry: Entry, name: str) -> frozenset[str]:
    """All that an entry is found by; `name` is its vendor's."""
    planned = entry.mark == "maintenance"
    facets = {"=kmaintenance"} if planned else {"=kincident", f"=i{entry.mark}"}
    if entry.open:
        facets.add("=oopen")
    texts = (entry.title, name, *entry.components)
    return frozenset(facets).union(*(words_of(text) for text in texts))


def file_of(word: str, letters: int) -> str:
    """The name of the file that a word is in: its first letters, `_` for others than a to z."""
    if word[0] == "=":
        return "="
    return "".join(sign if sign in _ASCII else "_" for sign in word[:letters])


class _Change(Struct):
    """What becomes of a year: entries more or fewer, and word → the places that come and go."""

    entries: int = 0
    come: "dict[str, array[int]]" = field(default_factory=dict)
    go: "dict[str, array[int]]" = field(default_factory=dict)


class Index:
    """The index under way from the `standing` files to what the changes noted make of it.

    `numbers`: each vendor's place among all. Empty-handed (`standing` finds nothing) it is made
    anew of all entries. Years with more than `roomy` entries are divided finer.
    """

    def __init__(self, numbers: Mapping[str, int], standing: Standing, roomy: int = ROOMY) -> None:
        self._numbers = numbers
        self._roomy = roomy
        self._standing = standing
        self._changes: dict[int, _Change] = {}
        content = standing(links.SEARCH_YEARS)
        self.years: dict[int, YearFiles] = (
            msgspec.json.decode(content, type=dict[int, YearFiles]) if content else {}
        )

    def note(
        self, vendor: str, name: str, year: int, before: Sequence[Entry], after: Sequence[Entry]
    ) -> None:
        """A vendor's year was `before` and is `after`, both by start."""
        if before == after:
            return
        change = self._changes.setdefault(year, _Change())
        change.entries += len(after) - len(before)
        had, has = _by_day(before), _by_day(after)
        for day in had.keys() | has.keys():
            vendor_day = day * len(self._numbers) + self._numbers[vendor]
            old = _found_by(had.get(day, ()), name, vendor_day)
            new = _found_by(has.get(day, ()), name, vendor_day)
            for word, place in new - old:
                change.come.setdefault(word, array("q")).append(place)
            for word, place in old - new:
                change.go.setdefault(word, array("q")).append(place)

    def changed(self) -> Iterator[tuple[str, bytes]]:
        """The files that have to be written, each with its path."""
        for year in sorted(self._changes):
            yield from self._year(year, self._changes.pop(year))
        years = {year: files for year, files in sorted(self.years.items()) if files.entries}
        self.years = years
        yield links.SEARCH_YEARS, msgspec.json.encode(years) + b"\n"

    def paths(self) -> list[str]:
        """The files of the index as it now is."""
        files = [links.SEARCH_YEARS]
        for year, known in self.years.items():
            files += [links.search_words(year, name) for name in known.files]
        return files

    def _year(self, year: int, change: _Change) -> Iterator[tuple[str, bytes]]:
        known = self.years.get(year) or YearFiles(0, 1, [])
        entries = known.entries + change.entries
        letters = 2 if entries > self._roomy else 1
        names = set(known.files)
        touched = {file_of(word, letters) for word in change.come.keys() | change.go.keys()}
        if letters != known.letters:
            read, touched, names = names, set(), set()
        else:
            read = touched & names
        found: dict[str, str] = {}
        for name in read:
            found |= self._words(year, name)
        for word, text in _applied(found, change):
            if text:
                found[word] = text
            else:
                found.pop(word, None)
        files = _by_file(found, letters)
        yield from ((links.search_words(year, name), _drawn(files[name])) for name in sorted(files))
        self.years[year] = YearFiles(entries, letters, sorted((names - touched) | files.keys()))

    def _words(self, year: int, name: str) -> dict[str, str]:
        content = self._standing(links.search_words(year, name))
        return msgspec.json.decode(content, type=dict[str, str]) if content else {}


def _applied(found: Mapping[str, str], change: _Change) -> Iterator[tuple[str, str]]:
    for word in change.come.keys() | change.go.keys():
        held = set(postings.decode(found.get(word, "")))
        held.difference_update(change.go.get(word, ()))
        held.update(change.come.get(word, ()))
        yield word, postings.encode(sorted(held))


def _by_file(found: Mapping[str, str], letters: int) -> dict[str, dict[str, str]]:
    files: dict[str, dict[str, str]] = {}
    for word in sorted(found):
        files.setdefault(file_of(word, letters), {})[word] = found[word]
    return files


def _drawn(found: Mapping[str, str]) -> bytes:
    """A word a line, so that people can read it and a difference is small."""
    lines = (msgspec.json.encode({word: text})[1:-1] for word, text in found.items())
    return b"{\n" + b",\n".join(lines) + b"\n}\n"


def _by_day(entries: Iterable[Entry]) -> dict[int, tuple[Entry, ...]]:
    return {day: tuple(found) for day, found in groupby(entries, key=lambda each: each.day)}


def _found_by(entries: Iterable[Entry], name: str, vendor_day: int) -> set[tuple[str, int]]:
    return {
        (word, postings.place(vendor_day, nth))
        for nth, each in enumerate(entries)
        for word in terms_of(each, name)
    }


@lru_cache(maxsize=8192)
def _day_of_year(day: str) -> int:
    return date.fromisoformat(day).timetuple().tm_yday - 1
