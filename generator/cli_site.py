"""The commands of the site: built, put together from parts, served."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from generator.cli_options import (
    data_option,
    folder_of,
    out_option,
    port_option,
    said,
    setting,
    shard_option,
    share,
    tell_job,
)
from generator.wording import counted

SITE = Path("site")

Command = Callable[..., Any]


def site_options(command: Command) -> Command:
    """What is to be said of a site in every command that draws some of it."""
    for option in (
        click.option("--clean", is_flag=True, help="Draw every page anew."),
        click.option(
            "--as-of",
            metavar="DAY",
            type=click.DateTime(["%Y-%m-%d"]),
            help="Last day of moving windows. [default: today, UTC]",
        ),
        click.option(
            "--jobs",
            metavar="N",
            type=click.IntRange(1),
            help="Processes that draw. [default: the cores, where there is much to draw]",
        ),
        click.option("--base-url", metavar="URL", help="Address of the site; may have a path."),
        out_option,
        data_option,
    ):
        command = option(command)
    return command


@click.command()
@site_options
@click.option("--name", is_flag=True, help="Only name the site: another name, another site.")
@shard_option
@click.pass_context
def build(
    context: click.Context,
    data: Path | None,
    out: Path | None,
    base_url: str | None,
    as_of: datetime | None,
    clean: bool,
    jobs: int | None,
    name: bool,
    shard: str | None,
) -> None:
    """Bring the site up to the archive, writing only what differs.

    With --shard only the pages of its vendors are drawn; `outages assemble` makes the folders of
    all shards one site.
    """
    from generator.pipeline.build import site_name

    with said():
        if not name:
            _draw(context, data, out, base_url, as_of, clean=clean, jobs=jobs, shard=share(shard))
            return
        places, config = setting(context, data, base_url)
        day = as_of.date() if as_of else None
        click.echo(found := site_name(places.require(), config, as_of=day))
        tell_job("name", found)


@click.command()
@click.argument(
    "part", nargs=-1, required=True, type=click.Path(exists=True, file_okay=False, path_type=Path)
)
@site_options
@click.pass_context
def assemble(
    context: click.Context,
    part: tuple[Path, ...],
    data: Path | None,
    out: Path | None,
    base_url: str | None,
    as_of: datetime | None,
    clean: bool,
    jobs: int | None,
) -> None:
    """Make one site of PART..., the folders that `build --shard` drew: all shards, 1/N to N/N.

    Draws what belongs to no vendor. The site is the one that `build` alone would have written,
    byte for byte.
    """
    with said():
        _draw(context, data, out, base_url, as_of, clean=clean, jobs=jobs, parts=part)


@click.command()
@out_option
@port_option
@click.pass_context
def serve(context: click.Context, out: Path | None, port: int | None) -> None:
    """Serve the built site on this machine, until Ctrl-C."""
    from generator.serve import serve_folder

    with said():
        serve_folder(folder_of(context, "out", out, SITE), port, announce)


@click.command()
@click.argument("bucket")
@out_option
@click.option("--endpoint", metavar="URL", help="Of a store that is not AWS. [$AWS_ENDPOINT_URL]")
@click.option("--dry-run", is_flag=True, help="Only print what would be sent and removed.")
@click.pass_context
def publish(
    context: click.Context, bucket: str, out: Path | None, endpoint: str | None, dry_run: bool
) -> None:
    """Make BUCKET, an s3://bucket/folder of any store of the S3 kind, hold the built site.

    Sends what differs from last time and removes what is no more, in an order in which no page
    ever links to a missing one. Killed, it goes on next time. Credentials come from
    AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.
    """
    import os

    from generator.console import bar
    from generator.pipeline.publish import publish as run
    from generator.publish.bucket import Bucket

    with said():
        folder = folder_of(context, "out", out, SITE)
        store = Bucket(bucket, endpoint, os.environ)
        with bar("Sending") as progress:
            done = run(folder, store, rehearse=dry_run, progress=progress)
        for mark, paths in (("+", done.new), ("~", done.changed), ("-", done.gone)):
            for path in paths if dry_run else ():
                click.echo(f"{mark} {path}")
        sent, removed = ("to send", "to remove") if dry_run else ("sent", "removed")
        click.echo(f"{bucket}: {len(done.sent)} {sent}, {len(done.gone)} {removed}.", err=True)


def announce(address: str) -> None:
    """Say where the site is served."""
    click.echo(f"The site is at {address} (Ctrl-C ends it)")


def _bar() -> AbstractContextManager[Callable[[int, int], None]]:
    from generator.console import bar

    return bar("Drawing")


def _draw(
    context: click.Context,
    data: Path | None,
    out: Path | None,
    base_url: str | None,
    as_of: datetime | None,
    **how: Any,
) -> None:
    from generator.pipeline.build import build_site

    places, config = setting(context, data, base_url)
    folder = folder_of(context, "out", out, SITE)
    day = as_of.date() if as_of else None
    done = build_site(places.require(), config, folder, as_of=day, shown=_bar, **how)
    click.echo(
        f"{folder}: {counted(done.pages, 'page')}, {done.written} written, "
        f"{done.removed} removed, {done.unchanged} as they were."
    )
    tell_job("written", done.written + done.removed)
