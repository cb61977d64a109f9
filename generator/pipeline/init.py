"""An archive of one's own, begun empty.

The ids in its feeds are its own, too. Who copies an archive copies its ids: they name the same
records, which git can bring together again. One that begins empty mints paths by itself, and
another's may be the same for something else.
"""

import os
import re
import secrets
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from generator.archive import years
from generator.archive.queries import Archive
from generator.archive.store import reading, writing
from generator.errors import InputError
from generator.gitrepo import Repository
from generator.pipeline.places import Places
from generator.settings import AUTHORITY, LOCAL, read_site
from generator.wording import counted

SETTINGS = """\
# All of it may stay as it is: what is missing comes from the environment of the job.
# title = "Outage Archive"
# address = "https://outages.example/"      # where the site is published
# contact = "https://outages.example/about" # in the User-Agent of every request

# [categories] # slug = "Name", in the order of the home page: in place of the program's own list
# cloud = "Cloud"
"""


# What git has no use for: the memory of runs, shards, and what nobody believed.
MACHINES_OWN = ("state.db*", "shards/", "quarantine/", "*.db-*", ".whole.db*", ".*.draft")
NAMED = "# names the feeds' ids for ever: do not change it once published"
SETTING = re.compile(r"(?m)^authority\b.*$")


def begin(places: Places, environment: Mapping[str, str] = os.environ) -> list[str]:
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
            f"{places.archive} holds {counted(held, 'incident')} that git does not have. "
            "Commit the archive (outages commit) or move the file away, then try again."
        )
    if held or read_site(places.site).authority == AUTHORITY:
        authority = _authority(read_site(places.site, None, environment).address)
        _name(places.site, authority)
        done.append(f"{places.site} names the ids of the feeds: {authority}, for ever.")
    repository = Repository(places.data)
    if not repository.ignores(places.state) and _ignore(places.data / ".gitignore"):
        done.append(f"{places.data / '.gitignore'} keeps out of git what only this machine needs.")
    places.state.unlink(missing_ok=True)
    if held or not places.archive.exists():
        places.archive.unlink(missing_ok=True)
        shutil.rmtree(places.years, ignore_errors=True)
        with writing(places.archive):
            pass
        was = f" What it held, {counted(held, 'incident')}, git still has." if held else ""
        add = f"git add {places.data} && git commit"
        done.append(f"{places.archive} is begun, and empty.{was} Put it into git: {add}")
    return done


def _ignore(file: Path) -> bool:
    """Name what runs leave beside the archive; whether that was missing."""
    held = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    missing = [name for name in MACHINES_OWN if name not in held]
    if missing:
        file.write_text("\n".join([*held, *missing, ""]), encoding="utf-8")
    return bool(missing)


def _authority(address: str) -> str:
    """A domain of the site's own: `archive.who.github.io` for https://who.github.io/archive/."""
    if address == LOCAL:
        return f"{secrets.token_hex(4)}.{AUTHORITY}"
    parts = urlsplit(address)
    steps = [*reversed(parts.path.split("/")), *(parts.hostname or "").split(".")]
    labels = [re.sub(r"[^a-z0-9]+", "-", step.lower()).strip("-") for step in steps]
    return ".".join(filter(None, labels))


def _name(settings: Path, authority: str) -> None:
    """Put it into the file; all else stays as it is."""
    line = f'authority = "{authority}" {NAMED}'
    text, found = SETTING.subn(line, settings.read_text(encoding="utf-8-sig"), count=1)
    settings.write_text(text if found else f"{line}\n{text}", encoding="utf-8")


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
