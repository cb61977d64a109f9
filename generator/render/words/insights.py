"""How a vendor communicates."""

from generator.render.words.grammar import of

INSIGHTS_LEAD = (
    "What its record shows of its habits, over all years and with every edit since. The more "
    "openly a service reports, the worse such figures may look: they compare habits, not "
    "reliability."
)
TOO_FEW_TO_TELL = "Too few to tell"
FIRST_POST = "From start to first post"
BETWEEN_UPDATES = "From one update to the next"
BETWEEN_UPDATES_MEANS = (
    "The median while an incident goes on, all gaps of all incidents together. Updates of one "
    "second are one; what is said after the end does not count."
)
NEVER_RESOLVED = "Never resolved"
RESOLVED_ONLY = "Told only when it was over"
RESOLVED_ONLY_MEANS = "Those whose very first update already says that it is over."
EDITED_LATER = "Edited later"
EDITED_LATER_MEANS = (
    "Those whose title, or the text of an update, we saw change after we had seen the end."
)
BACK_DATED = "Back-dated"
# What a habit rests on, one and more of it.
HABIT_OF = {
    "first_post": (
        "incident with a start stated in hindsight",
        "incidents with a start stated in hindsight",
    ),
    "between_updates": ("gap", "gaps"),
    "never_resolved": ("incident", "incidents"),
    "resolved_only": ("incident with an update", "incidents with an update"),
    "edited_later": (
        "incident that ended, followed from its first update",
        "incidents that ended, followed from their first update",
    ),
    "back_dated": (
        "incident followed from its first update",
        "incidents followed from their first update",
    ),
}
EXAMPLES = "Beneath each habit stand incidents that show it: the longest, or the newest."


def rests(name: str, found: int, hits: int | None = None) -> str:
    """`of 69 gaps`, `1 of 5 incidents with an update`; `name`: of HABIT_OF."""
    one, many = HABIT_OF[name]
    return f"{of(found, hits)} {one if found == 1 else many}"


def insights_title(name: str) -> str:
    """The name of the page, in lists and search results."""
    return f"{name}: how it communicates"


def insights_description(name: str) -> str:
    """What the page of a vendor's habits is, for search engines."""
    return f"How {name} communicates about its outages: how soon, how often, and to what end."


def communicates(name: str) -> str:
    """The title of a vendor's habits."""
    return f"How {name} communicates"


def first_post_means(same_moment: str) -> str:
    """What the delay of the first post is."""
    return (
        f"The median. Only incidents whose stated start lies {same_moment} or more before their "
        "first post count: where a vendor just opens an incident, its start is the moment of the "
        "post and says nothing. So this is the delay where there was one to be stated, not of all "
        "incidents."
    )


def never_resolved_means(silence: str) -> str:
    """What counts as never resolved."""
    return (
        f"Of the incidents of which nothing has been said for {silence}: those without an end, be "
        "it that the page keeps them open or says nothing of it."
    )


def back_dated_means(late: str) -> str:
    """What counts as back-dated."""
    return (
        f"Those that appeared more than {late} after the time their first update bears. Hours in "
        "which our own reading failed look the same."
    )


def fewest(number: int) -> str:
    """From how many on a habit is told."""
    return f"Nothing is told of fewer than {number}."
