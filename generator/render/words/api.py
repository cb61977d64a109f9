"""The API: what its description says beside the shapes of its documents."""

from collections.abc import Iterable

from generator.render.words.grammar import incidents

API = "API"
API_DESCRIPTION = "The archive as JSON files: what there is, where it is, and what it holds."


def api_title(site: str) -> str:
    """The title of the API's description."""
    return f"API of {site}"


API_LEAD = (
    "The whole archive as static files: no key, no limit, no query. A document changes only when "
    "what it says does, so an unchanged ETag is an unchanged document. Under `/api/v1/` fields may "
    "be added; none is renamed or given another meaning. Times are text in UTC, to the second."
)
# By the name of a part of an address.
API_PARAMETER = {
    "vendor": "The vendor's slug, as the list of vendors has it.",
    "year": "A year, as the vendor's document lists it.",
    "day": "A day in UTC.",
    "badge": "What the badge is about.",
}
API_FOUND = "The document."
API_ABSENT = "There is nothing of that name, or nothing stands on that day."


# The Statuspage face, by the name of the document.
STATUSPAGE = {
    "summary.json": "The vendor's state, components, what is open, and planned work ahead.",
    "status.json": "The vendor's state.",
    "components.json": "The components that incidents name.",
    "incidents.json": "The fifty incidents with the latest posts.",
    "incidents/unresolved.json": "The incidents that are open.",
    "scheduled-maintenances.json": "The fifty planned works with the latest posts.",
    "scheduled-maintenances/upcoming.json": "Planned work that has not begun.",
    "scheduled-maintenances/active.json": "Planned work under way.",
}


def open_incidents(number: int) -> str:
    """How a vendor fares, as far as its incidents tell."""
    return f"{incidents(number)} open" if number else "No incident open on record"


def as_last_read(told: str, read_on: str) -> str:
    """The same where the vendor's page was not read of late; `read_on` "": never."""
    if not read_on:
        return f"{told}; its page has not been read"
    return f"{told} when last read on {read_on}"


# The page for people.
DOCUMENTS = "Documents"
SHAPES = "Shapes"
AS_OPENAPI = "The same in OpenAPI 3.1"
MAY_BE_MISSING = "may be left out"
# By the word of JSON Schema.
JSON_TYPE = {
    "string": "text",
    "integer": "whole number",
    "number": "number",
    "boolean": "true or false",
    "null": "null",
}


def or_null(kind: str) -> str:
    """Something, or nothing."""
    return f"null, or {kind}" if kind else "null, or"


def list_of(kind: str) -> str:
    """A list."""
    return f"list of {kind}" if kind else "list of"


def by_key(kind: str) -> str:
    """A table."""
    return f"table with values: {kind}" if kind else "table with values:"


def one_of(values: Iterable[object]) -> str:
    """One of some words."""
    return "one of " + ", ".join(str(value) for value in values)
