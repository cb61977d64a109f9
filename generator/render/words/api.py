"""The API: what its description says beside the shapes of its documents."""

API = "API"
API_DESCRIPTION = "The archive as files of JSON: what there is, where it is, and what it holds."


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
}
API_FOUND = "The document."
API_ABSENT = "There is nothing of that name, or nothing stands on that day."
