"""Vendor files for people: the text of one, and the schema that their editors check it with."""

import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from generator.model import Vendor
from generator.providers import options, platforms
from generator.vendors.problems import LANGUAGE, PREVIOUS, REQUIRED


@dataclass(frozen=True, slots=True)
class Previous:
    """A page that the vendor's incidents stood on until a day, and its platform."""

    status_page: str
    platform: str
    until: date


def write_text(vendor: Vendor, previous: Iterable[Previous] = ()) -> str:
    """The file of a vendor. What is JSON text is TOML text too."""

    def line(key: str, text: str) -> str:
        return f"{key} = {json.dumps(text, ensure_ascii=False)}"

    lines = [line(key, getattr(vendor, key)) for key in REQUIRED]
    if vendor.language:
        lines.append(line("language", vendor.language))
    if vendor.options:
        lines += ["", "[options]", *(line(key, text) for key, text in vendor.options.items())]
    for row in previous:
        lines += ["", "[[previous]]", line("status_page", row.status_page)]
        lines += [line("platform", row.platform), line("until", row.until.isoformat())]
    return "\n".join(lines) + "\n"


def schema(categories: Collection[str] = ()) -> dict[str, Any]:
    """The JSON Schema of a vendor file, for editors."""
    text = {"type": "string", "minLength": 1}
    address = {"type": "string", "pattern": "^https?://[^\\s/]+"}
    platform = {"enum": list(platforms())}
    properties: dict[str, Any] = {
        "name": text | {"description": "What the vendor calls itself."},
        "homepage": address | {"description": "The vendor's own site."},
        "status_page": address | {"description": "The page that is read."},
        "platform": platform | {"description": "What the page runs on."},
        "category": ({"enum": list(categories)} if categories else text)
        | {"description": "A category of the site: data/site.toml may name others than these."},
        "language": text
        | {
            "pattern": f"^{LANGUAGE.pattern}$",
            "description": "The one language of its texts (BCP 47), if it is not English.",
        },
        "options": {
            "type": "object",
            "additionalProperties": {"type": "string"},
            "description": "Settings of the platform: see its module in generator/providers.",
        },
        "previous": {
            "type": "array",
            "description": "Where the vendor's incidents stood before, and until when.",
            "items": {
                "type": "object",
                "required": list(PREVIOUS),
                "additionalProperties": False,
                "properties": {
                    "status_page": address,
                    "platform": platform,
                    "until": {"type": "string", "format": "date"},
                },
            },
        },
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A vendor: data/vendors/<slug>.toml",
        "type": "object",
        "required": list(REQUIRED),
        "additionalProperties": False,
        "properties": properties,
        "allOf": list(_known_options()),
    }


def _known_options() -> Iterator[dict[str, Any]]:
    """What a file may say below [options], by its platform; most platforms know nothing."""
    names: dict[tuple[str, ...], list[str]] = {}
    for platform in platforms():
        names.setdefault(options(platform), []).append(platform)
    for known, those in names.items():
        settings = {key: {"type": "string"} for key in known}
        yield {
            "if": {"properties": {"platform": {"enum": those}}},
            "then": {
                "properties": {"options": {"properties": settings, "additionalProperties": False}}
            },
        }
