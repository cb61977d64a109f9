"""The description of the API in OpenAPI 3.1, made from the same shapes as its documents."""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

import msgspec

from generator.render import links, shapes, words
from generator.render import statuspage_shapes as face
from generator.render.badges import NAMES
from generator.render.frame import Site

Json = dict[str, Any]
SCHEMAS = "#/components/schemas/"
VERSION = "1.0.0"
# By the name of a part of an address: what it looks like, and one that is there or could be.
PARAMETERS: Mapping[str, Json] = {
    "vendor": {"type": "string", "pattern": "^[a-z0-9][a-z0-9-]*$"},
    "year": {"type": "string", "pattern": r"^\d{4}$"},
    "day": {"type": "string", "format": "date"},
    "badge": {"type": "string", "enum": list(NAMES)},
}


class Document(NamedTuple):
    """A published document: where it is, its shape, and what it is, if its shape does not say.

    `part`: of the site, without which there is none.
    """

    path: str
    shape: type[msgspec.Struct]
    summary: str = ""
    part: str = ""


DOCUMENTS = (
    Document(links.API_INDEX, shapes.Index),
    Document(links.STATUS, shapes.Status),
    Document(links.API_VENDORS, shapes.Vendors),
    Document(links.vendor_data("{vendor}"), shapes.Vendor),
    Document(links.year_data("{vendor}", 0).replace("0000", "{year}"), shapes.Year),
    Document(links.day_data("{day}"), shapes.DayOfAll),
    Document(links.API_OPEN, shapes.Open),
    Document(links.API_STATISTICS, shapes.Statistics),
    Document(links.API_SOURCES, shapes.Sources),
    *(
        Document(links.statuspage("{vendor}", name), shape, words.STATUSPAGE[name], "statuspage")
        for name, shape in (
            ("summary.json", face.StatuspageSummary),
            ("status.json", face.StatuspageStatus),
            ("components.json", face.StatuspageComponents),
            ("incidents.json", face.StatuspageIncidents),
            ("incidents/unresolved.json", face.StatuspageIncidents),
            ("scheduled-maintenances.json", face.StatuspageMaintenances),
            ("scheduled-maintenances/upcoming.json", face.StatuspageMaintenances),
            ("scheduled-maintenances/active.json", face.StatuspageMaintenances),
        )
    ),
    Document(links.badge("{vendor}", "{badge}", "json"), shapes.Badge, part="badges"),
)


def openapi_json(site: Site) -> bytes:
    """The description as a file."""
    return msgspec.json.format(msgspec.json.encode(description(site)), indent=1) + b"\n"


def description(site: Site) -> Json:
    """The description."""
    documents = [each for each in DOCUMENTS if not each.part or site.has(each.part)]
    _, schemas = msgspec.json.schema_components(
        [each.shape for each in documents], ref_template=SCHEMAS + "{name}"
    )
    return {
        "openapi": "3.1.0",
        "info": {
            "title": words.api_title(site.config.title),
            "version": VERSION,
            "description": words.API_LEAD,
        },
        "servers": [{"url": site.config.address.rstrip("/")}],
        "paths": {f"/{each.path}": {"get": _operation(each)} for each in documents},
        "components": {"schemas": {name: schemas[name] for name in sorted(schemas)}},
    }


def _operation(document: Document) -> Json:
    name = document.shape.__name__
    content = {"application/json": {"schema": {"$ref": SCHEMAS + name}}}
    names = re.findall(r"{(\w+)}", document.path)
    responses: Json = {"200": {"description": words.API_FOUND, "content": content}}
    if names:
        responses["404"] = {"description": words.API_ABSENT}
    return {
        "operationId": re.sub(r"[^a-z0-9]+", "-", document.path.removesuffix(".json")).strip("-"),
        "summary": document.summary or (document.shape.__doc__ or "").partition("\n")[0],
        "parameters": [_parameter(each) for each in names],
        "responses": responses,
    }


def _parameter(name: str) -> Json:
    return {
        "name": name,
        "in": "path",
        "required": True,
        "description": words.API_PARAMETER[name],
        "schema": PARAMETERS[name],
    }
