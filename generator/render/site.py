"""The build: an archive and a folder in, the site in that folder out."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import date
from pathlib import Path

from msgspec.structs import replace

from generator.errors import BuildError
from generator.model import Health, Kept, Vendor
from generator.render.almanac import Almanac
from generator.render.env import Press
from generator.render.feeds.dates import Readings
from generator.render.freshness import by_vendor, fares
from generator.render.hands import ALONE, Hands
from generator.render.manifest import Manifest, untouched
from generator.render.outcome import BuildReport
from generator.render.parts import Parts
from generator.render.plan import Plan, census_of, completeness, key_of, plan_of
from generator.render.ripples import days_touched, ripples_of
from generator.render.sametime import SameTime
from generator.render.search import Index
from generator.render.source import Source
from generator.render.work import Drawn, Part, Work
from generator.render.writer import Folder
from generator.settings import SiteConfig
from generator.sharding import Shard

Progress = Callable[[int, int], None]
Shown = Callable[[], AbstractContextManager[Progress | None]]


def build(
    source: Source,
    vendors: Mapping[str, Vendor],
    config: SiteConfig,
    out: Path,
    as_of: date,
    *,
    clean: bool = False,
    health: Sequence[Health] | None = None,
    shard: Shard | None = None,
    parts: Sequence[Path] = (),
    seen: str = "",
    shown: Shown = nullcontext,
    hands: Hands = ALONE,
) -> BuildReport:
    """Bring the site in `out` to the archive's present state, windows ending on `as_of`.

    Draws what the archive's changes make necessary, all of it when `clean`. BuildError for a
    folder that is not a site's, or a site that cannot be. `health`: how the reading of each source
    fares, None if that is not known here.

    A `shard` of the site is the pages of its vendors alone. The folders of all shards are the
    `parts` of a site: their pages are taken over as they are, and only the rest is drawn.

    `seen`: a digest of all that the caller looked at, for the folder to remember. `shown`: opened
    when there is something to draw, for what it gives to be told of vendors done. `hands`: who
    draws.
    """
    folder = Folder(out)
    before = folder.claim()
    slugs = sorted({*vendors, *source.vendors()})
    after = Manifest(
        key=key_of(config, vendors),
        shard=str(shard or ""),
        seen=seen,
        fingerprint=source.fingerprint,
        as_of=as_of.isoformat(),
        complete=completeness(source, slugs),
        sources=fares(health),
    )
    if before:
        _require_same_shard(out, before, after)
    drawn = shard.among(slugs) if shard else slugs
    plan = _planned(source, None if clean else before, after, drawn)
    if before and plan.nothing:
        if before.seen != seen:
            folder.keep(replace(before, seen=seen))
        return untouched(before)
    press = Press(config, vendors, by_vendor(health))
    laid = Parts(parts, after, slugs) if parts else None
    work = _begun(source, press, folder, plan, before, after, slugs, health, laid)
    return _brought_up(work, drawn, before, after, shown, hands)


def _planned(
    source: Source, before: Manifest | None, after: Manifest, vendors: Collection[str]
) -> Plan:
    """What is to be drawn: all of it, where the vendors are not those of the last build."""
    # The index tells vendors apart by their places among all.
    if before and before.pages.keys() >= set(vendors):
        return plan_of(source, before, after)
    return Plan(everything=True)


def _begun(
    source: Source,
    press: Press,
    folder: Folder,
    plan: Plan,
    before: Manifest | None,
    after: Manifest,
    vendors: Sequence[str],
    health: Sequence[Health] | None,
    parts: Parts | None,
) -> Work:
    """The work, with what is over all vendors looked through; `after` comes to know of it."""
    changed = _changed(source, plan, before)
    if not after.shard:
        after.census = census_of(source, plan, changed, before)
    almanac, touched = _almanac(source, plan, changed, before, date.fromisoformat(after.as_of))
    after.days = almanac.days
    work = Work(
        source=source,
        press=press,
        folder=folder,
        plan=plan,
        index=None if after.shard else _index(vendors, plan, folder),
        census=after.census,
        almanac=almanac,
        same_time=SameTime(almanac),
        health=health,
        readings=Readings(source.runs()),
        parts=parts,
    )
    if before and not plan.everything:
        return _reaching(work, changed, touched, before)
    return work


def _brought_up(
    work: Work,
    vendors: Sequence[str],
    before: Manifest | None,
    after: Manifest,
    shown: Shown,
    hands: Hands,
) -> BuildReport:
    """Draw what the plan wants, then vouch for it."""
    # Until all is drawn the folder says that it is unfinished, so that a kill costs a full build.
    work.folder.keep(Manifest(shard=after.shard))
    done = _draw(work, vendors, before.pages if before else {}, shown, hands)
    after.pages = {name: part.pages for name, part in done.items()}
    work.folder.keep(after)
    return _report(done.values())


def _require_same_shard(out: Path, before: Manifest, after: Manifest) -> None:
    if before.shard != after.shard:
        has, asked = (each.shard or "all" for each in (before, after))
        raise BuildError(
            f"{out} holds the pages of shard {has}, and those of {asked} were asked for. "
            "Choose another folder with --out, or empty it."
        )


def _index(vendors: Sequence[str], plan: Plan, folder: Folder) -> Index:
    numbers = {vendor: number for number, vendor in enumerate(vendors)}
    return Index(numbers, (lambda _: None) if plan.everything else folder.read)


def _changed(source: Source, plan: Plan, before: Manifest | None) -> list[Kept]:
    """What changed since the last build; nothing where all is drawn anyway."""
    since = before and source.shared_with(before.fingerprint)
    return [kept for vendor in plan.changed for kept in source.changed(vendor, since or 0)]


def _almanac(
    source: Source, plan: Plan, changed: Sequence[Kept], before: Manifest | None, as_of: date
) -> tuple[Almanac, set[str]]:
    """What stands by time, and the days on which something else may stand than before."""
    if before is None or plan.everything:
        return Almanac(source, as_of), set()
    touched = days_touched(changed, plan, before.as_of, as_of)
    return Almanac(source, as_of, before.days, touched), touched


def _reaching(
    work: Work, changed: Sequence[Kept], touched: Collection[str], before: Manifest
) -> Work:
    """The work with what its changes dirty beyond their vendors."""
    plan = work.plan
    beyond = ripples_of(changed, touched, before, plan, work.press, work.folder, work.same_time)
    return replace(work, plan=replace(plan, beyond=beyond))


def _draw(
    work: Work,
    vendors: Sequence[str],
    known: Mapping[str, int],
    shown: Shown,
    hands: Hands,
) -> dict[str, Part]:
    """The vendors, then the root, which is small and always drawn, but for a shard."""
    visited = [vendor for vendor in vendors if work.plan.visits(vendor)]
    parts = {vendor: Part(known.get(vendor, 0)) for vendor in vendors}
    # Processes are forked before anything is shown: that takes a thread, which a fork would lose.
    with _drawn(work, visited, hands) as drawn, shown() as progress:
        tell = progress or (lambda done, total: None)
        tell(0, len(visited))
        for done, (vendor, told) in enumerate(drawn, 1):
            parts[vendor] = work.heed(vendor, told)
            tell(done, len(visited))
        work.same_time.forget()
        if work.index is None:
            parts[""] = Part(0, removed=work.bare(vendors))
        else:
            parts["search/"] = work.search(work.index)
            parts[""] = work.root(vendors)
    return parts


@contextmanager
def _drawn(
    work: Work, vendors: Sequence[str], hands: Hands
) -> Iterator[Iterable[tuple[str, Drawn]]]:
    """The vendors and what is drawn of them: here in their order, or by processes in any."""
    sizes = _sizes(work, vendors) if hands.opened else {}
    count = hands.worth(sum(sizes.values()))
    if hands.opened is None or not sizes or count == 1:
        yield ((vendor, work.vendor(vendor)) for vendor in vendors)
        return
    # A fiftieth of a second to import, which small builds can do without.
    from generator.render.crew import crew_of

    opened = hands.opened
    if work.plan.everything:
        work.same_time.lay_out()

    @contextmanager
    def begin() -> Iterator[Callable[[str], Drawn]]:
        with opened() as source:
            work.almanac.read_from(source)
            yield replace(work, source=source).vendor

    with crew_of(count, begin, Drawn) as crew:
        yield crew.do(sorted(vendors, key=lambda vendor: -sizes.get(vendor, 0)))


def _sizes(work: Work, vendors: Sequence[str]) -> dict[str, int]:
    """Vendor → how many incidents there are to look at; none where only a few changed."""
    if not (work.plan.everything or work.plan.overviews):
        return {}
    counts = work.census.vendors or work.source.counts(vendors)
    found = {vendor: counts[vendor] for vendor in vendors if vendor in counts}
    return {vendor: count.incidents + count.maintenances for vendor, count in found.items()}


def _report(parts: Iterable[Part]) -> BuildReport:
    parts = tuple(parts)
    total = sum(part.pages for part in parts)
    written = sum(part.written for part in parts)
    return BuildReport(total, written, sum(part.removed for part in parts), total - written)
