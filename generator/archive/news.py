"""What feeds over several vendors ask: the newest, and what is news."""

from collections.abc import Collection

import msgspec

# Its two places: whether it is of all vendors, and else of which.
OF = "WHERE (?1 OR vendor.slug IN (SELECT value FROM json_each(?2))) "
# What several feeds ask in turn, in one go: to sort a hundred thousand costs less than to look
# through them twice.
STARTS = (
    "SELECT incident.id, vendor.slug, kind, impact "
    "FROM incident JOIN vendor ON vendor.id = vendor_id "
    "ORDER BY started_at DESC, vendor.slug, incident.slug"
)
LATELY = OF + (  # noqa: S608 - made of constants
    "AND changed_at >= ?3 AND (started_at >= ?3 OR ended_at >= ?3 OR withdrawn_at >= ?3 OR EXISTS ("
    "SELECT 1 FROM incident_update AS post WHERE post.incident_id = incident.id AND post.at >= ?3"
    ") OR EXISTS ("
    # An end that was taken back, and what came back itself.
    "SELECT 1 FROM revision WHERE revision.incident_id = incident.id "
    "AND field IN ('ended_at', 'withdrawn') AND seen_at >= ?3"
    ")) ORDER BY started_at, vendor.slug, incident.slug"
)


def of(vendors: Collection[str] | None) -> tuple[bool, str]:
    """The two places, for those vendors or, None, for all."""
    return vendors is None, msgspec.json.encode(sorted(vendors or ())).decode()
