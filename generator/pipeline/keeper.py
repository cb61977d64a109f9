"""Where what was read goes: compared with what is held, written, and then remembered."""

from collections.abc import Callable, Sequence
from datetime import datetime

from generator.archive.queries import Archive
from generator.archive.state import State
from generator.archive.store import Run
from generator.growth import LATELY
from generator.pipeline.asking import reader
from generator.pipeline.judging import Judge, Judged
from generator.pipeline.shards import Apart
from generator.report import Row
from generator.scrape import Result

Writer = Run | Apart
# What was read, and its vendor's part of the report.
Taken = tuple[Result, Row]


class Keeper:
    """Takes what was read to where it is kept. `before`: told whose changes, before any is."""

    def __init__(
        self,
        judge: Judge,
        archive: Archive,
        run: Writer,
        state: State,
        at: datetime,
        before: Callable[[Sequence[str]], None],
    ) -> None:
        self._judge = judge
        self._archive = archive
        self._run = run
        self._state = state
        self._at = at
        self._before = before

    def keep(self, taken: Sequence[Taken]) -> list[bool]:
        """Write what pages say now, in one transaction; then remember how to ask next time.

        Of each whether it could be read and believed. The rows say what became of it.
        """
        judged = self._written(taken, is_news=True)
        with self._state.together():
            for (result, row), what in zip(taken, judged, strict=True):
                self._remember(result, row, what)
        return [what.believed for what in judged]

    def keep_past(self, taken: Sequence[Taken]) -> list[bool]:
        """The same of steps through the vendors' pasts; of each whether there is one more.

        There is none where the page has added much of late: another day it goes on from here.
        """
        judged = self._written(taken, is_news=False)
        with self._state.together():
            for (result, _), what in zip(taken, judged, strict=True):
                if what.batch is not None:
                    self._note_growth(result, what)
                    self._state.note_cursor(result.vendor.slug, what.batch.cursor)
        return [
            what.batch is not None
            and what.batch.cursor is not None
            and self._judge.leaves_room(result.vendor)
            for (result, _), what in zip(taken, judged, strict=True)
        ]

    def _written(self, taken: Sequence[Taken], *, is_news: bool) -> list[Judged]:
        if all(result.batch is None for result, _ in taken):
            return [self._judge.judge(*each, is_news=is_news) for each in taken]
        # Nobody else writes between the comparison and what comes of it.
        with self._run.together():
            judged = [self._judge.judge(*each, is_news=is_news) for each in taken]
            pairs = zip(taken, judged, strict=True)
            changed = [result.vendor.slug for (result, _), what in pairs if what.changes]
            if changed:
                # What they rest on cannot be asked for again.
                self._before(changed)
            for (result, _), what in zip(taken, judged, strict=True):
                self._run.apply(result.vendor.slug, what.changes)
                if what.batch and what.batch.complete_since and not is_news:
                    self._run.complete(result.vendor.slug, what.batch.complete_since)
        return judged

    def _remember(self, result: Result, row: Row, what: Judged) -> None:
        vendor = result.vendor
        if not what.believed:
            self._state.note_failure(vendor.slug, self._at, row.faults[-1].kind)
            return
        self._note_growth(result, what)
        # What was left out of a page, and asked in vain, is to be had when it is read whole again.
        validators = {} if row.faults else result.validators
        self._state.note_read(
            vendor.slug,
            self._at,
            reader(vendor),
            self._archive.fingerprint,
            validators,
            b"".join(what.batch.digests.values()) if what.batch else None,
        )

    def _note_growth(self, result: Result, what: Judged) -> None:
        if what.changes and self._judge.counts(result.vendor):
            slug = result.vendor.slug
            self._state.note_growth(slug, self._at, what.size, self._at - LATELY)
