"""How a vendor communicates: what its record shows of its habits.

All is of incidents that were not withdrawn, over the whole record, as their updates stand now;
but a first post has the time that it bore when it was first seen here.

First post: from the start to the first update, where the vendor states a start of its own. A
start within a minute of the first update, or after it, is the moment of posting and says nothing.
So the figure is of the incidents whose start was stated with hindsight, not of all.

Between updates: from one update to the next while the incident goes on, all such gaps of all
incidents together. Updates of the same second are one; what is said after the end does not count.

Never resolved: of the incidents about which nothing has been said for thirty days, those without
an end, be it that the page keeps them open or says nothing of it.

Resolved only: of the incidents with an update, those whose first one already says it is over.

Edited later and back-dated are of the incidents followed here: those whose first update is later
than our first sighting of any incident of the vendor. Older ones were read when they were
already history. Edited later: of those that ended, the ones whose title, or the text of an
update, we saw change after we had seen the end. Back-dated: those first seen here more than an
hour after the time that their first update bears. Hours in which our own reading failed look the
same.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

from msgspec import Struct

from generator.model import ENDING, Incident, Kept
from generator.render import facts
from generator.render.first import as_first_told
from generator.render.spans import counted
from generator.render.stats import FEWEST, Median, median

SAME_MOMENT = timedelta(minutes=1)
SILENCE = timedelta(days=30)
LATE = timedelta(hours=1)
TEXTS = frozenset({"title", "body"})
# How many incidents stand for a habit.
EXAMPLES = 3

Values = list[tuple[timedelta, Kept]]
Answers = list[tuple[bool, Kept]]


class Share(Struct, frozen=True):
    """`hits` of `n`; None of fewer than five."""

    n: int
    hits: int | None


class Conduct(Struct, frozen=True):
    """A vendor's habits, each with how many incidents (or gaps) it rests on.

    `examples`: by the name of a told habit, public paths of incidents that show it: those with
    the longest times, or the newest of the hits.
    """

    first_post: Median
    between_updates: Median
    never_resolved: Share
    resolved_only: Share
    edited_later: Share
    back_dated: Share
    examples: Mapping[str, tuple[str, ...]]


def conduct(kept: Sequence[Kept], as_of: date) -> Conduct:
    """The habits of a vendor by its whole record: a part of it would tell less of what we saw."""
    found = counted(kept)
    followed = _followed(found, kept)
    silent_since = datetime.combine(as_of, time(), UTC) - SILENCE
    times: dict[str, Values] = {
        "first_post": [(lag, each) for each in found for lag in _first_post(each)],
        "between_updates": [(gap, each) for each in found for gap in _gaps(each.incident)],
    }
    answers: dict[str, Answers] = {
        "never_resolved": [
            (each.incident.ended_at is None, each)
            for each in found
            if facts.last_word_at(each.incident) <= silent_since
        ],
        "resolved_only": [
            (each.incident.updates[0].phase in ENDING, each)
            for each in found
            if each.incident.updates
        ],
        "edited_later": [
            (_is_edited_later(each, each.incident.ended_at), each)
            for each in followed
            if each.incident.ended_at is not None
        ],
        "back_dated": [
            (each.first_seen_at - as_first_told(each)[0].at > LATE, each) for each in followed
        ],
    }
    return Conduct(
        first_post=median(value for value, _ in times["first_post"]),
        between_updates=median(value for value, _ in times["between_updates"]),
        never_resolved=_share(answers["never_resolved"]),
        resolved_only=_share(answers["resolved_only"]),
        edited_later=_share(answers["edited_later"]),
        back_dated=_share(answers["back_dated"]),
        examples={
            **{name: _longest(values) for name, values in times.items() if len(values) >= FEWEST},
            **{name: _newest(said) for name, said in answers.items() if len(said) >= FEWEST},
        },
    )


def _share(answers: Answers) -> Share:
    return Share(len(answers), sum(hit for hit, _ in answers) if len(answers) >= FEWEST else None)


def _longest(values: Values) -> tuple[str, ...]:
    ordered = sorted(values, key=lambda value: (-value[0], value[1].slug))
    return tuple(dict.fromkeys(each.slug for _, each in ordered))[:EXAMPLES]


def _newest(answers: Answers) -> tuple[str, ...]:
    hits = [each for hit, each in answers if hit]
    hits.sort(key=lambda each: (each.incident.started_at, each.slug), reverse=True)
    return tuple(each.slug for each in hits[:EXAMPLES])


def _first_post(kept: Kept) -> Iterator[timedelta]:
    """How long after the start the first post came, if the start is more than that post's time."""
    start = kept.incident.started_at
    for first in as_first_told(kept)[:1]:
        if first.at - start >= SAME_MOMENT:
            yield first.at - start


def _gaps(incident: Incident) -> Iterator[timedelta]:
    times = sorted({update.at for update in incident.updates})
    for earlier, later in pairwise(times):
        if incident.ended_at is None or later <= incident.ended_at:
            yield later - earlier


def _followed(found: Iterable[Kept], kept: Iterable[Kept]) -> list[Kept]:
    """The incidents that began to be told after we had begun to read."""
    since = min((each.first_seen_at for each in kept), default=None)
    return [
        each
        for each in found
        if since is not None and each.incident.updates and as_first_told(each)[0].at > since
    ]


def _is_edited_later(kept: Kept, ended_at: datetime) -> bool:
    """Whether a text changed between two readings that both saw it over."""
    seen = max(ended_at, kept.first_seen_at, *_end_seen_at(kept))
    return any(edit.field in TEXTS and edit.seen_at > seen for edit in kept.revisions)


def _end_seen_at(kept: Kept) -> list[datetime]:
    """When the post that first says it is over was first seen; empty if there is none."""
    sightings = zip(kept.incident.updates, kept.update_seen_at, strict=False)
    return [seen_at for update, seen_at in sightings if update.phase in ENDING][:1]
