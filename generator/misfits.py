"""What msgspec refuses, in the words of whoever wrote it: which key, what came, what may stand."""

import re
import types
import typing

import msgspec

from generator.wording import perhaps

SHOWN = 60
NAMES = {
    "str": "a text",
    "int": "a number",
    "float": "a number",
    "bool": "true or false",
    "null": "null",
    "array": "a list",
    "date": "a date",
    "datetime": "a time",
    "time": "a time",
}
LENGTHS = {">=": "short; expected at least", "<=": "long; expected at most"}
PLACED = re.compile(r"(?P<what>.*?)(?: - at `\$\.?(?P<path>[^`]*)`)?", re.DOTALL)
UNKNOWN = re.compile(r"Object contains unknown field `(.*)`", re.DOTALL)
MISSING = re.compile(r"Object missing required field `(.*)`")
NO_WORD = re.compile(r"Invalid enum value (.*)", re.DOTALL)
OTHER_TYPE = re.compile(r"Expected `(.*)`, got `(.*)`")
OTHER_FORM = re.compile(r"Expected `str` matching regex (.*)")
OTHER_LENGTH = re.compile(r"Expected `str` of length (>=|<=) (\d+)")


def misfit(
    error: msgspec.ValidationError, shape: object, whole: str = "", table: str = "a table"
) -> str:
    """Why something is not of the shape, without a full stop.

    `whole`: what was read, such as `[hook]`; `table`: what has keys in its format.
    """
    placed = PLACED.fullmatch(str(error))
    what, path = (placed["what"], placed["path"] or "") if placed else (str(error), "")
    where = _where(path, whole)
    within = f" in {where}" if where else ""
    wanted = _at(shape, path)
    if found := UNKNOWN.fullmatch(what):
        key = f"{_short(repr(found[1]))}{within}{perhaps(found[1], _keys(wanted))}"
        return f"unknown key {key}; expected {_one_of(_keys(wanted))}"
    if found := MISSING.fullmatch(what):
        return f"{found[1]} is missing{within}"
    return f"{where or 'it'} {_value(what, wanted, table)}"


def _value(what: str, wanted: object, table: str) -> str:
    """What is wrong with a value, from its verb on."""
    words = typing.get_args(wanted) if typing.get_origin(wanted) is typing.Literal else ()
    if found := NO_WORD.fullmatch(what):
        near = perhaps(found[1].strip("'"), words)
        return f"is {_short(found[1])}{near}; expected {_one_of(words)}"
    if found := OTHER_TYPE.fullmatch(what):
        expected = _one_of(words) if words else _named(found[1], table)
        return f"is {_named(found[2], table)}; expected {expected}"
    if found := OTHER_FORM.fullmatch(what):
        return f"is of another form; expected the pattern {found[1]}"
    if found := OTHER_LENGTH.fullmatch(what):
        letters = "letter" if found[2] == "1" else "letters"
        return f"is too {LENGTHS[found[1]]} {found[2]} {letters}"
    return f"is wrong: {what}"


def _where(path: str, whole: str) -> str:
    """`impact of [hook]`; of a table's value, whose key msgspec does not tell, its table."""
    path = re.sub(r"^(.*)\[\.\.\.\]$", r"a value of \1", path)
    return f"{path} of {whole}" if path and whole else path or whole


def _at(shape: object, path: str) -> object:
    """The type that stands at the path, as it is declared."""
    shape = _plain(shape)
    for step in re.findall(r"\w+|\[", path.replace("...", "")):
        if step == "[":
            shape = _plain(typing.get_args(shape)[-1])
        elif not step.isdigit():
            shape = _plain(typing.get_type_hints(shape)[step])
    return shape


def _plain(shape: object) -> object:
    """A type without what may stand in its place, nothing or null."""
    if typing.get_origin(shape) in (typing.Union, types.UnionType):
        return typing.get_args(shape)[0]
    return shape


def _keys(shape: object) -> tuple[str, ...]:
    return tuple(typing.get_type_hints(shape))


def _one_of(words: tuple[str, ...]) -> str:
    return f"one of {', '.join(words)}"


def _named(kinds: str, table: str) -> str:
    """`a text or null` for `str | null`."""
    known = {**NAMES, "object": table}
    return " or ".join(known.get(kind, kind) for kind in kinds.split(" | "))


def _short(text: str) -> str:
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"
