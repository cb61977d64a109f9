"""A site drawn by shards and put together is the one that a single build draws, byte for byte."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from generator.errors import BuildError
from generator.model import Kept, Revision, Vendor
from generator.render.outcome import BuildReport
from generator.render.site import build
from generator.sharding import Shard
from generator.times import text_of
from tests.render_archive import CONFIG, Memory, at, incident, keep, vendor

DAY = date(2026, 11, 22)
SHARDS = [Shard(number, 4) for number in range(1, 5)]
SLUGS = ["acme", "beta", "delta", "python", "sigma"]
VENDORS = {slug: vendor(slug) for slug in SLUGS}


@pytest.fixture
def archive() -> Memory:
    held = Memory()
    held.run(
        *(
            keep(slug, f"202{year}-03-0{day}-x", incident(f"{slug} {year} {day}", start))
            for slug in SLUGS[:-1]  # one has nothing yet
            for year in (4, 5)
            for day in (1, 2)
            for start in [at(f"202{year}-03-0{day} 10:00")]
        ),
    )
    return held


def whole(
    archive: Memory, out: Path, day: date = DAY, vendors: Mapping[str, Vendor] = VENDORS
) -> BuildReport:
    return build(archive, vendors, CONFIG, out, day)


def parts(archive: Memory, folder: Path, day: date = DAY) -> list[Path]:
    """The folders of all shards, brought up to the archive."""
    for shard in SHARDS:
        build(archive, VENDORS, CONFIG, folder / str(shard.number), day, shard=shard)
    return [folder / str(shard.number) for shard in SHARDS]


def assembled(
    archive: Memory, out: Path, parts: list[Path], day: date = DAY, *, clean: bool = False
) -> BuildReport:
    return build(archive, VENDORS, CONFIG, out, day, clean=clean, parts=parts)


def contents(out: Path) -> dict[str, bytes]:
    files = (file for file in out.rglob("*") if file.is_file())
    return {file.relative_to(out).as_posix(): file.read_bytes() for file in files}


def test_four_shards_make_the_site_of_one_build(archive: Memory, tmp_path: Path) -> None:
    expected = whole(archive, tmp_path / "whole")
    drawn = parts(archive, tmp_path)
    assert assembled(archive, tmp_path / "site", drawn) == expected
    assert contents(tmp_path / "site") == contents(tmp_path / "whole"), "the manifest too"
    names = [{file.name for file in part.iterdir() if file.is_dir()} - {"api"} for part in drawn]
    assert set().union(*names) == set(SLUGS)
    assert sum(map(len, names)) == len(SLUGS), "each vendor is drawn once"


def moved(kept: Kept, start: str) -> Kept:
    """The record after its vendor gave it another start."""
    was = Revision(kept.changed_at, "started_at", text_of(kept.incident.started_at))
    fact = replace(kept.incident, started_at=at(start))
    return replace(kept, incident=fact, revisions=(*kept.revisions, was))


def test_what_changes_later_changes_the_same_files(archive: Memory, tmp_path: Path) -> None:
    whole(archive, tmp_path / "whole")
    assembled(archive, tmp_path / "site", parts(archive, tmp_path))
    edited = archive.get("acme", "2024-03-02-x")
    archive.run(
        replace(edited, incident=replace(edited.incident, title="Renamed")),
        keep("sigma", "2026-11-20-y", incident("The first", at("2026-11-20 10:00"))),
    )
    for number in (1, 2):  # and with them the year's pages
        former = archive.get("beta", f"2025-03-0{number}-x")
        archive.run(moved(former, f"2023-03-0{number} 10:00"))
    for day in (DAY, date(2027, 1, 1)):
        expected = whole(archive, tmp_path / "whole", day)
        assert assembled(archive, tmp_path / "site", parts(archive, tmp_path, day), day) == expected
        assert contents(tmp_path / "site") == contents(tmp_path / "whole")


def test_assembling_again_touches_nothing(archive: Memory, tmp_path: Path) -> None:
    drawn = parts(archive, tmp_path)
    first = assembled(archive, tmp_path / "site", drawn)
    before = {file: file.stat().st_mtime_ns for file in (tmp_path / "site").rglob("*.*")}
    again = assembled(archive, tmp_path / "site", drawn, clean=True)
    assert (again.pages, again.written, again.removed) == (first.pages, 0, 0)
    after = {file: file.stat().st_mtime_ns for file in (tmp_path / "site").rglob("*.*")}
    assert {file.name for file in after if after[file] != before[file]} == {".manifest.json"}


def test_parts_of_another_site_are_refused(archive: Memory, tmp_path: Path) -> None:
    drawn = parts(archive, tmp_path)
    site = tmp_path / "site"
    with pytest.raises(BuildError, match=r"No part has the pages of .* Name the folders of all"):
        assembled(archive, site, drawn[:-1])
    with pytest.raises(BuildError, match="was drawn from another day"):
        assembled(archive, site, drawn, date(2026, 11, 23))
    whole(archive, tmp_path / "whole")
    with pytest.raises(BuildError, match="holds no finished part of a site"):
        assembled(archive, site, [tmp_path / "whole"])
    archive.run(archive.get("acme", "2024-03-02-x"))
    with pytest.raises(BuildError, match=r"another archive .* build --shard 1/4"):
        assembled(archive, site, drawn)
    assert not site.exists(), "nothing is begun that cannot be finished"


def test_a_shard_never_goes_over_a_site_nor_over_another_shard(
    archive: Memory, tmp_path: Path
) -> None:
    whole(archive, tmp_path / "whole")
    before = contents(tmp_path / "whole")
    with pytest.raises(BuildError, match="of shard all, and those of 1/4 were asked for"):
        build(archive, VENDORS, CONFIG, tmp_path / "whole", DAY, shard=SHARDS[0])
    assert contents(tmp_path / "whole") == before
    first, *_ = parts(archive, tmp_path)
    with pytest.raises(BuildError, match="of shard 1/4, and those of 2/4 were asked for"):
        build(archive, VENDORS, CONFIG, first, DAY, shard=SHARDS[1])
    with pytest.raises(BuildError, match="of shard 1/4, and those of all were asked for"):
        whole(archive, first)
