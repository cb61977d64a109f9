"""What a reading changes: pure decisions over what is held and what the page says now.

Three rules stand behind everything here. A source that is silent about a fact does not unsay it.
What a vendor changes or takes away stays, as a revision. And no absence is ever an end: within the
range that a list vouches for it is a withdrawal; from a list of all that is open, it leaves the
state unstated.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

import msgspec

from generator.alike import Alike
from generator.exchange import update_fields
from generator.model import Change, Incident, Kept, Revision, Update, Vendor, oldest_first
from generator.reading import Batch
from generator.slugs import mint
from generator.times import text_of

FACTS = (
    "title",
    "kind",
    "impact",
    "impact_raw",
    "url",
    "started_at",
    "ended_at",
    "end_basis",
    "scheduled_until",
    "components",
    "regions",
)
UPDATE_FACTS = ("at", "phase", "phase_raw", "body", "body_format")
# Notes on another fact: their change alone is news, beside that fact's change it is noise.
COMPANIONS = {"impact_raw": "impact", "end_basis": "ended_at", "phase_raw": "phase"}


def decide(
    vendor: Vendor, held: Mapping[str, Kept], batch: Batch, at: datetime, taken: set[str]
) -> list[Change]:
    """The changes that `batch`, read at `at`, makes to what is held of the vendor.

    `held`: by key, all that the batch names or covers; of what it lists unchanged it need not be.
    `taken`: the vendor's public paths; new ones are added. The changes come oldest start first, so
    that the archive grows in order.
    """
    changes = []
    listed = batch.unchanged | {incident.key for incident in batch.incidents}
    alike = Alike(kept for key, kept in held.items() if key not in listed)
    matched = set(batch.unchanged)
    for incident in sorted(batch.incidents, key=lambda incident: incident.started_at):
        kept = held.get(incident.key) or alike.take(incident)
        if kept is None:
            changes.append(new(vendor.slug, incident, at, taken, vendor.platform))
            continue
        matched.add(kept.incident.key)
        here = replace(kept, platform=vendor.platform)
        change = compared(here, incident, at, all_updates=incident.key not in batch.partial)
        if change is None and kept != here:
            # It says nothing new, but from here on this page answers for it.
            change = Change("changed", here, incident.key)
        if change:
            changes.append(change)
    for key, kept in held.items():
        if key not in matched and is_covered(kept, batch, vendor.platform):
            after = replace(kept, withdrawn_at=at, changed_at=at)
            changes.append(Change("withdrawn", after, key))
        elif key not in matched and _has_left(kept, batch, vendor.platform):
            left = replace(kept.incident, end_basis="unstated")
            changes.append(Change("changed", replace(kept, incident=left, changed_at=at), key))
    return changes


def revised(before: Incident, after: Incident, at: datetime) -> tuple[Revision, ...]:
    """What `before` said and `after` no longer says."""
    revisions = list(_differences(before, after, FACTS, at))
    new = {update.key: update for update in after.updates}
    for update in before.updates:
        if update.key in new:
            changed = _differences(update, new[update.key], UPDATE_FACTS, at)
            revisions += [replace(revision, update_key=update.key) for revision in changed]
        else:
            gone = msgspec.json.encode(update_fields(update)).decode()
            revisions.append(Revision(at, "update", gone, update.key))
    return tuple(revisions)


def new(
    vendor: str, incident: Incident, at: datetime, taken: set[str], platform: str | None = None
) -> Change:
    """An incident seen for the first time; its public path is minted here."""
    slug = mint(incident.started_at, incident.title, taken)
    taken.add(slug)
    seen = (at,) * len(incident.updates)
    kept = Kept(vendor, slug, incident, at, at, platform=platform, update_seen_at=seen)
    return Change("new", kept, incident.key)


def compared(
    kept: Kept,
    now: Incident,
    at: datetime,
    *,
    all_updates: bool = True,
    withdrawn_at: datetime | None = None,
) -> Change | None:
    """What the incident's state now, seen at `at`, changes; None when it says what is held."""
    before = kept.incident
    # So it is with nearly all that a page lists.
    if before == now and kept.withdrawn_at == withdrawn_at:
        return None
    after = combined(before, now, all_updates=all_updates)
    if not all_updates:
        # Where the oldest posts have slid off, the first one left is not the start.
        after = replace(after, started_at=min(before.started_at, after.started_at))
    restored = kept.withdrawn_at is not None and withdrawn_at is None
    if before == after and kept.withdrawn_at == withdrawn_at:
        return None
    revisions = revised(before, after, at) + _over_again(kept, after, at)
    if before.key != after.key:
        revisions += (Revision(at, "key", before.key),)
    if restored and kept.withdrawn_at:
        revisions += (Revision(at, "withdrawn", text_of(kept.withdrawn_at)),)
    seen = dict(zip((update.key for update in before.updates), kept.update_seen_at, strict=True))
    after_kept = replace(
        kept,
        incident=after,
        changed_at=at,
        withdrawn_at=withdrawn_at,
        revisions=kept.revisions + revisions,
        update_seen_at=tuple(seen.get(update.key, at) for update in after.updates),
    )
    return Change("restored" if restored else "changed", after_kept, before.key, revisions)


def combined(before: Incident, now: Incident, *, all_updates: bool = False) -> Incident:
    """What the page says now, and where it is silent what it said before.

    Unless `now` comes with all of its updates, those that it does not name stay.
    """
    silent: dict[str, object] = {
        fact: getattr(before, fact)
        for fact in ("title", "url", "scheduled_until", "components", "regions")
        if not getattr(now, fact)
    }
    if now.impact == "unknown" and now.impact_raw is None:
        silent |= {"impact": before.impact, "impact_raw": before.impact_raw}
    if now.end_basis == "unstated":
        silent |= {"ended_at": before.ended_at, "end_basis": before.end_basis or "unstated"}
    updates = _recognised(before.updates, now.updates, renamed=before.key != now.key)
    if not all_updates:
        named = {update.key for update in updates}
        updates += tuple(update for update in before.updates if update.key not in named)
    # replace() takes the facts by name, which no type checker can follow.
    return replace(now, **silent, updates=oldest_first(updates))  # type: ignore[arg-type]


def _recognised(
    before: tuple[Update, ...], now: tuple[Update, ...], *, renamed: bool
) -> tuple[Update, ...]:
    """The updates now, under the keys they were held by.

    Where keys are made of times, a moved update is known by its text; where the whole incident
    came under a new id (`renamed`), each is known by its minute.
    """
    held = {update.key for update in before}
    listed = {update.key for update in now}
    marks = {
        _mark(update, renamed=renamed): update.key for update in before if update.key not in listed
    }
    return tuple(
        update
        if update.key in held
        else replace(update, key=marks.pop(_mark(update, renamed=renamed), update.key))
        for update in now
    )


def _mark(update: Update, *, renamed: bool) -> object:
    if renamed:
        return update.at.replace(second=0)
    return (update.body, update.phase) if update.body else update.key


def _over_again(kept: Kept, after: Incident, at: datetime) -> tuple[Revision, ...]:
    """That it was open until now, where it had been over before: nothing else would tell it.

    Else a fact that nobody had stated has no revision: there is nothing to keep.
    """
    if kept.incident.ended_at is not None or after.ended_at is None:
        return ()
    was_over = any(edit.field == "ended_at" for edit in kept.revisions)
    return (Revision(at, "ended_at", ""),) if was_over else ()


def _differences(
    before: Incident | Update, after: Incident | Update, facts: Iterable[str], at: datetime
) -> Iterable[Revision]:
    told = set()
    for fact in facts:
        word = said(getattr(before, fact))
        if word is None or getattr(before, fact) == getattr(after, fact):
            continue
        if COMPANIONS.get(fact) not in told:
            told.add(fact)
            yield Revision(at, fact, word)


def said(value: object) -> str | None:
    """A fact as a revision keeps it; None when nothing had been said."""
    if value is None or value in ("", (), "unstated", "unknown"):
        return None
    if isinstance(value, datetime):
        return text_of(value)
    if isinstance(value, tuple):
        return msgspec.json.encode(value).decode()
    return str(value)


def is_covered(kept: Kept, batch: Batch, platform: str) -> bool:
    """Whether the batch would name the incident if the vendor still showed it.

    What was read from another platform, or only imported, may never have been on this one.
    """
    since = batch.listed_since.get(kept.incident.kind)
    return (
        since is not None
        and kept.withdrawn_at is None
        and kept.platform == platform
        and kept.incident.started_at > since
    )


def _has_left(kept: Kept, batch: Batch, platform: str) -> bool:
    """Whether a page that lists all that is open no longer lists what is held open."""
    return kept.incident.kind in batch.lists_open and kept.platform == platform and kept.goes_on
