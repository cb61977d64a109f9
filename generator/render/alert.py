"""An alert in words: plain text, in which nothing of a vendor's can call anybody."""

import re

from generator.model import Kept
from generator.render import facts, links, words
from generator.render.frame import Site, mark_of, moment, title_of
from generator.render.text import excerpt, safe_html, safe_link, shown

LAST_WORDS = 400
# `@everyone`, `<!channel>`: chats would ring everybody. An address of e-mail is not meant.
_call = re.compile(r"(?<!\w)@(?=\w)|<(?=[!@#])")
_APART = "\u200b"


def alert_of(site: Site, what: words.Happened, kept: Kept, mark: str) -> tuple[str, str]:
    """Title and body. `mark` tells this message from all others, for receivers that look."""
    incident = kept.incident
    _, impact = mark_of(incident)
    start = moment(incident.started_at).text
    lines = [words.alert_since(impact, start)]
    if incident.ended_at is not None:
        span = facts.length_of(incident)
        length = words.LENGTH_UNKNOWN if span is None else words.length(span)
        lines = [words.alert_lasted(impact, start, length)]
    if incident.components:
        lines.append(f"{words.AFFECTED}: {', '.join(shown(name) for name in incident.components)}")
    if incident.updates:
        last = incident.updates[-1]
        said = excerpt(safe_html(last.body, last.body_format), LAST_WORDS)
        lines.append(f"{words.PHASE[last.phase]}: {said}" if said else words.PHASE[last.phase])
    source = safe_link(incident.url) or site.status_page(kept.vendor)
    if source:
        lines.append(f"{words.VENDORS_PAGE}: {source}")
    record = site.address(links.incident_page(kept.vendor, kept.slug))
    lines += [f"{words.OUR_RECORD}: {record}", f"[{mark}]"]
    title = words.alert_title(words.HAPPENED[what], site.name(kept.vendor), title_of(incident))
    return _harmless(title), _harmless("\n".join(lines))


def _harmless(text: str) -> str:
    return _call.sub(lambda call: call[0] + _APART, text)
