"""All vendors' feeds as one file that feed readers take in, by category."""

from collections.abc import Mapping, Sequence
from html import escape

from generator.render import words
from generator.render.feeds.variants import INCIDENTS, of_vendor
from generator.render.frame import Site


def opml(site: Site, categories: Mapping[str, Sequence[str]]) -> bytes:
    """`categories`: their slugs, each with its vendors."""
    title = escape(words.feed_title(site.config.title, INCIDENTS.stem))
    owner = escape(site.config.address)
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<opml version="2.0">',
        f"<head><title>{title}</title><ownerId>{owner}</ownerId></head>",
        "<body>",
    ]
    for slug, vendors in categories.items():
        lines.append(f"<outline {_text(site.category(slug))}>")
        lines += [_outline(site, vendor) for vendor in vendors]
        lines.append("</outline>")
    lines += ["</body>", "</opml>", ""]
    return "\n".join(lines).encode()


def _outline(site: Site, vendor: str) -> str:
    scope = of_vendor(site, vendor)
    feed, page = (site.address(path) for path in (scope.path(INCIDENTS, "atom"), scope.page))
    places = f'xmlUrl="{escape(feed)}" htmlUrl="{escape(page)}"'
    return f'<outline type="rss" {_text(scope.name)} {places}/>'


def _text(name: str) -> str:
    return f'text="{escape(name)}" title="{escape(name)}"'
