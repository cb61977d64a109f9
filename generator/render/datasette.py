"""What Datasette shows of the archive: descriptions, units, and queries to begin with."""

from urllib.parse import urlencode

import msgspec

from generator.render import links, words
from generator.render.frame import Site

# Datasette as a page of its own, which loads a file from anywhere that lets it (CORS).
LITE = "https://lite.datasette.io/"
DATABASE = links.SQLITE.rpartition("/")[2].removesuffix(".db")


def metadata_json(site: Site) -> bytes:
    """For `datasette outages.db --metadata metadata.json`."""
    tables: dict[str, dict[str, object]] = {
        name: {
            "description": words.TABLES_OF_ARCHIVE[name],
            "columns": words.COLUMNS_OF_ARCHIVE,
            "sort_desc": order,
            "facets": facets,
            "size": 50,
        }
        for name, order, facets in (
            ("incidents", "started_at", ["vendor", "kind", "impact", "status"]),
            ("open_incidents", "started_at", ["vendor", "impact"]),
            ("updates", "at", ["vendor", "phase"]),
            ("edits", "seen_at", ["vendor", "field"]),
        )
    }
    tables["incidents"]["units"] = {"minutes": "min"}
    hidden = ("incident", "incident_update", "revision", "address", "reply", "observation")
    document = {
        "title": site.config.title,
        "description": site.config.description,
        "source": site.config.title,
        "source_url": site.address(links.HOME),
        "license": words.DATA_LICENCE,
        "license_url": f"{site.address(links.DATA)}#licence",
        "databases": {
            DATABASE: {
                "description": words.DATABASE_DESCRIPTION,
                "tables": {**tables, **{name: {"hidden": True} for name in hidden}},
                "queries": {
                    name: {"title": title, "description": description, "sql": sql.strip()}
                    for name, (title, description, sql) in words.SAVED_QUERIES.items()
                },
            }
        },
    }
    return msgspec.json.format(msgspec.json.encode(document), indent=2) + b"\n"


def opened_in_lite(site: Site) -> str:
    """The address that opens the data in the reader's browser, with nothing installed."""
    files = {"url": site.address(links.SQLITE), "metadata": site.address(links.METADATA)}
    return f"{LITE}?{urlencode(files)}"
