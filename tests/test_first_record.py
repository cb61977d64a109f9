"""The committed archive: it begins with one real incident, kept by hand."""

import subprocess
from pathlib import Path

from generator.archive import schema
from generator.archive.queries import Archive
from generator.archive.store import reading, schema_of
from generator.times import read
from generator.vendors import read_vendors

DATA = Path(__file__).parents[1] / "data"


def test_the_archive_holds_the_mass_purge_of_2022() -> None:
    with reading(DATA / "outages.db") as connection:
        found = {kept.slug: kept for kept in Archive(connection).kept("python")}
    incident = found["2022-07-29-pypi-mass-cdn-purge"].incident
    assert incident.title == "Notice: PyPI Mass CDN Purge"
    assert incident.impact == "minor"
    assert incident.started_at == read("2022-07-29T15:19:00Z")
    assert incident.ended_at == read("2022-07-29T16:30:00Z")
    assert incident.end_basis == "last_update"
    assert [f"{update.at:%H:%M}" for update in incident.updates] == [
        "15:19",
        "15:30",
        "16:03",
        "16:30",
    ]
    assert {update.phase for update in incident.updates} == {"monitoring"}


def test_it_has_the_schema_of_this_program() -> None:
    """So that no run without news writes it, and its views are there for whoever opens it."""
    assert schema_of(DATA / "outages.db") == schema.CURRENT


def test_it_can_be_read_as_of_every_commit(tmp_path: Path) -> None:
    git = ("git", "-C", str(DATA))
    told = subprocess.run(
        (*git, "log", "--format=%h", "--", "outages.db"), capture_output=True, check=True, text=True
    )
    for commit in told.stdout.split():
        was = subprocess.run(
            (*git, "show", f"{commit}:data/outages.db"), capture_output=True, check=True
        )
        (file := tmp_path / commit).write_bytes(was.stdout)
        with reading(file) as connection:
            assert Archive(connection).kept("python"), commit


def test_every_vendor_file_can_be_read() -> None:
    vendors = read_vendors(DATA / "vendors")
    assert len(vendors) >= 60
    assert {"python", "github", "cloudflare", "openai", "google-cloud"} <= vendors.keys()
