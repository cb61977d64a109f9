"""The words of an incident, taken out of the archive on request."""

from dataclasses import replace
from datetime import date, datetime

from generator.archive.expunging import expunge
from generator.archive.queries import Archive
from generator.archive.store import Run, writing
from generator.errors import InputError
from generator.model import Change, Kept
from generator.pipeline.places import Places, now
from generator.removed import Removed, bare_path, blanked, note, read_removed, wordless
from generator.wording import meant


def remove(places: Places, path: str, reason: str, *, at: datetime | None = None) -> str:
    """Take the words of `vendor/incident` out; its new path. InputError when there is none such."""
    moment = at or now()
    vendor, _, slug = path.strip("/").partition("/")
    with writing(places.archive) as connection:
        archive = Archive(connection)
        held = {kept.slug: kept for kept in archive.kept(vendor)}
        kept = held.get(slug)
        if kept is None:
            near = meant(slug, held) if held else meant(vendor, archive.vendors())
            raise InputError(
                f"{places.archive} holds no {path}. Expected the path of its page, like "
                f"acme/2022-07-29-all-is-down.{near}"
            )
        key, day = kept.incident.key, moment.date()
        if read_removed(places.removed).day_of(kept):
            raise InputError(f"{path}: its words are removed already, see {places.removed}.")
        note(places.removed, vendor, key, day, reason)
        run = Run(connection, moment, "remove")
        after = take_out(archive, run, kept, day, moment)
    return f"{vendor}/{after.slug}"


def clear(archive: Archive, run: Run, removed: Removed, at: datetime) -> None:
    """Take out what words there still are, or are again: git's merge knew only one side's list."""
    for vendor in dict.fromkeys(vendor for vendor, _ in removed.days):
        for kept in archive.ever_named(vendor, removed.keys(vendor)):
            bare, day = removed.kept(kept), removed.day_of(kept)
            if day and (kept.incident, kept.revisions) != (bare.incident, bare.revisions):
                take_out(archive, run, kept, day, at)


def take_out(archive: Archive, run: Run, kept: Kept, day: date, at: datetime) -> Kept:
    """Write the record without its words, below a path without words; the record as it is then."""
    after = replace(
        kept,
        slug=bare_path(kept, archive.slugs(kept.vendor) - {kept.slug}),
        incident=wordless(kept.incident, day),
        changed_at=at,
        revisions=tuple(replace(old, before=blanked(old, day)) for old in kept.revisions),
    )
    change = Change("changed", after, kept.incident.key)
    expunge(run, change, lambda old: blanked(old, day))
    return after
