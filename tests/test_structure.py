"""The house: imports point downwards, the neighbours never meet, documents tell the truth."""

import ast
import re
import tomllib
from pathlib import Path

import pytest

from generator.exchange import Line
from generator.vendors import REQUIRED

ROOT = Path(__file__).parents[1]
CODE = ROOT / "generator"
MODULES = sorted(file for file in CODE.rglob("*.py"))

# Higher floors may use lower ones. What shares a floor of `APART` never imports each other.
FLOORS = [
    {
        "durable",
        "errors",
        "markdown",
        "times",
        "model",
        "categories",
        "census",
        "toml",
        "misfits",
        "wording",
    },
    {
        "reading",
        "known",
        "exchange",
        "preview",
        "slugs",
        "settings",
        "bodies",
        "addresses",
        "answers",
        "report",
        "alike",
        "sharding",
        "mediatypes",
        "network",
        "raw",
    },
    {"decide", "merging"},
    {"archive", "fetch", "forge", "providers", "render"},
    {"extension", "growth", "importing", "gitrepo", "sanity", "vendors"}
    | {"detect", "alerts", "confined", "removed"},
    {"worker"},
    {"child"},
    {"readers"},
    {"scrape"},
    {"demo", "console", "publish", "serve"},
    {"pipeline"},
    {"cli", "cli_archive", "cli_site", "cli_host", "cli_notify", "cli_options", "cli_vendor"}
    | {"__main__"},
]
APART = {"archive", "fetch", "forge", "providers", "render"}


def part(file: Path) -> str:
    """The top-level piece of the program that a module belongs to."""
    return file.relative_to(CODE).parts[0].removesuffix(".py")


def imports(file: Path) -> set[str]:
    """The pieces of ours that a module imports, wherever in it."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        else:
            continue
        for name in names:
            words = name.split(".")
            if words[0] == "generator" and len(words) > 1:
                found.add(words[1])
    return {name for name in found if (CODE / name).exists() or (CODE / f"{name}.py").exists()}


def floor(name: str) -> int:
    return next(number for number, names in enumerate(FLOORS) if name in names)


@pytest.mark.parametrize("file", MODULES, ids=lambda file: str(file.relative_to(CODE)))
def test_imports_point_downwards(file: Path) -> None:
    own = part(file)
    if own == "__init__":
        return
    for other in imports(file) - {own}:
        assert floor(other) <= floor(own), f"{own} imports {other}, which stands above it"
        assert not {own, other} <= APART, f"{own} and {other} must not know each other"


def test_only_the_archive_opens_sqlite_and_only_its_own_modules_the_network() -> None:
    for file in MODULES:
        text = file.read_text(encoding="utf-8")
        if part(file) != "archive":
            assert not re.search(r"^\s*import sqlite3|sqlite3\.connect", text, re.MULTILINE), file
        if part(file) not in ("fetch", "answers", "network", "forge"):
            opens = r"^\s*(import|from) (httpcore|httpx|socket|urllib\.request)"
            assert not re.search(opens, text, re.M), file


def test_the_readme_shows_a_vendor_file_as_it_is() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```toml\n(# data/vendors/.*?)```", readme, re.DOTALL)
    kept = (ROOT / "data" / "vendors" / "python.toml").read_text(encoding="utf-8")
    assert tomllib.loads(example) == tomllib.loads(kept)
    assert tuple(tomllib.loads(example)) == REQUIRED


def test_the_readme_names_every_field_of_a_line() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for name in Line.__struct_fields__:
        assert f"`{name}`" in readme, name


def test_the_readme_names_every_command() -> None:
    from generator.cli import cli

    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for name in cli.commands:
        assert f"outages {name}" in readme, name
