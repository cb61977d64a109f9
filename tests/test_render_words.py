"""All English of the site stands in one place that can be translated: generator/render/words."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from generator.render import words

RENDER = Path(__file__).parents[1] / "generator" / "render"
MODULES = sorted(RENDER.glob("*.py"))
# Two words side by side, or one with a capital that does not stand in an identifier.
ENGLISH = re.compile(r"[A-Za-z]{2,} [a-z]{2,}|^ ?[A-Z][a-z]+[.:!?]?$")
# Words of a format, not for people.
OF_FORMATS = {"Atom", "Dataset", "Service", "Mn", "nofollow noopener ugc", "yield concat("}


def spoken(tree: ast.Module) -> Iterator[ast.Constant]:
    """The texts of a module that may reach a page: no docstring, error, log or annotation."""
    silent: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
            first = node.body[0]
            parts = [first.value] if isinstance(first, ast.Expr) else []
            parts += [node.returns] if isinstance(node, ast.FunctionDef) and node.returns else []
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            # `Page(path, what, draw)`: what it is, for the message about two at one place.
            is_page, is_error = node.func.id == "Page", node.func.id.endswith("Error")
            parts = node.args[1:2] if is_page else node.args if is_error else []
        elif isinstance(node, ast.AnnAssign):
            parts = [node.annotation]
        elif isinstance(node, ast.Assert):
            parts = [node.msg] if node.msg else []
        elif isinstance(node, ast.Assign):
            # The same, where it needs a line of its own.
            is_what = [isinstance(to, ast.Name) and to.id == "what" for to in node.targets]
            parts = [node.value] if any(is_what) else []
        else:
            continue
        silent |= {id(inner) for part in parts for inner in ast.walk(part)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and id(node) not in silent:
            yield node


@pytest.mark.parametrize("file", MODULES, ids=lambda file: file.name)
def test_no_other_module_speaks_to_readers(file: Path) -> None:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    found = [
        f"{file.name}:{node.lineno}: {node.value!r} belongs in words/"
        for node in spoken(tree)
        if isinstance(node.value, str)
        and node.value not in OF_FORMATS
        and not node.value.startswith("<")
        and ENGLISH.search(node.value)
    ]
    assert not found


@pytest.mark.parametrize("text", ["Nothing is open", "Open", "since when", "Open:"])
def test_what_counts_as_english(text: str) -> None:
    assert ENGLISH.search(text)


@pytest.mark.parametrize("text", ["open", "aria-label", "incident.html", "%Y-%m-%d", "utf-8", ""])
def test_what_does_not(text: str) -> None:
    assert not ENGLISH.search(text)


@pytest.mark.parametrize(
    ("said", "text"),
    [
        (words.more_components(1), "1 more component"),
        (words.more_components(2), "2 more components"),
        (words.maintenances(1), "1 maintenance window"),
        (words.rests("first_post", 1), "of 1 incident with a start stated in hindsight"),
        (words.rests("between_updates", 69), "of 69 gaps"),
        (words.rests("never_resolved", 5, 1), "1 of 5 incidents"),
        (words.up_to(4), "up to 4"),
    ],
)
def test_one_is_not_many(said: str, text: str) -> None:
    assert said == text


def test_no_plural_stands_in_the_style_sheet() -> None:
    style = (RENDER.parents[1] / "templates" / "style.css").read_text(encoding="utf-8")
    assert not re.search(r'content: " \w', style)
