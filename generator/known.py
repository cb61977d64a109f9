"""What is known of a page's incidents from its last reading: a digest of each as it was read.

Nearly all that a page lists was listed before, word for word. Whoever reads it leaves that out, so
that it is neither carried between processes nor compared with what is held.
"""

import hashlib
from dataclasses import replace

import msgspec

from generator.model import Incident
from generator.reading import Batch

# Enough that nobody finds another record for a digest that is known.
SIZE = 16

_encoder = msgspec.msgpack.Encoder()


def digest_of(incident: Incident, *, partial: bool) -> bytes:
    """Of an incident as it was read, and of whether all of its updates came with it."""
    return hashlib.sha256(_encoder.encode((incident, partial))).digest()[:SIZE]


def without_known(batch: Batch, known: bytes) -> Batch:
    """The batch with the digests of all incidents, and only those incidents that are news.

    `known`: the digests of what the page listed when it was last read, one after the other.
    """
    before = {known[place : place + SIZE] for place in range(0, len(known), SIZE)}
    digests = {
        incident.key: digest_of(incident, partial=incident.key in batch.partial)
        for incident in batch.incidents
    }
    news = tuple(one for one in batch.incidents if digests[one.key] not in before)
    return replace(batch, incidents=news, digests=digests)
