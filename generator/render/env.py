"""Templates: one Jinja environment, strict about names, escaping everything by itself."""

import hashlib
import os
import re
from collections.abc import Callable, Mapping, MutableMapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Protocol

import msgspec
from jinja2 import Environment, FileSystemBytecodeCache, FileSystemLoader, StrictUndefined
from jinja2.runtime import Context
from markupsafe import escape

from generator.model import Health, Vendor
from generator.render import compiling, words
from generator.render.escaping import escaped
from generator.render.frame import Frame, Site, Surroundings
from generator.render.text import tongue
from generator.settings import SiteConfig

TEMPLATES = Path(__file__).parents[2] / "templates"
# The catalogue, which holds whole pages too: those that are all prose.
WORDS = Path(words.__file__).parent
# What every page refers to.
STYLE = "style.css"
SCRIPT = "site.js"
# Where a template leaves a word out, or a vendor's text is broken into lines.
_trailing = re.compile(r"[ \t]+$", re.MULTILINE)
# Where a template prints a word of the catalogue as it is.
_word = re.compile(r"\{\{ words\.([A-Z_]+) \}\}")


class View(Protocol):
    """What a page shows; each has a frame."""

    @property
    def frame(self) -> Frame: ...  # noqa: D102


class Press:
    """What turns views into pages."""

    def __init__(
        self,
        config: SiteConfig,
        vendors: Mapping[str, Vendor],
        health: Mapping[str, Health] = MappingProxyType({}),
    ) -> None:
        found = {name: _asset(name) for name in (STYLE, SCRIPT)}
        self.assets = dict(found.values())
        # Of few pages alone, so that no other carries them.
        self.comparison = _asset("compare.js")
        self.finder = _asset("search.js")
        self.feed_style = _asset("feed.css")
        self.site = Site(config, vendors, found[STYLE][0], found[SCRIPT][0], health)
        self._environment = environment()
        self._around: dict[int, tuple[Surroundings, object]] = {}

    def page(self, template: str, view: View) -> bytes:
        """The file that a template makes of a view, which it knows as `page`."""
        drawn = self._environment.get_template(template).render(
            page=view, around=self._drawn_once(view.frame.around)
        )
        return (_trailing.sub("", drawn) if " \n" in drawn else drawn).encode()

    def fragment(self, template: str, view: object) -> str:
        """A part that is no page."""
        return self._environment.get_template(template).render(page=view)

    def _drawn_once(self, around: Surroundings) -> object:
        """What repeats on every page of a folder, as a module of parts that templates print."""
        found = self._around.get(id(around))
        if found is None:
            module = self._environment.get_template("around.html").make_module(
                {"to": around, "site": self.site}
            )
            found = self._around[id(around)] = (around, module)
        return found[1]


class _Templates(FileSystemLoader):
    """Templates in files; the words that stand in them as they are become part of their text.

    Otherwise each is looked up and escaped anew on every page.
    """

    def get_source(
        self, environment: Environment, template: str
    ) -> tuple[str, str, Callable[[], bool]]:
        source, file, is_current = super().get_source(environment, template)
        return _word.sub(_spelled, source), file, is_current


def _spelled(found: re.Match[str]) -> str:
    return escape(getattr(words, found[1]))


class _Context(Context):
    """What templates call are macros and plain functions, none of which asks who calls it."""

    def call(
        self,
        called: Callable[..., object],
        /,
        *parts: object,
        _loop_vars: object = None,
        _block_vars: object = None,
        **named: object,
    ) -> object:
        return called(*parts, **named)


class _Environment(Environment):
    """Views have all that templates print, under the names of attributes: nothing is guessed."""

    context_class = _Context
    code_generator_class = compiling.Compiler
    escaped = staticmethod(escaped)

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """The same for all templates, so that they are no layers to look through."""
        assert not d, "no template has globals of its own"
        return self.globals


def _asset(name: str) -> tuple[str, bytes]:
    """A file that pages refer to, named by its content, so that browsers may keep it for ever."""
    content = (TEMPLATES / name).read_bytes()
    stem, _, kind = name.partition(".")
    return f"{stem}.{hashlib.sha256(content).hexdigest()[:10]}.{kind}", content


class _Compiled(FileSystemBytecodeCache):
    """Templates as they were compiled, by this very program: it says what they are compiled to."""

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        return super().get_cache_key(name, f"{filename}{_settings()}")


@cache
def _settings() -> str:
    files = (Path(__file__), Path(compiling.__file__))
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


def _compiled() -> FileSystemBytecodeCache | None:
    """Templates as they were compiled before: that costs more than drawing a hundred pages.

    In the user's own folder: others must not be able to put code there.
    """
    home = os.environ.get("XDG_CACHE_HOME") or Path("~/.cache").expanduser()
    folder = Path(home, "outage-archive", "templates")
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError:
        return None  # a machine that keeps nothing
    return _Compiled(str(folder)) if os.access(folder, os.W_OK) else None


def _json(told: object) -> str:
    return msgspec.json.encode(told).decode()


@cache
def environment() -> Environment:
    """The templates, each compiled when first asked for and once a process."""
    made = _Environment(
        loader=_Templates((TEMPLATES, WORDS)),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
        # All of them are kept: a page asks for half a dozen, and a bounded store locks for each.
        cache_size=-1,
        bytecode_cache=_compiled(),
    )
    # And nothing of Jinja's own: each page copies them all.
    made.globals = {"words": words, "tongue": tongue, "range": range}
    # Of the JSON that pages hold: no space that says nothing.
    made.policies["json.dumps_function"] = _json
    made.policies["json.dumps_kwargs"] = {}
    return made
