"""Templates and scripts hold no English: what a page says stands in generator/render/words."""

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

from generator.render import words
from generator.render.env import TEMPLATES, WORDS, environment
from tests.test_render_words import ENGLISH

LAYOUTS = sorted(TEMPLATES.glob("*.html"))
SCRIPTS = sorted(TEMPLATES.glob("*.js"))
SHEETS = sorted(file for file in WORDS.glob("*.py") if file.name != "__init__.py")
USERS = [*LAYOUTS, *WORDS.glob("*.*"), *WORDS.parent.rglob("*.py")]

WORD = re.compile(r"[A-Za-z]{2,}")
# Names of formats, the same in every language.
NAMES = {
    "Atom",
    "CSV",
    "JSON",
    "NDJSON",
    "OPML",
    "Parquet",
    "RSS",
    "SQLite",
    "UTC",
    "iCalendar",
    "sha",
}
# What a reader is told of these attributes; of the others, machines alone read what is one word.
SPOKEN = {"alt", "aria-label", "placeholder", "title"}
# Elements whose content is not a sentence, and `meta` that speak to machines.
CODE = {"code", "kbd", "pre", "script", "style"}
OF_MACHINES = {"color-scheme", "og:image:type", "og:type", "robots", "twitter:card", "viewport"}


class Reader(HTMLParser):
    """Collects what a template says by itself, its expressions left out."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self._code = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._code += tag in CODE
        given = {name: value or "" for name, value in attrs}
        if tag == "meta" and {given.get("name"), given.get("property")} & OF_MACHINES:
            return
        for name, value in given.items():
            if name in SPOKEN:
                self._say(value)
            elif name.startswith("data-") or (name == "content" and "http-equiv" not in given):
                self.said += [value] if ENGLISH.search(value) else []

    def handle_endtag(self, tag: str) -> None:
        self._code -= tag in CODE

    def handle_data(self, data: str) -> None:
        if not self._code:
            self._say(data)

    def _say(self, text: str) -> None:
        if set(WORD.findall(text)) - NAMES:
            self.said.append(" ".join(text.split()))


def said_by(layout: str, made: Environment) -> Iterator[str]:
    """The English of a template: in its markup, and in the texts of its expressions."""
    reader = Reader()
    reader.feed("".join(text for _, kind, text in made.lex(layout) if kind == "data"))
    reader.close()
    yield from reader.said
    tree = made.parse(layout)
    yield from (
        node.value
        for node in tree.find_all(nodes.Const)
        if isinstance(node.value, str) and node.value not in NAMES and ENGLISH.search(node.value)
    )
    for branch in tree.find_all((nodes.Or, nodes.CondExpr)):
        for part in branch.iter_child_nodes(only=("left", "right", "expr1", "expr2")):
            if isinstance(part, nodes.Const) and WORD.search(str(part.value)):
                yield str(part.value)


def said_in(script: str) -> Iterator[str]:
    """The English in a script's texts."""
    code = re.sub(r"/\*.*?\*/|(?m:(?:^|(?<=\s))//.*$)", "", script, flags=re.DOTALL)
    for text in re.findall(r'"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'|`(?:\\.|[^`\\])*`', code):
        own = re.sub(r"\$\{[^}]*\}", "", text[1:-1])
        if own != "use strict" and not own.startswith("<") and ENGLISH.search(own):
            yield own


@pytest.mark.parametrize("file", LAYOUTS, ids=lambda file: file.name)
def test_no_template_holds_english(file: Path) -> None:
    assert list(said_by(file.read_text(encoding="utf-8"), environment())) == []


@pytest.mark.parametrize("file", SCRIPTS, ids=lambda file: file.name)
def test_no_script_holds_english(file: Path) -> None:
    assert list(said_in(file.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    "layout",
    [
        "<h2>Open now</h2>",
        "<b>{{ page.found }} open</b>",
        '<nav aria-label="months">',
        '<td data-what="last read">',
        '<meta name="description" content="Every outage of {{ page.name }}">',
        '{{ page.last or "none" }}',
        '{{ "none" if page.calm else page.word }}',
        '{{ found(page.marks, "Nothing yet.") }}',
    ],
)
def test_what_counts_as_english_in_a_template(layout: str) -> None:
    assert list(said_by(layout, environment()))


@pytest.mark.parametrize(
    "layout",
    [
        '<h2 id="open" class="mark quiet">{{ words.OPEN_NOW }} – 12 · UTC</h2>',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '{{ page.last or "–" }}{% if page.state == "open" %}<code>data/vendors</code>{% endif %}',
        '{% extends "base.html" %}{# The marks of impact #}<!-- for a checker -->',
    ],
)
def test_what_does_not_in_a_template(layout: str) -> None:
    assert not list(said_by(layout, environment()))


@pytest.mark.parametrize(
    "script", ['told("Nothing found")', "x = `${n} more of them`", "y = 'Loading'"]
)
def test_what_counts_as_english_in_a_script(script: str) -> None:
    assert list(said_in(script))


@pytest.mark.parametrize(
    "script",
    [
        '"use strict"; // Nothing found',
        'one("input, select")',
        "key === 'ArrowDown'",
        "`${a} ${b}`",
    ],
)
def test_what_does_not_in_a_script(script: str) -> None:
    assert not list(said_in(script))


def named_in(sheet: Path) -> set[str]:
    """What a module of the catalogue defines for others."""
    found = set()
    for node in ast.parse(sheet.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            found |= {target.id for target in targets if isinstance(target, ast.Name)}
    return {name for name in found if not name.startswith("_")}


def test_every_word_has_one_home() -> None:
    homes: dict[str, str] = {}
    for sheet in SHEETS:
        for name in named_in(sheet):
            assert name not in homes, f"{name} stands in {homes[name]} and in {sheet.name}"
            homes[name] = sheet.name
            assert getattr(words, name, None) is not None, f"words/__init__.py misses {sheet.name}"


def test_every_word_is_said_somewhere() -> None:
    said = {
        name
        for file in USERS
        for name in re.findall(r"[A-Za-z_]\w*", file.read_text(encoding="utf-8"))
        if not file.is_relative_to(WORDS)
    }
    among_themselves = [
        name
        for sheet in SHEETS
        for name in re.findall(r"[A-Za-z_]\w*", sheet.read_text(encoding="utf-8"))
    ]
    for sheet in SHEETS:
        for name in named_in(sheet):
            assert name in said or among_themselves.count(name) > 1, f"{sheet.name}: {name}"


@pytest.mark.parametrize("file", [*LAYOUTS, *WORDS.glob("*.html")], ids=lambda file: file.name)
def test_templates_say_only_what_the_catalogue_has(file: Path) -> None:
    tree = environment().parse(file.read_text(encoding="utf-8"))
    for node in tree.find_all(nodes.Getattr):
        if isinstance(node.node, nodes.Name) and node.node.name == "words":
            assert hasattr(words, node.attr), f"{file.name} says words.{node.attr}"


def test_pages_are_in_the_language_of_the_catalogue() -> None:
    text = (TEMPLATES / "base.html").read_text(encoding="utf-8")
    assert '<html lang="{{ words.LANGUAGE }}">' in text
