"""Files that cannot be made again: on the disk, file and folder, before they replace anything."""

import os
import shutil
import stat
from pathlib import Path
from typing import BinaryIO

# How a file that is being written ends; one that is found was left by a run that was killed.
DRAFT = ".draft"


def draft_of(path: Path) -> Path:
    """Where a file is written before it takes its place: hidden, beside it."""
    return path.with_name(f".{path.name}{DRAFT}")


def replace(path: Path, content: bytes) -> None:
    """Put the content in the file's place. Whenever power goes, the old or the new one is there."""
    draft = draft_of(path)
    try:
        draft.write_bytes(content)
        _settle(draft, path)
    except OSError:
        draft.unlink(missing_ok=True)
        raise


def replace_by_copy(path: Path, source: Path) -> None:
    """The same, with what another file holds."""
    draft = draft_of(path)
    try:
        shutil.copyfile(source, draft)
        _settle(draft, path)
    except OSError:
        draft.unlink(missing_ok=True)
        raise


def sync_file(file: Path) -> None:
    """See to it that what a file holds outlives lost power."""
    _sync(file, os.O_RDWR)


def sync_folder(folder: Path) -> None:
    """See to it that the names in a folder outlive lost power."""
    _sync(folder, os.O_RDONLY)


def make_folder(folder: Path) -> None:
    """Make a folder, and those above it: the names of all that are new outlive lost power."""
    new = [each for each in (folder, *folder.parents) if not each.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    for each in new:
        sync_folder(each.parent)


def sync_output(output: BinaryIO) -> None:
    """What was printed into a file is on the disk; a pipe or a terminal has none."""
    output.flush()
    try:
        descriptor = output.fileno()
    except OSError:
        return
    if stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.fsync(descriptor)


def _settle(draft: Path, path: Path) -> None:
    _sync(draft, os.O_RDWR)
    draft.replace(path)
    sync_folder(path.parent)


def _sync(path: Path, flags: int) -> None:
    descriptor = os.open(path, flags)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
