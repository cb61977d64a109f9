"""Reading the archive back into records."""

import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

import msgspec

from generator.model import Incident, Kept, Revision, Update
from generator.times import read, text_of

INCIDENT = """
    SELECT incident.id, vendor.slug, incident.slug, key, title, kind, impact, impact_raw, url,
        started_at, ended_at, end_basis, scheduled_until, components, regions,
        first_seen_at, changed_at, withdrawn_at, changed_in
    FROM incident JOIN vendor ON vendor.id = incident.vendor_id
"""
_names = msgspec.json.Decoder(tuple[str, ...])
