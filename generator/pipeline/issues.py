"""Sources that fail for long get an issue each, which says how to mend them and closes itself."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from generator.errors import InputError
from generator.forge import Forge
from generator.markdown import code, fenced
from generator.model import Health
from generator.pipeline.places import Places
from generator.pipeline.vendors import Verdict, check_live
from generator.settings import SiteConfig
from generator.wording import counted

# Only people who may label issues can make one of theirs look like ours.
LABEL = "source-failing"
MARKER = "<!-- outages:source:{} -->"
# Pages fail for a day and come back.
PATIENCE = timedelta(days=7)
# A first week must not bring an avalanche.
AT_ONCE = 10

Row = dict[str, Any]


@dataclass
class Tended:
    """What was done: slugs of vendors. `waiting`: those that a later run opens."""

    opened: list[str] = field(default_factory=list)
    mended: list[str] = field(default_factory=list)
    closed: list[str] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)


def tend_issues(
    places: Places,
    health: Sequence[Health],
    config: SiteConfig,
    forge: Forge,
    at: datetime,
    *,
    allow_loopback: bool,
) -> Tended:
    """One issue for each source that fails for long, as things stand at `at`.

    InputError when more than half of the sources fail: that is us, and no news of theirs.
    """
    failing = [item for item in health if item.failing_since]
    if len(failing) * 2 > len(health):
        raise InputError(
            f"{len(failing)} of {counted(len(health), 'source')} cannot be read: more than half, "
            "so it is the network here or this program. No issue was touched."
        )
    long = sorted(
        (item for item in failing if at - _since(item) >= PATIENCE),
        key=lambda item: (_since(item), item.vendor.slug),
    )
    standing = _standing(forge)
    known = [item for item in long if item.vendor.slug in standing]
    new = [item for item in long if item.vendor.slug not in standing]
    verdicts = _asked([*known, *new[:AT_ONCE]], places, config, allow_loopback=allow_loopback)
    done = Tended(waiting=[item.vendor.slug for item in new[AT_ONCE:]])
    for item in known:
        _mend(item, standing[item.vendor.slug], verdicts, forge, done)
    for item in new[:AT_ONCE]:
        _open(item, verdicts, forge, done)
    _close(standing, health, forge, done)
    return done


def _standing(forge: Forge) -> dict[str, Row]:
    """Our open issues by the vendor they are about."""
    prefix, suffix = MARKER.split("{}")
    found = {}
    for row in forge.pages("issues", state="open", labels=LABEL):
        first = (row["body"] or "").partition("\n")[0]
        if first.startswith(prefix) and "pull_request" not in row:
            found[first.removeprefix(prefix).removesuffix(suffix)] = row
    return found


def _asked(
    items: Iterable[Health], places: Places, config: SiteConfig, *, allow_loopback: bool
) -> dict[str, Verdict]:
    """What each page says today of itself."""
    found: dict[str, Verdict] = {}

    def take(_: Path, verdict: Verdict) -> None:
        found[verdict.vendor] = verdict

    chosen = [(places.vendors / f"{item.vendor.slug}.toml", item.vendor) for item in items]
    check_live(chosen, config, take, allow_loopback=allow_loopback)
    return found


def _open(item: Health, verdicts: Mapping[str, Verdict], forge: Forge, done: Tended) -> None:
    slug = item.vendor.slug
    # What can be read at this moment will be read by the next run.
    if verdicts[slug].fault is None:
        return
    title = f"{slug}: the status page cannot be read"
    forge.post("issues", title=title, body=_body(item, verdicts[slug]), labels=[LABEL])
    done.opened.append(slug)


def _mend(
    item: Health, row: Row, verdicts: Mapping[str, Verdict], forge: Forge, done: Tended
) -> None:
    slug = item.vendor.slug
    body = _body(item, verdicts[slug])
    if verdicts[slug].fault is not None and row["body"] != body:
        forge.patch(f"issues/{row['number']}", body=body)
        done.mended.append(slug)


def _close(
    standing: Mapping[str, Row], health: Sequence[Health], forge: Forge, done: Tended
) -> None:
    by_slug = {item.vendor.slug: item for item in health}
    for slug, row in standing.items():
        item = by_slug.get(slug)
        if item is None:
            reason = "Its vendor file is no more."
        elif item.read_at and not item.failing_since:
            reason = "The page can be read again."
        else:
            continue
        forge.post(f"issues/{row['number']}/comments", body=reason)
        forge.patch(f"issues/{row['number']}", state="closed")
        done.closed.append(slug)


def _body(item: Health, verdict: Verdict) -> str:
    """The issue's text: the same as long as the same is wrong."""
    return "\n\n".join((MARKER.format(item.vendor.slug), *_paragraphs(item, verdict))) + "\n"


def _paragraphs(item: Health, verdict: Verdict) -> Iterator[str]:
    vendor = item.vendor
    last = f"the last good read was on {item.read_at:%Y-%m-%d}" if item.read_at else "it never was"
    yield (
        f"{code(vendor.status_page)} cannot be read since {_since(item):%Y-%m-%d}; {last}. "
        f"It is read as {code(vendor.platform)} by {code(f'data/vendors/{vendor.slug}.toml')}."
    )
    yield fenced(str(verdict.fault or item.fault))
    if verdict.mended:
        yield f"By what it answers ({code(verdict.evidence)}), the file should be:"
        yield fenced(verdict.mended, "toml")
    else:
        yield (
            "What it is now could not be told. If it has moved, `outages vendor new URL` asks the "
            "new place; if it is gone for good, take the file away. What is held of it stays."
        )
    yield "This issue is kept up to date by a job, which closes it when the page can be read again."


def _since(item: Health) -> datetime:
    assert item.failing_since is not None
    return item.failing_since
