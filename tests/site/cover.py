"""Few pages that show all of a site: what no checker could look at whole, it looks at in these."""

import re
from pathlib import Path

from lxml import html


def cover(folder: Path) -> list[str]:
    """Paths of pages which together are of every shape and hold every kind of element of any page.

    So each template is there, and each of its branches. Greedy: the page with most that is new is
    taken next, of equals the first by path.
    """
    files = sorted(folder.rglob("*.html"))
    found = {
        file.relative_to(folder).as_posix(): _kinds(file) | {_shape(file, folder)} for file in files
    }
    chosen: list[str] = []
    missing: set[str] = set().union(*found.values())
    while missing:
        best = max(found, key=lambda path: len(found[path] & missing))
        chosen.append(best)
        missing -= found.pop(best)
    return chosen


def _shape(file: Path, folder: Path) -> str:
    """Where it lies, without the names of vendors, incidents and days."""
    *folders, name = file.relative_to(folder).parts
    if folders and (folder / folders[0] / "feed.atom").exists():
        folders[0] = "{vendor}"
    if folders and name not in ("index.html", "insights.html"):
        name = re.sub(r"\d", "0", name) if re.fullmatch(r"[\d-]+\.html", name) else "{slug}.html"
    return "/".join([*folders, name])


def _kinds(file: Path) -> set[str]:
    page = html.document_fromstring(file.read_text(encoding="utf-8"))
    return {_kind(element) for element in page.iter("*") if not _is_prose(element)}


def _kind(element: html.HtmlElement) -> str:
    """A tag with its classes, below its parent's tag."""
    parent = element.getparent()
    above = "" if parent is None else str(parent.tag)
    return f"{above} {element.tag!s}.{element.get('class', '')}"


def _is_prose(element: html.HtmlElement) -> bool:
    """What a vendor wrote may be of any shape, and is not the template's."""
    return any("prose" in (each.get("class") or "").split() for each in element.iterancestors())
