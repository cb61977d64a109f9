"""Replies as a page that has lost its mind would send them: their structure, with pieces wrong."""

import json
import random
import re
from collections.abc import Callable
from copy import deepcopy
from typing import Any

# What stands where something else was meant.
WRONG: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 0.5, 2**63, -(2**70), 1e308, "", " ", "x", "0", "null", "true",
    "2026-13-45T99:99:99Z", "0000-00-00", "9999-12-31T23:59:59.999999+14:00", "1e999", "-1",
    "\ud800", "\x00", "\u202e", "<b>", "]]>", "%s{}", "../../etc", "javascript:alert(1)", "é" * 300,
    [], {}, [[]], [None], [{}], {"": ""}, {"id": None}, ["x"], [1, "x", None],
)  # fmt: skip
MARKUP = re.compile(r"<[^<>]{0,200}>|[^<>]+")
BITS = (
    "<",
    ">",
    "&",
    "<![CDATA[",
    "]]>",
    "&#0;",
    "&x;",
    "</item>",
    "<p>",
    "\x00",
    "",
    "\u202e",
    "0",
)


def mutant(body: bytes, dice: random.Random) -> bytes:
    """The body with one to four things wrong: JSON in its structure, all else in its tags."""
    if dice.random() < 0.05:
        return body[: dice.randrange(len(body) + 1)]
    try:
        document = json.loads(body)
    except ValueError:
        return _marked_up(body, dice)
    for _ in range(dice.randint(1, 4)):
        document = _changed(document, dice)
    text = json.dumps(document, ensure_ascii=dice.random() < 0.5)
    return text.encode("utf-8", "surrogatepass")


def _changed(document: Any, dice: random.Random) -> Any:
    """The document with one value of it wrong, wherever that is."""
    holder, place = None, None
    here = document
    while isinstance(here, dict | list) and here and (holder is None or dice.random() < 0.85):
        place = dice.choice(list(here)) if isinstance(here, dict) else dice.randrange(len(here))
        holder, here = here, here[place]
    if holder is None:
        return _wrong(dice)
    dice.choice(DEEDS)(holder, place, here, dice)
    return document


def _wrong(dice: random.Random) -> Any:
    return deepcopy(dice.choice(WRONG))


def _replace(holder: Any, place: Any, _: Any, dice: random.Random) -> None:
    holder[place] = _wrong(dice)


def _drop(holder: Any, place: Any, _: Any, __: random.Random) -> None:
    del holder[place]


def _wrap(holder: Any, place: Any, value: Any, dice: random.Random) -> None:
    holder[place] = dice.choice(([value], {"value": value}, str(value), [value, deepcopy(value)]))


def _garble(holder: Any, place: Any, value: Any, dice: random.Random) -> None:
    """A text with a piece of it cut out or put in; another number."""
    if isinstance(value, str):
        at = dice.randrange(len(value) + 1)
        end = at + dice.randrange(5)
        holder[place] = value[:at] + dice.choice(("", "9", "-", "Z", "\x00", "é")) + value[end:]
    elif isinstance(value, int | float):
        holder[place] = value * dice.choice((-1, 0, 1000, 10**12))
    else:
        holder[place] = _wrong(dice)


def _double(holder: Any, place: Any, value: Any, dice: random.Random) -> None:
    if isinstance(holder, list):
        holder.append(deepcopy(value))
    else:
        holder[dice.choice(list(holder))] = deepcopy(value)


DEEDS: tuple[Callable[[Any, Any, Any, random.Random], None], ...] = (
    _replace, _drop, _wrap, _garble, _double
)  # fmt: skip


def _marked_up(body: bytes, dice: random.Random) -> bytes:
    parts = MARKUP.findall(body.decode("utf-8", "replace")) or [""]
    for _ in range(dice.randint(1, 4)):
        place = dice.randrange(len(parts))
        deed = dice.randrange(4)
        if deed == 0:
            parts[place] = ""
        elif deed == 1:
            parts[place] = dice.choice(BITS)
        elif deed == 2:
            parts.insert(place, dice.choice(parts))
        else:
            at = dice.randrange(len(parts[place]) + 1)
            parts[place] = parts[place][:at] + dice.choice(BITS) + parts[place][at + 1 :]
    return "".join(parts).encode("utf-8", "surrogatepass")
