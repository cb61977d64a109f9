"""The view of how a vendor communicates: its habits in words, each with incidents that show it."""

from collections.abc import Mapping, Sequence
from datetime import date

from msgspec import Struct

from generator.model import Kept
from generator.render import links, words
from generator.render.conduct import LATE, SAME_MOMENT, SILENCE, Share, conduct
from generator.render.frame import Frame, Link, Row, Site
from generator.render.spans import counted
from generator.render.stats import FEWEST, Median


class Habit(Struct, frozen=True):
    """A habit. `value` is "" where there are too few to tell; `rests_on`: `of 69 gaps`."""

    value: str
    rests_on: str
    examples: tuple[Row, ...]


class InsightsView(Struct, frozen=True):
    """How a vendor communicates. `fewest` to `same_moment` are the rules' own limits, in words."""

    frame: Frame
    name: str
    first_post: Habit
    between_updates: Habit
    never_resolved: Habit
    resolved_only: Habit
    edited_later: Habit
    back_dated: Habit
    fewest: int
    silence: str
    late: str
    same_moment: str
    method: str


def has_insights(kept: Sequence[Kept]) -> bool:
    """Whether there is enough to tell."""
    return len(counted(kept)) >= FEWEST


def insights_view(
    site: Site, vendor: str, kept: Sequence[Kept], rows: Mapping[str, Row], as_of: date
) -> InsightsView:
    """The view of a vendor's habits; `rows` are those of its incidents, by slug."""
    found = conduct(kept, as_of)

    def examples(name: str) -> tuple[Row, ...]:
        return tuple(rows[slug] for slug in found.examples.get(name, ()))

    def pace(name: str, median: Median) -> Habit:
        value = "" if median.value is None else words.rough_length(median.value)
        return Habit(value, words.rests(name, median.n), examples(name))

    def share(name: str, share: Share) -> Habit:
        if share.hits is None:
            return Habit("", words.rests(name, share.n), ())
        rests_on = words.rests(name, share.n, share.hits)
        return Habit(words.percent(share.hits, share.n), rests_on, examples(name))

    name = site.name(vendor)
    return InsightsView(
        frame=site.frame(
            links.insights_page(vendor),
            words.insights_title(name),
            words.insights_description(name),
            vendor=vendor,
            crumbs=(Link(name, links.relative(vendor, links.vendor_page(vendor))),),
        ),
        name=name,
        first_post=pace("first_post", found.first_post),
        between_updates=pace("between_updates", found.between_updates),
        never_resolved=share("never_resolved", found.never_resolved),
        resolved_only=share("resolved_only", found.resolved_only),
        edited_later=share("edited_later", found.edited_later),
        back_dated=share("back_dated", found.back_dated),
        fewest=FEWEST,
        silence=words.length(SILENCE),
        late=words.length(LATE),
        same_moment=words.length(SAME_MOMENT),
        method=links.relative(vendor, links.METHOD),
    )
