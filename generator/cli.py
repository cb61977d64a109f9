"""The command `outages`: words in, exit code and report out."""

import gc
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from generator import __version__
from generator.cli_archive import (
    commit,
    export_,
    import_,
    init,
    log,
    merge,
    remove,
    replay,
    rollover,
    verify,
)
from generator.cli_host import doctor, sources
from generator.cli_notify import notify
from generator.cli_options import (
    data_option,
    folder_of,
    loopback_option,
    out_option,
    port_option,
    said,
    setting,
    shard_option,
    share,
    vendors_argument,
)
from generator.cli_site import announce, assemble, build, publish, serve
from generator.cli_vendor import vendor
from generator.wording import counted

# What a command needs is imported when it runs: `outages --help` answers at once.
if TYPE_CHECKING:
    from generator.report import Report

DEMO = Path(".demo")

Command = Callable[..., Any]


report_option = click.option(
    "--report",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write what happened to this file, as JSON.",
)


raw_option = click.option(
    "--keep-raw",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help="Keep the replies as they came in this folder, as WARC.",
)
accept_option = click.option(
    "--accept",
    metavar="VENDOR",
    multiple=True,
    help="Believe what this page says, however implausible: you have looked. Repeatable.",
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="outages")
@data_option
@out_option
@click.pass_context
def cli(context: click.Context, data: Path | None, out: Path | None) -> None:
    """The outage archive: reads status pages, keeps every word, renders a site."""
    context.obj = {"data": data, "out": out}


@cli.command()
@vendors_argument
@data_option
@loopback_option
@report_option
@raw_option
@shard_option
@accept_option
@click.pass_context
def update(
    context: click.Context,
    vendor: tuple[str, ...],
    data: Path | None,
    allow_loopback: bool,
    report: Path | None,
    keep_raw: Path | None,
    shard: str | None,
    accept: tuple[str, ...],
) -> None:
    """Read the status pages of VENDOR... (default: all) and keep what changed.

    With --shard what was seen goes to DATA/shards/K-of-N, and from there into the archive with
    `outages merge`. Exits with 1 when more than half of the pages could not be read.
    """
    from generator.pipeline.update import update as run

    more = {"raw": keep_raw, "shard": shard, "accept": accept}
    _scrape(context, run, "Reading", vendor, data, allow_loopback, report, **more)


@cli.command()
@vendors_argument
@data_option
@loopback_option
@report_option
@raw_option
@accept_option
@click.option(
    "--requests",
    type=click.IntRange(1),
    default=500,
    show_default=True,
    help="At most about so many requests a vendor.",
)
@click.pass_context
def backfill(
    context: click.Context,
    vendor: tuple[str, ...],
    data: Path | None,
    allow_loopback: bool,
    report: Path | None,
    keep_raw: Path | None,
    accept: tuple[str, ...],
    requests: int,
) -> None:
    """Walk on through the past that the pages of VENDOR... still hold.

    Goes on where it stopped last time; killing it loses nothing.
    """
    from generator.pipeline.update import backfill as run

    more = {"budget": requests, "raw": keep_raw, "accept": accept}
    _scrape(context, run, "Walking back", vendor, data, allow_loopback, report, **more)


@cli.command()
@data_option
@out_option
@click.option("--once", is_flag=True, help="Scrape and build, but do not serve.")
@click.option("--vendors", type=int, help="How many invented vendors. [default: 2 a platform]")
@click.option("--incidents", type=int, help="How many incidents in all. [default: 50 a vendor]")
@click.option("--seed", default=1, show_default=True, help="Another seed, another fleet.")
@port_option
@click.pass_context
def demo(
    context: click.Context,
    data: Path | None,
    out: Path | None,
    once: bool,
    vendors: int | None,
    incidents: int | None,
    seed: int,
    port: int | None,
) -> None:
    """Start a fleet of invented status pages, scrape it through time, build its site, serve it.

    Needs no network. Works in .demo/, never in the real archive, unless told otherwise.
    """
    import shutil

    from generator.console import bar, say
    from generator.demo.fleet import Fleet
    from generator.pipeline.demo import live_through
    from generator.providers import platforms
    from generator.serve import serve_folder

    with said():
        folder = folder_of(context, "data", data, DEMO / "data")
        if folder == DEMO / "data":
            shutil.rmtree(DEMO, ignore_errors=True)
        site = folder_of(context, "out", out, DEMO / "site")
        size = vendors or 2 * len(platforms())
        fleet = Fleet(seed=seed, vendors=size, incidents=incidents or 50 * size)
        with bar("Living through the fleet's days") as progress:
            done = live_through(fleet, folder, site, progress)
        say(f"{counted(done.pages, 'page')} in {site} of {folder / 'outages.db'}.")
        if not once:
            serve_folder(site, port, announce)


for command in (
    *(init, export_, import_, merge, replay, verify, commit, log, remove, rollover),
    *(build, assemble, publish, serve),
    *(notify, sources, doctor, vendor),
):
    cli.add_command(command)


def main() -> None:
    """Run the command."""
    # Records by the ten thousand are no garbage: looking them through costs an eighth of an import.
    gc.set_threshold(100_000, 20, 20)
    cli(prog_name="outages")


def _scrape(
    context: click.Context,
    run: Callable[..., "Report"],
    doing: str,
    slugs: tuple[str, ...],
    data: Path | None,
    allow_loopback: bool,
    report: Path | None,
    **more: Any,
) -> None:
    from generator.console import rows, summary
    from generator.vendors import chosen, read_vendors

    with said():
        places, config = setting(context, data, None)
        if not places.data.exists():
            raise click.ClickException(
                f"There is no folder {places.data}. Another is named with --data; "
                "outages init begins one."
            )
        known = read_vendors(places.vendors, config.categories)
        vendors = chosen(known, slugs, places.vendors)
        chosen(known, more["accept"], places.vendors)  # a slip of the pen accepts nothing
        if shard := share(more.pop("shard", None)):
            vendors = [each for each in vendors if each.slug in shard]
            more["shard"] = shard
        with rows(doing, len(vendors)) as progress:
            done = run(
                places, vendors, config, allow_loopback=allow_loopback, progress=progress, **more
            )
        if report:
            _write_report(report, done)
        summary(done)
    if done.mostly_failed:
        context.exit(1)


def _write_report(file: Path, report: "Report") -> None:
    import msgspec

    try:
        file.write_bytes(msgspec.json.format(msgspec.json.encode(report.document()), indent=2))
    except OSError as error:
        raise click.ClickException(f"the report cannot be written to {file}: {error}") from None
