"""Replies as they came, kept as WARC, and read back in the place of the network.

A run's file is its own, one compressed record a reply; it is on the disk before the
archive says anything that rests on it. A last record that a killed run left half written is left
out. Bodies stand there inflated, so that their SHA-256 is the one that the archive names.
"""

import io
import os
import threading
import zlib
from collections import defaultdict, deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from itertools import chain, count
from pathlib import Path
from typing import Any
from urllib.parse import quote

from generator import __version__
from generator.bodies import Body
from generator.durable import make_folder, sync_folder
from generator.errors import DiskError, InputError
from generator.times import read, text_of

ENDING = ".warc.gz"
# Header of ours: two vendors may stand on one page, each with its own turns.
VENDOR = "Outages-Vendor"
# The name of what says whose changes were written.
WRITTEN = "urn:outages:written"
# What holds no more once a body is inflated, and what is nobody else's business.
DROPPED = frozenset({"content-encoding", "transfer-encoding", "content-length", "set-cookie"})
# Bounds of a body that was kept: those that it passed when it came.
LARGEST = 1 << 30
# What a compressed file begins with.
GZIP = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class Exchange:
    """One answer to one request of a vendor's reading, redirects and refusals included."""

    vendor: str
    url: str
    status: int
    headers: Sequence[tuple[str, str]]
    body: Body


class Recording:
    """A run's file in a folder: begun at its first reply."""

    def __init__(self, folder: Path, at: datetime, command: str, **settings: int | str) -> None:
        self._at = text_of(at)
        # Pages answer in one thread, and what they changed is written in another.
        self._turn = threading.Lock()
        self._about = {"command": command, "at": self._at} | {
            name: str(value) for name, value in settings.items() if value != ""
        }
        self.path = _free(folder, f"{self._at.replace(':', '')}-{command}")
        with told(self.path):
            make_folder(folder)
            self._file = self.path.open("xb")
            sync_folder(folder)
            self._writer = _writer(self._file)
            try:
                self._begin()
            except OSError:
                self._file.close()
                raise

    def keep(self, exchange: Exchange) -> None:
        """Append what came."""
        from warcio.statusandheaders import StatusAndHeaders

        headers = [pair for pair in exchange.headers if pair[0].lower() not in DROPPED]
        line = f"{exchange.status} {_phrase(exchange.status)}".strip()
        record = self._writer.create_warc_record(
            _address(exchange.url),
            "response",
            payload=io.BytesIO(exchange.body.read()),
            length=exchange.body.size,
            http_headers=StatusAndHeaders(line, headers, protocol="HTTP/1.1"),
            warc_headers_dict={
                "WARC-Date": self._at,
                "WARC-Payload-Digest": f"sha256:{exchange.body.sha256.hex()}",
                VENDOR: exchange.vendor,
            },
        )
        with told(self.path), self._turn:
            self._writer.write_record(record)

    def sync(self, vendors: Sequence[str] = ()) -> None:
        """What was kept so far is on the disk, and whose changes are written now, in this order."""
        with told(self.path), self._turn:
            if vendors:
                self._write_turns("\n".join(vendors).encode())
            self._file.flush()
            os.fsync(self._file.fileno())

    def close(self) -> None:
        """No more comes."""
        with told(self.path), self._file:
            self.sync()

    def _write_turns(self, listed: bytes) -> None:
        record = self._writer.create_warc_record(
            WRITTEN,
            "metadata",
            payload=io.BytesIO(listed),
            length=len(listed),
            warc_content_type="text/plain",
            warc_headers_dict={"WARC-Date": self._at},
        )
        self._writer.write_record(record)

    def _begin(self) -> None:
        about = {"software": f"outages/{__version__}", "format": "WARC File Format 1.1"}
        self._writer.write_record(
            self._writer.create_warcinfo_record(self.path.name, {**about, **self._about})
        )


class NoRecording:
    """In place of one where nothing is kept."""

    keep = None

    def sync(self, vendors: Sequence[str] = ()) -> None:
        """There is nothing."""


@contextmanager
def recording(
    folder: Path | None, at: datetime, command: str, **settings: int | str
) -> Iterator[Recording | NoRecording]:
    """A run's recording in the folder, if one is given."""
    if folder is None:
        yield NoRecording()
        return
    with closing(Recording(folder, at, command, **settings)) as kept:
        yield kept


@dataclass
class Tape:
    """A run's file, read back. `settings`: what the run was told besides.

    `written`: whose changes it wrote, in that order; a vendor that it read on and on, each time.
    """

    command: str
    at: datetime
    settings: Mapping[str, str]
    replies: dict[tuple[str, str], deque[Exchange]] = field(
        default_factory=lambda: defaultdict(deque)
    )
    written: list[str] = field(default_factory=list)

    @property
    def vendors(self) -> frozenset[str]:
        """Of whom it holds replies."""
        return frozenset(vendor for vendor, _ in self.replies)

    def play(self, vendor: str, url: str) -> Exchange | None:
        """What came next of that address; None where nothing more came."""
        waiting = self.replies.get((vendor, _address(url)))
        return waiting.popleft() if waiting else None


def tapes(paths: Sequence[Path]) -> list[Tape]:
    """The files, and those of the folders, in the order of their runs; InputError for others.

    What a run left that was killed before its first record was whole says nothing.
    """
    files = [
        file
        for path in paths
        for file in (sorted(path.glob(f"*{ENDING}")) if path.is_dir() else [path])
    ]
    return sorted(filter(None, map(_tape, files)), key=lambda tape: tape.at)


def _tape(file: Path) -> Tape | None:
    found: Tape | None = None
    for record in _records(file):
        if record.rec_type == "warcinfo":
            lines = record.content_stream().read().decode().splitlines()
            about = dict(line.split(": ", 1) for line in lines if ": " in line)
            if {"command", "at"} <= about.keys():
                found = Tape(about.pop("command"), read(about.pop("at")), about)
        elif record.rec_type == "response" and found:
            exchange = _exchange(record)
            if exchange is None:
                break
            found.replies[exchange.vendor, exchange.url].append(exchange)
        elif record.rec_type == "metadata" and found:
            found.written += record.content_stream().read().decode().split()
    if found is None and not _is_begun(file):
        raise InputError(f"{file} is no WARC of a run: give what `--keep-raw` has written.")
    return found


def _is_begun(file: Path) -> bool:
    with file.open("rb") as stream:
        return GZIP.startswith(stream.read(len(GZIP)))


def _records(file: Path) -> Iterator[Any]:
    from warcio.archiveiterator import ArchiveIterator
    from warcio.exceptions import ArchiveLoadFailed

    with file.open("rb") as stream:
        try:
            yield from ArchiveIterator(stream)
        except (ArchiveLoadFailed, EOFError, zlib.error):
            return


def _exchange(record: Any) -> Exchange | None:
    """An answer; None for one that broke off."""
    url = record.rec_headers.get_header("WARC-Target-URI")
    body = Body(url, zipped=False, wire=LARGEST, largest=LARGEST)
    body.feed(record.content_stream().read())
    body.end()
    digest = record.rec_headers.get_header("WARC-Payload-Digest")
    if digest != f"sha256:{body.sha256.hex()}":
        return None
    return Exchange(
        vendor=record.rec_headers.get_header(VENDOR),
        url=url,
        status=int(record.http_headers.get_statuscode()),
        headers=tuple(record.http_headers.headers),
        body=body,
    )


def _free(folder: Path, name: str) -> Path:
    """A file of that name, or with a number where a killed run has left one half written."""
    names = chain([name], (f"{name}-{number}" for number in count(2)))
    return next(path for each in names if not (path := folder / f"{each}{ENDING}").exists())


@contextmanager
def told(path: Path) -> Iterator[None]:
    """What the disk refuses is no fault of the page that is being read."""
    try:
        yield
    except OSError as error:
        raise DiskError(str(path), error) from None


def _writer(file: Any) -> Any:
    from warcio.warcwriter import WARCWriter

    return WARCWriter(file, gzip=True, warc_version="1.1")


def _address(url: str) -> str:
    """The address as a header can hold it."""
    return quote(url, safe="%/:=&?~#+!$,;'@()*[]|")


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""
