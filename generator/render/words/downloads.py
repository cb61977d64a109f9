"""What the list of downloads says, and Datasette of the tables in them."""

DOWNLOADS = "Downloads"
DOWNLOADS_DESCRIPTION = "The whole archive as files: SQLite, NDJSON, CSV and Parquet."
DOWNLOADS_LEAD = (
    "Everything that is recorded, all incidents and all updates of all services, to take away."
)
IN_ONE_FILE = "In one file"
BY_MONTH = "By month"
UPDATES_COUNT = "Updates"
OPEN_IN_LITE = "Open it in Datasette Lite"
ABOUT_LITE = (
    "Datasette Lite runs in your browser: it loads the file from here and sends nothing anywhere. "
    "That works where this site's host allows other sites to read its files (CORS), as GitHub "
    "Pages does, and while the file fits into a browser's memory."
)
ABOUT_MONTHS = (
    "A month holds what started in it, withdrawn incidents included. NDJSON has every incident in "
    "full, with its updates and earlier versions; CSV and Parquet have one row per incident, or "
    "per update. NDJSON and CSV are gzipped. Text in CSV that a spreadsheet would take for a "
    "formula has an apostrophe before it; the other forms hold it as the vendor wrote it."
)
ABOUT_MANIFEST = "Rows, bytes and SHA-256 of every file stand in the manifest."
MANIFEST = "manifest.json"
ABOUT_TRACES = (
    "For those who replay outages, every service has a trace of its own, start, end and severity:"
)
TAKE_ALL = "All months in one form, with two tools that every system has:"
WITH_DATASETTE = "The same in a Datasette of your own, with the queries to begin with:"
DATA_LICENCE = "Facts are free; texts are their vendors'"
DATABASE_DESCRIPTION = (
    "What services said about their own outages. Times are text in UTC. Begin with the views: "
    "incidents, open_incidents, updates, edits."
)
TABLES_OF_ARCHIVE = {
    "incidents": "Every incident and maintenance, one a row, withdrawn ones included.",
    "open_incidents": "What is broken as far as its vendor says.",
    "updates": "Every post of a vendor about an incident, as it stands now.",
    "edits": "What a vendor said before: every change of a title, a time, an impact or a post.",
}
COLUMNS_OF_ARCHIVE = {
    "vendor": "The service, by the name of its file and of its folder on the site.",
    "slug": "The incident's path below its service, minted once.",
    "incident": "The incident's path below its service, minted once.",
    "impact": "none, minor, major, critical or unknown: ours, mapped from the vendor's word.",
    "started_at": "In UTC, as the vendor states it.",
    "ended_at": "In UTC; empty while it is open, or where the vendor states no end.",
    "end_basis": "Where the end comes from.",
    "minutes": (
        "From start to end; 0 where both are one moment, so that nobody knows how long; negative "
        "where the stated end lies before the start."
    ),
    "first_seen_at": "When we first saw it.",
    "withdrawn_at": "When we saw that the vendor had taken it away.",
    "seen_at": "When we saw it.",
}
# By name: a title, what it answers, and the question.
SAVED_QUERIES = {
    "latest": (
        "The latest of a service",
        "What it reported last; the name as in the list of vendors.",
        """
SELECT started_at, minutes, impact, title, url FROM incidents
WHERE vendor = :vendor ORDER BY started_at DESC LIMIT 50
""",
    ),
    "longest": (
        "The longest incidents",
        "Only those whose end the vendor itself stated.",
        """
SELECT vendor, started_at, minutes, impact, title FROM incidents
WHERE kind = 'incident' AND withdrawn_at IS NULL AND end_basis != 'last_update'
ORDER BY minutes DESC LIMIT 50
""",
    ),
    "by_year": (
        "Incidents by year and impact",
        "Of all services; what was withdrawn is not counted.",
        """
SELECT substr(started_at, 1, 4) AS year, impact, count(*) AS incidents FROM incidents
WHERE kind = 'incident' AND withdrawn_at IS NULL GROUP BY 1, 2 ORDER BY 1 DESC, 3 DESC
""",
    ),
    "first_word": (
        "How soon the first update comes",
        "Minutes from the stated start to the first post, the median of each service.",
        """
WITH lead AS (
  SELECT incidents.vendor, incidents.slug,
    (julianday(min(updates.at)) - julianday(started_at)) * 1440 AS minutes
  FROM incidents JOIN updates
    ON updates.vendor = incidents.vendor AND updates.incident = incidents.slug
  WHERE kind = 'incident' AND withdrawn_at IS NULL GROUP BY 1, 2
), ranked AS (
  SELECT vendor, minutes, count(*) OVER (PARTITION BY vendor) AS incidents,
    row_number() OVER (PARTITION BY vendor ORDER BY minutes) AS place FROM lead
)
SELECT vendor, incidents, round(minutes, 1) AS median_minutes FROM ranked
WHERE place = (incidents + 1) / 2 ORDER BY 3
""",
    ),
    "rewritten": (
        "What was rewritten most",
        "Incidents by the number of edits that we saw.",
        """
SELECT vendor, incident, title, count(*) AS edits FROM edits
GROUP BY 1, 2 ORDER BY edits DESC LIMIT 50
""",
    ),
    "same_hour": (
        "What else broke then",
        "Incidents of all services that began within an hour of a time, as 2026-11-20T10:00:00Z.",
        """
SELECT vendor, started_at, minutes, impact, title FROM incidents
WHERE kind = 'incident' AND withdrawn_at IS NULL
AND abs(julianday(started_at) - julianday(:time)) <= 1 / 24.0 ORDER BY started_at
""",
    ),
}


def size(count: int) -> str:
    """`812 B`, `14 KB`, `3.2 MB`."""
    if count < 1000:
        return f"{count} B"
    if count < 1_000_000:
        return f"{round(count / 1000)} KB"
    return f"{count / 1_000_000:.1f} MB"


def files_by_month(total: str) -> str:
    """What all files of months weigh."""
    return f"{total} together"
