"""Another archive's lines of the chain, taken into ours as they are when the two are united.

Runs are known by their hashes, an observation by its run and its number there: either archive may
hold a part of what a run observed, as a file of a closed year does.
"""

import sqlite3
from collections.abc import Mapping

from generator.archive.chain import RUNS
from generator.archive.journal import NEXT_REPLY

OBSERVATIONS = """
    SELECT incident_id, observation.run_id, number, what, address.url, reply.run_id, reply.sha256,
        digest
    FROM observation
    LEFT JOIN reply ON reply.id = reply_id LEFT JOIN address ON address.id = address_id
    ORDER BY observation.run_id, number
"""
REPLIES = """
    SELECT reply.run_id, url, sha256, reply.id FROM reply JOIN address ON address.id = address_id
"""
NAMES = """
    SELECT vendor.slug, key, incident.id FROM incident JOIN vendor ON vendor.id = vendor_id
"""
FORMER_NAMES = """
    SELECT vendor.slug, revision.before, incident.id FROM revision
    JOIN incident ON incident.id = incident_id JOIN vendor ON vendor.id = vendor_id
    WHERE field = 'key'
"""
Reply = tuple[int, str, bytes]


class Adoption:
    """Brings over the runs, and the observations, that only the other archive has."""

    def __init__(self, ours: sqlite3.Connection, theirs: sqlite3.Connection) -> None:
        self._ours = ours
        self._theirs = theirs
        self._runs: dict[int, int] = {}

    def runs(self) -> None:
        """Take over their runs, those that are ours too keep our number."""
        known = dict(self._ours.execute("SELECT hash, id FROM run").fetchall())
        for number, *run in self._theirs.execute(RUNS):
            sealed = run[-1]
            if sealed not in known:
                (known[sealed],) = self._ours.execute(
                    "INSERT INTO run (at, command, parent, merged, hash) "
                    "VALUES (?, ?, ?, ?, ?) RETURNING id",
                    run,
                ).fetchone()
            self._runs[number] = known[sealed]

    def news(self) -> set[int]:
        """Their numbers of incidents of which a run saw what we have not, or that are not ours."""
        # Whatever changes a record is observed: the others say nothing new.
        held = self._observed()
        found = {
            incident
            for incident, run, number in self._theirs.execute(
                "SELECT incident_id, run_id, number FROM observation"
            )
            if _one(self._runs[run], number) not in held
        }
        same = self.incidents()
        listed = self._theirs.execute("SELECT id FROM incident")
        return found | {number for (number,) in listed if number not in same}

    def outgrown(self) -> set[tuple[str, str]]:
        """By vendor and key: what of theirs went on from all that we have seen of it."""
        theirs = {
            _one(self._runs[run], number)
            for run, number in self._theirs.execute("SELECT run_id, number FROM observation")
        }
        apart = {
            incident
            for incident, run, number in self._ours.execute(
                "SELECT incident_id, run_id, number FROM observation"
            )
            if _one(run, number) not in theirs
        }
        same = self.incidents()
        return {
            (vendor, key)
            for vendor, key, number in self._theirs.execute(NAMES)
            if number in same and same[number] not in apart
        }

    def observations(self) -> set[int]:
        """Take over what was observed, once all their incidents are among ours; ours of them."""
        incidents = self.incidents()
        addresses = dict(self._ours.execute("SELECT url, id FROM address").fetchall())
        held = self._observed()
        replies: dict[Reply, int] = {tuple(row): at for *row, at in self._ours.execute(REPLIES)}
        touched = set()
        for incident, run, number, what, url, read_in, sha256, digest in self._theirs.execute(
            OBSERVATIONS
        ):
            if _one(self._runs[run], number) in held:
                continue
            reply = None
            if url is not None:
                known = (self._runs[read_in], url, sha256)
                if known not in replies:
                    replies[known] = self._keep(addresses, known)
                reply = replies[known]
            self._ours.execute(
                "INSERT INTO observation VALUES (?, ?, ?, ?, ?, ?)",
                (incidents[incident], self._runs[run], number, what, reply, digest),
            )
            touched.add(incidents[incident])
        return touched

    def incidents(self) -> Mapping[int, int]:
        """Their numbers of incidents → ours, by any id that both know."""
        ours = {
            (vendor, key): number
            for query in (FORMER_NAMES, NAMES)
            for vendor, key, number in self._ours.execute(query)
        }
        return {
            number: ours[vendor, key]
            for query in (FORMER_NAMES, NAMES)
            for vendor, key, number in self._theirs.execute(query)
            if (vendor, key) in ours
        }

    def _observed(self) -> set[int]:
        rows = self._ours.execute("SELECT run_id, number FROM observation")
        return {_one(run, number) for run, number in rows}

    def _keep(self, addresses: dict[str, int], reply: Reply) -> int:
        run, url, sha256 = reply
        if url not in addresses:
            (addresses[url],) = self._ours.execute(
                "INSERT INTO address (url) VALUES (?) RETURNING id", (url,)
            ).fetchone()
        (number,) = self._ours.execute(
            f"INSERT INTO reply VALUES ({NEXT_REPLY}, ?, ?, ?) RETURNING id",  # noqa: S608 - ours
            (run, addresses[url], sha256),
        ).fetchone()
        return int(number)


def _one(run: int, number: int) -> int:
    """The name of an observation as one number: a set of pairs is three times the size."""
    return run << 32 | number
