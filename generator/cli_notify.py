"""The command that tells whom it concerns."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from generator.cli_options import data_option, said, setting
from generator.wording import counted

if TYPE_CHECKING:
    from generator.alerts.sender import Message
    from generator.pipeline.notify import Notified


@click.command()
@data_option
@click.option("--base-url", metavar="URL", help="Address of the site; may have a path.")
@click.option("--dry-run", is_flag=True, help="Print the messages; send and note nothing.")
@click.pass_context
def notify(context: click.Context, data: Path | None, base_url: str | None, dry_run: bool) -> None:
    """Send what is new, worse or over to the targets of data/notify.toml, each once.

    Exits with 1 when a target has no address or did not take its messages: the others are told,
    and the next run tries again.
    """
    from generator.pipeline.notify import notify as run

    with said():
        places, config = setting(context, data, base_url)
        done = run(places.require(), config, rehearsed=_print if dry_run else None)
    _summary(done, dry_run)
    if done.failed or done.silent:
        context.exit(1)


def _print(target: str, message: "Message") -> None:
    body = message.body.replace("\n", "\n    ")
    click.echo(f"to {target} ({message.tone}): {message.title}\n    {body}")


def _summary(done: "Notified", dry_run: bool) -> None:
    if not done.targets:
        click.echo("No data/notify.toml, so nobody is told. The README shows how it is written.")
        return
    for target in done.begun:
        click.echo(f"{target} is new: it hears of what happens from now on.", err=True)
    for sentence in done.silent.values():
        click.echo(f"Error: {sentence}", err=True)
    for target in done.failed:
        click.echo(f"{target} did not take its messages; the next run tries again.", err=True)
    verb = "to send" if dry_run else "sent"
    click.echo(f"{counted(len(done.sent), 'message')} {verb}.", err=True)
