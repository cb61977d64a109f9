"""The build: what it writes, what it leaves alone, and that both ways to a site are the same."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from generator.errors import BuildError
from generator.model import EndBasis, Health, Kept, Revision, Vendor
from generator.render.outcome import BuildReport
from generator.render.site import build
from generator.render.writer import Folder
from generator.settings import SiteConfig
from generator.times import text_of
from tests.render_archive import CONFIG, PYPI, Memory, at, incident, keep, update, vendor

AS_OF = date(2026, 11, 22)
VENDORS = {"python": vendor("python"), "acme": vendor("acme"), "beta": vendor("beta")}


def run(
    archive: Memory,
    out: Path,
    as_of: date = AS_OF,
    *,
    clean: bool = False,
    vendors: Mapping[str, Vendor] = VENDORS,
    config: SiteConfig = CONFIG,
    health: Sequence[Health] | None = None,
) -> BuildReport:
    return build(archive, vendors, config, out, as_of, clean=clean, health=health)


def contents(out: Path) -> dict[str, bytes]:
    return {
        file.relative_to(out).as_posix(): file.read_bytes()
        for file in out.rglob("*")
        if file.is_file()
    }


def stamps(out: Path) -> dict[str, tuple[int, int]]:
    """When each file was last written, and which file it is."""
    return {
        str(file): (file.stat().st_mtime_ns, file.stat().st_ino)
        for file in out.rglob("*")
        if file.is_file()
    }


@pytest.fixture
def archive() -> Memory:
    held = Memory()
    held.run(
        PYPI,
        *(
            keep(slug, f"202{year}-03-0{day}-x", incident(f"{slug} {year} {day}", start))
            for slug in ("acme", "beta")
            for year in (4, 5)
            for day in range(1, 7)
            for start in [at(f"202{year}-03-0{day} 10:00")]
        ),
    )
    return held


def written(report: BuildReport, before: dict[str, bytes], out: Path) -> set[str]:
    after = contents(out)
    changed = {path for path in after if before.get(path) != after[path]} - {".manifest.json"}
    assert len(changed) == report.written
    return changed


def without_search(paths: set[str]) -> set[str]:
    return {path for path in paths if "search/" not in path and not path.endswith(".list.json")}


def test_nothing_changed_nothing_touched(archive: Memory, tmp_path: Path) -> None:
    first = run(archive, tmp_path)
    assert first.written == first.pages == len(contents(tmp_path)) - 1
    before = stamps(tmp_path)
    assert run(archive, tmp_path) == BuildReport(first.pages, 0, 0, first.pages)
    assert stamps(tmp_path) == before
    again = run(archive, tmp_path, clean=True)
    assert (again.written, again.removed) == (0, 0)


def test_an_edit_draws_only_the_pages_that_name_it(archive: Memory, tmp_path: Path) -> None:
    run(archive, tmp_path)
    before = contents(tmp_path)
    kept = archive.get("acme", "2024-03-02-x")
    # As if it had always been so: what tells the time of a change is another matter.
    archive.run(replace(renamed(kept, "Renamed", archive.now), changed_at=kept.changed_at))
    assert without_search(written(run(archive, tmp_path), before, tmp_path)) == {
        "status.json",  # counts the runs
        "sitemap-pages.xml",  # when the home page last changed
        "index.html",
        "acme/2024.atom",
        "acme/insights.html",  # counts edits
        "acme/calendar.ics",
        "category/cloud.ics",
        "downloads/2024-03.ndjson.gz",
        "downloads/2024-03.incidents.csv.gz",
        "downloads/2024-03.incidents.parquet",
        "downloads/outages.db",
        "downloads/manifest.json",
        "downloads/index.html",
        "acme/index.html",
        "acme/2024.html",
        "acme/api/v2/incidents.json",
        "api/v1/days/2024-03-02.json",
        "api/v1/vendors/acme/2024.json",
        "acme/2024-03-01-x.html",
        "acme/2024-03-02-x.html",
        "acme/2024-03-03-x.html",
        "beta/2024-03-02-x.html",  # at the same time
        "days/2024-03-02.html",
        "days/2024-03.html",
        "sitemap-lists.xml",
    }


def renamed(kept: Kept, title: str, seen: datetime) -> Kept:
    """The record after its vendor gave it another title."""
    return replace(
        kept,
        incident=replace(kept.incident, title=title),
        changed_at=seen,
        revisions=(*kept.revisions, Revision(seen, "title", kept.incident.title)),
    )


def test_an_edit_writes_few_files_of_the_search(archive: Memory, tmp_path: Path) -> None:
    run(archive, tmp_path)
    before = contents(tmp_path)
    kept = archive.get("acme", "2024-03-02-x")
    archive.run(replace(kept, incident=replace(kept.incident, title="acme renamed 2")))
    changed = written(run(archive, tmp_path), before, tmp_path)
    assert changed - without_search(changed) == {
        "acme/2024.list.json",
        "search/2024/4.json",  # a word that goes
        "search/2024/r.json",  # a word that comes
        "search/years.json",  # names the file, which is the first of its letter
    }


def test_a_new_day_draws_only_what_has_a_window(archive: Memory, tmp_path: Path) -> None:
    run(archive, tmp_path)
    before = contents(tmp_path)
    assert written(run(archive, tmp_path, date(2026, 11, 23)), before, tmp_path) == {
        "status.json",
        "index.html",
        "acme/index.html",
        "beta/index.html",
        "python/index.html",
        *(  # say of which day they are
            f"{slug}/badge/{name}.svg"
            for slug in ("acme", "beta", "python")
            for name in ("state", "incidents")
        ),
    }


def test_a_record_that_becomes_complete_draws_its_vendor(archive: Memory, tmp_path: Path) -> None:
    run(archive, tmp_path)
    archive.complete["beta"] = at("2020-01-01 00:00")
    archive.run()
    run(archive, tmp_path)
    assert b"complete since" in (tmp_path / "beta" / "index.html").read_bytes()


@pytest.mark.parametrize(
    "changed",
    [
        {"config": replace(CONFIG, address="https://elsewhere.example/")},
        {"config": replace(CONFIG, title="Another")},
        {"vendors": {**VENDORS, "acme": vendor("acme", "Renamed")}},
        {"vendors": {"acme": vendor("acme")}},
    ],
)
def test_another_configuration_draws_all(
    archive: Memory, tmp_path: Path, changed: dict[str, Any]
) -> None:
    run(archive, tmp_path / "a")
    run(archive, tmp_path / "a", **changed)
    run(archive, tmp_path / "b", **changed)
    assert contents(tmp_path / "a") == contents(tmp_path / "b")


def test_another_history_draws_all(archive: Memory, tmp_path: Path) -> None:
    run(archive, tmp_path / "a")
    other = Memory(name="restored")
    other.run(PYPI)
    run(other, tmp_path / "a")
    run(other, tmp_path / "b")
    assert contents(tmp_path / "a") == contents(tmp_path / "b")
    assert not (tmp_path / "a" / "acme" / "2024.html").exists()


def test_losing_the_manifest_costs_a_full_build_and_nothing_else(
    archive: Memory, tmp_path: Path
) -> None:
    run(archive, tmp_path)
    before = contents(tmp_path)
    for loss in ("missing", "cut short"):
        manifest = tmp_path / ".manifest.json"
        if loss == "missing":
            manifest.unlink()
        else:
            manifest.write_bytes(before[".manifest.json"][:20])
        assert run(archive, tmp_path).written == 0
        assert contents(tmp_path) == before


def test_pages_of_nothing_are_removed(archive: Memory, tmp_path: Path) -> None:
    run(archive, tmp_path)
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "page.html").write_text("old", encoding="utf-8")
    (tmp_path / "acme" / "stray.html").write_text("stray", encoding="utf-8")
    for name in (".gitignore", "CNAME"):
        (tmp_path / name).write_text("mine", encoding="utf-8")
    report = run(archive, tmp_path, clean=True)
    assert report.removed == 2
    assert not (tmp_path / "old").exists()
    assert not (tmp_path / "acme" / "stray.html").exists()
    assert (tmp_path / ".gitignore").exists()
    assert (tmp_path / "CNAME").exists()


def test_a_year_that_empties_loses_its_page(tmp_path: Path) -> None:
    archive = Memory()
    kept = keep("acme", "2024-12-31-x", incident("Moved", at("2024-12-31 23:00")))
    archive.run(kept)
    run(archive, tmp_path)
    archive.run(moved(kept, at("2025-01-01 01:00"), archive.now))
    report = run(archive, tmp_path)
    assert report.removed
    for gone in (
        "acme/2024.html",
        "api/v1/vendors/acme/2024.json",
        "api/v1/days/2024-12-31.json",
        "days/2024-12.html",
        "days/2024-12-31.html",
    ):
        assert not (tmp_path / gone).exists()
    assert (tmp_path / "api/v1/vendors/acme/2025.json").exists()


def test_a_folder_of_others_is_refused_and_left_alone(archive: Memory, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(BuildError, match=r"not a site built by this program.*Choose another"):
        run(archive, tmp_path, clean=True)
    assert contents(tmp_path) == {"notes.txt": b"mine"}


def test_a_file_is_no_folder(archive: Memory, tmp_path: Path) -> None:
    (tmp_path / "site").write_text("", encoding="utf-8")
    with pytest.raises(BuildError, match="is a file; the site needs a folder"):
        run(archive, tmp_path / "site")


def test_a_folder_with_hidden_files_only_is_empty(archive: Memory, tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_text("*", encoding="utf-8")
    run(archive, tmp_path)
    assert (tmp_path / ".gitignore").read_text(encoding="utf-8") == "*"


def test_a_page_that_cannot_be_written_is_named(archive: Memory, tmp_path: Path) -> None:
    run(archive, tmp_path)
    (tmp_path / "index.html").unlink()
    (tmp_path / "index.html").mkdir()
    with pytest.raises(BuildError, match=r"index\.html cannot be written: Is a directory"):
        run(archive, tmp_path, clean=True)


class Killed(BaseException):
    """Stands for the end of the process in the middle of a build."""


def test_a_killed_build_is_begun_anew_and_leaves_no_litter(archive: Memory, tmp_path: Path) -> None:
    run(archive, tmp_path / "whole")
    run(archive, tmp_path / "site", config=replace(CONFIG, title="Another"))

    def kill(done: int, total: int) -> None:
        if done == 2:
            raise Killed

    with pytest.raises(Killed):
        build(archive, VENDORS, CONFIG, tmp_path / "site", AS_OF, shown=lambda: nullcontext(kill))
    for name in (".index.html.draft", "acme/.2024.html.draft"):
        (tmp_path / "site" / name).write_bytes(b"<!doct")
    run(archive, tmp_path / "site", config=replace(CONFIG, title="Another"))
    run(archive, tmp_path / "again", config=replace(CONFIG, title="Another"))
    assert contents(tmp_path / "site") == contents(tmp_path / "again")


def test_a_first_build_that_was_killed_can_be_repeated(archive: Memory, tmp_path: Path) -> None:
    def kill(done: int, total: int) -> None:
        raise Killed

    with pytest.raises(Killed):
        build(archive, VENDORS, CONFIG, tmp_path, AS_OF, shown=lambda: nullcontext(kill))
    assert run(archive, tmp_path).written


def test_progress_counts_vendors(archive: Memory, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    shown = nullcontext(lambda *at: told.append(at))
    build(archive, VENDORS, CONFIG, tmp_path, AS_OF, shown=lambda: shown)
    assert told == [(0, 3), (1, 3), (2, 3), (3, 3)]


SCRIPT = """
import sys
from datetime import date
from pathlib import Path
from tests.test_render_build import CONFIG, PYPI, VENDORS, Memory, build
archive = Memory()
archive.run(PYPI)
build(archive, VENDORS, CONFIG, Path(sys.argv[1]), date(2026, 11, 22))
"""


def test_the_same_bytes_on_any_machine(tmp_path: Path) -> None:
    sites = []
    for name, environment in (
        ("a", {"PYTHONHASHSEED": "1", "TZ": "Pacific/Apia", "LC_ALL": "C"}),
        ("b", {"PYTHONHASHSEED": "2", "TZ": "Asia/Kathmandu", "LC_ALL": "de_DE.UTF-8"}),
    ):
        subprocess.run(
            [sys.executable, "-c", SCRIPT, str(tmp_path / name)],
            env={**os.environ, **environment},
            cwd=Path(__file__).parents[1],
            check=True,
        )
        sites.append(contents(tmp_path / name))
    assert sites[0] == sites[1]


def moved(kept: Kept, start: datetime, seen: datetime) -> Kept:
    """The record after its vendor moved its start (and its end with it)."""
    what = kept.incident
    ended = None if what.ended_at is None else what.ended_at + (start - what.started_at)
    edits = [Revision(seen, "started_at", text_of(what.started_at))]
    if what.ended_at is not None:
        edits.append(Revision(seen, "ended_at", text_of(what.ended_at)))
    return replace(
        kept,
        incident=replace(what, started_at=start, ended_at=ended),
        changed_at=seen,
        revisions=(*kept.revisions, *edits),
    )


def ended(kept: Kept, after: timedelta | None, seen: datetime) -> Kept:
    """The record after its vendor stated another end; None: that it goes on."""
    before = kept.incident.ended_at
    end = None if after is None else kept.incident.started_at + after
    basis: EndBasis | None = None if after is None else "resolve_time"
    return replace(
        kept,
        incident=replace(kept.incident, ended_at=end, end_basis=basis),
        changed_at=seen,
        revisions=(
            *kept.revisions,
            Revision(seen, "ended_at", text_of(before) if before else ""),
        ),
    )


STARTS = st.builds(
    lambda year, day: (
        datetime(year, 12, 28, 22, tzinfo=PYPI.first_seen_at.tzinfo)
        + timedelta(days=day, hours=day % 3)
    ),
    st.sampled_from((2023, 2024, 2024, 2024, 2026)),
    st.integers(0, 8),
)
CHANGES = (
    "move",
    "end",
    "reopen",
    "title",
    "withdraw",
    "restore",
    "kind",
    "word",
    "complete",
    "day",
    "part",
    "fare",
)
STEPS = st.lists(
    st.tuples(
        st.sampled_from(("new", *CHANGES)),
        st.integers(0, 99),
        STARTS,
        st.booleans(),
    ),
    min_size=1,
    max_size=16,
)  # fmt: skip


# Two spellings of one component are a reason to look twice.
PARTS: tuple[tuple[str, ...], ...] = ((), ("API",), ("Web", "api"), ("Web", "C++"))


def named(kept: Kept, components: tuple[str, ...], seen: datetime) -> Kept:
    """The record after its vendor named other components."""
    before = msgspec.json.encode(kept.incident.components).decode()
    return replace(
        kept,
        incident=replace(kept.incident, components=components),
        changed_at=seen,
        revisions=(*kept.revisions, Revision(seen, "components", before)),
    )


class History:
    """An archive that lives through random steps; a step may share its run with the next."""

    def __init__(self) -> None:
        self.archive = Memory()
        self.as_of = AS_OF
        self.waiting: dict[tuple[str, str], Kept] = {}
        self.health: list[Health] | None = None
        for day in range(1, 9):
            start = at(f"2024-12-{26 + day // 2} {10 + day}:00")
            self.put(keep("acme", f"{start:%Y-%m-%d}-b{day}", incident(f"B{day}", start)))
            beside = incident(f"C{day}", start + timedelta(minutes=30), day * 700)
            self.put(keep("beta", f"{start:%Y-%m-%d}-c{day}", beside))

    def step(self, what: str, which: int, start: datetime) -> None:
        vendor_slug = ("acme", "beta", "stray")[which % 3]
        known = {**self.archive.records, **self.waiting}
        if what == "day":
            # On to the next, or to the time of the incidents, where the open ones stand on it.
            self.as_of = start.date() if which % 2 else self.as_of + timedelta(days=1)
        elif what == "complete":
            self.archive.complete[vendor_slug] = start
        elif what == "fare":
            self.fare(which)
        elif what == "new" or not known:
            slug = f"{start:%Y-%m-%d}-n{len(known)}"
            minutes = None if which % 5 == 0 else which
            told = incident(f"N{len(known)}", start, minutes, components=PARTS[which % 4])
            self.put(keep(vendor_slug, slug, told))
        else:
            self.put(self.changed(what, sorted(known.items())[which % len(known)][1], start))

    def fare(self, which: int) -> None:
        """Nobody knows how the sources fare, or all are read on some day, or all but one."""
        day = datetime.combine(self.as_of, PYPI.first_seen_at.timetz())
        read = [
            Health(VENDORS[slug], read_at=day - timedelta(days=which % 3))
            for slug in ("acme", "beta")
        ]
        fails = replace(read[1], failing_since=day, fault="slow")
        self.health = (None, read, [read[0], fails])[which % 5 % 3]

    def changed(self, what: str, kept: Kept, start: datetime) -> Kept:
        seen = self.archive.now
        told = kept.incident
        if what == "move":
            return moved(kept, start, seen)
        if what in ("end", "reopen"):
            hours = max(1, int((start - told.started_at) / timedelta(hours=1)))
            return ended(kept, timedelta(hours=hours) if what == "end" else None, seen)
        if what == "withdraw":
            return replace(kept, withdrawn_at=seen, changed_at=seen)
        if what == "restore":
            return replace(kept, withdrawn_at=None, changed_at=seen)
        if what == "part":
            return named(kept, PARTS[start.day % 4], seen)
        if what == "kind":
            other = replace(told, kind="incident" if told.kind == "maintenance" else "maintenance")
            return replace(kept, incident=other, changed_at=seen)
        if what == "word":
            word = update(str(len(told.updates) + 1), start, "monitoring", "Still looking.")
            told = replace(told, updates=(*told.updates, word))
            kept = replace(kept, update_seen_at=(*kept.update_seen_at, seen))
            return replace(kept, incident=told, changed_at=seen)
        return renamed(kept, told.title + "!", seen)

    def put(self, kept: Kept) -> None:
        self.waiting[kept.vendor, kept.slug] = kept

    def end_run(self) -> None:
        self.archive.run(*self.waiting.values())
        self.waiting = {}


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(STEPS)
def test_an_incremental_build_equals_a_clean_one(
    steps: list[tuple[str, int, datetime, bool]],
) -> None:
    history = History()
    vendors = {slug: VENDORS[slug] for slug in ("acme", "beta")}
    with TemporaryDirectory() as folder:
        grown, clean = Path(folder, "grown"), Path(folder, "clean")
        history.end_run()
        run(history.archive, grown, vendors=vendors)
        for what, which, start, ends in steps:
            history.step(what, which, start)
            if not ends:
                continue
            history.end_run()
            now: dict[str, Any] = {
                "as_of": history.as_of,
                "vendors": vendors,
                "health": history.health,
            }
            grew = run(history.archive, grown, **now)
            fresh = run(history.archive, clean, **now, clean=True)
            assert contents(grown) == contents(clean)
            assert grew.pages == fresh.pages


def test_a_file_where_a_folder_belongs_is_said_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "downloads").touch()
    with pytest.raises(BuildError, match="downloads cannot be written: File exists"):
        Folder(tmp_path).draft("downloads/outages.db")
