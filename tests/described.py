"""Whether a site's documents are what its description of the API says."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker

# What is described: the API's folder, the other faces of the record, and the archive's state.
PUBLISHED = re.compile(r"api/v1/(?!openapi\.json).+|[^/]+/(api/v2|badge)/.+\.json|status\.json")


def described(site: Path) -> dict[str, Any]:
    """The description, as it is published."""
    found: dict[str, Any] = json.loads((site / "api/v1/openapi.json").read_bytes())
    return found


def documents(site: Path) -> list[str]:
    """The paths of the documents."""
    found = (file.relative_to(site).as_posix() for file in site.rglob("*.json"))
    return sorted(path for path in found if PUBLISHED.fullmatch(path))


def faults_of(site: Path) -> Iterator[str]:
    """A line for each document that is not described by one path, or is not as it is described."""
    description = described(site)
    shapes = _patterns(description)
    checks: dict[str, Draft202012Validator] = {}
    for path in documents(site):
        schemas = [schema for pattern, schema in shapes if pattern.fullmatch(f"/{path}")]
        if len(schemas) != 1:
            yield f"{path} is described {len(schemas)} times"
            continue
        (schema,) = schemas
        if schema["$ref"] not in checks:
            checks[schema["$ref"]] = _validator(schema, description)
        for error in checks[schema["$ref"]].iter_errors(json.loads((site / path).read_bytes())):
            yield f"{path}: {error.json_path}: {error.message}"


def _patterns(description: dict[str, Any]) -> list[tuple[re.Pattern[str], dict[str, Any]]]:
    """The pattern of each path, those without a variable first, and the schema of its document."""
    found = []
    for path, item in description["paths"].items():
        operation = item["get"]
        if "application/json" not in operation["responses"]["200"]["content"]:
            continue
        text = re.escape(path)
        for each in operation["parameters"]:
            schema = each["schema"]
            part = schema.get("pattern", r"^\d{4}-\d{2}-\d{2}$").strip("^$")
            part = "|".join(schema["enum"]) if "enum" in schema else part
            text = text.replace(re.escape(f"{{{each['name']}}}"), f"({part})")
        content = operation["responses"]["200"]["content"]["application/json"]
        found.append((re.compile(text), content["schema"]))
    return found


def _validator(schema: dict[str, Any], description: dict[str, Any]) -> Draft202012Validator:
    """Stricter than published: a field that is not described is a fault here."""
    schemas = {
        name: shape | ({"additionalProperties": False} if "properties" in shape else {})
        for name, shape in description["components"]["schemas"].items()
    }
    whole = {**schema, "components": {"schemas": schemas}}
    return Draft202012Validator(whole, format_checker=FormatChecker())
