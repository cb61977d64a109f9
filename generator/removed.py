"""Words taken out on request: which incidents' they are, and what stands in their place.

`data/removed.toml` lists them by the vendor's id, with day and reason. Facts of such an incident
go on being kept; its words do not come in again, from wherever.
"""

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import product
from pathlib import Path
from typing import Any

import msgspec

from generator import durable
from generator.errors import InputError
from generator.model import REMOVED, Incident, Kept, Revision
from generator.slugs import mint, words
from generator.toml import read_toml

BARE = re.compile(rf"\d{{4}}-\d\d-\d\d-{words(REMOVED)}(-\d+)?")
KINDS = {"vendor": str, "key": str, "on": date}
EXPECTED = "Expected tables [[removed]] with vendor, key, on (a date) and reason."


@dataclass(frozen=True, slots=True)
class Removed:
    """When the words of an incident were removed, by (vendor, the vendor's id of it then)."""

    days: Mapping[tuple[str, str], date]

    def day(self, vendor: str, key: str) -> date | None:
        """When the words of the incident of that id were removed, if they were."""
        return self.days.get((vendor, key))

    def keys(self, vendor: str) -> frozenset[str]:
        """The vendor's ids of the incidents whose words were removed."""
        return frozenset(key for own, key in self.days if own == vendor)

    def day_of(self, kept: Kept) -> date | None:
        """The same of a record, which may have another id by now."""
        former = (item.before for item in kept.revisions if item.field == "key")
        days = (self.day(kept.vendor, key) for key in (kept.incident.key, *former))
        return next((day for day in days if day), None)

    def kept(self, kept: Kept) -> Kept:
        """The record of another archive without its words, if they were removed."""
        day = self.day_of(kept)
        if day is None:
            return kept
        past = tuple(replace(item, before=blanked(item, day)) for item in kept.revisions)
        return replace(
            kept, slug=bare_path(kept, ()), incident=wordless(kept.incident, day), revisions=past
        )


def read_removed(file: Path) -> Removed:
    """What the file lists; nothing where there is none. InputError for a broken one."""
    return Removed({(row["vendor"], row["key"]): row["on"] for row in _rows(file)})


def note(file: Path, vendor: str, key: str, day: date, reason: str) -> None:
    """Append an incident to the file."""
    facts = {"vendor": _quoted(vendor), "key": _quoted(key), "on": day.isoformat()}
    lines = [f"{name} = {value}" for name, value in facts.items()]
    table = "\n".join(["[[removed]]", *lines, f"reason = {_quoted(reason)}", ""])
    before = file.read_bytes() + b"\n" if file.exists() else b""
    durable.replace(file, before + table.encode())


def _quoted(text: str) -> str:
    """A TOML string: one of JSON, but that TOML knows no halves of a character, and no bare DEL."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def unite_removed(file: Path, other: Path) -> None:
    """Append the incidents that another such file lists and this one does not."""
    held = read_removed(file).days
    for row in _rows(other):
        if (row["vendor"], row["key"]) not in held:
            note(file, row["vendor"], row["key"], row["on"], str(row.get("reason", "")))


def bare_path(kept: Kept, taken: Collection[str]) -> str:
    """A path without words; one that has none stays, wherever the start moved."""
    if BARE.fullmatch(kept.slug):
        return kept.slug
    return mint(kept.incident.started_at, REMOVED, taken)


def wordless(incident: Incident, day: date) -> Incident:
    """The incident's bare facts; its title and posts say that there were words.

    Its address may be made of them. So may the vendor's id, but by that alone it is known again.
    """
    said = _said(day)
    updates = tuple(
        replace(update, body=said, body_format="text", phase_raw=None)
        for update in incident.updates
    )
    return replace(incident, title=REMOVED, impact_raw=None, url=None, updates=updates)


def blanked(revision: Revision, day: date) -> str:
    """What an edit said before, without its words."""
    if revision.field == "update":
        gone: dict[str, Any] = json.loads(revision.before)
        bare = {**gone, "body": _said(day), "body_format": "text", "phase_raw": None}
        # As `decide` writes it: what has no words must come to itself.
        return msgspec.json.encode(bare).decode()
    if revision.field in ("title", "url", "body", "impact_raw", "phase_raw"):
        return _said(day)
    return revision.before


def _said(day: date) -> str:
    return f"Removed on {day:%Y-%m-%d}."


def _rows(file: Path) -> list[dict[str, Any]]:
    """The file's tables; each has vendor, key and a date."""
    if not file.exists():
        return []
    try:
        _, table = read_toml(file)
        rows = table.get("removed", [])
        for row, (name, kind) in product(rows, KINDS.items()):
            if not isinstance(row[name], kind):
                raise TypeError(f"{name} is {row[name]!r}")
        return list(rows)
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(f"{file}: {error}. {EXPECTED}") from None
