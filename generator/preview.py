"""What a proposed change of vendor files would bring, as data and as Markdown.

The data crosses from a job that runs on a stranger's proposal to one that may write a comment: it
is decoded strictly and within bounds, all words around it are ours, and every text in it that is
not ours stands as code, where no link, picture, mention or markup of it takes effect.
"""

from collections.abc import Iterable, Iterator
from typing import Annotated

import msgspec

from generator.markdown import code, fenced
from generator.wording import counted

Text = Annotated[str, msgspec.Meta(max_length=500)]
Short = Annotated[str, msgspec.Meta(max_length=100)]
# A proposal that adds more is reviewed in parts.
FILES = 50
NEWEST = 5
LINES = 20

ARCHIVE = (
    "**This changes the archive itself.** Only the scheduled job writes `data/outages.db`: so that "
    "no two proposals collide in a file that cannot be reviewed, and so that all in it was read "
    "from a page by the program. Take that part back, the next run reads the new pages anyway:\n\n"
    "```console\ngit checkout origin/main -- data/outages.db\n```"
)


class Seen(msgspec.Struct, forbid_unknown_fields=True):
    """An incident as it would be kept, in a line. Times as people read them."""

    started: Short
    ended: Short
    kind: Short
    impact: Short
    updates: int
    title: Text


class Proposed(msgspec.Struct, forbid_unknown_fields=True):
    """One vendor file. `wrong`: what is wrong with it; `fault`: why its page could not be read."""

    file: Text
    platform: Short = ""
    page: Text = ""
    wrong: Annotated[list[Text], msgspec.Meta(max_length=LINES)] = []
    fault: Text = ""
    mended: Annotated[str, msgspec.Meta(max_length=2000)] = ""
    incidents: int = 0
    maintenances: int = 0
    newest: Annotated[list[Seen], msgspec.Meta(max_length=NEWEST)] = []


class Preview(msgspec.Struct, forbid_unknown_fields=True):
    """A proposal. `unread`: files beyond the first `FILES`; `archive`: it changes that too."""

    files: Annotated[list[Proposed], msgspec.Meta(max_length=FILES)]
    removed: Annotated[list[Text], msgspec.Meta(max_length=FILES)] = []
    unread: int = 0
    archive: bool = False

    @property
    def is_good(self) -> bool:
        """Whether nothing stands against it."""
        return not self.archive and not any(one.wrong or one.fault for one in self.files)


def bounded(text: str, length: int = 500) -> str:
    """The text as the data may carry it."""
    return text if len(text) <= length else f"{text[: length - 1]}…"


def markdown(preview: Preview) -> str:
    """The preview for people: of a job's summary, or of a comment."""
    parts: list[str] = []
    if preview.archive:
        parts.append(ARCHIVE)
    if preview.files:
        parts.append("\n".join(_overview(preview.files)))
    if preview.unread:
        more = counted(preview.unread, "more file was", "more files were")
        parts.append(f"{more} not looked at: propose fewer at once.")
    if preview.removed:
        parts.append(f"Taken away: {', '.join(map(code, preview.removed))}. What is held stays.")
    for one in preview.files:
        parts += _of_file(one)
    return "\n\n".join(parts or ["No vendor file is changed."]) + "\n"


def _overview(files: Iterable[Proposed]) -> Iterator[str]:
    yield "| file | platform | page | |"
    yield "|---|---|---|---|"
    for one in files:
        cells = (code(one.file), code(one.platform), code(one.page), _verdict(one))
        yield f"| {' | '.join(cells)} |"


def _verdict(one: Proposed) -> str:
    if one.wrong:
        return "the file is wrong"
    if one.fault:
        return "the page could not be read"
    planned = f", {counted(one.maintenances, 'maintenance')}" if one.maintenances else ""
    return f"{counted(one.incidents, 'incident')}{planned}"


def _of_file(one: Proposed) -> Iterator[str]:
    """What there is to mend, or the newest of what would be kept."""
    if one.wrong:
        listed = "\n".join(one.wrong)
        yield f"What is wrong with {code(one.file)}:\n\n{fenced(listed)}"
    if one.fault:
        yield f"Why the page of {code(one.file)} could not be read:\n\n{fenced(one.fault)}"
    if one.mended:
        yield f"By what the page answers, the file should be:\n\n{fenced(one.mended, 'toml')}"
    if one.newest:
        yield f"The newest that {code(one.file)} would bring:"
        yield "\n".join(_table(one.newest))


def _table(rows: Iterable[Seen]) -> Iterator[str]:
    yield "| started (UTC) | ended | kind | impact | updates | title |"
    yield "|---|---|---|---|---|---|"
    for row in rows:
        cells = (row.started, row.ended, row.kind, row.impact, str(row.updates), row.title)
        yield f"| {' | '.join(map(code, cells))} |"
