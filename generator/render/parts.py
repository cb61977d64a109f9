"""Vendors' pages that shards of a build drew, each into a folder of its own."""

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path

from generator.errors import BuildError
from generator.render import links
from generator.render.manifest import Manifest
from generator.render.page import Page
from generator.render.writer import Folder

# What all parts of a site have in common with the whole.
SAME = {
    "key": "program",
    "fingerprint": "archive",
    "as_of": "day",
    "complete": "archive",
    "sources": "memory",
}


class Parts:
    """The folders of all shards. BuildError unless they are parts of the site `whole`."""

    def __init__(self, folders: Iterable[Path], whole: Manifest, vendors: Sequence[str]) -> None:
        self._folder_of: dict[str, Path] = {}
        for folder in folders:
            part = Folder(folder).claim()
            _require(folder, part, whole)
            self._folder_of |= dict.fromkeys(part.pages if part else (), folder)
        for vendor in vendors:
            if vendor not in self._folder_of:
                raise BuildError(
                    f"No part has the pages of {vendor}. "
                    "Name the folders of all shards, from 1/N to N/N."
                )

    def pages(self, vendor: str) -> dict[str, Page]:
        """The vendor's files by path, as they were drawn."""
        root = self._folder_of[vendor]
        return {
            path: Page(path, "part of a build", partial(_content, root, path))
            for folder in links.vendor_folders(vendor)
            for path in _files(root, folder)
        }


def _require(folder: Path, part: Manifest | None, whole: Manifest) -> None:
    """That the folder holds a finished part of the site."""
    if part is None or not part.shard or not part.key:
        raise BuildError(
            f"{folder} holds no finished part of a site. Draw it with: "
            f"outages build --shard K/N --out {folder}"
        )
    for name, what in SAME.items():
        if getattr(part, name) != getattr(whole, name):
            raise BuildError(
                f"{folder} was drawn from another {what} than this site is to be: program, "
                "settings and vendor files, archive, day and memory (state.db) must be the same. "
                "Draw it again with: "
                f"outages build --shard {part.shard} --out {folder}"
            )


def _files(root: Path, folder: str) -> Iterator[str]:
    found = (file for file in (root / folder).rglob("*") if file.is_file())
    return (file.relative_to(root).as_posix() for file in found)


def _content(root: Path, path: str) -> bytes:
    return (root / path).read_bytes()
