"""What a page of each platform would send if it meant harm: its own wire format, all it may be.

Run as `python -m tests.swollen DATA` it is the main job over such pages, a vendor a platform and
way, its network replaced by them.
"""

import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from generator.bodies import Body
from generator.errors import SourceFault
from generator.fetch import Limits
from generator.model import Vendor
from generator.pipeline.places import Places
from generator.pipeline.update import update
from generator.raw import Exchange
from generator.settings import SiteConfig
from tests.replay import Case

FIXTURES = Path(__file__).parent / "fixtures"
FULL = 19_000_000
LIMITS = Limits(backoff=0.0)
# What records are known by: of copies, each has its own.
NAMES = re.compile(r"(.*_)?(id|key|guid|uuid|slug|code|number|name|url|link|href)|\w+Id")
# A record of a feed or a page, with what stands beside others of its kind.
ROWS = re.compile(r"<(item|entry|article|section|li|div|tr)\b[^>]*>.*?</\1>", re.DOTALL)
TEXT = re.compile(r">([^<>]{30,})<")
JSON = re.compile(r"[\[{].*[\]}]", re.DOTALL)
# In copies, the place of a number: within a text, and of its own.
MARK, NUMBER, PLACE = "@@", 777_777_777, '"@rows@"'

Swell = Callable[[str], Iterator[str]]


def many(text: str) -> Iterator[str]:
    """Its longest list, as often as it fits, each record under a name of its own."""
    return _grown(text, lambda lists: max(lists, key=_size))


def deep(text: str) -> Iterator[str]:
    """The list that lies deepest, so long: an incident of endless posts."""
    return _grown(text, lambda lists: lists[-1])


def long(text: str) -> Iterator[str]:
    """Its longest text, endless, with marks that a reader of HTML would look at."""
    document = _document(text)
    if document is None:
        said, more = max(TEXT.findall(text), key=len, default=""), "&lt;p&gt;a"
    else:
        said, more = max(_texts(document), key=len, default=""), "<p>a"
        said, text = _written(said)[1:-1], _with(document, text)
    before, _, after = text.partition(said or text[-1:])
    yield before + said
    yield from _pieces(more if said else "", "")
    yield after


def _grown(text: str, chosen: Callable[[list[list[Any]]], list[Any]]) -> Iterator[str]:
    document = _document(text)
    lists = [each for each in _lists(document) if each]
    if lists:
        rows = chosen(lists)
        template, separator = _written(_marked(rows[0])), ","
        rows[:] = [PLACE[1:-1]]
        before, _, after = _with(document, text).partition(PLACE)
    else:
        row = max(ROWS.finditer(text), key=lambda found: len(found[0]), default=None)
        template = re.sub(r"(</guid>|</id>|</link>|</a>)", rf"{MARK}\1", row[0] if row else "")
        separator = ""
        before, after = (text[: row.end()], text[row.end() :]) if row else (text, "")
    yield before
    yield from _pieces(template, separator)
    yield after


def _pieces(template: str, separator: str) -> Iterator[str]:
    """So many copies that the whole is full, some at a time; of nothing none."""
    numbers = template.count(MARK) + template.count(str(NUMBER))
    count = FULL // (len(template) + len(separator) + 4 * numbers) if template else 0
    for first in range(0, count, 100):
        copies = (
            template.replace(MARK, str(number)).replace(str(NUMBER), str(number))
            for number in range(first, min(first + 100, count))
        )
        yield (separator if first else "") + separator.join(copies)


WAYS: dict[str, Swell] = {"many": many, "deep": deep, "long": long}


def cases() -> dict[str, Case]:
    """Of each platform, the recent reading whose replies are largest."""
    found = {}
    for platform in sorted(folder for folder in FIXTURES.iterdir() if folder.is_dir()):
        known = [Case(file.parent) for file in platform.glob("*/case.toml")]
        recent = [case for case in known if case.walk == "recent" and case.replies]
        if recent:
            found[platform.name] = max(recent, key=_replies)
    return found


def main(data: Path) -> None:
    """Read every platform in every way; the report goes to DATA/report.json."""
    pages: dict[str, tuple[Case, Swell]] = {}
    given: Counter[str] = Counter()
    vendors = []
    for platform, case in cases().items():
        for way, swell in WAYS.items():
            slug = f"{platform}-{way}"
            page = case.vendor
            pages[slug] = (case, swell)
            vendors.append(
                Vendor(slug, slug, page.homepage, page.status_page, platform, "cloud", page.options)
            )

    def answer(slug: str, url: str) -> Exchange | None:
        case, swell = pages[slug]
        row = _asked(case, url)
        if row is None or "file" not in row:
            return Exchange(slug, url, (row or {}).get("status", 404), (), _body(url, ()))
        body = _body(url, swell(_text(case.folder / row["file"])))
        given[slug] += body.size
        if given[slug] > LIMITS.whole:
            raise SourceFault("too large", f"{slug} is over {LIMITS.whole:,} bytes")
        kind = ("Content-Type", row.get("content_type", "application/json"))
        return Exchange(slug, url, row.get("status", 200), (kind,), body)

    at = datetime(2026, 11, 22, 12, tzinfo=UTC)
    report = update(
        Places(data), vendors, SiteConfig("Test", "http://localhost:8000/", "", "t.example", ""),
        at=at, replay=answer, limits=LIMITS,
    )  # fmt: skip
    (data / "report.json").write_text(json.dumps(report.document()), encoding="utf-8")


def _asked(case: Case, url: str) -> dict[str, Any] | None:
    """The reply that the case has for an address: that of the path which ends it."""
    paths = [path for path in case.replies if not path or url.endswith(path)]
    return case.replies[max(paths, key=len)] if paths else None


def _text(file: Path) -> str:
    content = file.read_bytes()
    return content.decode("utf-16-be" if content[:1] == b"\x00" else
                          "utf-16" if b"\x00" in content[:4] else "utf-8")  # fmt: skip


def _with(document: Any, text: str) -> str:
    """The text with another document in it."""
    return JSON.sub(lambda _: _written(document), text, count=1)


def _body(url: str, pieces: Iterable[str]) -> Body:
    body = Body(url, zipped=False, wire=2 * FULL, largest=2 * FULL)
    for piece in pieces:
        body.feed(piece.encode())
    body.end()
    return body


def _document(text: str) -> Any:
    """The JSON in it; None where it is something else."""
    found = JSON.search(text)
    try:
        return json.loads(found[0]) if found else None
    except ValueError:
        return None


def _written(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _replies(case: Case) -> int:
    return sum(
        (case.folder / row["file"]).stat().st_size for row in case.replies.values() if "file" in row
    )


def _lists(value: Any) -> Iterator[list[Any]]:
    """Every list in a document, the outer ones first."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    if isinstance(value, list):
        yield value
    for each in inner:
        yield from _lists(each)


def _texts(value: Any) -> Iterator[str]:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    if isinstance(value, str):
        yield value
    for each in inner:
        yield from _texts(each)


def _marked(value: Any) -> Any:
    """A record with the places where its copies differ."""
    if isinstance(value, list):
        return [_marked(each) for each in value]
    if not isinstance(value, dict):
        return value
    changed = {name: _marked(word) for name, word in value.items()}
    for name, word in value.items():
        if NAMES.fullmatch(name):
            changed[name] = word + MARK if isinstance(word, str) else word
            if type(word) is int:
                changed[name] = NUMBER
    return changed


def _size(value: Any) -> int:
    return len(_written(value))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
