"""What the commands share: their options, where things are, and errors as sentences."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from generator.errors import OutagesError, remedy

if TYPE_CHECKING:
    from generator.pipeline.places import Places
    from generator.settings import SiteConfig
    from generator.sharding import Shard

DATA = Path("data")

Command = Callable[..., Any]


def data_option(command: Command) -> Command:
    """`--data`, before or after the command's name."""
    return click.option(
        "--data",
        type=click.Path(file_okay=False, path_type=Path),
        help="Folder of the archive and the vendor files. [default: data]",
    )(command)


def out_option(command: Command) -> Command:
    """`--out`, before or after the command's name."""
    return click.option(
        "--out",
        type=click.Path(file_okay=False, path_type=Path),
        help="Folder of the site. [default: site]",
    )(command)


loopback_option = click.option(
    "--allow-loopback",
    is_flag=True,
    help="Also read pages on this machine (for tests and the demonstration).",
)


port_option = click.option(
    "--port",
    type=click.IntRange(0, 65535),
    help="0 for any free one. [default: 8000, or another where that is taken]",
)


shard_option = click.option(
    "--shard",
    metavar="K/N",
    help="Only the K-th of N shares of the vendors, kept apart: the others are for other machines.",
)


vendors_argument = click.argument("vendor", nargs=-1)


def folder_of(context: click.Context, name: str, given: Path | None, default: Path) -> Path:
    """What stands behind the command's name, before it, or else the default."""
    folder: Path = given or context.obj[name] or default
    return folder


def places_of(context: click.Context, data: Path | None) -> "Places":
    """Where things are in the data folder that was given."""
    from generator.pipeline.places import Places

    return Places(folder_of(context, "data", data, DATA))


def held_in(context: click.Context, data: Path | None) -> "Places":
    """The same; there must be an archive."""
    return places_of(context, data).require()


def setting(
    context: click.Context, data: Path | None, address: str | None
) -> tuple["Places", "SiteConfig"]:
    """The same, and the settings of the site, with its address if one was given."""
    from generator.settings import read_site

    places = places_of(context, data)
    return places, read_site(places.site, address)


def share(text: str | None) -> "Shard | None":
    """The shard that was asked for, if one was."""
    from generator.sharding import shard_of

    return shard_of(text) if text else None


@contextmanager
def said() -> Iterator[None]:
    """Errors as sentences: exit 2 for what a person can mend, 130 for Ctrl-C."""
    try:
        yield
    except OutagesError as error:
        click.echo(f"Error: {error}", err=True)
        raise SystemExit(2) from None
    except BrokenPipeError:
        raise
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        click.echo(f"Error: {where}{error.strerror or error}. {remedy(error)}", err=True)
        raise SystemExit(2) from None
    except KeyboardInterrupt:
        click.echo("Stopped. Archive and site are whole; the next run goes on.", err=True)
        raise SystemExit(130) from None


def tell_job(name: str, value: object) -> None:
    """A word for the later steps of the CI job that runs us, if one does."""
    _append("GITHUB_OUTPUT", f"{name}={value}\n")


def tell_summary(markdown: str) -> None:
    """Words for the summary page of the CI job that runs us, if one does."""
    _append("GITHUB_STEP_SUMMARY", markdown)


def _append(variable: str, text: str) -> None:
    file = os.environ.get(variable)
    if file:
        with Path(file).open("a", encoding="utf-8") as output:
            output.write(text)
