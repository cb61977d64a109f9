"""The views of a vendor's posts, as they stand and as they stood before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

import msgspec
from markupsafe import Markup

from generator.exchange import UpdateLine
from generator.model import BodyFormat, Incident, Kept, Revision, Update
from generator.render import words
from generator.render.frame import Moment, moment
from generator.render.text import safe_html, shown
from generator.times import read

TIMES = frozenset({"started_at", "ended_at", "scheduled_until", "at"})
LISTS = frozenset({"components", "regions"})


@dataclass(frozen=True, slots=True)
class Edit:
    """What a field said before. `body` is HTML where the field is a text, else `said` has it."""

    what: str
    said: str
    body: Markup
    seen: Moment
    later: str


@dataclass(frozen=True, slots=True)
class UpdateView:
    """One post. `own_word`: the vendor's word where ours differs from it."""

    anchor: str
    phase: str
    own_word: str
    at: Moment
    body: Markup
    edits: tuple[Edit, ...]


@dataclass(frozen=True, slots=True)
class Removed:
    """A post that the vendor took away."""

    post: UpdateView
    seen: Moment


def updates_of(incident: Incident) -> tuple[UpdateView, ...]:
    """The posts as they stand, newest first; the oldest is u1 for ever."""
    return tuple(
        _update(update, f"u{number}", ())
        for number, update in reversed(tuple(enumerate(incident.updates, start=1)))
    )


def updates_with_edits(kept: Kept) -> tuple[UpdateView, ...]:
    """The posts with what each said before, newest first."""
    incident = kept.incident
    edits: dict[str, list[Revision]] = {}
    for revision in kept.revisions:
        if revision.update_key is not None and revision.field != "update":
            edits.setdefault(revision.update_key, []).append(revision)
    return tuple(
        _update(update, f"u{number}", edits.get(update.key, ()))
        for number, update in reversed(tuple(enumerate(incident.updates, start=1)))
    )


def _update(update: Update, anchor: str, revisions: Sequence[Revision]) -> UpdateView:
    word = words.PHASE[update.phase]
    return UpdateView(
        anchor=anchor,
        phase=word,
        own_word=own_word(update.phase_raw, word),
        at=moment(update.at),
        body=safe_html(update.body, update.body_format),
        edits=tuple(_edit(edit, update.at, update.body_format) for edit in reversed(revisions)),
    )


def removed_updates(revisions: Sequence[Revision]) -> tuple[Removed, ...]:
    """The posts that the vendor took away, the latest removal first."""
    removed = []
    for revision in revisions:
        if revision.field != "update":
            continue
        try:
            line = msgspec.json.decode(revision.before, type=UpdateLine)
            post = Update(
                line.key, read(line.at), line.phase, line.body, line.phase_raw, line.body_format
            )
        except (msgspec.DecodeError, ValueError):
            # An import may have brought anything: show it as the text it is.
            post = Update("", revision.seen_at, "unknown", revision.before)
        removed.append(Removed(_update(post, "", ()), moment(revision.seen_at)))
    return tuple(reversed(removed))


def earlier_versions(revisions: Sequence[Revision], started_at: datetime) -> tuple[Edit, ...]:
    """Earlier words of the incident itself, latest change first."""
    return tuple(
        _edit(revision, started_at, "text")
        for revision in reversed(revisions)
        if revision.update_key is None and revision.field != "update"
    )


def _edit(revision: Revision, since: datetime, body_format: BodyFormat) -> Edit:
    is_body = revision.field == "body"
    return Edit(
        what=words.FIELD.get(revision.field, revision.field),
        said="" if is_body else _said(revision.field, revision.before),
        body=safe_html(revision.before, body_format) if is_body else Markup(),
        seen=moment(revision.seen_at),
        later=words.rough_length(revision.seen_at - since),
    )


def _said(field: str, before: str) -> str:
    """An earlier value in words; a value that is not what the field holds is shown as it is."""
    if not before:
        return words.EMPTY
    try:
        if field in TIMES or field == "withdrawn":
            return moment(read(before)).text
        if field in LISTS:
            names = msgspec.json.decode(before, type=list[str])
            return ", ".join(shown(name) for name in names) or words.EMPTY
    except (ValueError, msgspec.DecodeError):
        return shown(before)
    return shown(words.VALUE.get((field, before), before))


@lru_cache(maxsize=1024)
def own_word(raw: str | None, ours: str) -> str:
    """The vendor's word, where it is not just ours in another spelling."""
    word = shown(raw or "")
    return "" if _letters(word) == _letters(ours) else word


def _letters(word: str) -> str:
    return "".join(letter for letter in word.casefold() if letter.isalnum())
