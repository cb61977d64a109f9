"""The links of a built site: every one that stays within it leads to a file, and to an anchor."""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

from lxml import html

# An address with a part to be filled in leads nowhere yet.
PART = re.compile(r"\{[a-z]+\}")
# What machines read names pages by their whole address, wherever in the file.
FOR_MACHINES = (".xml", ".atom", ".rss", ".json", ".opml", ".txt")


def broken(folder: Path, address: str) -> list[str]:
    """What in the site in `folder`, built for `address`, leads nowhere, a sentence each.

    An address of another host is not asked.
    """
    anchors = {path: _anchors(folder / path) for path in _files(folder, ".html")}
    base = urlsplit(address)
    found = set()
    for path, target in _targets(folder, address):
        there, anchor = urldefrag(urljoin(urljoin(address, path), target))
        to = urlsplit(there)
        if (to.scheme, to.netloc) != (base.scheme, base.netloc):
            continue
        if not to.path.startswith(base.path):
            found.add(f"{path}: {target} leads out of the site at {address}")
            continue
        name = unquote(to.path.removeprefix(base.path))
        if not name or name.endswith("/"):
            name += "index.html"
        if not (folder / name).is_file():
            found.add(f"{path}: {target} leads to {name}, which is not there")
        elif anchor and unquote(anchor) not in anchors.get(name, {unquote(anchor)}):
            found.add(f"{path}: {target} leads to #{anchor}, which {name} does not have")
    return sorted(found)


def _files(folder: Path, *endings: str) -> list[str]:
    files = (file for file in folder.rglob("*") if file.name.endswith(endings))
    return sorted(file.relative_to(folder).as_posix() for file in files)


def _anchors(file: Path) -> set[str]:
    return set(_page(file).xpath("//@id"))


def _page(file: Path) -> html.HtmlElement:
    return html.document_fromstring(file.read_text(encoding="utf-8"))


def _targets(folder: Path, address: str) -> Iterator[tuple[str, str]]:
    """Every address that a file names, and the file."""
    for path in _files(folder, ".html"):
        for target in _page(folder / path).xpath("//@href | //@src | //@action"):
            yield path, target
        for target in _page(folder / path).xpath("//meta/@content"):
            if target.startswith(address):
                yield path, target
    ours = re.compile(re.escape(address) + r"""[^"'<>\s\\)]*""")
    for path in _files(folder, *FOR_MACHINES):
        for target in set(ours.findall(unescape((folder / path).read_text(encoding="utf-8")))):
            if not PART.search(target):
                yield path, target
