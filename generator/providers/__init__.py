"""The platforms: one module each, found by its file name.

A module offers `recent(vendor, watch)`, the cheap read of every scheduled run (`watch`: keys of
incidents that the archive holds open), and may offer `history(vendor, cursor)`, one step of
the walk through all the platform still holds (`cursor`: where the last step stopped). `OPTIONS`
names the settings that it looks for in a vendor's file, if there are any.
"""

from collections.abc import Callable
from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType

from generator.model import Vendor
from generator.reading import Reading

Recent = Callable[[Vendor, frozenset[str]], Reading]
History = Callable[[Vendor, str | None], Reading]


@cache
def platforms() -> tuple[str, ...]:
    """The names of all platforms, sorted."""
    files = Path(__file__).parent.glob("*.py")
    return tuple(sorted(file.stem for file in files if not file.stem.startswith("_")))


def options(platform: str) -> tuple[str, ...]:
    """What the vendor file of a platform may say below [options]."""
    names: tuple[str, ...] = getattr(_module(platform), "OPTIONS", ())
    return names


def recent(vendor: Vendor, watch: frozenset[str] = frozenset()) -> Reading:
    """A reading of the vendor's newest incidents."""
    read: Recent = _module(vendor.platform).recent
    return read(vendor, watch)


def history(vendor: Vendor, cursor: str | None) -> Reading | None:
    """One step through the vendor's past; None for a platform that keeps none."""
    read: History | None = getattr(_module(vendor.platform), "history", None)
    return read(vendor, cursor) if read else None


def _module(platform: str) -> ModuleType:
    return import_module(f"{__name__}.{platform}")
