"""A little world to break commands in: each of them half done, and what must hold then."""

import ctypes
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from generator.archive.queries import Archive
from generator.archive.store import reading
from generator.demo.fleet import Fleet
from generator.demo.server import FleetServer
from generator.exchange import line_of
from generator.pipeline.build import build_site
from generator.pipeline.lines import export
from generator.pipeline.places import Places
from generator.pipeline.update import update
from generator.pipeline.verify import verify
from generator.settings import read_site
from generator.vendors import read_vendors

ROOT = Path(__file__).parents[1]
COMMANDS = ("update", "backfill", "import", "merge", "build")
# Of a record, what hangs on the clock of the run that saw it.
CLOCKED = ("first_seen_at", "changed_at", "revisions")
# What a run may leave or lose, never the archive's or the site's.
MEMORY = ("state.db", "state.db-journal")
CAPBSET_DROP, DAC_OVERRIDE, DAC_READ_SEARCH = 24, 1, 2

Facts = dict[tuple[str, str], dict[str, object]]
Files = dict[str, bytes]


@dataclass(frozen=True)
class Outcome:
    """What became of a command: its exit code, or the signal as a negative one."""

    code: int
    said: str


class World:
    """A fleet's address, an archive of yesterday with its site, and each command's news."""

    def __init__(self, folder: Path, server: FleetServer, fleet: Fleet) -> None:
        self.folder = folder
        self.before = Places(folder / "before" / "data")
        self._server = server
        fleet.write_vendor_files(self.before.vendors, server.address)
        moments = fleet.moments()
        self._scrape(self.before, moments[0] - timedelta(days=2))
        self._build(self.before)
        self._later(fleet)
        server.at = fleet.until
        self.seconds: dict[str, float] = {}
        self.after = {command: self._done(command) for command in COMMANDS}

    def trial(self, command: str, number: int) -> "Trial":
        """A fresh copy of yesterday to break the command in."""
        folder = self.folder / f"{command}-{number}"
        shutil.copytree(self.folder / "before", folder)
        return Trial(self, command, Places(folder / "data"), folder / "site")

    def line(self, command: str, data: Path, site: Path) -> list[str]:
        """The command as a shell would be given it."""
        more = {
            "update": ["--allow-loopback"],
            "backfill": ["--allow-loopback"],
            "import": [str(self.folder / "news.ndjson")],
            "merge": [str(self.folder / "other" / "data" / "outages.db")],
            "build": ["--out", str(site), "--as-of", "2026-11-22", "--clean"],
        }[command]
        return [sys.executable, "-m", "generator", command, "--data", str(data), *more]

    def _later(self, fleet: Fleet) -> None:
        """Another archive that saw what came next, and the same as lines."""
        other = Places(self.folder / "other" / "data")
        shutil.copytree(self.before.data, other.data)
        self._scrape(other, fleet.until)
        (self.folder / "news.ndjson").write_bytes(b"".join(export(other.archive, ())))

    def _done(self, command: str) -> tuple[Facts, Files]:
        """What the command comes to when nothing breaks it."""
        trial = self.trial(command, 0)
        if command == "build":
            shutil.copy(self.folder / "other" / "data" / "outages.db", trial.places.archive)
        begun = time.monotonic()
        outcome = trial.run()
        self.seconds[command] = time.monotonic() - begun
        assert outcome.code == 0, outcome.said
        return trial.facts(), trial.files()

    def _scrape(self, places: Places, at: object) -> None:
        self._server.at = at  # type: ignore[assignment]
        vendors = list(read_vendors(places.vendors).values())
        config = read_site(places.site)
        update(places, vendors, config, at=self._server.at, allow_loopback=True)

    def _build(self, places: Places) -> None:
        build_site(places, read_site(places.site), self.folder / "before" / "site")


@dataclass
class Trial:
    """One command, to be broken at some moment, in a copy of yesterday's world."""

    world: World
    command: str
    places: Places
    site: Path

    def __post_init__(self) -> None:
        if self.command == "build":
            shutil.copy(self.world.folder / "other" / "data" / "outages.db", self.places.archive)
        self.began = self.facts()
        self.yesterday = self.files()

    def start(
        self, *, before: Sequence[str] = (), prepare: Callable[[], None] | None = None
    ) -> subprocess.Popen[str]:
        """The command under way; `before`: words in front of it, `prepare`: run in the child."""
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
        line = self.world.line(self.command, self.places.data, self.site)
        return subprocess.Popen(
            [*before, *line],
            env=environment,
            preexec_fn=prepare,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(
        self, *, before: Sequence[str] = (), prepare: Callable[[], None] | None = None
    ) -> Outcome:
        """The command to its end."""
        process = self.start(before=before, prepare=prepare)
        _, said = process.communicate(timeout=300)
        return Outcome(process.returncode, said)

    def run_killed(self, after: float) -> Outcome:
        """The command, killed so many seconds after it began."""
        process = self.start()
        deadline = time.monotonic() + after
        try:
            _, said = process.communicate(timeout=max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            _, said = process.communicate()
        return Outcome(process.returncode, said)

    def judge(self, outcome: Outcome) -> None:
        """What must hold at once, and after the next run."""
        facts, files = self.world.after[self.command]
        self._judge_site(files)
        assert verify(self.places) == [], outcome.said
        assert verify(self.places, self.world.before.archive) == [], outcome.said
        held = self.facts()
        assert self.began.keys() <= held.keys()
        if outcome.code == 0:
            assert held == facts, "what ended well has done its work"
        assert "Traceback" not in outcome.said, outcome.said
        again = self.run()
        assert again.code == 0, again.said
        assert self.facts() == facts
        assert verify(self.places) == []
        assert self.files() == files
        assert self._litter() == []
        shutil.rmtree(self.places.data.parent)

    def facts(self) -> Facts:
        """All that vendors said, without when we saw it."""
        with reading(self.places.archive) as connection:
            archive = Archive(connection)
            return {
                (vendor, kept.incident.key): {
                    name: value for name, value in line_of(kept).items() if name not in CLOCKED
                }
                for vendor in archive.vendors()
                for kept in archive.kept(vendor)
            }

    def files(self) -> Files:
        """The site, but for what the hour of the build is in."""
        return {
            str(file.relative_to(self.site)): file.read_bytes()
            for file in sorted(self.site.rglob("*"))
            if file.is_file() and not file.name.startswith(".") and file.name != "status.json"
        }

    def _judge_site(self, files: Mapping[str, bytes]) -> None:
        """Every page is the old or the new one; what the manifest vouches for is one of both."""
        found = self.files()
        for path, content in found.items():
            assert content in (self.yesterday.get(path), files.get(path)), f"{path} is torn"
        manifest = (self.site / ".manifest.json").read_bytes()
        if b'"key": ""' not in manifest and self.command == "build":
            assert found in (self.yesterday, dict(files)), "half a site is vouched for"

    def _litter(self) -> list[str]:
        """Files that no finished run leaves."""
        usual = {"outages.db", "vendors", *MEMORY}
        strange = [file.name for file in self.places.data.iterdir() if file.name not in usual]
        return strange + [file.name for file in self.site.rglob("*.draft")]


def drop_overrides() -> None:
    """In a child of root: permissions hold for it too."""
    libc = ctypes.CDLL(None)
    for capability in (DAC_OVERRIDE, DAC_READ_SEARCH):
        libc.prctl(CAPBSET_DROP, capability, 0, 0, 0)
