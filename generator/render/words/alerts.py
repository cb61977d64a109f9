"""What alerts say."""

from typing import Literal

from generator.render.bidi import isolated

Happened = Literal["new", "escalated", "resolved", "reopened", "withdrawn"]

HAPPENED: dict[Happened, str] = {
    "new": "New incident",
    "escalated": "More severe now",
    "resolved": "Resolved",
    "reopened": "Open again",
    "withdrawn": "Taken back by the vendor",
}
VENDORS_PAGE = "Vendor's page"
OUR_RECORD = "Record"


def alert_title(what: str, vendor: str, title: str) -> str:
    """`New incident · GitHub: Pages is down`."""
    return f"{what} · {isolated(vendor)}: {isolated(title)}"


def alert_since(impact: str, start: str) -> str:
    """`Major, since 2026-11-20 10:00 UTC`."""
    return f"{impact}, since {start}"


def alert_lasted(impact: str, start: str, length: str) -> str:
    """`Major, from 2026-11-20 10:00 UTC, 1 h 4 min`."""
    return f"{impact}, from {start}, {length}"
