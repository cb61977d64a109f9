"""What stands in the archive: by vendor, category and year."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime

from generator.census import VendorCount
from generator.model import IMPACTS, Impact
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

    def add(self, by_impact: Iterable[int], planned: int) -> None:
        """Count some more: incidents in the order of IMPACTS, and maintenances."""
        for impact, number in zip(IMPACTS, by_impact, strict=True):
            self.by_impact[impact] += number
        self.maintenances += planned


def standing(count: VendorCount | None) -> Sums:
    """What a vendor has that it did not withdraw: what all totals count, unless they say other."""
    sums = Sums()
    for *by_impact, planned in count.standing.values() if count else ():
        sums.add(by_impact, planned)
    return sums


def first_start(counts: Mapping[str, VendorCount]) -> datetime | None:
    """When the first incident began that was not withdrawn."""
    starts = (at for count in counts.values() if (at := count.first_started_at))
    return min(starts, default=None)


class Tally:
    """What stands in the archive, added up of what each vendor has."""

    def __init__(self, site: Site, counts: Mapping[str, VendorCount]) -> None:
        self.whole = Sums()
        self.vendors: defaultdict[str, Sums] = defaultdict(Sums)
        self.categories: defaultdict[str, Sums] = defaultdict(Sums)
        self.years: defaultdict[int, Sums] = defaultdict(Sums)
        for vendor, count in counts.items():
            of_vendor = (
                self.whole,
                self.vendors[vendor],
                self.categories[site.category_slug(vendor)],
            )
            for year, (*by_impact, planned) in count.standing.items():
                for each in (*of_vendor, self.years[year]):
                    each.add(by_impact, planned)
