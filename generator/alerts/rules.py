"""`data/notify.toml`: a table a target, which says what is told there; addresses are secrets.

The address of the target `slack` stands in the environment, as NOTIFY_SLACK, and nowhere else.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import msgspec

from generator.errors import InputError
from generator.misfits import misfit
from generator.model import Impact, Incident, Vendor
from generator.toml import read_toml
from generator.wording import meant

What = Literal["new", "escalated", "resolved", "reopened", "withdrawn"]
Name = re.compile(r"[a-z][a-z0-9_]*")
# How bad, least first: an impact that nobody stated is told where "minor" is asked for, for an
# alert too many is better than one too few.
GRAVITY: dict[Impact, int] = {"none": 0, "minor": 1, "unknown": 1, "major": 2, "critical": 3}


class Rule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a target is told: of these vendors and of these categories (none named: of all),

    from this impact on, and these kinds of news.
    """

    vendors: frozenset[str] = frozenset()
    categories: frozenset[str] = frozenset()
    impact: Impact = "none"
    events: frozenset[What] = frozenset(
        ("new", "escalated", "resolved", "reopened", "withdrawn"),
    )

    def concerns(self, vendor: str, category: str | None) -> bool:
        """Whether the target is told of the vendor at all."""
        anything = not self.vendors and not self.categories
        return anything or vendor in self.vendors or category in self.categories

    def minds(self, incident: Incident) -> bool:
        """Whether it is grave enough."""
        return GRAVITY[incident.impact] >= GRAVITY[self.impact]


def read_rules(
    file: Path, vendors: Mapping[str, Vendor], categories: Mapping[str, str]
) -> dict[str, Rule]:
    """The rules by target, none without a file; InputError for what nobody could be told by."""
    if not file.exists():
        return {}
    try:
        _, tables = read_toml(file)
        rules = {name: _rule(name, table) for name, table in tables.items()}
    except ValueError as error:
        raise InputError(f"{file}: {error}. The README shows how it is written.") from None
    for name, rule in rules.items():
        if not Name.fullmatch(name):
            raise InputError(
                f"{file}: [{name}] cannot name a variable of the environment; expected small "
                "letters, digits and underscores. Rename it."
            )
        _require(file, name, "vendor", rule.vendors, vendors)
        _require(file, name, "category", rule.categories, categories)
    return rules


def _rule(name: str, table: object) -> Rule:
    try:
        return msgspec.convert(table, Rule)
    except msgspec.ValidationError as error:
        raise ValueError(misfit(error, Rule, f"[{name}]")) from None


def _require(
    file: Path, target: str, what: str, named: frozenset[str], known: Mapping[str, object]
) -> None:
    for each in sorted(named - known.keys()):
        raise InputError(
            f"{file}: [{target}] names the {what} {each!r}, which there is not. "
            f"Mend its slug, or take it out.{meant(each, known)}"
        )
