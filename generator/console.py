"""Progress and tables, on standard error, so that standard output stays data."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from generator.report import Report, Row

console = Console(stderr=True, highlight=False)


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
    table = Table(box=None, pad_edge=False)
    for name in ("vendor", "new", "changed", "withdrawn", "faults"):
        table.add_column(name, justify="left" if name in ("vendor", "faults") else "right")
    for row in sorted(report.rows, key=lambda row: row.vendor):
        if row.outcome != "unchanged" or row.faults or row.unknown:
            notes = [fault.kind for fault in row.faults] + list(row.unknown)
            numbers = (row.new, row.changed + row.restored, row.withdrawn)
            table.add_row(
                Text(row.vendor), *(str(number or "·") for number in numbers), Text(_short(notes))
            )
    if table.row_count:
        console.print(table)
    changed = sum(row.outcome == "changed" for row in report.rows)
    console.print(
        f"{len(report.rows)} pages read: {changed} with news, {report.failed} failed, "
        f"{sum(row.requests for row in report.rows)} requests, "
        f"{sum(row.bytes for row in report.rows):,} bytes."
    )


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
    )


def _short(notes: list[str]) -> str:
    if len(notes) <= 3:
        return ", ".join(notes)
    return f"{', '.join(notes[:3])} and {len(notes) - 3} more"
