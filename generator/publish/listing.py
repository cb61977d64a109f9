"""What is here, what is there, and what to send and remove so that both are the same.

A listing tells the digest of every file of a folder. The store keeps those of the last publishing:
so what is there is known without asking for a million names, and only what differs is sent.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

# Path below the site's root → SHA-256 of the file. "": sent, but nobody knows whether it came.
Listing = Mapping[str, str]
HOME = "index.html"
# A name that holds a digest of the content.
HASHED = re.compile(r"\.[0-9a-f]{8,}\.\w+$")
FOREVER = "public, max-age=31536000, immutable"
# The site is brought up to date every quarter of an hour.
SHORTLY = "public, max-age=300"


@dataclass
class Steps:
    """Paths to send, which are not there yet or are otherwise, and paths to remove."""

    new: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)

    def add(self, here: Listing, there: Listing) -> bool:
        """What makes a folder that is `there` like the one `here`; whether that is anything."""
        self.new += (new := [path for path in here if path not in there])
        self.changed += (
            changed := [path for path in here if there.get(path, here[path]) != here[path]]
        )
        self.gone += (gone := [path for path in there if path not in here])
        return bool(new or changed or gone)

    def sendings(self) -> Iterator[list[str]]:
        """What to send, wave after wave; then nothing links to what is gone, and it may go.

        A page may link to any other. What is new is sent first: until something changes, only
        itself links to it. And of an empty store, the pages that people begin at are sent last.
        """
        for paths in (self.new, self.changed):
            for rank in range(3):
                if wave := [path for path in paths if _rank(path) == rank]:
                    yield wave

    @property
    def sent(self) -> list[str]:
        """All that is sent."""
        return [*self.new, *self.changed]


def listings(root: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """The folders at the site's root with their files, and as "" the files beside them.

    Hidden files are no part of the site.
    """
    shown = sorted(path for path in root.iterdir() if not path.name.startswith("."))
    yield "", {path.name: _digest(path) for path in shown if path.is_file()}
    for folder in shown:
        if folder.is_dir():
            files = sorted(path for path in folder.rglob("*") if path.is_file())
            yield (
                folder.name,
                {
                    path.relative_to(root).as_posix(): _digest(path)
                    for path in files
                    if not path.name.startswith(".")
                },
            )


def written(listing: Listing) -> bytes:
    """A listing as the store keeps it."""
    return msgspec.json.encode(listing, order="sorted")


def digest_of(listing: Listing) -> str:
    """What tells it from another one."""
    return hashlib.sha256(written(listing)).hexdigest()


def read(content: bytes | None) -> dict[str, str]:
    """A listing that the store kept; nothing where there is none, or none that can be read."""
    try:
        return msgspec.json.decode(content or b"{}", type=dict[str, str])
    except msgspec.DecodeError:
        return {}


def cached(path: str) -> str:
    """How long a reader may keep a file, as Cache-Control says it."""
    return FOREVER if HASHED.search(path) else SHORTLY


def _rank(path: str) -> int:
    return 2 if path == HOME else int("/" not in path)


def _digest(path: Path) -> str:
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
