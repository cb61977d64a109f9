"""Progress and tables, on standard error, so that standard output stays data."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from generator.model import Health
from generator.report import Report, Row
from generator.times import text_of
from generator.wording import counted

console = Console(stderr=True, highlight=False)
# A pipe has no width: what reads it wants each line whole.
PIPED = 300


@contextmanager
def bar(doing: str) -> Iterator[Callable[[int, int], None]]:
    """A bar for something that tells how much of how much is done."""
    with _progress() as progress:
        task = progress.add_task(doing, total=None)

        def tell(done: int, total: int) -> None:
            progress.update(task, completed=done, total=total)

        yield tell


@contextmanager
def rows(doing: str, total: int) -> Iterator[Callable[[Row], None]]:
    """A bar of vendors; what fails is printed above it as it happens."""
    with _progress() as progress:
        task = progress.add_task(doing, total=total)

        def tell(row: Row) -> None:
            progress.advance(task)
            if row.outcome == "failed":
                fault = row.faults[-1]
                console.print(Text(f"{row.vendor}: {fault.kind}: {fault.reason}"))

        yield tell


def summary(report: Report) -> None:
    """What changed and what failed, a line a vendor that has something to say."""
    told = [row for row in report.rows if row.outcome != "unchanged" or row.faults or row.unknown]
    # By hand: to lay out a table of rich takes a third of a millisecond a line.
    width = max([len("vendor"), *(len(row.vendor) for row in told)])
    lines = [f"{'vendor'.ljust(width)}    new  changed  withdrawn  faults"]
    for row in sorted(told, key=lambda row: row.vendor):
        notes = [fault.kind for fault in row.faults] + list(row.unknown)
        numbers = (row.new, row.changed + row.restored, row.withdrawn)
        cells = [str(number or "·") for number in numbers]
        line = f"{row.vendor.ljust(width)}{cells[0]:>7}{cells[1]:>9}{cells[2]:>11}  {_short(notes)}"
        lines.append(line.rstrip())
    if told:
        console.print(Text("\n".join(lines)), soft_wrap=True)
    changed = sum(row.outcome == "changed" for row in report.rows)
    console.print(
        f"{counted(len(report.rows), 'page')} read: {changed} with news, {report.failed} failed, "
        f"{counted(sum(row.requests for row in report.rows), 'request')}, "
        f"{counted(sum(row.bytes for row in report.rows), 'byte')}."
    )


def health_table(health: Iterable[Health]) -> None:
    """Sources on standard output, a line each."""
    table = Table(box=None, pad_edge=False)
    for name in ("vendor", "platform", "last read", "newest incident", "failing since", "fault"):
        table.add_column(name, no_wrap=True)
    for item in health:
        times = (item.read_at, item.newest_at, item.failing_since)
        table.add_row(
            Text(item.vendor.slug),
            item.vendor.platform,
            *(text_of(at) if at else "·" for at in times),
            item.fault or "·",
        )
    output = Console(highlight=False)
    if not output.is_terminal:
        output = Console(highlight=False, width=PIPED)
    output.print(table)


def say(sentence: str) -> None:
    """One line."""
    console.print(Text(sentence))


def _progress() -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
        transient=True,
        # Nobody sees it elsewhere, and it is laid out ten times a second.
        disable=not console.is_terminal,
    )


def _short(notes: list[str]) -> str:
    if len(notes) <= 3:
        return ", ".join(notes)
    return f"{', '.join(notes[:3])} and {len(notes) - 3} more"
