"""Lists of places in the search index, as text: one to three letters a place.

A place is a number: which vendor's day, and the how-manieth incident of that day. Lists rise. What
is written is the step from one vendor's day to the next, in base 32, least digit first: the last
digit of a step comes from another alphabet than those before it. Then, unless it is the first
incident of the day, which one it is, as signs whose values add up.
"""

from collections.abc import Iterable

# A day of a vendor has room for so many incidents.
ROOM = 1024

MORE = "0123456789abcdefghijklmnopqrstuv"
LAST = "ABCDEFGHIJKLMNOPQRSTUVWXYZwxyz-_"
NTH = "!#$%&()*"

_LAST = {sign: value for value, sign in enumerate(LAST)}
_MORE = {sign: value for value, sign in enumerate(MORE)}
_NTH = {sign: value for value, sign in enumerate(NTH, 1)}


def place(vendor_day: int, nth: int) -> int:
    """The place of a vendor's nth incident of a day, from 0. Beyond ROOM they share the last."""
    return vendor_day * ROOM + min(nth, ROOM - 1)


def encode(places: Iterable[int]) -> str:
    """Rising places as text."""
    out = []
    at = 0
    for each in places:
        vendor_day, nth = divmod(each, ROOM)
        step, at = vendor_day - at, vendor_day
        while step >= 32:
            out.append(MORE[step & 31])
            step >>= 5
        out.append(LAST[step])
        while nth:
            value = min(nth, len(NTH))
            out.append(NTH[value - 1])
            nth -= value
    return "".join(out)


def decode(text: str) -> list[int]:
    """The places that a text stands for."""
    places: list[int] = []
    at = step = shift = 0
    for sign in text:
        if sign in _MORE:
            step |= _MORE[sign] << shift
            shift += 5
        elif sign in _LAST:
            at += step | _LAST[sign] << shift
            places.append(at * ROOM)
            step = shift = 0
        else:
            places[-1] += _NTH[sign]
    return places
