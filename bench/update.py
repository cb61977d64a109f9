"""The reading of many pages at once, against a bare client that asks for the same and drops it.

usage: python -m bench.update [PAGES [PAGES_OF_WHICH_NONE_CHANGED]]
"""

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from bench.measured import Cost, cost_of, outages, require, table
from bench.pages import PATHS

LATENCY = 0.2
AT_ONCE = 100
# A client of its own for every page, one TLS context for all: what the real one does, too.
PEER = """
import asyncio, sys
import httpx

async def main(ports, paths, etags):
    tls = httpx.create_ssl_context()
    waiting = iter(ports)
    async def worker():
        for port in waiting:
            transport = httpx.AsyncHTTPTransport(verify=tls, trust_env=False)
            async with httpx.AsyncClient(transport=transport, timeout=60) as client:
                for path, etag in zip(paths, etags):
                    headers = {"If-None-Match": etag} if etag else {}
                    reply = await client.get(f"https://127.0.0.1:{port}{path}", headers=headers)
                    assert reply.status_code == (304 if etag else 200)
                    reply.content
    async with asyncio.TaskGroup() as group:
        for _ in range(int(sys.argv[1])):
            group.create_task(worker())

asyncio.run(main(sys.argv[2].split(), sys.argv[3].split(), sys.argv[4].split(",")))
"""


def main(pages: int = 500, quiet: int = 4500) -> None:
    """Print what readings cost, each with the bare client's beside it."""
    require("openssl")
    with TemporaryDirectory() as folder:
        certificate = _certificate(Path(folder))
        os.environ["SSL_CERT_FILE"] = str(certificate)
        with _served(pages, certificate) as server:
            _compare(Path(folder, "some"), server)
        with _served(quiet, certificate) as server:
            _still(Path(folder, "many"), server)


class _Server:
    """The pages' process and its ports."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        self.ports = self._said().split()
        self.round = 1

    def turn(self) -> None:
        """Every page has one incident more."""
        assert self._process.stdin
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        self._said()
        self.round += 1

    def _said(self) -> str:
        assert self._process.stdout
        return self._process.stdout.readline()


def _compare(folder: Path, server: _Server) -> None:
    data = _data(folder, server.ports)
    bare = _bare(server, changed=True)
    first = _update(data, "changed")
    server.turn()
    changed = _update(data, "changed")
    same, bare_same = _update(data, "unchanged"), _bare(server, changed=False)
    table(
        f"update of {len(server.ports):,} pages, 2 replies of 60 KB each, {LATENCY} s away",
        [
            ("a bare httpx client", bare.told, "CPU 1, wall 1"),
            ("a new incident each", changed.told, f"{_ratios(changed, bare)}; 2.5 and 1.8"),
            ("a hundred new each, the first time", first.told, _ratios(first, bare)),
            ("a bare httpx client, all 304", bare_same.told, "CPU 1, wall 1"),
            ("all 304", same.told, f"{_ratios(same, bare_same)}; 1.7"),
        ],
    )


def _still(folder: Path, server: _Server) -> None:
    data = _data(folder, server.ports)
    _update(data, "changed")
    bare, same = _bare(server, changed=False), _update(data, "unchanged")
    table(
        f"update of {len(server.ports):,} pages, nothing new",
        [
            ("a bare httpx client", bare.told, "CPU 1, wall 1"),
            ("update", same.told, f"{_ratios(same, bare)}; wall under 120 s, under 300 MB"),
        ],
    )


def _update(data: Path, outcome: str) -> Cost:
    """A run, every page of which must come to that: one that fails costs little."""
    report = data / "report.json"
    cost = outages("--data", data, "update", "--allow-loopback", "--report", report)
    outcomes = Counter(row["outcome"] for row in msgspec.json.decode(report.read_bytes())["rows"])
    if set(outcomes) != {outcome}:
        raise SystemExit(f"Not all pages are {outcome}: {dict(outcomes)}")
    return cost


def _bare(server: _Server, *, changed: bool) -> Cost:
    paths = " ".join(path.decode() for path in PATHS)
    etags = "," if changed else ",".join(f'"{name}-{server.round}"' for name in PATHS.values())
    return cost_of(sys.executable, "-c", PEER, str(AT_ONCE), " ".join(server.ports), paths, etags)


def _ratios(ours: Cost, bare: Cost) -> str:
    return f"CPU {ours.cpu / bare.cpu:.1f}, wall {ours.wall / bare.wall:.1f}"


def _data(folder: Path, ports: list[str]) -> Path:
    vendors = folder / "vendors"
    vendors.mkdir(parents=True)
    for number, port in enumerate(ports):
        lines = (
            f'name = "Vendor {number}"',
            f'homepage = "https://www.vendor-{number}.example"',
            f'status_page = "https://127.0.0.1:{port}"',
            'platform = "statuspage"',
            'category = "cloud"\n',
        )
        (vendors / f"vendor-{number:04}.toml").write_text("\n".join(lines), encoding="utf-8")
    return folder


def _certificate(folder: Path) -> Path:
    """A certificate for this machine, with its key, that vouches for itself."""
    file = folder / "pages.pem"
    subprocess.run(  # noqa: S603 - no word of it comes from elsewhere
        [
            *("openssl", "req", "-x509", "-nodes", "-days", "2", "-subj", "/CN=bench"),
            *("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"),
            *("-addext", "subjectAltName=IP:127.0.0.1", "-keyout", file, "-out", file),
        ],
        check=True,
        capture_output=True,
    )
    return file


@contextmanager
def _served(pages: int, certificate: Path) -> Iterator[_Server]:
    command = [sys.executable, "-m", "bench.pages", str(pages), str(LATENCY), str(certificate)]
    with subprocess.Popen(  # noqa: S603 - this very interpreter
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            yield _Server(process)
        finally:
            process.kill()


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
