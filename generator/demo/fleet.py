"""The fleet: invented vendors with a past, each on a platform, each asked for only when needed."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import accumulate, pairwise
from pathlib import Path

from generator.demo import ordinary
from generator.demo.finale import CHANGES, READ_AT, STANDING, Hours, Recipe
from generator.demo.names import persona
from generator.demo.ordinary import Scene
from generator.demo.pages import Page, all_platforms, options, platform
from generator.demo.seeds import chance, letters
from generator.demo.stories import Story
from generator.model import Incident, Vendor

UNTIL = datetime(2026, 11, 20, 12, tzinfo=UTC)
# Vendors whose stories are kept in memory; one vendor's are told anew in milliseconds.
KEPT = 64
# The first vendors, to whom the stories that stand at the end are dealt.
ON_STAGE = 12


class Fleet:
    """`vendors` status pages that tell `incidents` stories in the `years` before `until`.

    A pure function of its arguments: the same on every machine, whatever the hash seed.
    `incidents` counts all stories, maintenance included, over all vendors.
    """

    def __init__(
        self,
        seed: int = 1,
        vendors: int = 12,
        incidents: int = 600,
        platforms: Sequence[str] | None = None,
        until: datetime = UNTIL,
        years: float = 3.0,
    ) -> None:
        self.seed = seed
        self.until = until
        self.begin = until - timedelta(days=round(365.25 * years))
        self._platforms = tuple(platforms or all_platforms())
        self._personas = [persona(seed, index) for index in range(vendors)]
        self._index = {who.slug: index for index, who in enumerate(self._personas)}
        self._counts = self._shares(incidents)
        self._hands = self._deal()
        self._stories = lru_cache(maxsize=KEPT)(self._tell)

    @property
    def slugs(self) -> list[str]:
        """The vendors, in the order of the fleet."""
        return list(self._index)

    def moments(self) -> list[datetime]:
        """When to read all pages so as to see every kind of change; the last is `until`."""
        return [self.until - timedelta(hours=hours) for hours in READ_AT]

    def vendors(self, base_url: str) -> list[Vendor]:
        """The vendors as their files would state them, with pages below `base_url`."""
        return [self._vendor(slug, base_url) for slug in self._index]

    def write_vendor_files(self, folder: Path, base_url: str) -> None:
        """One `<slug>.toml` a vendor."""
        folder.mkdir(parents=True, exist_ok=True)
        for vendor in self.vendors(base_url):
            (folder / f"{vendor.slug}.toml").write_text(_toml(vendor), encoding="utf-8")

    def published(self, slug: str, at: datetime) -> list[Incident]:
        """All that the vendor states at that moment, newest first."""
        return list(self.page(slug, at, "").incidents)

    def carried(self, slug: str, at: datetime, base_url: str) -> list[Incident]:
        """The same as far as the platform's wire can carry it."""
        page = self.page(slug, at, base_url)
        wire = platform(page.vendor.platform)
        return [wire.as_carried(page, incident) for incident in page.incidents]

    def page(self, slug: str, at: datetime, base_url: str) -> Page:
        """The vendor's status page at that moment; KeyError for a vendor not of this fleet."""
        index = self._index[slug]
        stated = [(i, s) for s in self._stories(index) if (i := s.at(at)) is not None]
        stated.sort(key=lambda pair: (pair[0].started_at, pair[0].key), reverse=True)
        return Page(
            vendor=self._vendor(slug, base_url),
            incidents=tuple(incident for incident, _ in stated),
            now=at,
            opened_at={incident.key: story.opened_at for incident, story in stated},
            changed_at={incident.key: story.changed_at(at) for incident, story in stated},
            components=self._personas[index].components,
            variant=self._variant(index),
        )

    def _vendor(self, slug: str, base_url: str) -> Vendor:
        index = self._index[slug]
        name, address = self._platform(index), f"{base_url}/{slug}"
        return Vendor(
            slug=slug,
            name=self._personas[index].name,
            homepage=f"https://{slug}.example",
            status_page=address,
            platform=name,
            category=self._personas[index].category,
            options=options(name, address, self._variant(index)),
        )

    def _platform(self, index: int) -> str:
        return self._platforms[index % len(self._platforms)]

    def _variant(self, index: int) -> int:
        return index // len(self._platforms)

    def _shares(self, incidents: int) -> list[int]:
        """How many stories each vendor has: the first of each platform has the most."""
        weights = [
            170
            if index < len(self._platforms)
            else chance(self.seed, "size", index).randint(60, 95)
            for index in range(len(self._personas))
        ]
        whole = sum(weights)
        bounds = [0, *(incidents * upto // whole for upto in accumulate(weights))]
        return [after - before for before, after in pairwise(bounds)]

    def _deal(self) -> list[list[Recipe]]:
        """Who tells which of the special stories: the hand of each vendor."""
        hands: list[list[Recipe]] = [[] for _ in self._personas]
        wires = [platform(self._platform(index)) for index in range(len(hands))]
        for kind, impact, recipe in STANDING:
            takers = [
                hand
                for hand, wire in zip(hands[:ON_STAGE], wires, strict=False)
                if kind in wire.KINDS and impact in (None, *wire.IMPACTS)
            ]
            if takers:
                min(takers, key=len).append(recipe)
        for hand in hands[: len(self._platforms)]:
            hand += CHANGES
        return hands

    def _tell(self, index: int) -> tuple[Story, ...]:
        """All stories of a vendor, special ones first."""
        wire, who = platform(self._platform(index)), self._personas[index]
        recipes, seconds = self._hands[index], int((self.until - self.begin).total_seconds())
        stories = []
        for number in range(self._counts[index]):
            rng = chance(self.seed, index, number)
            scene = Scene(who, rng, letters(rng), wire.BODY_FORMAT)
            if number < len(recipes):
                hours = Hours(self.until, timedelta(seconds=rng.randrange(1500)))
                stories.append(recipes[number](scene, hours))
            else:
                at = self.begin + timedelta(seconds=rng.randrange(seconds))
                stories.append(ordinary.story(scene, at, wire.KINDS))
        return tuple(stories)


def _toml(vendor: Vendor) -> str:
    # A JSON string is a TOML string.
    fields = {
        "name": vendor.name,
        "homepage": vendor.homepage,
        "status_page": vendor.status_page,
        "platform": vendor.platform,
        "category": vendor.category,
    }
    lines = [f"{key} = {json.dumps(text, ensure_ascii=False)}" for key, text in fields.items()]
    if vendor.options:
        lines += ["", "[options]"]
        lines += [f"{key} = {json.dumps(text)}" for key, text in vendor.options.items()]
    return "\n".join(lines) + "\n"
