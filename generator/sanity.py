"""What cannot be true is not believed: checks of a whole reading before anything is written."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from operator import itemgetter

from generator.decide import is_covered
from generator.errors import SourceFault
from generator.model import Fault, Incident, Kept
from generator.reading import Batch
from generator.times import text_of
from generator.wording import counted

# A clock may be wrong by a day; maintenance is announced ahead, incidents are not.
AHEAD = timedelta(days=1)
ANNOUNCED = timedelta(days=3 * 366)
# A vendor takes single incidents away. A list that lost more of what it covers is not the list.
MOST_WRONG = 0.5
FEW = 3
# A page is read many times a day: so many at once are not its news.
MOST_NEW = 1000
# Even a whole past comes in pieces.
MOST = 10_000
# A start is corrected by hours. One that moves further, with another title, is of something else.
CORRECTED = timedelta(days=7)
# Longer than any that a person wrote, many times over.
LONGEST = {"key": 1000, "title": 2000, "address": 4000, "post": 200_000, "name": 1000}
MOST_POSTS = 2000
MOST_TEXT = 1_000_000
MOST_PARTS = 5000


def sift(
    batch: Batch,
    held: Mapping[str, Kept],
    platform: str,
    at: datetime,
    *,
    known: bool = False,
    accepted: bool = False,
) -> tuple[Batch, list[Fault]]:
    """The batch, read at `at`, without the incidents that cannot be true, and why not.

    `known`: this is a page's news, and its vendor has a past here. `accepted`: a person has
    looked, and all of it is true that could be kept. SourceFault when it is implausible as a whole.
    """
    wrong = _too_long(batch.incidents)
    if len(batch.incidents) > MOST:
        raise SourceFault("implausible", f"{len(batch.incidents):,} incidents at once")
    if not accepted:
        if known:
            _check_new(batch, held)
        _check_whole(batch, held, platform)
        early = _early(batch.incidents, at)
        reused = _reused(batch.incidents, held)
        total = len(batch.incidents) + len(batch.unchanged)
        _check_few(early, total, "tell of times in the future")
        _check_few(reused, total, "have the id of another incident")
        wrong = reused | early | wrong
    if not wrong:
        return batch, []
    # What is left out is not gone from the list.
    rest = tuple(one for one in batch.incidents if one.key not in wrong)
    digests = {key: digest for key, digest in batch.digests.items() if key not in wrong}
    left = replace(batch, incidents=rest, listed_since={}, lists_open=frozenset(), digests=digests)
    return left, [Fault("implausible", reason) for reason in wrong.values()]


def _check_whole(batch: Batch, held: Mapping[str, Kept], platform: str) -> None:
    incidents, unchanged = batch.incidents, batch.unchanged
    untitled = not any(incident.title.strip() for incident in incidents)
    if incidents and untitled and not unchanged:
        raise SourceFault(
            "implausible", f"none of {counted(len(incidents), 'incident')} has a title"
        )
    gone, covered = count_gone(batch, held, platform)
    if gone > FEW and gone > MOST_WRONG * covered:
        raise SourceFault(
            "implausible", f"{gone} of {covered} incidents are gone from the list at once"
        )
    again = [one for one in incidents if one.key in held]
    other = [one for one in again if _is_other(one, held[one.key].incident)]
    known = len(again) + len(unchanged)
    if len(other) > FEW and len(other) > MOST_WRONG * known:
        reason = f"{len(other)} of {known} known incidents have another title or start at once"
        raise SourceFault("implausible", reason)


def _check_new(batch: Batch, held: Mapping[str, Kept]) -> None:
    new = sum(incident.key not in held for incident in batch.incidents)
    if new > MOST_NEW:
        raise SourceFault("implausible", f"{new:,} new incidents at once")


def _check_few(wrong: Collection[str], total: int, what: str) -> None:
    if len(wrong) > FEW and len(wrong) > MOST_WRONG * total:
        raise SourceFault("implausible", f"{len(wrong)} of {total} incidents {what}")


def _early(incidents: Iterable[Incident], at: datetime) -> dict[str, str]:
    """Incidents that tell of what has not been, by key, and a sentence for each."""
    found = {}
    for one in incidents:
        what, moment = max(_told(one), key=itemgetter(1))
        if moment > at + (ANNOUNCED if one.kind == "maintenance" else AHEAD):
            found[one.key] = f"{one.key} {what} in the future, {text_of(moment)}"
    return found


def _told(incident: Incident) -> Iterator[tuple[str, datetime]]:
    yield "starts", incident.started_at
    if incident.ended_at is not None:
        yield "ends", incident.ended_at
    yield from (("has a post", update.at) for update in incident.updates)


def _reused(incidents: Iterable[Incident], held: Mapping[str, Kept]) -> dict[str, str]:
    """Incidents under the id of another one."""
    found = {}
    for one in incidents:
        before = held[one.key].incident if one.key in held else one
        is_incident = one.kind == before.kind == "incident"
        if is_incident and _has_moved(one, before) and _title(one) != _title(before):
            found[one.key] = (
                f"{one.key} was {before.title!r} of {text_of(before.started_at)} and is "
                f"{one.title!r} of {text_of(one.started_at)}"
            )
    return found


def _too_long(incidents: Iterable[Incident]) -> dict[str, str]:
    """Incidents that nobody wrote, for their length."""
    found = {}
    for one in incidents:
        texts = [("key", one.key), ("title", one.title), ("address", one.url or "")]
        texts += [("name", name) for name in (*one.components, *one.regions)]
        texts += [("post", update.body) for update in one.updates]
        texts += [("key", update.key) for update in one.updates]
        texts += [("name", update.phase_raw or "") for update in one.updates]
        texts += [("name", one.impact_raw or "")]
        long = next((what for what, text in texts if len(text) > LONGEST[what]), None)
        if long:
            found[one.key] = (
                f"{one.key[:60]} has a text of over {LONGEST[long]:,} characters: {long}"
            )
        elif len(one.updates) > MOST_POSTS:
            found[one.key] = f"{one.key} has {len(one.updates):,} updates"
        elif sum(len(update.body) for update in one.updates) > MOST_TEXT:
            found[one.key] = f"{one.key} has updates of over {MOST_TEXT:,} characters"
        elif len(one.components) + len(one.regions) > MOST_PARTS:
            found[one.key] = f"{one.key} names over {MOST_PARTS:,} components"
    return found


def _is_other(one: Incident, before: Incident) -> bool:
    return _title(one) != _title(before) or _has_moved(one, before)


def _has_moved(one: Incident, before: Incident) -> bool:
    return abs(one.started_at - before.started_at) > CORRECTED


def _title(incident: Incident) -> str:
    return " ".join(incident.title.split()).casefold()


def count_gone(batch: Batch, held: Mapping[str, Kept], platform: str) -> tuple[int, int]:
    """How many held incidents the list covers but does not name, and how many it covers."""
    listed = batch.unchanged | {incident.key for incident in batch.incidents}
    covered = [key for key, kept in held.items() if is_covered(kept, batch, platform)]
    return sum(key not in listed for key in covered), len(covered)
