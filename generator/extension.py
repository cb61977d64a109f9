"""Whether one archive holds all that another held: facts change by revisions, nothing goes."""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence

from generator.decide import COMPANIONS, FACTS, UPDATE_FACTS, said
from generator.model import Incident, Kept, Update

# A fact of one record: of which update (None: of the incident itself), which, what it said.
Fact = tuple[str | None, str, str]


def missing(
    before: Iterable[Kept], after: Iterable[Kept], wordless: Container[str] = ()
) -> Iterator[str]:
    """What a vendor's earlier records hold and the later ones do not, each a sentence.

    `wordless`: keys of which no more is asked than that they are there.
    """
    after = list(after)
    named, paths = _named(after), {kept.slug: kept for kept in after}
    for kept in before:
        now = named.get(kept.incident.key)
        if now is None:
            yield f"{kept.vendor}/{kept.slug} is gone"
        elif now != kept and kept.incident.key not in wordless:
            for what in _lost(kept, now):
                yield f"{kept.vendor}/{kept.slug} {what}"
            if now.slug != kept.slug and not _is_older(paths.get(kept.slug), kept):
                yield f"{kept.vendor}/{kept.slug} moved to {now.slug}"


def _is_older(other: Kept | None, kept: Kept) -> bool:
    """Whether a path went to the record of a merged archive that had it first."""
    return other is not None and other.first_seen_at <= kept.first_seen_at


def _named(records: Sequence[Kept]) -> Mapping[str, Kept]:
    """Records by every id that they go or went by."""
    former = {
        item.before: kept for kept in records for item in kept.revisions if item.field == "key"
    }
    return former | {kept.incident.key: kept for kept in records}


def _lost(before: Kept, now: Kept) -> Iterator[str]:
    told = {(item.update_key, item.field, item.before) for item in now.revisions}
    for item in before.revisions:
        if item not in now.revisions:
            yield f"lost what was revised at {item.seen_at:%Y-%m-%d %H:%M}: its {item.field}"
    if now.first_seen_at > before.first_seen_at:
        yield "is first seen later than it was"
    if before.withdrawn_at and not now.withdrawn_at and not _tells(told, None, "withdrawn"):
        yield "is no longer withdrawn, and no revision says so"
    held = _facts(now)
    removed = {key for key, field, _ in told if field == "update"}
    for fact in _facts(before) - held - told:
        key, field, _ = fact
        noted = COMPANIONS.get(field)
        if key not in removed and not (noted and _tells(told, key, noted)):
            yield f"says something else as {_where(fact)}, and no revision tells what it said"


def _facts(kept: Kept) -> set[Fact]:
    facts = _own(kept.incident, FACTS, None)
    for update in kept.incident.updates:
        facts |= _own(update, UPDATE_FACTS, update.key)
    return facts


def _own(record: Incident | Update, names: Iterable[str], key: str | None) -> set[Fact]:
    told = ((name, said(getattr(record, name))) for name in names)
    return {(key, name, text) for name, text in told if text is not None}


def _tells(told: Iterable[Fact], key: str | None, field: str) -> bool:
    return any(item[:2] == (key, field) for item in told)


def _where(fact: Fact) -> str:
    key, field, _ = fact
    return field if key is None else f"{field} of update {key}"
