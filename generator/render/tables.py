"""Incidents as tables and lines to take away: NDJSON and CSV, gzipped, and Parquet.

The same incidents give the same bytes: no name and no time stands in the heads of gzip. In CSV,
which spreadsheets open, text that they would take for a formula gets an apostrophe before it;
NDJSON and Parquet hold every text as the vendor wrote it.
"""

import csv
import gzip
import io
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from generator.exchange import write_line
from generator.model import Incident, Kept, Update
from generator.times import text_of

Cell = str | int | datetime | Sequence[str] | None
INCIDENTS: dict[str, Callable[[Kept], Cell]] = {
    "vendor": lambda kept: kept.vendor,
    "slug": lambda kept: kept.slug,
    "title": lambda kept: kept.incident.title,
    "kind": lambda kept: kept.incident.kind,
    "impact": lambda kept: kept.incident.impact,
    "impact_raw": lambda kept: kept.incident.impact_raw,
    "status": lambda kept: kept.incident.status,
    "started_at": lambda kept: kept.incident.started_at,
    "ended_at": lambda kept: kept.incident.ended_at,
    "end_basis": lambda kept: kept.incident.end_basis,
    "minutes": lambda kept: _minutes(kept.incident),
    "scheduled_until": lambda kept: kept.incident.scheduled_until,
    "components": lambda kept: kept.incident.components,
    "regions": lambda kept: kept.incident.regions,
    "updates": lambda kept: len(kept.incident.updates),
    "url": lambda kept: kept.incident.url,
    "first_seen_at": lambda kept: kept.first_seen_at,
    "changed_at": lambda kept: kept.changed_at,
    "withdrawn_at": lambda kept: kept.withdrawn_at,
}
UPDATES: dict[str, Callable[[Kept, Update, datetime], Cell]] = {
    "vendor": lambda kept, update, seen: kept.vendor,
    "slug": lambda kept, update, seen: kept.slug,
    "key": lambda kept, update, seen: update.key,
    "at": lambda kept, update, seen: update.at,
    "phase": lambda kept, update, seen: update.phase,
    "phase_raw": lambda kept, update, seen: update.phase_raw,
    "body": lambda kept, update, seen: update.body,
    "body_format": lambda kept, update, seen: update.body_format,
    "seen_at": lambda kept, update, seen: seen,
}
TIMES = frozenset({"started_at", "ended_at", "scheduled_until", "withdrawn_at", "at"}) | {
    "first_seen_at",
    "changed_at",
    "seen_at",
}
LISTS = frozenset({"components", "regions"})
NUMBERS = frozenset({"minutes", "updates"})
# What a spreadsheet takes for the beginning of a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")

Table = tuple[tuple[str, ...], list[list[Cell]]]


def incidents_table(found: Iterable[Kept]) -> Table:
    """A row an incident."""
    cells = INCIDENTS.values()
    return tuple(INCIDENTS), [[cell(kept) for cell in cells] for kept in found]


def updates_table(found: Iterable[Kept]) -> Table:
    """A row an update, those of an incident together."""
    cells = UPDATES.values()
    return tuple(UPDATES), [
        [cell(kept, update, seen) for cell in cells]
        for kept in found
        for update, seen in zip(kept.incident.updates, kept.update_seen_at, strict=True)
    ]


def trace_table(found: Iterable[Kept]) -> Table:
    """Outages that stand, by start; without an end where the vendor told none."""
    return ("start", "end", "severity"), [
        [kept.incident.started_at, kept.incident.ended_at, kept.incident.impact]
        for kept in found
        if kept.withdrawn_at is None and kept.incident.kind == "incident"
    ]


def ndjson(found: Iterable[Kept]) -> bytes:
    """A line an incident, whole, as `outages export` prints it; gzipped."""
    return _gzipped(b"".join(write_line(kept) + b"\n" for kept in found))


def csv_text(table: Table) -> bytes:
    """RFC 4180 in UTF-8, names first; names of lists apart by a semicolon."""
    names, rows = table
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(names)
    writer.writerows([_text(cell) for cell in row] for row in rows)
    return text.getvalue().encode()


def csv_gzipped(table: Table) -> bytes:
    """The same, gzipped."""
    return _gzipped(csv_text(table))


def parquet(table: Table) -> bytes:
    """Times as instants in UTC, components and regions as lists, text as the vendor wrote it."""
    # Imported here: a build that draws none does not need it.
    import pyarrow as arrow
    from pyarrow.parquet import write_table

    # Its own pool keeps what it once took: 20 MB.
    arrow.set_memory_pool(arrow.system_memory_pool())
    names, rows = table
    types = {name: arrow.timestamp("ms", tz="UTC") for name in TIMES}
    types |= {name: arrow.list_(arrow.string()) for name in LISTS}
    types |= {name: arrow.int32() for name in NUMBERS}
    fields = [arrow.field(name, types.get(name, arrow.string())) for name in names]
    columns = [
        arrow.array([row[index] for row in rows], field.type) for index, field in enumerate(fields)
    ]
    file = io.BytesIO()
    made = arrow.Table.from_arrays(columns, schema=arrow.schema(fields))
    write_table(made, file, compression="zstd", store_schema=False)
    return file.getvalue()


def _gzipped(content: bytes) -> bytes:
    return gzip.compress(content, compresslevel=6, mtime=0)


def _text(cell: Cell) -> str | int | None:
    if isinstance(cell, datetime):
        return text_of(cell)
    if cell is None or isinstance(cell, int):
        return cell
    text = cell if isinstance(cell, str) else "; ".join(cell)
    return f"'{text}" if text.startswith(FORMULA) else text


def _minutes(incident: Incident) -> int | None:
    if incident.ended_at is None:
        return None
    return round((incident.ended_at - incident.started_at).total_seconds() / 60)
