"""Files onto the disk: only what differs, each whole or not at all, nothing that is not listed."""

import os
import re
from collections.abc import Collection
from filecmp import cmp
from pathlib import Path

import msgspec

from generator import durable
from generator.durable import DRAFT
from generator.errors import BuildError, remedy
from generator.render.links import STATUS
from generator.render.manifest import Manifest
from generator.render.outcome import MANIFEST
from generator.render.shapes import GENERATOR

# All that a page of ours is called. Archives of others are merged, too: none leads elsewhere.
OURS = re.compile(r"(?!.*\.\.)[A-Za-z0-9_=.-]+(/[A-Za-z0-9_=.-]+)*")
# Files of the folder's owner: hidden ones at the root, and the host's word for a domain.
OWNERS = frozenset({"CNAME"})


class Folder:
    """The folder that a site is built into. Paths are relative to it, with slashes."""

    def __init__(self, root: Path) -> None:
        self._root = root
        # Folders that were not there before: nothing of a file's name can stand in them.
        self._fresh: set[str] = set()

    def claim(self) -> Manifest | None:
        """The manifest of the last build; None where there is none, or none that can be read.

        BuildError for a folder that holds something else than a site of ours.
        """
        if self._root.exists() and not self._root.is_dir():
            raise BuildError(f"{self._root} is a file; the site needs a folder. Choose another.")
        try:
            return msgspec.json.decode((self._root / MANIFEST).read_bytes(), type=Manifest)
        except FileNotFoundError:
            if not self._is_ours():
                raise BuildError(
                    f"{self._root} holds files that are not a site built by this program, and a "
                    "build removes what it does not know. Choose another folder, or empty it."
                ) from None
        except msgspec.DecodeError:
            pass  # ours, but cut short: as good as none
        return None

    def keep(self, manifest: Manifest) -> None:
        """Write down what the folder was built from, once that is on the disk.

        And that a build is under way, before it changes anything.
        """
        content = msgspec.json.encode(manifest)
        file = self._root / MANIFEST
        self._make_parent(str(file))
        try:
            if manifest.key:
                os.sync()  # one for all pages: syncing each costs more than drawing it
            durable.replace(file, content + b"\n")
        except OSError as error:
            raise _unwritable(str(file), error) from None

    def read(self, path: str) -> bytes | None:
        """A file as it stands; None where there is none."""
        try:
            return (self._root / path).read_bytes()
        except FileNotFoundError:
            return None

    def write(self, path: str, content: bytes) -> bool:
        """Put a file in its place unless it is there already; True when it was written."""
        file = self._place(path)
        if file.rpartition("/")[0] not in self._fresh:
            try:
                # Path, and a buffer, cost as much as the reading.
                with open(file, "rb", buffering=0) as standing:  # noqa: PTH123
                    if standing.read() == content:
                        return False
            except FileNotFoundError:
                self._make_parent(file)
            except OSError as error:
                raise _unwritable(file, error) from None
        _replace(file, content)
        return True

    def draft(self, path: str) -> Path:
        """Where a file that is too large to be held is put together, beside its place."""
        file = Path(self._place(path))
        self._make_parent(str(file))
        beside = file.with_name(f".{file.name}{DRAFT}")
        beside.unlink(missing_ok=True)
        return beside

    def adopt(self, path: str, draft: Path) -> bool:
        """Put what was put together in its place unless it is there; True when it was."""
        file = Path(f"{self._root}/{path}")
        if file.exists() and cmp(file, draft, shallow=False):
            draft.unlink()
            return False
        draft.replace(file)
        return True

    def has(self, path: str) -> bool:
        """Whether a file is in its place."""
        return os.path.exists(f"{self._root}/{path}")  # noqa: PTH110 - as in `write`

    def names(self, folder: str) -> list[str]:
        """What lies in a folder; nothing where there is none."""
        try:
            with os.scandir(self._root / folder) as entries:
                return [entry.name for entry in entries]
        except FileNotFoundError:
            return []

    def sweep(self, folder: str, keep: Collection[str]) -> int:
        """Remove what lies in a folder ("": the root) and is not to be kept; how many files."""
        removed = 0
        with os.scandir(self._root / folder) as entries:
            strangers = [entry for entry in entries if entry.name not in keep]
        for entry in strangers:
            if not folder and _is_owners(entry.name):
                continue
            removed += _remove(Path(entry.path))
        return removed

    def _place(self, path: str) -> str:
        if not OURS.fullmatch(path):
            raise BuildError(f"{path!r} is no name of a page. The archive holds a path that no run "
                             "of ours has written: look where it was merged from.")  # fmt: skip
        return f"{self._root}/{path}"

    def _make_parent(self, file: str) -> None:
        parent = file.rpartition("/")[0]
        try:
            os.makedirs(parent)  # noqa: PTH103 - it alone says whether the folder was there
        except FileExistsError as error:
            if not os.path.isdir(parent):  # noqa: PTH112 - as in `write`
                raise _unwritable(parent, error) from None
        except OSError as error:
            raise _unwritable(parent, error) from None
        else:
            self._fresh.add(parent)

    def _is_ours(self) -> bool:
        if not self._root.exists():
            return True
        names = [entry.name for entry in self._root.iterdir()]
        if all(name.startswith(".") or name in OWNERS for name in names):
            return True
        try:
            status = msgspec.json.decode((self._root / STATUS).read_bytes())
        except (OSError, msgspec.DecodeError):
            return False
        return isinstance(status, dict) and status.get("generator") == GENERATOR


def _replace(file: str, content: bytes) -> None:
    """Write beside, then rename: whoever looks, and whenever we are killed, sees a whole file."""
    folder, _, name = file.rpartition("/")
    draft = f"{folder}/.{name}{DRAFT}"
    try:
        # A buffer has the system asked what the file is and where in it we stand. Without one
        # what is written may be a part.
        with open(draft, "wb", buffering=0) as beside:  # noqa: PTH123 - as above
            left = memoryview(content)
            while left:
                left = left[beside.write(left) :]
        os.replace(draft, file)  # noqa: PTH105 - as above
    except OSError as error:
        Path(draft).unlink(missing_ok=True)
        raise _unwritable(file, error) from None


def _is_owners(name: str) -> bool:
    return name in OWNERS or (name.startswith(".") and not name.endswith(DRAFT))


def _remove(path: Path) -> int:
    if not path.is_dir() or path.is_symlink():
        path.unlink()
        return 1
    removed = sum(_remove(inner) for inner in path.iterdir())
    path.rmdir()
    return removed


def _unwritable(file: str, error: OSError) -> BuildError:
    return BuildError(
        f"{file} cannot be written: {error.strerror}. What stood there before still stands. "
        f"{remedy(error)}"
    )
