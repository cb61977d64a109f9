"""Cachet's lists, of version 2 and of version 3, as one.

Version 3 speaks JSON:API, its statuses are `{human, value}` and its times `{human, string}`; laid
flat they are what version 2 writes.
"""

from collections.abc import Callable, Iterator, Mapping
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

    def items(self) -> Iterator[Json]:
        """Every row, laid flat."""
        known = {(row.get("type"), row.get("id")): row for row in self.included}
        for row in self.data:
            if "attributes" not in row:
                yield row
                continue
            posts = [_flat(one) for one in _related(row, "updates", known)]
            parts = [_flat(one).get("name") for one in _related(row, "components", known)]
            yield _flat(row) | {"updates": posts, "components": [name for name in parts if name]}


def told(reply: Reply, convert: Callable[[WireItem], Incident]) -> list[tuple[WireItem, Incident]]:
    """What the list shows to everybody; one that cannot be read costs itself alone."""
    found = []
    for number, row in enumerate(reply.json(WireList).items(), start=1):
        try:
            item = msgspec.convert(row, WireItem, strict=False)
            # Hidden is 0 in version 2; in version 3 that is for members, and hidden is 2.
            if item.visible in (None, 1) and item.deleted_at is None:
                found.append((item, convert(item)))
        except (msgspec.ValidationError, ValueError, SourceFault) as error:
            reply.skip(f"record {number}", error)
    reply.told |= {incident.key for _, incident in found}
    return found


def _related(row: Json, name: str, known: Mapping[tuple[Any, Any], Json]) -> Iterator[Json]:
    links = ((row.get("relationships") or {}).get(name) or {}).get("data") or []
    for link in links:
        if (link.get("type"), link.get("id")) in known:
            yield known[link["type"], link["id"]]


def _flat(resource: Json) -> Json:
    flat: Json = {"id": resource.get("id")}
    for name, value in (resource.get("attributes") or {}).items():
        if not isinstance(value, dict):
            flat[name] = value
        elif "value" in value:
            flat |= {name: value["value"], f"human_{name}": value.get("human")}
        elif "string" in value:
            flat[f"{name}_at"] = value["string"]
    return flat
