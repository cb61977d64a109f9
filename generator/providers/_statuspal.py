"""The documents of Statuspal's API, as far as they are read."""

from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

import msgspec

from generator.model import Kind
from generator.reading import UNDECODED


class WirePage(msgspec.Struct):
    name: str
    time_zone: str | None = None


class WireService(msgspec.Struct):
    id: int | None = None
    name: str | None = None
    children: list["WireService"] | None = None


class WireUpdate(msgspec.Struct):
    id: int
    type: str | None = None
    description: str | None = None
    description_html: str | None = None
    posted_at: str | None = None
    inserted_at: str | None = None


class WireIncident(msgspec.Struct):
    id: int
    title: str
    starts_at: str
    ends_at: str | None = None
    inserted_at: str | None = None
    type: str | None = None
    url: str | None = None
    service_ids: list[int] | None = None
    updates: list[WireUpdate] | None = None


class WireSummary(msgspec.Struct):
    status_page: WirePage
    services: list[WireService] | None = None
    incidents: list[msgspec.Raw] | None = None
    maintenances: list[msgspec.Raw] | None = None
    upcoming_maintenances: list[msgspec.Raw] | None = None

    def rows(self) -> list[msgspec.Raw]:
        """All that is going on or ahead."""
        lists = (self.incidents, self.maintenances, self.upcoming_maintenances)
        return [row for rows in lists for row in rows or ()]

    def works(self) -> Iterator[int]:
        """The planned work that is going on or ahead, by its numbers."""
        for row in [*(self.maintenances or ()), *(self.upcoming_maintenances or ())]:
            try:
                yield msgspec.json.decode(row, type=WireKey).id
            except UNDECODED:  # it is told where the whole record is read
                continue

    def kinds(self) -> frozenset[Kind]:
        """The kinds of which it has its list, which may be empty."""
        lists: dict[Kind, bool] = {
            "incident": self.incidents is not None,
            "maintenance": None not in (self.maintenances, self.upcoming_maintenances),
        }
        return frozenset(kind for kind, is_there in lists.items() if is_there)


class WireKey(msgspec.Struct):
    id: int


class WireLinks(msgspec.Struct):
    next: str | None = None


class WireMeta(msgspec.Struct):
    total_count: int | None = None


class WireList(msgspec.Struct):
    incidents: list[msgspec.Raw]
    links: WireLinks | None = None
    meta: WireMeta | None = None

    def next(self) -> str | None:
        """The query of the next page."""
        return urlsplit(self.links.next).query if self.links and self.links.next else None

    def is_whole(self) -> bool:
        """Whether this page is all there is, by the count or by the links."""
        if self.meta and self.meta.total_count is not None:
            return len(self.incidents) >= self.meta.total_count
        return self.links is not None and self.links.next is None


def names(services: Iterable[WireService]) -> Iterator[tuple[int, str]]:
    """The services of a tree by their numbers."""
    for service in services:
        if service.id is not None and service.name:
            yield service.id, service.name
        yield from names(service.children or ())
