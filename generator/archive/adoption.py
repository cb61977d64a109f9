"""Another archive's line of the chain, taken into ours as it is when the two are merged."""

import sqlite3

RUNS = "SELECT id, at, command, parent, merged, hash FROM run ORDER BY id"
OBSERVATIONS = """
    SELECT incident_id, observation.run_id, number, what, address.url, reply.id, reply.run_id,
        reply.sha256, digest
    FROM observation
    LEFT JOIN reply ON reply.id = reply_id LEFT JOIN address ON address.id = address_id
    ORDER BY observation.run_id, number
"""
NAMES = """
    SELECT vendor.slug, key, incident.id FROM incident JOIN vendor ON vendor.id = vendor_id
"""
FORMER_NAMES = """
    SELECT vendor.slug, revision.before, incident.id FROM revision
    JOIN incident ON incident.id = incident_id JOIN vendor ON vendor.id = vendor_id
    WHERE field = 'key'
"""


class Adoption:
    """Brings over the runs, and with them the observations, that only the other archive has."""

    def __init__(self, ours: sqlite3.Connection, theirs: sqlite3.Connection) -> None:
        self._ours = ours
        self._theirs = theirs
        self._runs: dict[int, int] = {}
        self._new: set[int] = set()

    def runs(self) -> int | None:
        """Take over their runs; our number of their last one, None if they have none."""
        known = dict(self._ours.execute("SELECT hash, id FROM run").fetchall())
        head = None
        for number, at, command, parent, merged, sealed in self._theirs.execute(RUNS):
            if sealed not in known:
                values = (at, command, self._runs.get(parent), self._runs.get(merged), sealed)
                (known[sealed],) = self._ours.execute(
                    "INSERT INTO run (at, command, parent, merged, hash) "
                    "VALUES (?, ?, ?, ?, ?) RETURNING id",
                    values,
                ).fetchone()
                self._new.add(number)
            head = self._runs[number] = known[sealed]
        return head

    def observations(self) -> None:
        """Take over what those runs observed, once all of their incidents are among ours."""
        incidents = self._incidents()
        addresses = dict(self._ours.execute("SELECT url, id FROM address").fetchall())
        replies: dict[int, int] = {}
        for row in self._theirs.execute(OBSERVATIONS):
            incident, run, number, what, url, reply, read_in, sha256, digest = row
            if run not in self._new:
                continue
            if reply is not None and reply not in replies:
                if url not in addresses:
                    addresses[url] = self._insert("address (url)", url)
                replies[reply] = self._insert(
                    "reply (run_id, address_id, sha256)",
                    self._runs[read_in],
                    addresses[url],
                    sha256,
                )
            self._ours.execute(
                "INSERT INTO observation VALUES (?, ?, ?, ?, ?, ?)",
                (incidents[incident], self._runs[run], number, what, replies.get(reply), digest),
            )

    def _incidents(self) -> dict[int, int]:
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

    def _insert(self, where: str, *values: object) -> int:
        marks = ", ".join("?" * len(values))
        row = self._ours.execute(
            f"INSERT INTO {where} VALUES ({marks}) RETURNING id",  # noqa: S608 - names are ours
            values,
        ).fetchone()
        return int(row[0])
