"""Publishing: the store holds the site, whenever it ends no page links to a missing one."""

import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from posixpath import dirname, join, normpath
from random import randbytes
from threading import Thread

import httpx
import pytest

from generator.errors import BuildError, InputError, StoreError
from generator.mediatypes import TYPES
from generator.pipeline.publish import publish
from generator.publish.bucket import Bucket
from generator.publish.listing import FOREVER, HASHED, SHORTLY, Steps
from generator.render.site import build
from generator.sharding import Shard
from tests.bucket import Store, serving
from tests.render_archive import CONFIG, Memory, at, incident, keep, vendor

DAY = date(2026, 11, 22)
PARTS = ("archives", "updates", "opened-resolved", "major", "statuspage", "downloads", "badges")
SMALL = replace(CONFIG, parts=dict.fromkeys(PARTS, False))
VENDORS = {slug: vendor(slug) for slug in ("acme", "beta")}
KEYS = {"AWS_ACCESS_KEY_ID": "who", "AWS_SECRET_ACCESS_KEY": "secret"}
LINK = re.compile(rb'(?:href|src)="([^"#?]+)')


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)
    with serving() as found:
        yield found


@pytest.fixture
def archive() -> Memory:
    held = Memory()
    held.run(
        keep("acme", "2026-11-02-x", incident("One", at("2026-11-02 10:00"))),
        keep("beta", "2026-11-02-y", incident("Two", at("2026-11-02 10:30"))),
    )
    return held


def bucket(store: Store) -> Bucket:
    return Bucket("s3://site", store.endpoint, KEYS)


def drawn(archive: Memory, out: Path) -> dict[str, bytes]:
    """Build the site; the files that people are to see."""
    build(archive, VENDORS, SMALL, out, DAY)
    files = (file for file in out.rglob("*") if file.is_file() and not file.name.startswith("."))
    return {file.relative_to(out).as_posix(): file.read_bytes() for file in files}


def shown(store: Store) -> dict[str, bytes]:
    return {key: body for key, body in store.objects.items() if not key.startswith(".")}


def edited(archive: Memory) -> None:
    """A title changes, an incident comes, and one moves to another year: pages come and go."""
    kept = archive.get("acme", "2026-11-02-x")
    archive.run(replace(kept, incident=replace(kept.incident, title="Renamed")))
    archive.run(keep("acme", "2025-01-01-z", incident("Three", at("2025-01-01 10:00"))))
    kept = archive.get("beta", "2026-11-02-y")
    archive.run(replace(kept, incident=replace(kept.incident, started_at=at("2024-02-02 10:00"))))


def reachable(objects: dict[str, bytes]) -> set[str]:
    """What a reader comes to from the first page; what is missing, too."""
    found, waiting = set(), ["index.html"] if "index.html" in objects else []
    while waiting:
        path = waiting.pop()
        if path in found:
            continue
        found.add(path)
        if path.endswith(".html"):
            links = (link.decode() for link in LINK.findall(objects.get(path, b"")))
            waiting += [normpath(join(dirname(path), link)) for link in links if ":" not in link]
    return found


def cuts(store: Store) -> list[int]:
    """After how many of the changes of a publishing to end it: in each of its parts."""
    total = len(store.log)
    return sorted({0, 1, total - 1, *range(3, total, total // 5)})


def test_the_store_holds_the_site_and_nothing_else(
    archive: Memory, store: Store, tmp_path: Path
) -> None:
    for change in (lambda _: None, edited):
        change(archive)
        files = drawn(archive, tmp_path)
        before = shown(store)
        done = publish(tmp_path, bucket(store))
        assert shown(store) == files
        assert set(done.new) == files.keys() - before.keys()
        assert set(done.gone) == before.keys() - files.keys()
        assert set(done.changed) == {
            path for path in files.keys() & before.keys() if files[path] != before[path]
        }
    assert done.new
    assert done.changed
    assert done.gone


def test_nothing_changed_nothing_sent(archive: Memory, store: Store, tmp_path: Path) -> None:
    drawn(archive, tmp_path)
    publish(tmp_path, bucket(store))
    store.log.clear()
    assert publish(tmp_path, bucket(store)) == Steps()
    assert store.log == []
    edited(archive)
    drawn(archive, tmp_path)
    assert publish(tmp_path, bucket(store), rehearse=True).sent
    assert store.log == [], "a rehearsal changes nothing"


def test_types_and_how_long_files_are_kept(archive: Memory, store: Store, tmp_path: Path) -> None:
    drawn(archive, tmp_path)
    publish(tmp_path, bucket(store))
    said = {
        key: (headers["content-type"], headers["cache-control"])
        for key, headers in store.headers.items()
    }
    assert said["index.html"] == ("text/html; charset=utf-8", SHORTLY)
    assert said["acme/feed.atom"] == ("application/atom+xml; charset=utf-8", SHORTLY)
    assert said["feed.rss"] == ("application/rss+xml; charset=utf-8", SHORTLY)
    assert said["status.json"] == ("application/json", SHORTLY)
    assert said["acme/calendar.ics"] == ("text/calendar; charset=utf-8", SHORTLY)
    assert said["favicon.svg"] == ("image/svg+xml", SHORTLY)
    (style,) = (key for key in said if key.startswith("style."))
    assert said[style] == ("text/css; charset=utf-8", FOREVER)
    untold = [key for key, (kind, _) in said.items() if kind == "application/octet-stream"]
    assert untold == []


def test_whenever_it_ends_no_page_links_to_a_missing_one(
    archive: Memory, store: Store, tmp_path: Path
) -> None:
    drawn(archive, tmp_path)
    publish(tmp_path, bucket(store))
    standing = dict(store.objects)
    missing = reachable(standing) - standing.keys()
    edited(archive)
    drawn(archive, tmp_path)
    store.log.clear()
    publish(tmp_path, bucket(store))
    for end in cuts(store):
        store.again(standing, end)
        with pytest.raises(StoreError):
            publish(tmp_path, bucket(store))
        assert reachable(store.objects) - store.objects.keys() == missing, f"after {end}"


def test_what_was_begun_is_finished_even_if_the_site_is_another_by_then(
    archive: Memory, store: Store, tmp_path: Path
) -> None:
    first = drawn(archive, tmp_path / "first")
    edited(archive)
    second = drawn(archive, tmp_path / "second")
    publish(tmp_path / "first", bucket(store))
    standing, store.log = dict(store.objects), []
    publish(tmp_path / "second", bucket(store))
    for end in cuts(store)[1::3]:
        for out, files in ((tmp_path / "first", first), (tmp_path / "second", second)):
            store.again(standing, end)
            with pytest.raises(StoreError):
                publish(tmp_path / "second", bucket(store))
            store.again(store.objects, 1_000_000)
            publish(out, bucket(store))
            assert shown(store) == files, f"nothing is forgotten that was sent before {end}"


def test_only_a_whole_site_is_published(archive: Memory, store: Store, tmp_path: Path) -> None:
    empty, part = tmp_path / "empty", tmp_path / "part"
    empty.mkdir()
    with pytest.raises(BuildError, match=r"no finished site .* outages build"):
        publish(empty, bucket(store))
    build(archive, VENDORS, SMALL, part, DAY, shard=Shard(1, 2))
    with pytest.raises(BuildError, match=r"shard 1/2 of a site alone.* outages assemble"):
        publish(part, bucket(store))
    assert store.log == []


def test_a_refusal_is_a_sentence(archive: Memory, store: Store, tmp_path: Path) -> None:
    drawn(archive, tmp_path)
    store.room = 0
    with pytest.raises(StoreError, match=r"s3://site refuses us.*Do the credentials belong to it"):
        publish(tmp_path, bucket(store))


@pytest.mark.parametrize(
    ("address", "environment", "sentence"),
    [
        ("https://example.org", KEYS, "expected s3://bucket"),
        ("s3://", KEYS, "expected s3://bucket"),
        ("s3://site", {}, "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"),
    ],
)
def test_a_bucket_needs_an_address_and_credentials(
    address: str, environment: dict[str, str], sentence: str
) -> None:
    with pytest.raises(InputError, match=sentence):
        Bucket(address, None, environment)


@pytest.fixture
def moto() -> Iterator[str]:
    """The address of a store of the S3 kind that others wrote, with the bucket `site`."""
    python = Path(sys.prefix) / "store/bin/python"
    if not python.exists():
        pytest.skip("not checked: moto is not installed (make check-site)")
    command = [str(python), "-c", "from moto.server import main; main()", "-p", "0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as server:
        assert server.stderr
        line = next(line for line in server.stderr if "Running on" in line)
        address = line.split()[-1].strip()
        # It tells of every request: a pipe that nobody reads would hold it up.
        Thread(target=server.stderr.read, daemon=True).start()
        httpx.put(f"{address}/site").raise_for_status()
        yield address
        server.terminate()


def test_a_store_that_others_wrote_serves_what_was_sent(
    archive: Memory, moto: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)
    for change in (lambda _: None, edited):
        change(archive)
        files = drawn(archive, tmp_path)
        publish(tmp_path, Bucket("s3://site/below", moto, KEYS))
        listed = httpx.get(f"{moto}/site", params={"list-type": "2"}).text
        keys = re.findall(r"<Key>below/([^.<][^<]*)</Key>", listed)
        assert set(keys) == files.keys()
        assert "below/.published/index.json" in listed
        page = got(f"{moto}/site/below/acme/feed.atom")
        assert page.content == files["acme/feed.atom"]


def test_it_tells_what_every_kind_of_file_is_and_how_long_it_may_be_kept(
    archive: Memory, moto: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)
    build(archive, VENDORS, CONFIG, tmp_path, DAY)
    # An archive as large as real ones goes in parts.
    (tmp_path / "downloads/outages.db").write_bytes(randbytes(12_000_000))
    publish(tmp_path, Bucket("s3://site", moto, KEYS))
    files = (file.relative_to(tmp_path).as_posix() for file in tmp_path.rglob("*.*"))
    kinds = {Path(path).suffix: path for path in files if not path.startswith(".")}
    assert kinds.keys() == TYPES.keys()
    for suffix, path in kinds.items():
        page = got(f"{moto}/site/{path}")
        assert page.content == (tmp_path / path).read_bytes(), path
        assert page.headers["content-type"] == TYPES[suffix], path
        assert page.headers["cache-control"] == (FOREVER if HASHED.search(path) else SHORTLY), path


def got(address: str) -> httpx.Response:
    """A file of the store, as those see it who may."""
    page = httpx.get(address, headers={"Authorization": "AWS who:secret"})
    return page.raise_for_status()
