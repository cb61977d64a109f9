"""What vendors write. Everything is composed in a little Markdown and then dressed for the page.

The little Markdown is: paragraphs, `**strong**`, `[text](address)`, `## heading` and `- item`.
"""

import html
import random
import re

from generator.model import BodyFormat, Phase

# Of one kind each: what the title says, what the text says of it.
SYMPTOMS = (
    ("Elevated error rates on {0}", "elevated error rates on {0}"),
    ("{0} is slow", "{0} answering several times slower than usual"),
    ("Intermittent timeouts reaching {0}", "intermittent timeouts when reaching {0}"),
    ("{0} unavailable", "{0} not answering at all"),
    ("Delayed processing in {0}", "work piling up in {0} and being processed late"),
    ("Some customers cannot use {0}", "a small share of customers being turned away by {0}"),
    ("Stale data shown in {0}", "{0} showing data that is up to an hour old"),
    ("Partial loss of capacity in {0}", "{0} running on about half of its capacity"),
    ("Login failures affecting {0}", "failed logins, felt mostly in {0}"),
    ("Incorrect totals in {0}", "{0} reporting totals that do not add up"),
)
CAUSES = (
    "a certificate that each of two teams thought the other was renewing",
    "a retry storm in which every client retried very politely, at the same second",
    "a migration that locked the table it was meant to make faster",
    "a configuration value entered in milliseconds where seconds were expected",
    "a load balancer that kept sending work to a host that had been switched off in spring",
    "a cache that was emptied all at once & refilled one entry at a time",
    "a full disk on the host that warns about full disks",
    "a leap in traffic after a school published a link to our documentation",
    "a fibre cut by an excavator whose driver has been most apologetic",
    "a feature flag that was on for everyone but the people testing it",
    'a dependency that answered "OK" with an empty body for 40 % of requests',
    "clock drift of < 2 seconds between two halves of a cluster",
)
REMEDIES = (
    "rolled the change back",
    "moved traffic to the standby cluster",
    "added capacity and raised the connection limit",
    "restarted the affected workers one rack at a time",
    "put the certificate back and written its date on the wall",
    "drained the queue by hand",
    "switched the feature off for everyone, this time truly everyone",
)
TASKS = (
    "Database upgrade",
    "Network maintenance",
    "Certificate rotation",
    "Move to a new storage backend",
    "Kernel updates",
    "Replacement of power supplies",
)
POSTMORTEM = (
    "## What happened\n\nCustomers met {symptom}. The cause was {cause}.\n\n## What we did\n\n"
    "We {remedy}.\n\n## What changes\n\n- an alert that somebody reads\n- a **second** pair of "
    "eyes on such changes\n- a rehearsal every quarter"
)
WORDS: dict[Phase, tuple[str, ...]] = {
    "investigating": (
        "We are investigating reports of {symptom}.",
        "Our monitoring shows {symptom}. The team is on it.\n\nMore within half an hour.",
        "We have been told of {symptom} and are trying to see it ourselves.",
        "**What you may see:** {symptom}.\n\nWe are looking for the cause.",
    ),
    "identified": (
        "The cause has been found: {cause}. A fix is being prepared.",
        "We know why: {cause}.\n\nNext:\n- stop it from spreading\n- bring {component} back",
        "Traced to {cause}. Meanwhile [this](https://docs.example/retries?a=1&lang=en) may help.",
    ),
    "update": (
        "No news yet, but we have not forgotten you. We are still seeing {symptom}.",
        "About half of the affected requests now succeed. Work on the other half goes on.",
        "The first attempt at a fix did not hold. A second one is being tested now.",
        "We have narrowed this down to one part of {component}.",
    ),
    "monitoring": (
        "We have {remedy} and see recovery. We will keep watching {component} for a while.",
        "A fix is in place: we {remedy}. Error rates are falling.",
        "{component} is back to normal speed. We are monitoring the result.",
    ),
    "resolved": (
        "This incident has been resolved. The cause was {cause}.",
        "All clear. We {remedy}, and {component} has been healthy for thirty minutes.",
        "{component} works as it should again. We are sorry for the trouble.",
    ),
    "postmortem": (POSTMORTEM,),
    "scheduled": (
        "{task} of {component}. Short interruptions of up to five minutes are to be expected.",
        "We will carry out: {task}. {component} stays readable; writes may be refused for a while.",
    ),
    "in_progress": (
        "The maintenance has begun.",
        "Work has started on {component}, as announced.",
    ),
    "completed": (
        "The maintenance is complete.",
        "Done, ten minutes early. Thank you for your patience.",
    ),
}
STRONG = re.compile(r"\*\*(.+?)\*\*|^## (.+)$", re.MULTILINE)
LINK = re.compile(r"\[([^]]+)\]\(([^)]+)\)")
CALLED_OFF = "This maintenance will not take place. A new date will be announced."
# What must come out of the archive harmless and of one piece, in whatever format.
HOSTILE = (
    "Requests with <b>bold</b> headers & a body of 1 < 2 fail.<br>Support was sent this by a "
    'customer: <script>alert("incident")</script> — [click](javascript:alert(1)) at your peril. '
    '<a href="https://docs.example/retries">Retry guide</a>.'
)


class Prose:
    """The wording of one incident: the same symptom, cause and remedy throughout."""

    __slots__ = ("_facts", "_rng", "body_format", "title")

    def __init__(self, rng: random.Random, component: str, body_format: BodyFormat) -> None:
        title, symptom = rng.choice(SYMPTOMS)
        self.title = title.format(component)
        self._rng = rng
        self.body_format: BodyFormat = body_format
        self._facts = {
            "component": component,
            "symptom": symptom.format(component),
            "cause": rng.choice(CAUSES),
            "remedy": rng.choice(REMEDIES),
            "task": rng.choice(TASKS),
        }

    @property
    def task(self) -> str:
        """The title of a maintenance."""
        return f"{self._facts['task']}: {self._facts['component']}"

    def body(self, phase: Phase) -> str:
        """What the vendor posts in this phase."""
        wording = self._rng.choice(WORDS[phase])
        return dress(wording.format_map(self._facts), self.body_format)

    def dressed(self, text: str) -> str:
        """Words of the caller's own, in the page's format."""
        return dress(text, self.body_format)


def dress(text: str, body_format: BodyFormat) -> str:
    """Little Markdown as a page of that format states it: plain, Markdown, or inline HTML."""
    if body_format == "markdown":
        return text
    if body_format == "text":
        return LINK.sub(r"\1 (\2)", STRONG.sub(r"\1\2", text))
    text = STRONG.sub(r"<strong>\1\2</strong>", html.escape(text, quote=False))
    return LINK.sub(r'<a href="\2">\1</a>', text).replace("\n", "<br />")
