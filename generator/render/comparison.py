"""The pages that compare vendors, drawn after theirs: they read the vendors' documents."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import partial

from generator.render import compare, links
from generator.render.env import Press
from generator.render.page import Page


def comparison_pages(
    press: Press, vendors: Sequence[str], read: Callable[[str], bytes | None], as_of: date
) -> Iterator[Page]:
    """A table of every category, and the page where vendors are chosen."""
    site = press.site
    script, content = press.comparison

    def chooser() -> bytes:
        return press.page("compare.html", compare.compare_view(site, vendors, script))

    def table(category: str, members: Sequence[str]) -> bytes:
        files = (read(links.vendor_data(vendor)) for vendor in members)
        figures = [compare.read_figures(file) for file in files if file]
        view = compare.category_table(site, category, figures, as_of)
        return press.page("compare-category.html", view)

    yield Page(links.COMPARE, "comparison", chooser)
    yield Page(script, "script of the comparison", partial(bytes, content))
    for category, members in compare.by_category(site, vendors).items():
        what = f"comparison of {category}"
        yield Page(links.compare_page(category), what, partial(table, category, members))
