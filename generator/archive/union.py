"""Archives united: all that each of them holds, in whatever order and however often it is done.

The lines of all chains are laid together. Where they agree on a record, or one line went on from
what another knew, nothing is to be said. Where they do not, or where loose ends are left, one more
run joins them and observes how the record stands now. That run has no clock and no chance in it:
whoever unites the same archives makes the same run, byte for byte.
"""

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator

from generator.archive.adoption import Adoption
from generator.archive.ancestry import Ancestry
from generator.archive.chain import digests
from generator.archive.journal import Journal
from generator.archive.naming import strangers
from generator.archive.queries import Archive
from generator.archive.rows import vendor_number, write
from generator.errors import ArchiveError
from generator.exchange import sayable
from generator.merging import merge_changes
from generator.model import Kept

COMMAND = "merge"
STANDS = """
    UPDATE incident SET changed_in = ?
    WHERE id = ? AND changed_in NOT IN (SELECT value FROM json_each(?))
"""


def merge(
    ours: sqlite3.Connection, theirs: sqlite3.Connection, bare: Callable[[Kept], Kept]
) -> Counter[str]:
    """Bring all that another archive holds into ours; how many changes of each kind.

    `bare`: what of a record comes along.
    """
    heads = _heads(ours, theirs)
    union = Union(ours)
    counted = union.take(theirs, bare)
    union.settle(heads)
    return counted


class Union:
    """An archive that others are brought into: each taken, then all settled."""

    def __init__(self, ours: sqlite3.Connection) -> None:
        self._ours = ours
        self._touched: set[int] = set()

    def take(
        self, theirs: sqlite3.Connection, bare: Callable[[Kept], Kept] = lambda kept: kept
    ) -> Counter[str]:
        """Bring in another archive, or a part of one; how many changes of each kind it makes."""
        for sentence in strangers(theirs):
            raise _not_ours(sentence)
        adoption = Adoption(self._ours, theirs)
        adoption.runs()
        news = adoption.news()
        outgrown = adoption.outgrown() if news else set()
        archive, source = Archive(self._ours), Archive(theirs)
        counted: Counter[str] = Counter()
        for vendor in source.vendors() if news else ():
            try:
                told = [bare(sayable(kept)) for kept in source.among(vendor, news)]
            except ValueError as error:
                raise _not_ours(str(error)) from None
            found = merge_changes(archive.kept(vendor), told, outgrown) if told else []
            # Which run it was that changed them comes out when all is settled.
            number = vendor_number(self._ours, vendor)
            written = write(self._ours, number, _last(self._ours)[0], found)
            self._touched |= {incident for incident, _, _ in written}
            counted.update(change.what for change in found)
        self._touched |= adoption.observations()
        self._complete(theirs)
        if self._touched:
            self._ours.execute("UPDATE closed SET fits = 0 WHERE fits")
        return counted

    def settle(self, heads: Collection[bytes] | None = None) -> None:
        """Join the heads, or else all loose ends, where they do not follow each other already."""
        ancestry = Ancestry(self._ours)
        disputed = list(self._disputed(ancestry))
        ends = heads if heads is not None else self._hashes(ancestry.ends())
        last, sealed = _last(self._ours)
        if disputed or not set(ends) <= {sealed}:
            last = self._join(sorted(ends), disputed)
            self._ours.executemany(
                "UPDATE incident SET changed_in = ? WHERE id = ?",
                [(last, number) for number, _ in disputed],
            )
        self._ours.execute(
            "UPDATE vendor SET changed_in = ? WHERE changed_in IS NULL AND complete_since NOT NULL",
            (last,),
        )

    def _disputed(self, ancestry: Ancestry) -> Iterator[tuple[int, bytes]]:
        """What is otherwise than each line last observed it; of the rest, which run changed it."""
        seen: defaultdict[int, dict[int, bytes]] = defaultdict(dict)
        for incident, run, digest in self._ours.execute(
            "SELECT incident_id, run_id, digest FROM observation ORDER BY 1, 2, number"
        ):
            if incident in self._touched:
                seen[incident][run] = digest
        for incident, digest in list(digests(self._ours, self._touched)):
            latest = ancestry.latest(seen[incident])
            if {seen[incident][run] for run in latest} == {digest}:
                self._ours.execute(STANDS, (max(latest), incident, str(latest)))
            else:
                yield incident, digest

    def _join(self, ends: list[bytes], disputed: list[tuple[int, bytes]]) -> int:
        """The number of the run that follows all the ends and observes what they disagree on."""
        # A run has two parents: of more ends, two are joined at a time.
        while len(ends) > 2:
            self._journal(ends[:2]).begin()
            (last,) = self._hashes([_last(self._ours)[0]])
            ends = [*ends[2:], last]
        journal = self._journal(ends)
        number = journal.begin()
        names = self._names()
        disputed.sort(key=lambda one: names[one[0]])
        journal.observe((incident, "changed", None, digest) for incident, digest in disputed)
        journal.seal()
        return number

    def _journal(self, parents: list[bytes]) -> Journal:
        times = dict(self._ours.execute("SELECT hash, at FROM run").fetchall())
        return Journal(self._ours, max(times[parent] for parent in parents), COMMAND, parents)

    def _names(self) -> dict[int, tuple[str, str]]:
        rows = self._ours.execute(
            "SELECT incident.id, vendor.slug, key FROM incident "
            "JOIN vendor ON vendor.id = vendor_id"
        )
        return {number: (vendor, key) for number, vendor, key in rows}

    def _hashes(self, runs: Collection[int]) -> list[bytes]:
        hashes = dict(self._ours.execute("SELECT id, hash FROM run").fetchall())
        return [hashes[run] for run in runs]

    def _complete(self, theirs: sqlite3.Connection) -> None:
        """Take over since when vendors' records are complete, where that is further back."""
        for slug, since in theirs.execute(
            "SELECT slug, complete_since FROM vendor WHERE complete_since NOT NULL"
        ):
            self._ours.execute(
                "UPDATE vendor SET complete_since = ?, changed_in = NULL "
                "WHERE id = ? AND coalesce(complete_since, '~') > ?",
                (since, vendor_number(self._ours, slug), since),
            )


def _not_ours(sentence: str) -> ArchiveError:
    return ArchiveError(
        f"The other archive was not written by runs of ours: {sentence}. "
        "Nothing of it was taken over. Look where it comes from."
    )


def _heads(ours: sqlite3.Connection, theirs: sqlite3.Connection) -> list[bytes]:
    """The last runs of both, without one that the other archive has grown from."""
    (_, mine), (_, their) = _last(ours), _last(theirs)
    if mine is None or their is None or mine == their:
        return [head for head in {mine, their} if head]
    if _has(theirs, mine):
        return [their]
    return [mine] if _has(ours, their) else [mine, their]


def _has(connection: sqlite3.Connection, run: bytes) -> bool:
    found = connection.execute("SELECT 1 FROM run WHERE hash = ?", (run,)).fetchone()
    return found is not None


def _last(connection: sqlite3.Connection) -> tuple[int, bytes | None]:
    row = connection.execute("SELECT id, hash FROM run ORDER BY id DESC LIMIT 1").fetchone()
    return row or (0, None)
