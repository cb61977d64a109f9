"""What feeds say of themselves and of an incident."""

from collections.abc import Sequence

from generator.render.bidi import isolated

FEEDS_DESCRIPTION = "Follow services in a feed reader, in chat, in scripts: which feed is for whom."
FORMAT = {"atom": "Atom", "rss": "RSS", "json": "JSON Feed"}
# What is told once: of an incident, and of its place on the vendor's page.
FEED_MOMENT = {
    "opened": "reported",
    "resolved": "over",
    "reopened": "open again",
    "withdrawn": "withdrawn by the vendor",
    "restored": "back on the vendor's page",
}

# The variants by the stem of their files: what a feed's title says, what it brings, who wants it.
FEED_KIND = {
    "feed": "incidents",
    "updates": "updates",
    "opened-resolved": "opened and resolved",
    "maintenance": "maintenance",
    "major": "major incidents",
}
FEED_BRINGS = {
    "feed": "Every incident, with all its updates. An entry changes when its incident does.",
    "brief": "The last incidents, with the newest update of each.",
    "updates": "Every update of incidents and planned work, one entry each, which never changes.",
    "opened-resolved": "An entry when an incident begins, when it is over, when it is open again.",
    "maintenance": "Planned work: an entry each, with all its updates.",
    "major": "Incidents that their vendor calls major or critical, with all their updates.",
}
FEED_FOR = {
    "feed": "for feed readers",
    "updates": "for Slack and other chat, and for automation",
    "opened-resolved": "for a channel that only wants to know whether it is down",
    "maintenance": "for whoever plans",
    "major": "for whoever wants to hear of the worst alone",
}


FEEDS_AND_FOR_WHOM = "Feeds, and for whom each is"
ALL_FEEDS = "All feeds, and what they promise"


def it_is(whose: str) -> str:
    """For whom a feed is, as a sentence."""
    return f"It is {whose}."


def feed_title(name: str, stem: str) -> str:
    """The title of a feed."""
    return f"{name}: {FEED_KIND[stem]}"


def feed_note(address: str) -> str:
    """What to do with a feed, for whoever opens it in a browser; `address`: that of all feeds."""
    return f"This is a feed: give its address to a reader or a chat tool. All feeds: {address}"


def feed_description(stem: str, note: str) -> str:
    """What a feed brings, and what to do with it; `stem`: of FEED_BRINGS."""
    return f"{FEED_BRINGS[stem]} {note}"


def year_of_feed(name: str, year: int) -> str:
    """The title of a year in a feed's archive."""
    return f"{name}: incidents of {year}"


def year_of_feed_description(year: int, note: str) -> str:
    """What a year in a feed's archive is."""
    return f"Every incident of {year} with its newest update, part of a feed's history. {note}"


def entry_title(vendor: str, title: str, about: Sequence[str]) -> str:
    """`GitHub: Slow pushes (major, resolved)`."""
    told = ", ".join(word[:1].lower() + word[1:] for word in about)
    return f"{isolated(vendor)}: {isolated(title)} ({told})"


def entry_facts(started: str, ended: str, length: str, state: str, basis: str) -> str:
    """When an incident began and ended, or how it stands."""
    lasted = f" ({length})" if length else ""
    over = f", ended {ended}{lasted}" if ended else f". {state}"
    return " ".join(filter(None, (f"Started {started}{over}.", basis)))


def affected(components: str) -> str:
    """What an entry's incident affected."""
    return f"Affected: {components}."


def entry_withdrawn(seen: str) -> str:
    """That the vendor took an incident away."""
    return f"Withdrawn: the vendor has taken this off its page; we saw that {seen}."


def feed_started(at: str) -> str:
    """That an incident began."""
    return f"Started {at}."


def feed_ended(at: str, length: str) -> str:
    """That an incident is over; `length` "": after how long is not known."""
    return f"Ended {at}, after {length}." if length else f"Ended {at}."


def feed_reopened(seen: str) -> str:
    """That an incident is not over after all."""
    return f"Open again; we saw that {seen}."


def feed_return(what: str, vendor: str, seen: str) -> str:
    """That a vendor took an incident off its page, or that it is back."""
    gone = f"{vendor} has taken this off its page; we saw that {seen}. What it said is kept here."
    return gone if what == "withdrawn" else f"{vendor} shows this again; we saw that {seen}."


def posted_late(seen: str) -> str:
    """That the vendor dates a post back."""
    return f"dated so by the vendor; first seen {seen}"
