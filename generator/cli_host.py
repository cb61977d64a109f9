"""Commands that the host's jobs run: what a proposal would bring, and a comment that says so."""

import os
from pathlib import Path

import click

from generator.cli_options import data_option, loopback_option, said, setting, tell_summary

OUT = Path("preview")


@click.command()
@click.argument("checkout", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=OUT,
    show_default=True,
    help="Folder of the preview.",
)
@data_option
@loopback_option
@click.pass_context
def preview(
    context: click.Context, checkout: Path, out: Path, data: Path | None, allow_loopback: bool
) -> None:
    """Try out the vendor files that the last commit of CHECKOUT proposes.

    Checks them beside ours, reads their pages, prints what would be kept as Markdown and draws
    their pages in OUT/site. CHECKOUT is data: no code of it runs. Exits with 1 when a file is
    wrong, a page cannot be read, or the archive itself is changed.
    """
    import msgspec

    from generator.pipeline.comment import FILE
    from generator.pipeline.preview import previewed
    from generator.preview import markdown

    with said():
        places, config = setting(context, data, None)
        found = previewed(checkout, places, config, out, allow_loopback=allow_loopback)
        out.mkdir(parents=True, exist_ok=True)
        (out / FILE).write_bytes(msgspec.json.format(msgspec.json.encode(found)))
        click.echo(text := markdown(found))
        tell_summary(text)
    if not found.is_good:
        context.exit(1)


@click.command()
@click.option(
    "--event",
    type=click.Path(path_type=Path),
    default=lambda: os.environ.get("GITHUB_EVENT_PATH"),
    help="The event that started the job. [default: that of $GITHUB_EVENT_PATH]",
)
@data_option
@click.pass_context
def comment(context: click.Context, event: Path | None, data: Path | None) -> None:
    """Write the preview that another run left below its pull request.

    Runs in a job of its own, with the rights to comment and no code of the proposal.
    """
    from generator.forge import forge
    from generator.pipeline.comment import comment as run

    with said():
        _, config = setting(context, data, None)
        if event is None:
            raise click.UsageError("--event is needed where $GITHUB_EVENT_PATH is not set.")
        with forge(config.agent) as host:
            click.echo(run(Path(event), host))
