"""Cachet's lists, of version 2 and of version 3, as one.

Version 3 speaks JSON:API, its statuses are `{human, value}` and its times `{human, string}`; laid
flat they are what version 2 writes.
"""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from generator.errors import SourceFault
from generator.model import Incident
from generator.reading import Reply

Json = dict[str, Any]


class WirePost(msgspec.Struct):
    id: int
    created_at: str
    message: str | None = None
    status: int | None = None
    human_status: str | None = None


class WireItem(msgspec.Struct):
    """An incident or a schedule."""

    id: int
    name: str
    created_at: str | None = None
    updated_at: str | None = None
    deleted_at: str | None = None
    message: str | None = None
    status: int | None = None
    latest_status: int | None = None
    visible: int | bool | None = None
    occurred_at: str | None = None
    scheduled_at: str | None = None
    completed_at: str | None = None
    component_id: int | None = None
    guid: str | None = None
    permalink: str | None = None
    updates: list[WirePost] | None = None
    components: list[str] | None = None


class WirePages(msgspec.Struct):
    current_page: int | None = None
    total_pages: int | None = None


class WireMeta(msgspec.Struct):
    pagination: WirePages | None = None
    current_page: int | None = None


class WireLinks(msgspec.Struct):
    next: str | None = None


class WireList(msgspec.Struct):
    data: list[Json]
    included: list[Json] = []
    meta: WireMeta | None = None
    links: WireLinks | None = None

    def page(self) -> int | None:
        """The page that came, whatever was asked."""
        if self.meta is None:
            return None
        return self.meta.pagination.current_page if self.meta.pagination else self.meta.current_page

    def goes_on(self) -> bool:
        """Whether there are more pages, as far as the list tells."""
        pages = self.meta.pagination if self.meta else None
        if pages is not None:
            return (pages.current_page or 0) < (pages.total_pages or 0)
        return self.links is None or self.links.next is not None


def told(reply: Reply, convert: Callable[[WireItem], Incident]) -> list[tuple[WireItem, Incident]]:
    """What the list shows to everybody; one that cannot be read costs itself alone."""
    found = []
    document = reply.json(WireList)
    known = {_name(one): one for one in document.included}
    for number, row in enumerate(document.data, start=1):
        try:
            item = msgspec.convert(_laid_flat(row, known), WireItem, strict=False)
            # Hidden is 0 in version 2; in version 3 that is for members, and hidden is 2.
            if item.visible in (None, 1) and item.deleted_at is None:
                found.append((item, convert(item)))
        except (msgspec.ValidationError, ValueError, SourceFault) as error:
            reply.skip(f"record {number}", error)
    reply.told |= {incident.key for _, incident in found}
    return found


def _laid_flat(row: Json, known: Mapping[str, Json]) -> Json:
    """A row with all that belongs to it, by its name, in one."""
    if "attributes" not in row:
        return row
    posts = [_flat(one) for one in _related(row, "updates", known)]
    parts = [_flat(one).get("name") for one in _related(row, "components", known)]
    return _flat(row) | {"updates": posts, "components": [name for name in parts if name]}


def _related(row: Json, kind: str, known: Mapping[str, Json]) -> list[Json]:
    data = _at(row, "relationships", kind, "data")
    names = [_name(link) for link in data] if isinstance(data, list) else []
    return [known[name] for name in names if name in known]


def _name(resource: object) -> str:
    """By what the document's parts refer to each other."""
    return f"{_at(resource, 'type')}/{_at(resource, 'id')}"


def _at(value: object, *places: str) -> Any:
    """What is at a place of a document; None where nothing is, or a page has lost its mind."""
    for place in places:
        value = value.get(place) if isinstance(value, dict) else None
    return value


def _flat(resource: Json) -> Json:
    flat: Json = {"id": resource.get("id")}
    attributes = resource.get("attributes")
    for name, value in attributes.items() if isinstance(attributes, dict) else ():
        if not isinstance(value, dict):
            flat[name] = value
        elif "value" in value:
            flat |= {name: value["value"], f"human_{name}": value.get("human")}
        elif "string" in value:
            flat[f"{name}_at"] = value["string"]
    return flat
