"""An archive of one's own, begun empty."""

import shutil
import tempfile
from pathlib import Path

from generator.archive import years
from generator.archive.queries import Archive
from generator.archive.store import reading, writing
from generator.errors import InputError
from generator.gitrepo import Repository
from generator.pipeline.places import Places

SETTINGS = """\
# All of it may stay as it is: what is missing comes from the environment of the job.
# title = "Outage Archive"
# address = "https://outages.example/"      # where the site is published
# contact = "https://outages.example/about" # in the User-Agent of every request
# authority = "outages.example"             # names the feeds' ids: do not change it once published

# [categories] # slug = "Name", in the order of the home page; without any, all are taken
# cloud = "Cloud"
"""


def begin(places: Places) -> list[str]:
    """Make the data folder, or empty the archive in it; what was done, a sentence each.

    InputError when the archive holds what git does not: nothing is thrown away.
    """
    done = []
    if not places.vendors.exists():
        places.vendors.mkdir(parents=True)
        done.append(f"{places.vendors} is there for vendor files: outages vendor new URL")
    if not places.site.exists():
        places.site.write_text(SETTINGS, encoding="utf-8")
        done.append(f"{places.site} has the settings, all of them optional.")
    held = _held(places.archive)
    if held and not _is_in_git(places.archive):
        raise InputError(
            f"{places.archive} holds {held:,} incidents that git does not have. Commit them "
            "(outages commit) or move the file away, then try again."
        )
    places.state.unlink(missing_ok=True)
    if held or not places.archive.exists():
        places.archive.unlink(missing_ok=True)
        shutil.rmtree(places.years, ignore_errors=True)
        with writing(places.archive):
            pass
        was = f" What it held, {held:,} incidents, git still has." if held else ""
        done.append(f"{places.archive} is empty.{was} Keep it so: git add it and commit.")
    return done


def _held(archive: Path) -> int:
    with reading(archive) as connection:
        totals = Archive(connection).totals()
    return totals.incidents + totals.maintenances


def _is_in_git(archive: Path) -> bool:
    """Whether HEAD has it as it is."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Repository(archive.parent).committed(archive, Path(folder) / "committed")
        ours = [archive, *years.files(archive).values()]
        theirs = [copy, *years.files(copy).values()] if copy else []
        return [file.read_bytes() for file in ours] == [file.read_bytes() for file in theirs]
