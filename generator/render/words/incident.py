"""An incident's page."""

from datetime import timedelta

from markupsafe import Markup

from generator.render.bidi import isolated
from generator.render.facts import State
from generator.render.words.grammar import phrase, rough_length

# Of an incident's bar: the time before the first post.
SILENT = "No word yet"


def back_since(gone: str) -> str:
    """What an incident's return says; `gone`: since when it was away."""
    return f"back on the vendor's page, from which it had gone on {gone}"


def start_basis(has_posts: bool, lead: timedelta) -> str:
    """Where the start comes from; `lead`: how long before the first post it lies."""
    if not has_posts:
        return "as the vendor's page has it"
    if not lead:
        return "the time of the first post"
    if lead < timedelta(0):
        return "as announced"
    return f"stated by the vendor, {rough_length(lead)} before its first post"


def citation(vendor: str, title: str, start: str, site: str) -> str:
    """How to name an incident in a text, before its address."""
    return f"{isolated(vendor)}: “{isolated(title)}”, {start}. {site},"


def shared(length: timedelta | None) -> str:
    """For how long two incidents both went on."""
    if length is None:
        return "both still going on"
    return f"both for {rough_length(length)}" if length else "at one moment"


def planned_until(text: str) -> str:
    """The announced end of planned work."""
    return f"planned until {text}"


STILL_OPEN = "still open"
NO_TEXT = "No text."
PLANNED_START = "Planned start"
STARTED = "Started"
ENDED = "Ended"
ENDED_FOR_NOW = "not for good"
OPEN_AGAIN = "Open again"
SEEN_OPEN_AGAIN = "when we saw it"
LAST_WORD = "Last word"
NO_END_STATED = "no end stated"
PLANNED_END = "Planned end"
AS_ANNOUNCED = "as announced"
DURATION = "Duration"
NOT_KNOWN = "Not known"
# Why it is not.
TOLD_AFTERWARDS = "told only when it was over"
ONE_MOMENT = "start and end are one moment"
STATUS = "Status"
AFFECTED = "Affected"
REGIONS = "Regions"
UPDATES = "Updates"
NEWEST_FIRST = "newest first"
NO_UPDATE = "The vendor posted no update."
TAKEN_AWAY = "Taken away by the vendor"
CHANGED_BY_VENDOR = "What the vendor changed"
FIRST_TO_LAST = "first to last"
# Of an edit: before words that it removed or added, for who only hears them.
REMOVED = "removed:"
ADDED = "added:"
ONLY_MARKUP = "only the markup changed"
HOW_WE_KNOW = "How we know"
CITE = "Cite"
AT_THE_SAME_TIME = "At the same time"
NO_CAUSE = "Reported by others while this went on. No cause is claimed."
BEFORE_THIS = "Before this"
AFTER_THIS = "After this"


def over_between(length: timedelta) -> str:
    """How much of a length it was over, before it was open again."""
    return f"including {rough_length(length)} when it was over"


def incident_lead(
    mark: str, own_word: str, language: str, day: str, state: State, length: str
) -> Markup:
    """An incident in a sentence; `own_word`: the vendor's for its impact. All but the mark, the
    day and the state may be empty.
    """
    tag = ' lang="{language}"' if language else ""
    own = f" (“<bdi{tag}>{{own}}</bdi>”)" if own_word else ""
    on = "planned for" if state == "planned" else "on"
    if length:
        lasting = ", for <b>{length}</b>"
    else:
        lasting = f", <b>{STILL_OPEN}</b>" if state == "open" else ""
    text = f"{{mark}}{own} {on} <b>{{day}}</b>{lasting}."
    return phrase(text, mark=mark, own=own_word, language=language, day=day, length=length)


def withdrawn(vendor: str, time: str) -> Markup:
    """That the vendor took it away."""
    return phrase(
        "<b>Withdrawn.</b> <bdi>{vendor}</bdi> has taken this off its page; we saw that on {time}. "
        "What it said is kept here.",
        vendor=vendor,
        time=time,
    )


def basis(rule: str, href: str = "") -> Markup:
    """On what a start or an end rests; `href`: where that is explained."""
    if not href:
        return phrase("basis: {rule}", rule=rule)
    return phrase('basis: <a href="{href}">{rule}</a>', rule=rule, href=href)


def last_phase(phase: str) -> str:
    """How far an open incident has come."""
    return f"last phase: {phase}"


def gone_since(time: str) -> Markup:
    """Since when an update is missing from the vendor's page."""
    return phrase("Gone from its page since {time}", time=time)


def edited(later: str) -> str:
    """That an update was edited, and how long after it was posted, if that is known."""
    return f"Edited {later} later" if later else "Edited"


def seen(time: str) -> Markup:
    """When we saw an edit."""
    return phrase("Seen {time}", time=time)


def after_the_start(length: str) -> str:
    """How long after an incident's start it was edited."""
    return f"{length} after the start"


def own_page(vendor: str) -> Markup:
    """The vendor's page of it."""
    return phrase("<bdi>{vendor}</bdi>'s own page", vendor=vendor)


def first_seen(time: str) -> Markup:
    """When we first saw it."""
    return phrase("First seen here {time}", time=time)


def last_changed(time: str) -> Markup:
    """When we last saw it change."""
    return phrase("Last changed {time}", time=time)


def read_from(href: str, sha256: str) -> Markup:
    """The reply that the last change came from, and the hash of its body."""
    link = '<a href="{href}" rel="nofollow noopener ugc">this reply</a>'
    return phrase(f"Read from {link}, SHA-256 <code>{{sha}}</code>", href=href, sha=sha256)


def as_data(href: str) -> Markup:
    """Where it stands in the data."""
    return phrase('<a href="{href}">As data (JSON)</a>', href=href)
