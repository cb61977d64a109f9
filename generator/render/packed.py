"""Outlines kept as bytes, for there are very many.

Packed they take a third of the memory, and none of it is copied by a process that shares it with
the one that laid it out: looking at an object counts a reference to it, which writes.
"""

from array import array
from collections.abc import Iterable, Iterator

import msgspec

from generator.model import Outline

_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Outline)


class Packed:
    """Some outlines, in the order given; each is made anew when it is asked for."""

    def __init__(self, outlines: Iterable[Outline] = ()) -> None:
        whole = bytearray()
        self._ends = array("I", [0])
        for each in outlines:
            whole += _encoder.encode(each)
            self._ends.append(len(whole))
        self._bytes = bytes(whole)

    def __len__(self) -> int:
        return len(self._ends) - 1

    def __getitem__(self, place: int) -> Outline:
        return _decoder.decode(self._bytes[self._ends[place] : self._ends[place + 1]])

    def __iter__(self) -> Iterator[Outline]:
        return map(self.__getitem__, range(len(self)))
