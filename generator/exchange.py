"""NDJSON, the archive's own format: one incident a line, out and in. Stable from now on."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Annotated

import msgspec

from generator.errors import LineError
from generator.misfits import misfit
from generator.model import (
    END_BASES,
    BodyFormat,
    EndBasis,
    Impact,
    Incident,
    Kept,
    Kind,
    Phase,
    Revision,
    Status,
    Update,
    oldest_first,
)
from generator.slugs import DATED, LONGEST_VENDOR, VENDOR, vendor_problem
from generator.times import read, text_of

Name = Annotated[str, msgspec.Meta(pattern=VENDOR, max_length=LONGEST_VENDOR)]
Key = Annotated[str, msgspec.Meta(min_length=1)]
Slug = Annotated[str, msgspec.Meta(pattern=DATED)]
Basis = Annotated[str, msgspec.Meta(extra_json_schema={"enum": list(END_BASES)})]
BASES: dict[str, EndBasis] = {basis: basis for basis in END_BASES}
# Held to this by `times.read`, which reads it anyway.
PATTERN = r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$"
Time = Annotated[str, msgspec.Meta(extra_json_schema={"pattern": PATTERN})]


class UpdateLine(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """One update of a line."""

    key: Key
    at: Time
    phase: Phase
    phase_raw: str | None = None
    body: str
    body_format: BodyFormat = "text"


class RevisionLine(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """One earlier version; `before` is text (lists and whole updates: the text of their JSON)."""

    seen_at: Time
    field: str
    update_key: str | None = None
    before: str


class Line(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """One incident with all that is known of it."""

    vendor: Name
    key: Key
    slug: Slug | None = None
    title: str
    kind: Kind
    impact: Impact
    impact_raw: str | None = None
    status: Status | None = None
    url: str | None = None
    started_at: Time
    ended_at: Time | None = None
    end_basis: Basis | None = None
    # Only of maintenance with an announced end; left out elsewhere.
    scheduled_until: Time | msgspec.UnsetType | None = msgspec.UNSET
    components: list[str] = []
    regions: list[str] = []
    updates: list[UpdateLine] = []
    first_seen_at: Time | None = None
    changed_at: Time | None = None
    withdrawn_at: Time | None = None
    revisions: list[RevisionLine] | None = None


def line_of(kept: Kept) -> dict[str, object]:
    """The fields of a line, in their order, ready for JSON."""
    incident = kept.incident
    line: dict[str, object] = {
        "vendor": kept.vendor,
        "key": incident.key,
        "slug": kept.slug,
        "title": incident.title,
        "kind": incident.kind,
        "impact": incident.impact,
        "impact_raw": incident.impact_raw,
        "status": incident.status,
        "url": incident.url,
        "started_at": text_of(incident.started_at),
        "ended_at": _text(incident.ended_at),
        "end_basis": incident.end_basis,
    }
    if incident.scheduled_until is not None:
        line["scheduled_until"] = text_of(incident.scheduled_until)
    line |= {
        "components": incident.components,
        "regions": incident.regions,
        "updates": [update_fields(update) for update in incident.updates],
        "first_seen_at": text_of(kept.first_seen_at),
        "changed_at": text_of(kept.changed_at),
        "withdrawn_at": _text(kept.withdrawn_at),
        "revisions": [_revision_fields(revision) for revision in kept.revisions],
    }
    return line


def spare_line_of(kept: Kept) -> dict[str, object]:
    """The same without what may be left out: what is null or empty, and that a body is text."""
    line = _spare(line_of(kept))
    if kept.incident.updates:
        line["updates"] = [_spare(update_fields(update)) for update in kept.incident.updates]
    return line


def _spare(fields: dict[str, object]) -> dict[str, object]:
    return {
        name: value
        for name, value in fields.items()
        if value not in (None, (), []) and (name, value) != ("body_format", "text")
    }


def update_fields(update: Update) -> dict[str, object]:
    """An update as a line holds it."""
    return {
        "key": update.key,
        "at": text_of(update.at),
        "phase": update.phase,
        "phase_raw": update.phase_raw,
        "body": update.body,
        "body_format": update.body_format,
    }


def write_line(kept: Kept) -> bytes:
    """The line, without its end."""
    return msgspec.json.encode(line_of(kept))


def sayable(kept: Kept) -> Kept:
    """The record, which a line can say; ValueError for one that no run of ours has written."""
    msgspec.json.decode(write_line(kept), type=Line)
    return kept


def read_lines(source: Iterable[bytes], name: str) -> Iterator[tuple[Line, Incident]]:
    """Lines of `name` and what they say; LineError with its number at the first broken one."""
    decoder = msgspec.json.Decoder(Line)
    for number, text in enumerate(source, start=1):
        if not text or text.isspace():
            continue
        try:
            line = _line(decoder, text)
            incident = incident_of(line)
            if sentence := vendor_problem(line.vendor):
                raise ValueError(sentence)
        except ValueError as error:
            raise LineError(f"{name}:{number}: {error}. See the format in the README.") from None
        yield line, incident


def _line(decoder: msgspec.json.Decoder[Line], text: bytes) -> Line:
    """ValueError says what is wrong with it."""
    try:
        return decoder.decode(text)
    except msgspec.ValidationError as error:
        raise ValueError(misfit(error, Line, "the line", "an object")) from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ValueError(f"the line is not JSON: {error}") from None


def incident_of(line: Line) -> Incident:
    """The vendor's part of a line. An end without a basis is the line's own end field."""
    until = line.scheduled_until
    return Incident(
        key=line.key,
        title=line.title,
        kind=line.kind,
        impact=line.impact,
        impact_raw=line.impact_raw,
        url=line.url,
        started_at=read(line.started_at),
        ended_at=_time(line.ended_at),
        end_basis=_basis(line),
        scheduled_until=None if until is msgspec.UNSET else _time(until),
        components=tuple(line.components),
        regions=tuple(line.regions),
        updates=oldest_first(map(_update, line.updates)),
    )


def revisions_of(line: Line) -> tuple[Revision, ...]:
    """The earlier versions that a line brings along."""
    if not line.revisions:
        return ()
    return tuple(
        Revision(read(row.seen_at), row.field, row.before, row.update_key) for row in line.revisions
    )


def schema() -> dict[str, object]:
    """The JSON Schema of a line, as published."""
    document = msgspec.json.schema(Line)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "An incident of the outage archive",
        **document,
    }


def _basis(line: Line) -> EndBasis | None:
    if line.end_basis is None:
        return "end_field" if line.ended_at else None
    if basis := BASES.get(line.end_basis.replace(" ", "_")):
        return basis
    raise ValueError(f"end_basis {line.end_basis!r}: expected one of {', '.join(END_BASES)}")


def _update(line: UpdateLine) -> Update:
    return Update(line.key, read(line.at), line.phase, line.body, line.phase_raw, line.body_format)


def _revision_fields(revision: Revision) -> dict[str, object]:
    return {
        "seen_at": text_of(revision.seen_at),
        "field": revision.field,
        "update_key": revision.update_key,
        "before": revision.before,
    }


def _time(text: str | None) -> datetime | None:
    return None if text is None else read(text)


def _text(moment: datetime | None) -> str | None:
    return None if moment is None else text_of(moment)
