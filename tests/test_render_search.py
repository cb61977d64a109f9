"""The search index: all that a scan would find, and nothing else; grown as if made at once."""

from collections.abc import Mapping, Sequence
from operator import attrgetter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.render import links, postings
from generator.render.search import (
    Entry,
    Index,
    entries_json,
    entries_of,
    file_of,
    terms_of,
    words_in,
)
from tests.search_lookup import Lookup

NAMES = {"acme": "Acme Cloud", "beta": "Bêta", "corp": "Corp"}
NUMBERS = {vendor: number for number, vendor in enumerate(NAMES)}
ROOMY = 6

# Vendor and year → its entries, by start.
World = Mapping[tuple[str, int], Sequence[Entry]]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "Elevated 5xx errors in us-east-1",
            ["elevated", "5xx", "errors", "in", "us", "east", "1"],
        ),
        ("Störung: ÉTÉ, naïve façade", ["storung", "ete", "naive", "facade"]),
        ("İstanbul ﬁber Ⅷ x²", ["istanbul", "fiber", "viii", "x2"]),
        ("障害が発生 (API)", ["障", "害", "か", "発", "生", "api"]),
        ("snake_case don't", ["snake", "case", "don", "t"]),
        ("Сбой сети", ["сбои", "сети"]),
        ("a" * 30, ["a" * 20]),
        ("… – !", []),
    ],
)
def test_words_are_folded(text: str, words: list[str]) -> None:
    assert words_in(text) == words


@pytest.mark.parametrize(
    ("word", "letters", "name"),
    [
        ("errors", 1, "e"),
        ("errors", 2, "er"),
        ("a", 2, "a"),
        ("сеть", 2, "__"),
        ("=iminor", 2, "="),
    ],
)
def test_words_that_begin_alike_share_a_file(word: str, letters: int, name: str) -> None:
    assert file_of(word, letters) == name


@pytest.mark.parametrize(
    ("places", "text"),
    [
        ([], ""),
        ([(0, 0)], "A"),
        ([(31, 0), (32, 0)], "_B"),
        ([(32, 0)], "0B"),
        ([(5, 0), (5, 1), (5, 9)], "FA!A*!"),
        ([(2000, 3)], "guB$"),
    ],
)
def test_places_as_text(places: list[tuple[int, int]], text: str) -> None:
    numbers = [postings.place(*each) for each in places]
    assert postings.encode(numbers) == text
    assert postings.decode(text) == numbers


@given(st.sets(st.tuples(st.integers(0, 400_000), st.integers(0, 40))))
def test_places_survive_being_text(places: set[tuple[int, int]]) -> None:
    numbers = sorted(postings.place(*each) for each in places)
    assert postings.decode(postings.encode(numbers)) == numbers


def test_an_entry_is_found_by_its_words_and_facets() -> None:
    entry = Entry(
        start="2024-02-29T10:00:00Z",
        slug="2024-02-29-slow",
        title="Slow API",
        mark="minor",
        length="Open",
        components=("Web site", "API"),
        open=True,
        withdrawn=False,
    )
    assert terms_of(entry, "Acme") == {
        "slow", "api", "web", "site", "acme", "=iminor", "=kincident", "=oopen",
    }  # fmt: skip
    assert entry.day == 59
    assert entries_of(entries_json([entry])) == [entry]


WORDS = ("api", "error", "errors", "error2", "Störung", "dns", "障害", "us-east-1", "zone")
PHRASES = st.lists(st.sampled_from(WORDS), max_size=4).map(" ".join)


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """Few days and words, so that much meets."""
    found: dict[tuple[str, int], list[Entry]] = {}
    for number in range(draw(st.integers(0, 24))):
        vendor = draw(st.sampled_from(tuple(NAMES)))
        year = draw(st.sampled_from((2023, 2024)))
        start = f"{year}-{draw(st.sampled_from(('01-01', '02-28', '12-31')))}"
        mark = draw(st.sampled_from(("minor", "major", "maintenance")))
        entry = Entry(
            start=f"{start}T{draw(st.integers(0, 23)):02}:00:00Z",
            slug=f"{start}-{number}",
            title=draw(PHRASES),
            mark=mark,
            length="1 h",
            components=tuple(draw(st.lists(PHRASES, max_size=2))),
            open=draw(st.booleans()),
            withdrawn=False,
        )
        found.setdefault((vendor, year), []).append(entry)
    return {key: sorted(each, key=attrgetter("start", "slug")) for key, each in found.items()}


def grown(files: Mapping[str, bytes], before: World, after: World) -> dict[str, bytes]:
    """The index after a change; of files it reads and writes only its own."""
    index = Index(NUMBERS, files.get, ROOMY)
    for vendor, year in before.keys() | after.keys():
        key = vendor, year
        index.note(vendor, NAMES[vendor], year, before.get(key, ()), after.get(key, ()))
    written = dict(index.changed())
    kept = {path: files[path] for path in files if path in index.paths()}
    assert set(index.paths()) == {**kept, **written}.keys()
    return {**kept, **written}


def lists(world: World) -> dict[str, bytes]:
    return {links.search_entries(*key): entries_json(each) for key, each in world.items()}


def scanned(world: World, query: str, group: Sequence[str]) -> list[tuple[str, str]]:
    """What a look at every entry finds."""
    *whole, last = words_in(query) or [""]
    found = []
    for (vendor, _), entries in world.items():
        for entry in entries:
            terms = terms_of(entry, NAMES[vendor])
            begins = not last or any(term.startswith(last) for term in terms if term[0] != "=")
            if begins and terms.issuperset(whole) and (not group or terms & set(group)):
                found.append((vendor, entry.slug))
    return found


FACETS = ((), ("=iminor",), ("=iminor", "=imajor"), ("=kmaintenance",), ("=oopen",))
QUERIES = st.tuples(PHRASES, st.sampled_from(("", "e", "err", "sto", "1", "zq", "障"))).map(
    " ".join
)


@given(worlds(), QUERIES, st.sampled_from(FACETS))
def test_the_index_finds_what_a_scan_finds(
    world: World, query: str, group: tuple[str, ...]
) -> None:
    files = {**grown({}, {}, world), **lists(world)}
    query = query.strip()
    if not words_in(query) and not group:
        return
    found = list(Lookup(files.__getitem__, tuple(NAMES)).find(query, [group] if group else []))
    assert sorted(found) == sorted(scanned(world, query, group))
    days = [slug[:10] for _, slug in found]
    assert days == sorted(days, reverse=True)


@given(worlds(), worlds())
def test_an_index_that_grew_equals_one_made_at_once(before: World, after: World) -> None:
    assert grown(grown({}, {}, before), before, after) == grown({}, {}, after)


def test_a_change_writes_the_files_of_its_words_alone() -> None:
    def entry(day: int, title: str) -> Entry:
        start = f"2024-01-{day:02}"
        return Entry(f"{start}T10:00:00Z", f"{start}-x", title, "minor", "1 h", (), False, False)

    before = {("acme", 2024): [entry(day, f"word{day} quiet x") for day in range(1, 5)]}
    after = {("acme", 2024): [*before["acme", 2024][:3], entry(4, "word4 noisy x")]}
    files = grown({}, {}, before)
    index = Index(NUMBERS, files.get)
    index.note("acme", "Acme", 2024, before["acme", 2024], after["acme", 2024])
    assert {path for path, text in index.changed() if text != files.get(path)} == {
        "search/2024/n.json",
        "search/2024/q.json",
        "search/years.json",
    }


def test_nothing_changed_nothing_but_the_same_years() -> None:
    files = grown({}, {}, {})
    assert dict(Index(NUMBERS, files.get).changed()) == files == {"search/years.json": b"{}\n"}
