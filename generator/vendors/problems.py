"""What a vendor file has to say, and what is wrong with one: a line and a sentence each."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from generator.providers import options as options_of
from generator.providers import platforms
from generator.slugs import vendor_problem
from generator.times import iana_zone
from generator.wording import meant, perhaps

REQUIRED = ("name", "homepage", "status_page", "platform", "category")
ADDRESSES = ("homepage", "status_page")
# The shape of a tag of BCP 47: a language, and what narrows it down.
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
# Beside these: settings of the platform, and where the vendor's incidents stood before.
TABLES = ("options", "previous")
PREVIOUS = ("status_page", "platform", "until")
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LONGEST = 60
LONGEST_TEXT = 300
SHOWN = 100
OTHERS = "Others are named below [categories] in site.toml"
ADDRESS_EXAMPLE = "https://status.example.com"

# The line and the sentence of something wrong.
Problem = tuple[int, str]
Table = Mapping[str, object]


def problems(slug: str, text: str, table: Table, categories: Collection[str]) -> Iterator[Problem]:
    """Line and sentence of each thing that is wrong."""
    if sentence := slug_problem(slug):
        yield 1, sentence
    for key in REQUIRED:
        if sentence := _text_problem(table, key):
            yield line_of(text, key), sentence
    known = {"platform": platforms(), "category": categories}
    for key, words in known.items():
        if words and isinstance(table.get(key), str) and table[key] not in words:
            more = f". {OTHERS}" if key == "category" else ""
            yield line_of(text, key), _not_one_of(key, table[key], words) + more
    language = table.get("language", "en")
    if not isinstance(language, str) or not LANGUAGE.fullmatch(language):
        sentence = f"language is {_shown(language)}, expected a tag (BCP 47) such as de or pt-BR"
        yield line_of(text, "language"), sentence
    yield from _option_problems(text, table)
    yield from _previous_problems(text, table)
    for key in table.keys() - {*REQUIRED, "language", *TABLES}:
        expected = f"{', '.join(REQUIRED)}, language, [options] and [[previous]]"
        near = meant(key, (*REQUIRED, "language", *TABLES)) or " Take it away."
        yield line_of(text, key), f"unknown key {_shown(key)}; expected {expected}.{near}"


def _text_problem(table: Table, key: str) -> str | None:
    """What is wrong with a key that has to be there."""
    value = table.get(key)
    if key not in table:
        return f'{key} is missing. Add a line: {key} = "..."'
    if not isinstance(value, str) or not value.strip():
        return f'{key} is {_shown(value)}, expected a text: {key} = "..."'
    if key in ADDRESSES and not is_address(value):
        return f"{key} is {_shown(value)}, expected an address like {ADDRESS_EXAMPLE}"
    if not _is_text(value.strip()):
        return f"{key} is {_shown(value)}, expected at most {LONGEST_TEXT} letters that can be seen"
    return None


def _is_text(value: object) -> bool:
    """Whether people see all of it; what has controls or turns direction is meant for machines."""
    return isinstance(value, str) and value.isprintable() and len(value) <= LONGEST_TEXT


def _shown(value: object) -> str:
    """The value as it is written, as much of it as says which one is meant."""
    text = repr(value)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


def _option_problems(text: str, table: Table) -> Iterator[Problem]:
    options, platform = table.get("options", {}), table.get("platform")
    if not isinstance(options, dict) or not all(map(_is_text, options.values())):
        yield line_of(text, "options"), 'expected [options] with texts: key = "..."'
        return
    # Hardly any file has some: no reader is imported for the others.
    if not options or platform not in platforms():
        return
    known = options_of(str(platform))
    for key in options.keys() - known:
        yield line_of(text, key), _no_option(key, str(platform), known)
    zone = options.get("time_zone", "UTC")
    if "time_zone" in known and iana_zone(zone) is None:
        near = meant(zone, available_timezones())
        sentence = (
            f"time_zone is {_shown(zone)}, expected a zone (IANA) such as Europe/Paris.{near}"
        )
        yield line_of(text, "time_zone"), sentence


def _no_option(key: str, platform: str, known: Collection[str]) -> str:
    """What is wrong with a setting that no reader of the platform looks for."""
    if key in (*REQUIRED, "language"):
        return f"{key} stands below [options], expected above. Move the line up."
    has = f"which knows {', '.join(known)}" if known else "which knows none"
    near = meant(key, (*known, "language")) or " Take it away."
    return f"{_shown(key)} is no option of {platform}, {has}.{near}"


def _previous_problems(text: str, table: Table) -> Iterator[Problem]:
    rows = table.get("previous", [])
    shape = f"expected [[previous]] tables with {', '.join(PREVIOUS)}"
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        yield line_of(text, "previous"), f"{shape}. Write the brackets twice."
        return
    for number, row in enumerate(rows):
        line = line_of(text, "previous", number)
        if set(row) != set(PREVIOUS):
            yield line, f"{shape}; it has {', '.join(sorted(row)) or 'none'}"
        elif not is_address(str(row["status_page"])):
            yield line, f"status_page is {_shown(row['status_page'])}, expected an address"
        elif row["platform"] not in platforms():
            yield line, _not_one_of("platform", row["platform"], platforms())
        elif day_of(row["until"]) is None:
            yield line, f"until is {_shown(row['until'])}, expected the last day: 2026-11-22"


def _not_one_of(key: str, value: object, words: Iterable[str]) -> str:
    return f"{key} is {_shown(value)}{perhaps(value, words)}, expected one of {', '.join(words)}"


def slug_problem(slug: str) -> str | None:
    """What is wrong with a file's name, as a sentence."""
    if not SLUG.fullmatch(slug) or len(slug) > LONGEST:
        return (
            f"the file name {_shown(slug)} is the slug: expected lower-case words joined by "
            f"hyphens, at most {LONGEST} letters. Rename it, say to {_slug_like(slug)}.toml."
        )
    if sentence := vendor_problem(slug):
        return f"{sentence}. Rename the file, say to {slug}-status.toml."
    return None


def is_address(text: str) -> bool:
    """Whether a text is an address of the web."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and not set(text) & set(" \n")


def day_of(value: object) -> date | None:
    """A day, written as a text or as TOML writes days."""
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return None


def line_of(text: str, key: str, number: int = 0) -> int:
    """Where a key stands, the `number`th time counted from 0; the first line if nowhere."""
    marks = list(re.finditer(rf"^\s*\[*{re.escape(key)}\b", text, re.MULTILINE))
    return text.count("\n", 0, marks[number].end()) + 1 if number < len(marks) else 1


def _slug_like(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:LONGEST] or "acme"
