"""Few pages that show all of a site: what no checker could look at whole, it looks at in these."""

from pathlib import Path

from lxml import html


def cover(folder: Path) -> list[str]:
    """Paths of pages which together hold every kind of element that any page holds.

    A kind is a tag with its classes below its parent's tag, so that each template is there, and
    each of its branches. Greedy: the page with most that is new is taken next, of equals the
    first by path.
    """
    kinds = {
        file.relative_to(folder).as_posix(): _kinds(file) for file in sorted(folder.rglob("*.html"))
    }
    chosen: list[str] = []
    missing: set[str] = set().union(*kinds.values())
    while missing:
        best = max(kinds, key=lambda path: len(kinds[path] & missing))
        chosen.append(best)
        missing -= kinds.pop(best)
    return chosen


def _kinds(file: Path) -> set[str]:
    page = html.document_fromstring(file.read_text(encoding="utf-8"))
    return {_kind(element) for element in page.iter("*") if not _is_prose(element)}


def _kind(element: html.HtmlElement) -> str:
    parent = element.getparent()
    above = "" if parent is None else str(parent.tag)
    return f"{above} {element.tag!s}.{element.get('class', '')}"


def _is_prose(element: html.HtmlElement) -> bool:
    """What a vendor wrote may be of any shape, and is not the template's."""
    return any("prose" in (each.get("class") or "").split() for each in element.iterancestors())
