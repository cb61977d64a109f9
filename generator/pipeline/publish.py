"""The site into an object store: what differs is sent, what is no more is removed, in this order.

Whatever is in the store stands in a listing there, however a publishing ends: before anything is
sent, the listings name it as something that may be there, and at the end as what it is.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from generator.errors import BuildError
from generator.publish.bucket import Bucket
from generator.publish.listing import Steps, digest_of, listings, read, written
from generator.render.writer import Folder
from generator.scrape import side_by_side

# Of all folders, each with the digest of its listing.
INDEX = ".published/index.json"
AT_ONCE = 32

Progress = Callable[[int, int], None]


@dataclass
class _Folders:
    """The folders that differ: their files here, and what the store may hold of them."""

    here: dict[str, dict[str, str]] = field(default_factory=dict)
    there: dict[str, dict[str, str]] = field(default_factory=dict)


def publish(
    out: Path, bucket: Bucket, *, rehearse: bool = False, progress: Progress | None = None
) -> Steps:
    """Make the bucket hold the site in `out`, and nothing else that it was ever sent; what it took.

    `rehearse`: only say what it would take. BuildError for a folder that is not a whole site.
    """
    _require_whole(out)
    return asyncio.run(_publish(out, bucket, rehearse, progress))


async def _publish(out: Path, bucket: Bucket, rehearse: bool, progress: Progress | None) -> Steps:
    # As many threads as things are done at once: the usual number goes by the cores.
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(AT_ONCE))
    index = read(await bucket.read(INDEX))
    steps, folders, names = Steps(), _Folders(), set()
    for name, here in listings(out):
        names.add(name)
        if index.get(name) != digest_of(here):
            await _compare(bucket, name, here, steps, folders)
    for name in index.keys() - names:
        await _compare(bucket, name, {}, steps, folders)
    if rehearse or not folders.here:
        return steps
    await _note(bucket, index, folders, steps)
    await _carry_out(out, bucket, steps, progress)
    await _settle(bucket, index, folders)
    return steps


async def _compare(
    bucket: Bucket, name: str, here: dict[str, str], steps: Steps, folders: _Folders
) -> None:
    there = read(await bucket.read(_listing(name)))
    steps.add(here, there)
    folders.here[name], folders.there[name] = here, there


async def _note(bucket: Bucket, index: dict[str, str], folders: _Folders, steps: Steps) -> None:
    """Write down what may be there from now on. The index first: it vouches for the listings."""
    sent = dict.fromkeys(steps.sent, "")
    await bucket.send(INDEX, written(index | dict.fromkeys(folders.here, "")))

    async def one(name: str) -> None:
        here, there = folders.here[name], folders.there[name]
        unsure = {path: "" for path in here if path in sent}
        await bucket.send(_listing(name), written(there | unsure))

    await side_by_side(folders.here, one, AT_ONCE)


async def _carry_out(out: Path, bucket: Bucket, steps: Steps, progress: Progress | None) -> None:
    done, total = 0, len(steps.sent) + len(steps.gone)

    async def each(paths: Iterable[str], work: Callable[[str], Awaitable[None]]) -> None:
        async def one(path: str) -> None:
            nonlocal done
            await work(path)
            done += 1
            if progress:
                progress(done, total)

        await side_by_side(paths, one, AT_ONCE)

    for wave in steps.sendings():
        await each(wave, lambda path: bucket.send(path, out / path))
    await each(steps.gone, bucket.remove)


async def _settle(bucket: Bucket, index: dict[str, str], folders: _Folders) -> None:
    """Write down what is there now. The index last."""

    async def one(name: str) -> None:
        if folders.here[name]:
            await bucket.send(_listing(name), written(folders.here[name]))
        else:
            await bucket.remove(_listing(name))

    await side_by_side(folders.here, one, AT_ONCE)
    now = index | {name: digest_of(here) for name, here in folders.here.items()}
    empty = {name for name, here in folders.here.items() if not here}
    await bucket.send(INDEX, written({name: now[name] for name in now if name not in empty}))


def _listing(name: str) -> str:
    return f".published/folders/{name}.json" if name else ".published/root.json"


def _require_whole(out: Path) -> None:
    """That the folder holds a whole site: what is not in it would be removed from the store."""
    manifest = Folder(out).claim()
    if manifest is None or not manifest.key:
        raise BuildError(f"There is no finished site in {out}. Build it first: outages build")
    if manifest.shard:
        raise BuildError(
            f"{out} holds shard {manifest.shard} of a site alone. "
            "Put all shards together first: outages assemble PART..."
        )
