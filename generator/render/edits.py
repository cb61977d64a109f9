"""The views of edits: what a vendor changed, when we saw it, word by word."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import get_args

import msgspec
from msgspec import Struct

from generator import times
from generator.model import BodyFormat, Revision
from generator.render import words
from generator.render.diff import Piece, items_changed, shown_pieces, value_changed, words_changed
from generator.render.frame import Moment, moment
from generator.render.text import plain, safe_html, shown
from generator.times import read

TIMES = frozenset({"started_at", "ended_at", "scheduled_until", "at"})
LISTS = frozenset({"components", "regions"})
# Fields whose values are the vendor's own text.
TEXTS = LISTS | {"title", "body", "impact_raw", "phase_raw"}
# An edit that shows more characters than this is folded.
LONG = 700


class Changed(Struct, frozen=True):
    """A field that an edit changed. Without pieces: only what is not seen, like its markup.

    `theirs`: the pieces are the vendor's text, not our words for it.
    """

    what: str
    pieces: tuple[Piece, ...]
    theirs: bool


class Edit(Struct, frozen=True):
    """What we saw changed at once, and how much later than what was edited."""

    seen: Moment
    later: str
    changes: tuple[Changed, ...]
    folded: bool


def edits_of(
    revisions: Sequence[Revision], fields: Mapping[str, object], since: datetime
) -> tuple[Edit, ...]:
    """The edits, first to last, of what has these `fields` now (as a line of the export has them).

    A revision holds what a field said before, so we walk back from what it says now. `since`: the
    time of what is edited, where no revision says that it had another one.
    """
    now = {name: _text(value) for name, value in fields.items()}
    edits = []
    for seen_at, together in groupby(reversed(revisions), key=attrgetter("seen_at")):
        changed = tuple(together)[::-1]
        before = now | {revision.field: revision.before for revision in changed}
        edits.append(_edit(seen_at, times.kept(before.get("at", ""), since), changed, before, now))
        now = before
    return tuple(reversed(edits))


def _edit(
    seen_at: datetime,
    since: datetime,
    revisions: Sequence[Revision],
    before: Mapping[str, str],
    now: Mapping[str, str],
) -> Edit:
    names = dict.fromkeys(revision.field for revision in revisions)
    if "body" in names:
        names.pop("body_format", None)
    changes = tuple(
        Changed(
            words.FIELD.get(name, name), shown_pieces(_pieces(name, before, now)), name in TEXTS
        )
        for name in names
    )
    size = sum(len(piece.text) for change in changes for piece in change.pieces)
    return Edit(moment(seen_at), words.rough_length(seen_at - since), changes, size > LONG)


def _pieces(name: str, before: Mapping[str, str], now: Mapping[str, str]) -> tuple[Piece, ...]:
    old, new = before[name], now.get(name, "")
    if name == "body":
        pieces = words_changed(_read(old, before), _read(new, now))
        return () if all(piece.kind == "same" for piece in pieces) else pieces
    if name == "title":
        return words_changed(shown(old), shown(new))
    if name == "withdrawn":
        return (Piece("same", words.back_since(_said("at", old))),)
    if name in LISTS:
        try:
            return items_changed(_names(old), _names(new))
        except msgspec.DecodeError:
            pass  # an import may have brought anything: whole values, as they are
    return value_changed(_said(name, old), _said(name, new))


def _read(body: str, fields: Mapping[str, str]) -> str:
    """A body as a reader saw it."""
    return plain(safe_html(body, _format(fields.get("body_format"))))


def _format(name: str | None) -> BodyFormat:
    return next((known for known in get_args(BodyFormat) if known == name), "text")


def _names(text: str) -> tuple[str, ...]:
    names = msgspec.json.decode(text, type=tuple[str, ...]) if text else ()
    return tuple(shown(name) for name in names)


def _said(name: str, value: str) -> str:
    """A value in words; one that is not what the field holds is shown as it is."""
    if not value:
        return words.EMPTY
    try:
        return moment(read(value)).text if name in TIMES else shown(_word(name, value))
    except ValueError:
        return shown(value)


def _word(name: str, value: str) -> str:
    return words.VALUE.get((name, value), value)


def _text(value: object) -> str:
    """A field of a line as a revision holds it."""
    if value is None:
        return ""
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()
