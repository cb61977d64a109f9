"""What a file of the site is, by the end of its name, for whoever serves it."""

from pathlib import PurePosixPath

TYPES = {
    ".atom": "application/atom+xml; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".csv": "text/csv; charset=utf-8",
    ".db": "application/vnd.sqlite3",
    ".gz": "application/gzip",
    ".html": "text/html; charset=utf-8",
    ".ics": "text/calendar; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".opml": "text/x-opml",
    ".parquet": "application/vnd.apache.parquet",
    ".png": "image/png",
    ".rss": "application/rss+xml; charset=utf-8",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".xml": "application/xml",
}
UNKNOWN = "application/octet-stream"


def type_of(path: str) -> str:
    """The media type of a file."""
    return TYPES.get(PurePosixPath(path).suffix, UNKNOWN)
