"""Which files of data/vendors are vendor files, and which only look as if they were."""

import os
from collections.abc import Iterator
from pathlib import Path

ENDING = ".toml"
# Endings of what somebody means to be read here; acme.toml.txt is what some editors make of it.
MEANT = frozenset((".toml", ".yaml", ".yml", ".json"))
# What editors and tools leave behind of a file is nobody's vendor file.
LEFT = (".bak", ".orig", ".rej", ".save", ".swo", ".swp", ".tmp")


def vendor_files(folder: Path) -> list[Path]:
    """The vendor files of a folder, in order."""
    files = folder.iterdir() if folder.is_dir() else ()
    return sorted(file for file in files if _is_read(file.name))


def strays(folder: Path) -> Iterator[str]:
    """Why each file that is meant to be a vendor's is not read, and what to do."""
    for at, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            is_here = Path(at) == folder
            if _is_meant(name) and not (is_here and _is_read(name)):
                yield f"{Path(at) / name}: {stray(Path(name), folder)}"


def stray(file: Path, folder: Path) -> str:
    """Why a file is not read as a vendor's, and what to do."""
    slug = file.name.partition(".")[0]
    return (
        f"is not read: vendor files are TOML, called <slug>{ENDING}, and stand in {folder} itself. "
        f"Make it {folder / slug}{ENDING}, or take it away."
    )


def _is_read(name: str) -> bool:
    return name.endswith(ENDING) and not name.startswith(".")


def _is_meant(name: str) -> bool:
    endings = {ending.lower() for ending in Path(name).suffixes}
    return (
        not name.startswith((".", "#"))
        and not name.endswith("~")
        and not name.lower().endswith(LEFT)
        and bool(endings & MEANT)
    )
