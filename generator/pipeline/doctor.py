"""What a copy of the archive needs in order to run by itself, looked at and said in words."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from generator.archive.queries import Archive
from generator.archive.sizes import sizes
from generator.archive.state import remembering
from generator.archive.store import reading
from generator.errors import HostError, OutagesError
from generator.forge import Forge
from generator.gitrepo import Repository
from generator.growth import MOST
from generator.markdown import code
from generator.pipeline.places import Places
from generator.settings import SiteConfig
from generator.vendors import read_vendors
from generator.wording import counted

# The job runs every quarter of an hour; hosts are late by hours, not by days.
OVERDUE = timedelta(days=1)
SKEW = timedelta(minutes=5)
MONTH = timedelta(days=30)
# GitHub refuses files of 100 MB.
HEAVY = 90_000_000
# Workflows of ours that a schedule starts.
SCHEDULED = ("update", "backfill", "sources")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. `good`: None where it could not be told. `mend`: what to do."""

    good: bool | None
    what: str
    mend: str = ""


def examined(
    places: Places, config: SiteConfig, forge: Forge | None, at: datetime
) -> list[Finding]:
    """Everything, in the order in which it matters. `forge`: None where no host is known."""
    checks: list[Callable[[], Iterator[Finding]]] = [
        lambda: _vendors(places, config),
        lambda: _archive(places, at),
        lambda: _git(places),
        lambda: _runs(places, at),
    ]
    if forge:
        checks += [
            lambda: _repository(forge, at),
            lambda: _workflows(forge),
            lambda: _pages(forge),
        ]
    findings: list[Finding] = []
    for check in checks:
        try:
            findings += check()
        except HostError as error:
            unknown = None if error.status in (401, 403) else False
            findings.append(Finding(unknown, f"the host does not say: {error}", TOKEN))
        except OutagesError as error:
            findings.append(Finding(False, str(error)))
    return findings


def keep_alive(forge: Forge) -> list[str]:
    """Tell the host that the schedules are meant; the names of those that were told.

    It stops the schedules of a repository in which nothing happened for sixty days, and begins to
    count anew when a workflow is enabled. What a person has switched off stays off.
    """
    told = []
    for row in _scheduled(forge):
        if row["state"] in ("active", "disabled_inactivity"):
            forge.put(f"actions/workflows/{row['id']}/enable")
            told.append(str(row["name"]))
    return told


def table(findings: list[Finding]) -> str:
    """The findings as Markdown, for the summary of a job."""
    rows = [
        f"| {_mark(item)} | {code(item.what)} | {code(item.mend) if not item.good else ''} |"
        for item in findings
    ]
    return "\n".join(["| | | how to mend it |", "|---|---|---|", *rows, ""])


def line(finding: Finding) -> str:
    """The finding for a terminal."""
    mend = f" {finding.mend}" if finding.mend and not finding.good else ""
    return f"{_mark(finding)} {finding.what}{mend}"


TOKEN = "Give the job's token the right to read it, or look at it on the repository's own pages."  # noqa: S105 - words
PRESS = "Open the repository's Actions page and press Enable."
SOURCE = "On Settings > Pages choose GitHub Actions as the source."


def _mark(finding: Finding) -> str:
    return {True: "ok", False: "NO", None: "??"}[finding.good]


def _vendors(places: Places, config: SiteConfig) -> Iterator[Finding]:
    count = len(read_vendors(places.vendors, config.categories))
    yield Finding(
        count > 0,
        f"{counted(count, 'vendor file')} in {places.vendors}.",
        "Add one: outages vendor new https://status.example.org",
    )


def _archive(places: Places, at: datetime) -> Iterator[Finding]:
    if not places.archive.exists():
        yield Finding(
            None,
            f"There is no archive at {places.archive}.",
            "The first run of update begins one; where there was one, take it from git.",
        )
        return
    with reading(places.archive) as connection:
        archive = Archive(connection)
        totals, changed_at = archive.totals(), archive.changed_at
        grown = sizes(connection, at - MONTH)
    held = (counted(totals.incidents, "incident"), counted(totals.maintenances, "maintenance"))
    yield Finding(True, f"{places.archive} can be read: {' and '.join(held)}.")
    if changed_at:
        yield Finding(
            changed_at <= at + SKEW,
            f"the archive last changed at {changed_at:%Y-%m-%d %H:%M}, it is {at:%Y-%m-%d %H:%M}.",
            "The clock of this machine is behind: set it before the next run.",
        )
    size = places.archive.stat().st_size
    yield Finding(
        size < HEAVY,
        f"{places.archive} has {size / 1e6:,.1f} MB.",
        "Hosts refuse files of 100 MB.",
    )
    if grown and grown[0].lately:
        most, together = grown[0], sum(size.lately for size in grown)
        yield Finding(
            True if most.lately < MOST else None,
            f"of {together / 1e6:,.1f} MB that came in {MONTH.days} days, most are from "
            f"{most.vendor}: {most.lately / 1e6:,.1f} MB of its {most.whole / 1e6:,.1f} MB.",
            f"Look whether that can be meant: outages log {most.vendor}",
        )


def _git(places: Places) -> Iterator[Finding]:
    branch, remote = Repository(places.data).stands()
    yield Finding(
        branch is not None,
        f"the branch is {branch}." if branch else "no branch is checked out.",
        "git switch main",
    )
    yield Finding(
        remote is not None,
        f"it is pushed to {remote}." if remote else "there is nowhere to push to.",
        "git remote add origin ADDRESS",
    )


def _runs(places: Places, at: datetime) -> Iterator[Finding]:
    if not places.state.exists():
        yield Finding(None, "no run is remembered here.", "It may be elsewhere: outages update")
        return
    with remembering(places.state) as state:
        reads = [fared.read_at for fared in state.sources().values() if fared.read_at]
    last = max(reads, default=None)
    yield Finding(
        last is not None and at - last < OVERDUE,
        f"the last page was read at {last:%Y-%m-%d %H:%M}." if last else "no page was read yet.",
        "The schedule has stopped, or no page can be read: outages update",
    )


def _repository(forge: Forge, at: datetime) -> Iterator[Finding]:
    row = forge.get() or {}
    if not row:
        yield Finding(False, f"the host knows no {forge.repository}.", TOKEN)
        return
    frozen = [word for word in ("archived", "disabled") if row.get(word)]
    yield Finding(
        not frozen,
        f"{forge.repository} is {' and '.join(frozen) or 'open for changes'}.",
        "Settings > Danger zone > Unarchive.",
    )
    rights = row.get("permissions") or {}
    if "push" in rights:
        yield Finding(
            bool(rights["push"]),
            f"the token may {'' if rights['push'] else 'not '}push.",
            "The job needs `permissions: contents: write`, as update.yml has it.",
        )
    if forge.clock:
        skew = abs(forge.clock - at)
        yield Finding(
            skew < SKEW,
            f"this clock and the host's are {skew.total_seconds():.0f} s apart.",
            "Set the clock of this machine: times in the archive come from it.",
        )


def _workflows(forge: Forge) -> Iterator[Finding]:
    rows = _scheduled(forge)
    if not rows:
        yield Finding(
            False, "no workflow runs here: Actions are off, as on every fresh fork.", PRESS
        )
    for row in rows:
        words, mend = STATES.get(row["state"], (row["state"], PRESS))
        yield Finding(row["state"] == "active", f"the workflow {row['name']} {words}.", mend)


STATES = {
    "active": ("is on", ""),
    "disabled_inactivity": (
        "was stopped by the host, after sixty days without activity",
        "outages doctor --keep-alive starts it again, and the weekly job keeps it so.",
    ),
    "disabled_fork": ("is off, as schedules of fresh forks are", PRESS),
    "disabled_manually": ("was switched off by a person", PRESS),
}


def _scheduled(forge: Forge) -> list[dict[str, Any]]:
    answer = forge.get("actions/workflows") or {}
    return [row for row in answer.get("workflows", ()) if row["name"] in SCHEDULED]


def _pages(forge: Forge) -> Iterator[Finding]:
    row = forge.get("pages")
    if row is None:
        yield Finding(False, "Pages are off: the site has no place.", SOURCE)
        return
    by_job = row.get("build_type", "workflow") == "workflow"
    where = row.get("html_url") or "a place of the host"
    words = f"is published at {where}" if by_job else "is taken from a branch, not from the job"
    yield Finding(by_job, f"the site {words}.", SOURCE)
