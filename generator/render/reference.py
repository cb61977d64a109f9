"""The page that describes the API: its description in OpenAPI, laid out for people."""

from collections.abc import Iterator

from msgspec import Struct

from generator.render import links, words
from generator.render.env import Press
from generator.render.frame import Frame, Link
from generator.render.openapi import SCHEMAS, Json, description
from generator.render.page import ALL, Page


class DocumentView(Struct, frozen=True):
    """A document: where it is, one that is there if the path has no parts, what it is."""

    path: str
    href: str
    summary: str
    shape: Link


class KindView(Struct, frozen=True):
    """What a field holds: words, and the shape that they end with, if it has one of its own."""

    words: str
    shape: Link | None


class FieldView(Struct, frozen=True):
    """A field of a shape. `optional`: it may be left out."""

    name: str
    kind: KindView
    optional: bool
    description: str


class ShapeView(Struct, frozen=True):
    """A shape of documents or of their parts."""

    anchor: str
    name: str
    description: str
    fields: tuple[FieldView, ...]


class ReferenceView(Struct, frozen=True):
    """The page."""

    frame: Frame
    openapi: str
    documents: tuple[DocumentView, ...]
    shapes: tuple[ShapeView, ...]


def reference_pages(press: Press) -> Iterator[Page]:
    """The page, which changes only with the program or the site's name."""

    def drawn() -> bytes:
        return press.page("api.html", _view(press))

    yield Page(links.API, "description of the API for people", drawn, ALL)


def kind_of(schema: Json) -> KindView:
    """What a field holds, in words."""
    if "$ref" in schema:
        return KindView("", _shape(schema["$ref"]))
    if "anyOf" in schema:
        real = [each for each in schema["anyOf"] if each != {"type": "null"}]
        kind = kind_of(real[0])
        return KindView(words.or_null(kind.words), kind.shape)
    if "enum" in schema:
        return KindView(words.one_of(schema["enum"]), None)
    if schema["type"] == "array":
        kind = kind_of(schema["items"])
        return KindView(words.list_of(kind.words), kind.shape)
    if isinstance(schema.get("additionalProperties"), dict):
        kind = kind_of(schema["additionalProperties"])
        return KindView(words.by_key(kind.words), kind.shape)
    return KindView(words.JSON_TYPE[schema["type"]], None)


def _view(press: Press) -> ReferenceView:
    site = press.site
    told = description(site)
    schemas = told["components"]["schemas"]
    return ReferenceView(
        frame=site.frame(
            links.API,
            words.API,
            words.API_DESCRIPTION,
            crumbs=(Link(words.FOOTER[links.DATA], links.DATA),),
        ),
        openapi=links.OPENAPI,
        documents=tuple(_document(path, item["get"]) for path, item in told["paths"].items()),
        shapes=tuple(_shape_view(name, schema) for name, schema in schemas.items()),
    )


def _document(path: str, operation: Json) -> DocumentView:
    content = operation["responses"]["200"]["content"]["application/json"]
    return DocumentView(
        path=path,
        href="" if operation["parameters"] else path.removeprefix("/"),
        summary=operation["summary"],
        shape=_shape(content["schema"]["$ref"]),
    )


def _shape_view(name: str, schema: Json) -> ShapeView:
    required = schema.get("required", ())
    return ShapeView(
        anchor=name,
        name=name,
        description=schema.get("description", ""),
        fields=tuple(
            FieldView(field, kind_of(each), field not in required, each.get("description", ""))
            for field, each in schema["properties"].items()
        ),
    )


def _shape(reference: str) -> Link:
    name = reference.removeprefix(SCHEMAS)
    return Link(name, f"#{name}")
