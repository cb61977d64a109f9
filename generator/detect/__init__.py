"""Which platform is behind an address: asks the page, and tells by what it knew.

Like a provider it opens nothing itself: it yields lists of requests, is sent their replies,
whatever they are, and returns what it found. First asked is what most pages answer to, then what
the address and the page's own words point at, then everything else, and at last for a feed.
"""

from collections.abc import Generator, Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from generator.detect.about import categories_of, homepage_of, name_of
from generator.detect.probes import (
    ABROAD,
    COMMON,
    FRONT,
    HOSTS,
    KNOWN,
    OWN,
    SETTINGS,
    WORDS,
    Probe,
)
from generator.detect.signs import text_of
from generator.errors import SourceFault
from generator.model import Vendor
from generator.providers import recent
from generator.reading import Get, Reply
from generator.wording import counted


@dataclass(frozen=True, slots=True)
class Detected:
    """What a page is. `evidence`: what was seen where. The rest as far as the page tells.

    `categories`: those whose words it uses, the likeliest first.
    """

    platform: str
    evidence: str
    status_page: str
    options: Mapping[str, str]
    name: str | None
    homepage: str | None
    categories: tuple[str, ...] = ()


Detection = Generator[list[Get], list[Reply], Detected]
# A page that nothing points at is asked in turns, so that most are not asked everything.
AT_ONCE = 10
# A platform, what was seen, and the settings that this takes.
Match = tuple[str, str, dict[str, str]]


def detect(address: str) -> Detection:
    """The platform behind an address; SourceFault when no reply shows one."""
    return (yield from _Search(address).run())


class _Search:
    """What was asked so far, and what was answered."""

    def __init__(self, address: str) -> None:
        self._page = address.partition("#")[0].rstrip("/")
        self._replies: dict[str, Reply] = {}

    def run(self) -> Detection:
        """Ask in rounds until one shows the platform."""
        match = self._by_host() or (yield from self._ask(COMMON))
        if match is None:
            suspects = self._suspects()
            match = yield from self._ask([p for p in (*OWN, *ABROAD) if p.platform in suspects])
        for first in range(0, len(OWN), AT_ONCE):
            if match is None:
                match = yield from self._ask(OWN[first : first + AT_ONCE])
        if match is None:
            match = yield from self._as_feed()
        if match is None:
            reason = (
                f"{self._page} shows no platform that we know: expected one of those in "
                "generator/providers, or a page that links to its feed. If it has a feed, "
                "give the feed's address."
            )
            raise SourceFault("not what it says", reason)
        platform, evidence, options = match
        options |= yield from self._settings(platform)
        replies = tuple(self._replies.values())
        return Detected(
            platform=platform,
            evidence=evidence,
            status_page=self._page,
            options=options,
            name=name_of(replies),
            homepage=homepage_of(self._page, replies),
            categories=categories_of(replies),
        )

    def _by_host(self) -> Match | None:
        """What is known by its address alone."""
        parts = urlsplit(self._page)
        if parts.hostname == "github.com" and parts.path.count("/") >= 2:
            return "upptime", "it is a repository on github.com", {}
        for platform, host, options in KNOWN:
            if parts.hostname == host:
                return platform, f"it is {host}", dict(options)
        return None

    def _ask(self, probes: Iterable[Probe]) -> Generator[list[Get], list[Reply], Match | None]:
        """Send what was not yet sent of these probes; the first whose answer shows its sign."""
        probes = [probe._replace(path=path) for probe in probes for path in self._paths(probe)]
        fresh = list(dict.fromkeys(p.path for p in probes if p.path not in self._replies))
        if fresh:
            replies = yield [Get(path, optional=True) for path in fresh]
            self._replies |= dict(zip(fresh, replies, strict=True))
        return next(filter(None, map(self._matched, probes)), None)

    def _matched(self, probe: Probe) -> Match | None:
        reply = self._replies[probe.path]
        seen = probe.sign(reply)
        if seen is None:
            return None
        options = dict(seen.options)
        if probe.option:
            name, value = probe.option
            options[name] = value.format(
                url=reply.url, parent=reply.url.rpartition("/")[0], name=_name_in(probe.path)
            )
        return probe.platform, f"{probe.path or 'the page'} has {seen.what}", options

    def _paths(self, probe: Probe) -> list[str]:
        parts = urlsplit(self._page)
        place = f"{parts.netloc}{parts.path.rstrip('/')}"
        names = _names(parts.hostname or "", parts.path) if "{name}" in probe.path else [""]
        return [probe.path.format(host=parts.netloc, place=place, name=name) for name in names]

    def _suspects(self) -> set[str]:
        """The platforms that the address or the page's own words point at."""
        host = urlsplit(self._page).hostname or ""
        words = text_of(self._replies[FRONT]).lower() if FRONT in self._replies else ""
        return {platform for platform, part in HOSTS if part in f".{host}."} | {
            platform for platform, part in WORDS if part in words
        }

    def _settings(self, platform: str) -> Generator[list[Get], list[Reply], dict[str, str]]:
        """What else the file has to say, by one more answer."""
        if platform not in SETTINGS:
            return {}
        path, sign, options = SETTINGS[platform]
        if path not in self._replies:
            (self._replies[path],) = yield [Get(path, optional=True)]
        return dict(options) if sign(self._replies[path]) else {}

    def _as_feed(self) -> Generator[list[Get], list[Reply], Match | None]:
        """Whether the page can be read as a feed, or leads to one that can."""
        reading = recent(Vendor("", "", "", self._page, "feed", ""))
        asked = next(reading)
        while True:
            replies = yield asked
            self._replies |= {reply.url: reply for reply in replies}
            try:
                asked = reading.send(replies)
            except StopIteration as end:
                found = counted(len(end.value.incidents), "incident")
                return "feed", f"it leads to a feed, read as {found}", {}
            except SourceFault:
                return None


def _names(host: str, path: str) -> list[str]:
    """What a page may be called where its platform names it: by its path, or by its host."""
    last = path.rstrip("/").rpartition("/")[2]
    labels = [label for label in host.split(".") if label not in ("www", "status")]
    return list(dict.fromkeys(filter(None, (last, *labels[:1]))))


def _name_in(path: str) -> str:
    """The name that a path was filled with: its last part but one."""
    return path.split("/")[-2] if path.count("/") > 1 else ""
