"""The union of two archives' records: of one incident, commutative and idempotent.

Nothing that either archive holds is lost: the facts seen last stand, what the other one said
becomes a revision, updates are united, and an update that one of them saw taken away stays away.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import chain

from generator.decide import combined, revised
from generator.exchange import write_line
from generator.model import Change, Incident, Kept, Revision
from generator.slugs import mint


def united(one: Kept, other: Kept) -> Kept:
    """One record of what two archives hold of an incident, whichever comes first."""
    older, newer = sorted((one, other), key=_age)
    earlier = min(one, other, key=lambda kept: (kept.first_seen_at, kept.slug))
    past = _ordered({*older.revisions, *newer.revisions})
    facts = _without_removed(combined(older.incident, newer.incident), newer)
    said = {(item.field, item.update_key, item.before) for item in past}
    lost = [
        item
        for item in revised(older.incident, facts, newer.changed_at)
        if (item.field, item.update_key, item.before) not in said
    ]
    # Where nothing is to be united, the order within a moment is what it was.
    grown = not lost and set(older.revisions) <= set(newer.revisions)
    return replace(
        newer,
        slug=earlier.slug,
        incident=facts,
        first_seen_at=earlier.first_seen_at,
        platform=newer.platform or older.platform,
        revisions=newer.revisions if grown else _ordered({*past, *lost}),
        update_seen_at=_first_seen(facts, older, newer),
    )


def merge_changes(
    ours: Sequence[Kept], theirs: Sequence[Kept], outgrown: Collection[tuple[str, str]] = ()
) -> list[Change]:
    """What their records of a vendor change in ours, oldest start first.

    `outgrown`, by vendor and key: those of theirs that went on from ours, and stand in their place.
    """
    held = {kept.incident.key: kept for kept in ours}
    names = _names(held)
    union: dict[str, Kept] = dict(held)
    paths: dict[str, list[Kept]] = {key: [kept] for key, kept in held.items()}
    for their in theirs:
        key = next((names[key] for key in _keys(their) if key in names), their.incident.key)
        apart = key in union and (their.vendor, their.incident.key) not in outgrown
        union[key] = united(union[key], their) if apart else their
        paths.setdefault(key, []).append(their)
    changes = []
    for key, kept in _with_own_paths(union, paths).items():
        before = held.get(key)
        past = before.revisions if before else ()
        added = tuple(item for item in kept.revisions if item not in past)
        if before is None:
            changes.append(Change("new", kept, key, added))
        elif added or replace(kept, revisions=past, changed_in=before.changed_in) != before:
            changes.append(Change("changed", kept, key, added))
    return sorted(changes, key=lambda change: change.after.incident.started_at)


def _with_own_paths(
    union: Mapping[str, Kept], parts: Mapping[str, Iterable[Kept]]
) -> dict[str, Kept]:
    """Each record under a path of its own: where two have one, the one seen first keeps it.

    The other takes another path that it has had, so that merging again finds it there.
    """
    taken = {kept.slug for kept in (*union.values(), *chain.from_iterable(parts.values()))}
    given: set[str] = set()
    found = {}
    for key, kept in sorted(union.items(), key=lambda item: (item[1].first_seen_at, item[0])):
        had = sorted(parts[key], key=lambda part: (part.first_seen_at, part.slug))
        slug = next((part.slug for part in had if part.slug not in given), None)
        if slug is None:
            slug = mint(kept.incident.started_at, kept.incident.title, taken)
            taken.add(slug)
        given.add(slug)
        found[key] = replace(kept, slug=slug)
    return found


def _age(kept: Kept) -> tuple[object, ...]:
    """Later sightings last; of two at one moment, the same one whoever asks."""
    return (kept.changed_at, len(kept.revisions), write_line(replace(kept, slug="")))


def _keys(kept: Kept) -> list[str]:
    """The vendor's id of the incident, and those it had before."""
    return [kept.incident.key, *(item.before for item in kept.revisions if item.field == "key")]


def _names(ours: Mapping[str, Kept]) -> dict[str, str]:
    """Every id that an incident of ours goes or went by → the one it is held under."""
    former = {name: key for key, kept in ours.items() for name in _keys(kept)}
    return former | {key: key for key in ours}


def _without_removed(facts: Incident, newer: Kept) -> Incident:
    """The incident without the updates that the newer archive saw taken away."""
    held = {update.key for update in newer.incident.updates}
    removed = {
        item.update_key
        for item in newer.revisions
        if item.field == "update" and item.update_key not in held
    }
    return replace(facts, updates=tuple(item for item in facts.updates if item.key not in removed))


def _first_seen(facts: Incident, *records: Kept) -> tuple[datetime, ...]:
    seen: dict[str, datetime] = {}
    for kept in records:
        for update, at in zip(kept.incident.updates, kept.update_seen_at, strict=True):
            seen[update.key] = min(at, seen.get(update.key, at))
    return tuple(seen[update.key] for update in facts.updates)


def _ordered(revisions: Iterable[Revision]) -> tuple[Revision, ...]:
    return tuple(
        sorted(
            revisions,
            key=lambda item: (item.seen_at, item.update_key or "", item.field, item.before),
        )
    )
