"""`outages vendor`: make vendor files, check them, list them."""

import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from generator.cli_host import comment, preview
from generator.cli_options import data_option, loopback_option, said, setting
from generator.wording import counted

# What a command needs is imported when it runs: `outages --help` answers at once.
if TYPE_CHECKING:
    from generator.detect import Detected
    from generator.model import Incident, Vendor
    from generator.pipeline.vendors import Verdict

Command = Callable[..., Any]
SHOWN = 3


@click.group()
def vendor() -> None:
    """Make vendor files, check them, list them."""


@vendor.command()
@click.argument("url")
@click.option("--slug", metavar="NAME", help="Name of the file. [default: from the page's name]")
@click.option("--category", help="A category of the site. [default: as the page tells]")
@click.option(
    "--option",
    "-o",
    "options",
    multiple=True,
    metavar="KEY=TEXT",
    help="A setting of the platform that the page does not tell; may be given again.",
)
@data_option
@loopback_option
@click.pass_context
def new(
    context: click.Context,
    url: str,
    slug: str | None,
    category: str | None,
    options: tuple[str, ...],
    data: Path | None,
    allow_loopback: bool,
) -> None:
    """Ask the page at URL what it is and write its vendor file.

    Shows by what the platform was known and the newest incidents as they would be kept. Writes
    nothing when the page cannot be read, or when another file reads it already.
    """
    from generator.pipeline import vendors
    from generator.pipeline.identify import identify

    with said():
        places, config = setting(context, data, None)
        found = identify(_address(url), config, allow_loopback=allow_loopback)
        _say_found(found)
        drafted = vendors.drafted(
            found, places.vendors, config.categories, slug, category, _pairs(options)
        )
        _show_newest(vendors.sampled(drafted, config, allow_loopback=allow_loopback))
        file = vendors.write_file(drafted, places.vendors)
        click.echo(f"\n{file}:\n\n{file.read_text(encoding='utf-8')}")
        click.echo(f"Look it over, above all its {', '.join(_guessed(found, category))}.")


@vendor.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path), metavar="[FILE...]")
@click.option("--live", is_flag=True, help="Also read the pages, and ask what they are.")
@data_option
@loopback_option
@click.pass_context
def check(
    context: click.Context,
    files: tuple[Path, ...],
    live: bool,
    data: Path | None,
    allow_loopback: bool,
) -> None:
    """Check vendor files (default: all of them) and say how to mend what is wrong.

    Asks nobody, and refuses what `outages update` would: addresses that are not public, too.
    With --live, exits with 1 when a page cannot be read, has moved or is of another platform by
    now; then the file as it should be is printed.
    """
    from generator.pipeline import vendors

    with said():
        places, config = setting(context, data, None)
        chosen = vendors.checked(
            files, places.vendors, config.categories, allow_loopback=allow_loopback
        )
        if not live:
            click.echo(f"Nothing is wrong with {counted(len(chosen), 'vendor file')}.")
            return
        faults = []

        def take(file: Path, verdict: "Verdict") -> None:
            _say_verdict(verdict, file)
            faults.append(verdict.fault)

        vendors.check_live(chosen, config, take, allow_loopback=allow_loopback)
    if any(faults):
        context.exit(1)


@vendor.command("list")
@data_option
@click.pass_context
def list_(context: click.Context, data: Path | None) -> None:
    """List the vendors: slug, name, platform, category, page.

    A table on a terminal; lines with tabs between when it goes into a file or another program.
    """
    from generator.vendors import read_vendors

    with said():
        places, config = setting(context, data, None)
        vendors = read_vendors(places.vendors, config.categories)
        if sys.stdout.isatty():
            _show_table(vendors.values())
        else:
            for one in vendors.values():
                click.echo("\t".join(_cells(one)))


@vendor.command(hidden=True)
@data_option
@click.pass_context
def schema(context: click.Context, data: Path | None) -> None:
    """Print the JSON Schema of a vendor file: data/vendor.schema.json."""
    import json

    from generator.vendors.writing import schema as made

    with said():
        _, config = setting(context, data, None)
        click.echo(json.dumps(made(config.categories), indent=2, ensure_ascii=False))


for command in (preview, comment):
    vendor.add_command(command)


def _address(url: str) -> str:
    """The address as given, https where it names no scheme."""
    return url if "://" in url else f"https://{url}"


def _pairs(options: Iterable[str]) -> dict[str, str]:
    pairs = dict(text.partition("=")[::2] for text in options)
    for key, text in pairs.items():
        if not key or not text:
            raise click.BadParameter(f"expected KEY=TEXT, like time_zone=Europe/Paris, not {key!r}")
    return pairs


def _guessed(found: "Detected", category: str | None) -> list[str]:
    told = {"name": found.name, "homepage": found.homepage, "category": category}
    return [key for key, value in told.items() if not value] or ["name"]


def _say_found(found: "Detected") -> None:
    click.echo(f"{found.status_page} is {found.platform}: {found.evidence}.")


def _say_verdict(verdict: "Verdict", file: Path) -> None:
    if verdict.fault is None:
        known = f", {verdict.evidence}" if verdict.evidence else ""
        click.echo(f"{verdict.vendor}: {counted(len(verdict.incidents), 'incident')}{known}")
        return
    click.echo(f"{verdict.vendor}: {verdict.fault}")
    if verdict.mended:
        click.echo(f"It should be, by what it answers ({verdict.evidence}), in {file}:\n")
        click.echo(verdict.mended)


def _show_newest(incidents: Iterable["Incident"]) -> None:
    """The newest incidents as they would be kept."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    newest = sorted(incidents, key=lambda incident: incident.started_at, reverse=True)[:SHOWN]
    if not newest:
        click.echo("It lists no incident now.")
        return
    table = Table(box=None, pad_edge=False, title_justify="left")
    for name in ("started (UTC)", "ended", "kind", "impact", "updates", "title"):
        table.add_column(name, no_wrap=name != "title")
    for one in newest:
        ended = f"{one.ended_at:%Y-%m-%d %H:%M}" if one.ended_at else one.end_basis or "open"
        cells = (
            f"{one.started_at:%Y-%m-%d %H:%M}",
            ended,
            one.kind,
            one.impact,
            str(len(one.updates)),
        )
        table.add_row(*map(Text, cells), Text(one.title))
    Console(highlight=False).print(table)


def _show_table(vendors: Iterable["Vendor"]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False)
    for name in ("slug", "name", "platform", "category", "page"):
        table.add_column(name)
    for one in vendors:
        table.add_row(*map(Text, _cells(one)))
    Console(highlight=False).print(table)


def _cells(vendor: "Vendor") -> tuple[str, ...]:
    return vendor.slug, vendor.name, vendor.platform, vendor.category, vendor.status_page
