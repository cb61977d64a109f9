"""A reply's body as it arrives: counted, inflated and bounded."""

import zlib

from generator.errors import SourceFault


class Body:
    """Bytes of one reply. Never holds more than one chunk over `largest` inflated bytes."""

    def __init__(self, url: str, zipped: bool, wire: int, largest: int) -> None:
        self._url = url
        self._zip = zlib.decompressobj(zlib.MAX_WBITS | 16) if zipped else None
        self._wire = wire
        self._largest = largest
        self._received = 0
        self._parts = bytearray()

    def feed(self, chunk: bytes) -> None:
        """One chunk off the wire; SourceFault when it is too much or not gzip."""
        self._received += len(chunk)
        if self._received > self._wire:
            raise SourceFault("too large", f"{self._url} is over {self._wire:,} bytes")
        if self._zip is None:
            self._parts += chunk
            return
        room = self._largest - len(self._parts)
        try:
            self._parts += self._zip.decompress(chunk, room + 1)
        except zlib.error as error:
            raise SourceFault("unparseable", f"{self._url} is not gzip: {error}") from None
        if len(self._parts) > self._largest:
            raise SourceFault("too large", f"{self._url} inflates over {self._largest:,} bytes")
        if self._zip.unused_data:
            raise SourceFault("unparseable", f"{self._url} has bytes after its gzip stream")

    def whole(self) -> bytes:
        """All of it, inflated; SourceFault when the stream broke off."""
        if self._zip is not None and self._received and not self._zip.eof:
            raise SourceFault("unparseable", f"{self._url} ends in the middle of its gzip stream")
        return bytes(self._parts)
