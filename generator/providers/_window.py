"""How far back a feed vouches for all that happened."""

from collections.abc import Iterable
from datetime import datetime

from generator.model import Incident, Kind


def listed_since(
    incidents: Iterable[Incident], last_signs: Iterable[datetime], *, whole: bool
) -> dict[Kind, datetime]:
    """Since when every incident is listed; nothing if the list may be of open ones only.

    `last_signs`: when each was last touched. However the list is cut, by start or by change,
    nothing that began after the stalest one's last sign of life has slid out of it.
    """
    ends = [incident.ended_at for incident in incidents]
    if not whole or sum(end is not None for end in ends) * 2 <= len(ends):
        return {}
    since = min(last_signs)
    return {"incident": since, "maintenance": since}
