"""A reply's body as it arrives: counted, hashed, inflated and bounded, large ones kept off memory.

A hundred pages may send their largest at once: what a run holds must not grow with them.
"""

import hashlib
import weakref
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from tempfile import TemporaryFile, gettempdir
from typing import IO

from generator.errors import DiskError, SourceFault

# Inflated at a time, and handed on at a time.
PIECE = 65_536
# What is longer waits in a file without a name, which ends with the body.
IN_MEMORY = 262_144


class Body:
    """Bytes of one reply, at most `wire` as they come and `largest` inflated."""

    def __init__(self, url: str, zipped: bool, wire: int, largest: int) -> None:
        self.size = 0
        self._url = url
        self._zip = zlib.decompressobj(zlib.MAX_WBITS | 16) if zipped else None
        self._wire = wire
        self._largest = largest
        self._received = 0
        self._hash = hashlib.sha256()
        self._memory = bytearray()
        self._file: IO[bytes] | None = None

    @property
    def sha256(self) -> bytes:
        """The hash of what there is so far."""
        return self._hash.digest()

    def feed(self, chunk: bytes) -> None:
        """One chunk off the wire; SourceFault when it is too much or not gzip."""
        self._received += len(chunk)
        if self._received > self._wire:
            raise SourceFault("too large", f"{self._url} is over {self._wire:,} bytes")
        if self._zip is None:
            self._keep(chunk)
            return
        piece = self._inflated(chunk)
        while len(piece) == PIECE or self._zip.unconsumed_tail:
            piece = self._inflated(self._zip.unconsumed_tail)
        if self._zip.unused_data:
            raise SourceFault("unparseable", f"{self._url} has bytes after its gzip stream")

    def end(self) -> None:
        """No more comes; SourceFault when the stream broke off."""
        if self._zip is not None and self._received and not self._zip.eof:
            raise SourceFault("unparseable", f"{self._url} ends in the middle of its gzip stream")
        self._zip = None

    def pieces(self) -> Iterator[bytes]:
        """All of it, inflated, a piece at a time."""
        if self._file is None:
            yield bytes(self._memory)
            return
        self._file.seek(0)
        while piece := self._file.read(PIECE):
            yield piece

    def read(self) -> bytes:
        """All of it at once."""
        return b"".join(self.pieces())

    def _inflated(self, data: bytes) -> bytes:
        assert self._zip is not None
        try:
            piece = self._zip.decompress(data, PIECE)
        except zlib.error as error:
            raise SourceFault("unparseable", f"{self._url} is not gzip: {error}") from None
        self._keep(piece)
        return piece

    def _keep(self, piece: bytes) -> None:
        self.size += len(piece)
        if self.size > self._largest:
            raise SourceFault("too large", f"{self._url} is over {self._largest:,} bytes inflated")
        self._hash.update(piece)
        if self._file is None:
            self._memory += piece
        if self.size > IN_MEMORY:
            try:
                self._to_file(piece)
            except OSError as error:
                raise DiskError(f"{gettempdir()}, for what {self._url} answers", error) from None

    def _to_file(self, piece: bytes) -> None:
        if self._file is not None:
            self._file.write(piece)
            return
        self._file = TemporaryFile()  # noqa: SIM115 - it ends with the body
        weakref.finalize(self, self._file.close)
        self._file.write(self._memory)
        self._memory.clear()


@dataclass(frozen=True, slots=True)
class Held:
    """A reply as it came off the network: nobody has looked inside. Status 0: none came."""

    url: str
    status: int
    content_type: str
    body: Body


def nothing(url: str) -> Held:
    """In place of a reply that did not come."""
    return Held(url, 0, "", Body(url, zipped=False, wire=0, largest=0))
