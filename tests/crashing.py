"""A little world to break commands in: each of them half done, and what must hold then."""

import re
import shutil
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path

import msgspec

from generator.archive.queries import Archive
from generator.archive.store import reading
from generator.demo.fleet import Fleet
from generator.demo.server import FleetServer
from generator.exchange import line_of
from generator.pipeline.build import build_site
from generator.pipeline.lines import export
from generator.pipeline.places import Places
from generator.pipeline.rollover import rollover
from generator.pipeline.update import backfill, update
from generator.pipeline.verify import verify
from generator.raw import tapes
from generator.render.manifest import Manifest
from generator.render.outcome import MANIFEST
from generator.settings import read_site
from generator.sharding import Shard
from generator.vendors import read_vendors
from tests.bucket import Store
from tests.starter import Starter

YESTERDAY, TODAY = date(2026, 1, 1), date(2026, 1, 2)
# What draws into the site's folder; `SHARED`: in parts, each vendor in another.
DRAWING = ("build", "build by two", "build a shard", "assemble")
SHARED = tuple(Shard(number, 4) for number in (1, 2, 3, 4))
KEYS = {"AWS_ACCESS_KEY_ID": "who", "AWS_SECRET_ACCESS_KEY": "secret"}
# Of a record, what hangs on the clock of the run that saw it.
CLOCKED = ("first_seen_at", "changed_at", "revisions")
# What a data folder holds when nothing is under way.
USUAL = {"outages.db", "state.db", "vendors", "archive"}
YEAR = re.compile(r"\d{4}\.db")
KILLED = -9

Facts = dict[tuple[str, str], dict[str, object]]
Files = dict[str, bytes]


@dataclass(frozen=True)
class Outcome:
    """What became of a command: its exit code, or the signal as a negative one."""

    code: int
    said: str


def fleet_at_new_year() -> Fleet:
    """Two vendors, in whose last days a year ends."""
    until = datetime(2026, 1, 1, 12, tzinfo=UTC)
    return Fleet(platforms=["statuspage", "zendesk"], vendors=2, incidents=8, until=until)


class World:
    """A fleet's address, an archive of yesterday with its site, and each command's news.

    `closed`: the archive has closed years in files of their own.
    """

    def __init__(
        self, folder: Path, server: FleetServer, store: Store, fleet: Fleet, *, closed: bool
    ) -> None:
        self.folder = folder
        self.store = store
        self.before = Places(folder / "before" / "data")
        self._server = server
        fleet.write_vendor_files(self.before.vendors, server.address)
        self._read(update, self.before, fleet.moments()[2])
        self.past = Places(folder / "past" / "data")
        shutil.copytree(self.before.data, self.past.data)
        self._read(backfill, self.past, server.at)
        if closed:
            shutil.copy(self.past.archive, self.before.archive)
        self._news(fleet)
        if closed:
            assert rollover(self.before, large=0)
        self._draw(self.before, folder / "before" / "site", YESTERDAY)
        self.starter = Starter()
        self._after: dict[str, tuple[Facts, Files]] = {}

    def close(self) -> None:
        """Nothing more is started."""
        self.starter.close()

    def trial(self, command: str, name: str = "trial") -> "Trial":
        """A fresh copy of yesterday to break the command in; one of each name at a time."""
        folder = self.folder / name
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.before.data, folder / "data")
        (folder / "tmp").mkdir()
        if command == "publish":
            shutil.copytree(self.drawn / "site", folder / "site")
            self.store.again(self.published)
        elif command in DRAWING:
            site = self.drawn / "before 1" if command == "build a shard" else self.site
            shutil.copytree(site, folder / "site")
            shutil.copy(self.folder / "other" / "data" / "outages.db", folder / "data")
        elif command == "rollover":
            shutil.copy(self.past.archive, folder / "data")
        return Trial(self, command, folder)

    def after(self, command: str) -> tuple[Facts, Files]:
        """What the command comes to when nothing breaks it."""
        if command not in self._after:
            # Apart: whoever asks may have one broken already, and is to judge that.
            trial = self.trial(command, "undisturbed")
            learned = self.folder / "learned.json"
            more = ["--clean"] if command in DRAWING else []
            outcome = trial.run(*more, learned=str(learned))
            assert outcome.code == 0, outcome.said
            self._after[command] = trial.facts(), trial.files()
        return self._after[command]

    @property
    def site(self) -> Path:
        """Yesterday's."""
        return self.folder / "before" / "site"

    @cached_property
    def drawn(self) -> Path:
        """Where today's `site` is, and its parts `1` to `4`; of yesterday's, `before 1`."""
        folder = self.folder / "drawn"
        today = Places(folder / "data")
        shutil.copytree(self.before.data, today.data)
        shutil.copy(self.folder / "other" / "data" / "outages.db", today.data)
        self._draw(today, folder / "site", TODAY)
        for shard in SHARED:
            self._draw(today, folder / str(shard.number), TODAY, shard)
        self._draw(self.before, folder / "before 1", YESTERDAY, SHARED[0])
        return folder

    @cached_property
    def published(self) -> dict[str, bytes]:
        """What a store holds of yesterday's site."""
        self.store.again({})
        self.starter.start(self.publishing(self.site), self.folder / "said", environment=KEYS)
        assert self.starter.ended() == 0, (self.folder / "said").read_text()
        return dict(self.store.objects)

    def publishing(self, site: Path) -> list[str]:
        """The words that send a site to the store."""
        return ["publish", "s3://site", "--out", str(site), "--endpoint", self.store.endpoint]

    def _draw(self, places: Places, out: Path, day: date, shard: Shard | None = None) -> None:
        build_site(places, read_site(places.site), out, as_of=day, shard=shard)

    def _news(self, fleet: Fleet) -> None:
        """Another archive that saw what came next, and the same as lines."""
        other = Places(self.folder / "other" / "data")
        shutil.copytree(self.before.data, other.data)
        self._read(update, other, fleet.until)
        (self.folder / "news.ndjson").write_bytes(b"".join(export(other.archive, ())))

    def _read(self, how: Callable[..., object], places: Places, at: datetime) -> None:
        self._server.at = at
        vendors = list(read_vendors(places.vendors).values())
        how(places, vendors, read_site(places.site), at=at, allow_loopback=True)


@dataclass
class Trial:
    """One command, to be broken at some moment, in a copy of yesterday's world."""

    world: World
    command: str
    folder: Path

    def __post_init__(self) -> None:
        self.places = Places(self.folder / "data")
        self.site = self.folder / "site"
        self.began = self.facts()
        self.yesterday = self.files()

    @property
    def words(self) -> list[str]:
        """The command as a shell would be given it."""
        if self.command == "publish":
            return self.world.publishing(self.site)
        site = ["--out", str(self.site), "--as-of", str(TODAY)]
        more = {
            "update": ["--allow-loopback", "--keep-raw", str(self.folder / "raw")],
            "backfill": ["--allow-loopback"],
            "import": [str(self.world.folder / "news.ndjson")],
            "merge": [str(self.world.folder / "other" / "data" / "outages.db")],
            "build": site,
            "build by two": [*site, "--jobs", "2"],
            "build a shard": [*site, "--shard", str(SHARED[0])],
            "assemble": [*site, *(str(self.world.drawn / str(shard.number)) for shard in SHARED)],
            "rollover": ["--now"],
        }[self.command]
        return [self.command.split()[0], "--data", str(self.places.data), *more]

    def start(self, *words: str, starter: Starter | None = None, **how: object) -> int:
        """Begin it; its process. `how`: as the starter takes it."""
        self._starter = starter or self.world.starter
        own = {"TMPDIR": str(self.folder / "tmp"), **KEYS}
        how = {"environment": own, **how}
        return self._starter.start([*self.words, *words], self.world.folder / "said", **how)

    def end(self, within: float | None = None) -> Outcome | None:
        """Its end; None where it has not come within so many seconds."""
        code = self._starter.ended() if within is None else self._starter.ended(within)
        if code is None:
            return None
        return Outcome(code, (self.world.folder / "said").read_text(errors="replace"))

    def run(self, *words: str, **how: object) -> Outcome:
        """The command to its end."""
        self.start(*words, **how)  # type: ignore[arg-type]
        outcome = self.end()
        assert outcome is not None, "it does not end"
        return outcome

    def judge(self, outcome: Outcome) -> None:
        """What must hold at once, and after the next run."""
        facts, files = self.world.after(self.command)
        self._judge_words(outcome)
        self._judge_site(files)
        assert verify(self.places, self.world.before.archive) == [], outcome.said
        held = self.facts()
        assert self.began.keys() <= held.keys()
        if self.command != "backfill":  # which writes what it learns step by step
            for key, said in held.items():
                assert said in (self.began.get(key), facts.get(key)), f"{key} is torn"
        if outcome.code == 0:
            assert held == facts, "what ended well has done its work"
            assert self.files() == files
        self._judge_raw()
        if outcome.code != KILLED:
            assert [*(self.folder / "tmp").iterdir()] == [], outcome.said
        self._judge_next(facts, files)

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
        """The site, or where it is published; but for what the hour of the build is in."""
        if self.command == "publish":
            return {key: body for key, body in self.world.store.objects.items() if key[0] != "."}
        return {
            str(file.relative_to(self.site)): file.read_bytes()
            for file in sorted(self.site.rglob("*"))
            if file.is_file() and not file.name.startswith(".") and file.name != "status.json"
        }

    def litter(self) -> list[str]:
        """Files that no finished run leaves."""
        data = self.places.data
        strange = [file.name for file in data.iterdir() if file.name not in USUAL]
        years = [file.name for file in data.glob("archive/*") if not YEAR.fullmatch(file.name)]
        drafts = [file.name for file in self.folder.rglob("*.draft")]
        return strange + years + drafts + [file.name for file in (self.folder / "tmp").iterdir()]

    def _judge_words(self, outcome: Outcome) -> None:
        """Who failed has said why, in a sentence; nobody else complains."""
        assert "Traceback" not in outcome.said, outcome.said
        assert outcome.code in (0, 2, KILLED), outcome
        if outcome.code == 2:
            *_, last = outcome.said.rstrip().splitlines()
            assert last.startswith("Error: "), outcome.said
            assert last.endswith("."), outcome.said

    def _judge_site(self, files: Mapping[str, bytes]) -> None:
        """Every page is the old or the new one; what the manifest vouches for is one of both."""
        found = self.files()
        for path, content in found.items():
            assert content in (self.yesterday.get(path), files.get(path)), f"{path} is torn"
        if self.command in DRAWING and found != self.yesterday and found != files:
            manifest = msgspec.json.decode((self.site / MANIFEST).read_bytes(), type=Manifest)
            assert not manifest.key, "half a site is vouched for"

    def _judge_raw(self) -> None:
        """All replies that the archive rests on since yesterday can be read back."""
        rested = self._replies(self.places) - self._replies(self.world.before)
        if self.command == "update" and rested:
            assert rested <= {
                exchange.body.sha256
                for tape in tapes([self.folder / "raw"])
                for exchanges in tape.replies.values()
                for exchange in exchanges
            }

    def _judge_next(self, facts: Facts, files: Files) -> None:
        """The next run mends it all and leaves nothing behind."""
        for left in (self.folder / "tmp").iterdir():  # a killed run's; the system's to empty
            shutil.rmtree(left) if left.is_dir() else left.unlink()
        again = self.run()
        assert again.code == 0, again.said
        assert self.facts() == facts
        assert verify(self.places, self.world.before.archive) == []
        assert self.files() == files
        assert self.litter() == []
        self._judge_raw()
        for file in self.places.data.rglob("*.db"):
            with closing(sqlite3.connect(file)) as connection:
                assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",), file
                (empty,) = connection.execute("PRAGMA freelist_count").fetchone()
                assert self.command != "rollover" or not empty, "what was moved left empty pages"

    def _replies(self, places: Places) -> set[bytes]:
        with reading(places.archive) as connection:
            return {digest for (digest,) in connection.execute("SELECT sha256 FROM reply")}
