"""What cannot be true is not believed: checks of a whole reading before anything is written."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from generator.decide import is_covered
from generator.errors import SourceFault
from generator.model import Fault, Incident, Kept
from generator.reading import Batch
from generator.times import text_of

# A clock may be wrong by a day; maintenance is announced ahead, incidents are not.
AHEAD = timedelta(days=1)
ANNOUNCED = timedelta(days=3 * 366)
# A vendor takes single incidents away. A list that lost more of what it covers is not the list.
MOST_WRONG = 0.5
FEW = 3


def sift(
    batch: Batch, held: Mapping[str, Kept], platform: str, at: datetime
) -> tuple[Batch, list[Fault]]:
    """The batch, read at `at`, without the incidents that cannot be true, and why not.

    SourceFault when it is implausible as a whole.
    """
    incidents = batch.incidents
    if incidents and not any(incident.title.strip() for incident in incidents):
        raise SourceFault("implausible", f"none of {len(incidents)} incidents has a title")
    early = [incident for incident in incidents if incident.started_at > at + _ahead(incident)]
    if len(early) > FEW and len(early) > MOST_WRONG * len(incidents):
        raise SourceFault(
            "implausible", f"{len(early)} of {len(incidents)} incidents start in the future"
        )
    gone, covered = _gone(batch, held, platform)
    if gone > FEW and gone > MOST_WRONG * covered:
        raise SourceFault(
            "implausible", f"{gone} of {covered} incidents are gone from the list at once"
        )
    faults = [
        Fault("implausible", f"{incident.key} starts in the future, {text_of(incident.started_at)}")
        for incident in early
    ]
    return (replace(batch, incidents=tuple(i for i in incidents if i not in early)), faults)


def _ahead(incident: Incident) -> timedelta:
    return ANNOUNCED if incident.kind == "maintenance" else AHEAD


def _gone(batch: Batch, held: Mapping[str, Kept], platform: str) -> tuple[int, int]:
    """How many held incidents the list covers but does not name, and how many it covers."""
    listed = {incident.key for incident in batch.incidents}
    covered = [key for key, kept in held.items() if is_covered(kept, batch, platform)]
    return sum(key not in listed for key in covered), len(covered)
