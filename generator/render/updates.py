"""The views of a vendor's posts: as they stand, and what was taken away between them."""

import hashlib
from collections.abc import Mapping, Sequence
from functools import lru_cache

import msgspec
from markupsafe import Markup
from msgspec import Struct

from generator.exchange import UpdateLine, update_fields
from generator.model import Kept, Revision, Update
from generator.render import words
from generator.render.edits import Edit, edits_of
from generator.render.frame import Moment, moment
from generator.render.text import safe_html, shown
from generator.times import read


class UpdateView(Struct, frozen=True):
    """One post. `own_word`: the vendor's word where ours differs from it.

    `post`: its anchor by its own id, which feeds link to, beside the one by its place. `removed`:
    when we saw that the vendor had taken it away.
    """

    anchor: str
    post: str
    phase: str
    own_word: str
    at: Moment
    body: Markup
    edits: tuple[Edit, ...] = ()
    removed: Moment | None = None


def updates_of(posts: Sequence[Update]) -> tuple[UpdateView, ...]:
    """The posts as they stand, newest first; the oldest is u1 for ever."""
    return tuple(
        _update(update, f"u{number}")
        for number, update in reversed(tuple(enumerate(posts, start=1)))
    )


def timeline(kept: Kept) -> tuple[UpdateView, ...]:
    """The posts with their edits, newest first, those that were taken away where they stood.

    The first that was taken away is r1 for ever.
    """
    edits, removals = _by_post(kept.revisions)
    posts = [
        (update, _update(update, f"u{number}", edits.get(update.key, ())))
        for number, update in enumerate(kept.incident.updates, start=1)
    ]
    for number, (removal, before) in enumerate(removals, start=1):
        post = _post_of(removal)
        posts.append((post, _update(post, f"r{number}", before, moment(removal.seen_at))))
    posts.sort(key=lambda post: post[0].at)
    return tuple(view for _, view in reversed(posts))


@lru_cache(maxsize=1024)
def own_word(raw: str | None, ours: str) -> str:
    """The vendor's word, where it is not just ours in another spelling."""
    word = shown(raw or "")
    return "" if _letters(word) == _letters(ours) else word


def _by_post(
    revisions: Sequence[Revision],
) -> tuple[Mapping[str, list[Revision]], list[tuple[Revision, list[Revision]]]]:
    """The edits of the posts that stand, by key; the removals, each with the edits before it.

    A post that comes back under its key starts anew.
    """
    edits: dict[str, list[Revision]] = {}
    removals = []
    for revision in revisions:
        if revision.field == "update":
            removals.append((revision, edits.pop(revision.update_key or "", [])))
        elif revision.update_key is not None:
            edits.setdefault(revision.update_key, []).append(revision)
    return edits, removals


def _post_of(removal: Revision) -> Update:
    try:
        line = msgspec.json.decode(removal.before, type=UpdateLine)
        return Update(
            line.key, read(line.at), line.phase, line.body, line.phase_raw, line.body_format
        )
    except (msgspec.DecodeError, ValueError):
        # An import may have brought anything: show it as the text it is.
        return Update("", removal.seen_at, "unknown", removal.before)


def _update(
    update: Update,
    anchor: str,
    revisions: Sequence[Revision] = (),
    removed: Moment | None = None,
) -> UpdateView:
    word = words.PHASE[update.phase]
    return UpdateView(
        anchor=anchor,
        post=post_anchor(update.key),
        phase=word,
        own_word=own_word(update.phase_raw, word),
        at=moment(update.at),
        body=safe_html(update.body, update.body_format),
        edits=edits_of(revisions, update_fields(update), update.at) if revisions else (),
        removed=removed,
    )


# As few as `safe_html` keeps.
@lru_cache(maxsize=1024)
def post_anchor(key: str) -> str:
    """Where a post stands on its incident's page, by its own id: no other post can move it."""
    return f"p{hashlib.sha256(key.encode()).hexdigest()[:8]}"


def _letters(word: str) -> str:
    return "".join(letter for letter in word.casefold() if letter.isalnum())
