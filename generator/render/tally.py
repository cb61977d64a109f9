"""What stands in the archive, counted in one pass over its outlines."""

from collections import Counter, defaultdict
from collections.abc import Iterable

from generator.model import IMPACTS, Impact, Kind, Outline
from generator.render.frame import Site


class Sums:
    """How many incidents there are, by impact, and how many maintenances."""

    def __init__(self) -> None:
        self.by_impact: dict[Impact, int] = dict.fromkeys(IMPACTS, 0)
        self.maintenances = 0

    @property
    def incidents(self) -> int:
        """Of whatever impact."""
        return sum(self.by_impact.values())

    def add(self, kind: Kind, impact: Impact, number: int) -> None:
        """Count some more."""
        if kind == "maintenance":
            self.maintenances += number
        else:
            self.by_impact[impact] += number


class Tally:
    """What stands in the archive, counted in one pass."""

    def __init__(self, site: Site, outlines: Iterable[Outline]) -> None:
        self.whole = Sums()
        self.vendors: defaultdict[str, Sums] = defaultdict(Sums)
        self.categories: defaultdict[str, Sums] = defaultdict(Sums)
        self.years: defaultdict[int, Sums] = defaultdict(Sums)
        alike = Counter((o.vendor, o.kind, o.impact, o.started_at[:4]) for o in outlines)
        for (vendor, kind, impact, year), number in alike.items():
            sums = (
                self.whole,
                self.vendors[vendor],
                self.categories[site.category_slug(vendor)],
                self.years[int(year)],
            )
            for each in sums:
                each.add(kind, impact, number)
