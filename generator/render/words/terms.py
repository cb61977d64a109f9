"""The names of values: what a mark, a phase, a state, a field or a fault is called."""

from collections.abc import Mapping
from typing import Literal

from generator.model import EndBasis, Impact, Phase
from generator.render.facts import SEVERITY, State
from generator.render.words.grammar import count, number

IMPACT: dict[Impact, str] = {
    "none": "No impact",
    "minor": "Minor",
    "major": "Major",
    "critical": "Critical",
    "unknown": "Impact not stated",
}
MAINTENANCE = "Maintenance"
PHASE: dict[Phase, str] = {
    "investigating": "Investigating",
    "identified": "Identified",
    "monitoring": "Monitoring",
    "resolved": "Resolved",
    "postmortem": "Post-mortem",
    "scheduled": "Scheduled",
    "in_progress": "In progress",
    "completed": "Completed",
    "update": "Update",
    "unknown": "Other",
}
# Where the end comes from, as the words after "basis:".
END_BASIS: dict[EndBasis, str] = {
    "resolve_time": "the vendor's resolve time",
    "resolving_update": "the update that says it is over",
    "end_field": "the end the vendor states",
    "last_update": "last update",
    "unstated": "not stated",
}
# The same as sentences, for the paragraph that opens a page.
END_BASIS_SENTENCE: dict[EndBasis, str] = {
    "last_update": "No update says it was resolved; the end is the time of the last update.",
    "unstated": "The vendor's page does not say whether it has ended.",
}
STATE: dict[State, str] = {
    "open": "Open",
    "resolved": "Resolved",
    "over": "Taken as over",
    "unstated": "End not stated",
    "planned": "Planned",
    "under_way": "Under way",
    "completed": "Completed",
}
FIELD = {
    "title": "Title",
    "kind": "Kind",
    "impact": "Impact",
    "impact_raw": "Impact in the vendor's words",
    "url": "Address",
    "started_at": "Start",
    "ended_at": "End",
    "end_basis": "Basis of the end",
    "scheduled_until": "Planned end",
    "components": "Components",
    "regions": "Regions",
    "withdrawn": "Withdrawn",
    "at": "Time",
    "phase": "Phase",
    "phase_raw": "Phase in the vendor's words",
    "body": "Text",
    "body_format": "Format of the text",
    "update": "Update",
    "key": "The vendor's id",
}
# Values of a field that have a name.
VALUE: dict[tuple[str, str], str] = {
    **{("impact", value): word for value, word in IMPACT.items()},
    **{("phase", value): word for value, word in PHASE.items()},
    **{("end_basis", value): word for value, word in END_BASIS.items()},
}
# What goes wrong when a status page is read.
FAULT: dict[str, str] = {
    "unreachable": "No connection",
    "refused": "Address refused by us",
    "slow": "No answer in time",
    "too large": "Larger than a status page is",
    "too heavy": "More work than a status page takes",
    "blocked": "We are not let in",
    "gone": "Not there any more",
    "server error": "Server error",
    "moved": "Moved to another host",
    "not what it says": "Another document than expected",
    "platform changed": "Runs on another platform now",
    "unparseable": "Broken document",
    "bad record": "Broken record",
    "implausible": "Cannot be true",
}
UNTITLED = "Untitled incident"
EMPTY = "nothing"
OTHER_CATEGORY = "Other"


def basis_sentence(basis: EndBasis | None) -> str:
    """What has to be said about an end; empty where the vendor itself stated it."""
    return END_BASIS_SENTENCE.get(basis, "") if basis else ""


def fault(kind: str | None) -> str:
    """What goes wrong; a kind that another version of the program noted stands for itself."""
    return FAULT.get(kind, kind) if kind else ""


def mark(value: Impact | Literal["maintenance"]) -> str:
    """The name of an impact, or of planned work."""
    return MAINTENANCE if value == "maintenance" else IMPACT[value]


def days_of(value: Impact | Literal["maintenance"], days: int) -> str:
    """`Minor: 12 days`, of the days of which it is the gravest."""
    return f"{mark(value)}: {count(days, 'day', 'days')}"


def by_impact(found: Mapping[Impact, int]) -> str:
    """`1 critical, 12 minor`, the gravest first."""
    graver = sorted(found, key=lambda impact: -SEVERITY[impact])
    return ", ".join(
        f"{number(found[impact])} {IMPACT[impact].lower()}" for impact in graver if found[impact]
    )
