"""What a page says of itself to machines, as JSON-LD in schema.org's words, and only what is true.

And only what search engines read: the way to a page, its dates, a record that can be taken away as
a Dataset. An outage is no schema.org Event (those are held, at a place, to be attended); what it is
the API says better.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from urllib.parse import urljoin

from generator.times import text_of

Node = Mapping[str, object]


CONTEXT = {"@context": "https://schema.org"}


def web_site(name: str, address: str, description: str, more: Node) -> Node:
    """The site as a whole, of which its first page speaks."""
    about = {"name": name, "url": address, "description": description}
    return {**CONTEXT, "@type": "WebSite", **about, **more}


def web_page(way: Sequence[tuple[str, str]], more: Node) -> Node:
    """A page; `way`: names and addresses of those that lead to it, the first page's before all.

    Its name is its title. A way has two steps, so the first page is one where there are no others.
    """
    steps = way[1:] if len(way) > 2 else way
    items = [
        {"@type": "ListItem", "position": at, "name": step, "item": address}
        for at, (step, address) in enumerate(steps, start=1)
    ]
    crumbs = {"@type": "BreadcrumbList", "itemListElement": items}
    page = {"@type": "WebPage", **more, "breadcrumb": crumbs} if more else crumbs
    return {**CONTEXT, **page}


def record(seen: datetime, changed: datetime) -> Node:
    """What a page tells of one incident: when it was first seen, and when it last changed."""
    first = {"datePublished": text_of(seen)}
    return first if changed == seen else first | {"dateModified": text_of(changed)}


def dataset(
    name: str,
    description: str,
    address: str,
    since: datetime | None,
    files: Sequence[str] = (),
    source: str | None = None,
) -> Node:
    """A record to take away; `files` are addresses of JSON documents."""
    found: dict[str, object] = {
        "@type": "Dataset",
        "name": name,
        "description": description,
        "url": address,
        "isAccessibleForFree": True,
    }
    if since:
        found["temporalCoverage"] = coverage(since, None)
    if source:
        found["isBasedOn"] = source
    if files:
        found["distribution"] = [
            {"@type": "DataDownload", "contentUrl": file, "encodingFormat": "application/json"}
            for file in files
        ]
    return found


def coverage(since: datetime, until: datetime | None) -> str:
    """A span of time in ISO 8601; one without an end, or that contradicts itself, is open."""
    ended = until is not None and until >= since
    return f"{text_of(since)}/{text_of(until) if until and ended else '..'}"


@lru_cache(maxsize=1024)
def address_of(folder: str, href: str) -> str:
    """Where a link of the pages of a folder leads; an index is named by its folder.

    What stands beside each other leads back by the same few ways, and joining is slow.
    """
    address, mark, anchor = urljoin(folder, href).partition("#")
    return address.removesuffix("index.html") + mark + anchor
