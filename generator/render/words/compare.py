"""Vendors side by side, and how one communicates."""

COMPARE = "Compare"
COMPARE_DESCRIPTION = "The outage records of two to four services side by side, with caveats."
INSIGHTS = "How it communicates"


def compare_description(category: str) -> str:
    """What the page of a category's figures is, for search engines."""
    return f"{category}: incidents, lengths and times between them, side by side, with caveats."


def insights_description(name: str) -> str:
    """What the page of a vendor's habits is, for search engines."""
    return f"How {name} communicates about its outages: how soon, how often, and to what end."
