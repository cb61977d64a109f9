"""Templates: one Jinja environment, strict about names, escaping everything by itself."""

import hashlib
from collections.abc import Mapping
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from generator.model import Vendor
from generator.render.config import SiteConfig
from generator.render.frame import Site

TEMPLATES = Path(__file__).parents[2] / "templates"
STYLE = "style.css"


class Press:
    """What turns views into pages."""

    def __init__(self, config: SiteConfig, vendors: Mapping[str, Vendor]) -> None:
        self.style = (TEMPLATES / STYLE).read_bytes()
        # Named by its content, so that browsers may keep it for ever.
        name = f"style.{hashlib.sha256(self.style).hexdigest()[:10]}.css"
        self.site = Site(config, vendors, name)
        self._environment = _environment(self.site)

    def draw(self, template: str, view: object) -> str:
        """The text of a template for a view, which it knows as `page`."""
        return self._environment.get_template(template).render(page=view)

    def page(self, template: str, view: object) -> bytes:
        """The same, as the bytes of a file."""
        return self.draw(template, view).encode()


def _environment(site: Site) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )
    environment.globals["site"] = site
    return environment
