"""Commands that have to do with the repository's host: preview, comment, sources, doctor."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from generator.cli_options import data_option, loopback_option, said, setting, tell_summary

if TYPE_CHECKING:
    from generator.model import Health
    from generator.pipeline.places import Places
    from generator.settings import SiteConfig

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


@click.command()
@data_option
@loopback_option
@click.option("--failing", is_flag=True, help="Only those that could not be read last time.")
@click.option(
    "--issues", is_flag=True, help="Keep an issue on the host for each that fails for a week."
)
@click.pass_context
def sources(
    context: click.Context, data: Path | None, allow_loopback: bool, failing: bool, issues: bool
) -> None:
    """List every source: last good read, newest incident, failing since when and how.

    With --issues, run by the weekly job: each issue says how to mend the source, is kept up to
    date, and is closed when the page can be read again.
    """
    from generator.console import health_table
    from generator.pipeline.sources import sources as list_sources
    from generator.vendors import read_vendors

    with said():
        places, config = setting(context, data, None)
        vendors = read_vendors(places.vendors, config.categories)
        health = list_sources(places, vendors.values())
        if issues:
            _tend_issues(places, health, config, allow_loopback)
            return
        health_table([item for item in health if item.failing_since or not failing])


@click.command()
@data_option
@click.option("--keep-alive", is_flag=True, help="Also tell the host that the schedules are meant.")
@click.pass_context
def doctor(context: click.Context, data: Path | None, keep_alive: bool) -> None:
    """Look at all that a copy of the archive needs to run by itself, and say it in words.

    On a machine it looks at the files; in a job of the host, or with GITHUB_REPOSITORY and
    GITHUB_TOKEN in the environment, also at Actions, Pages and rights. Exits with 1 when something
    is not as it has to be.
    """
    from contextlib import nullcontext

    from generator.forge import forge
    from generator.pipeline import doctor as run
    from generator.pipeline.places import now

    with said():
        places, config = setting(context, data, None)
        known = keep_alive or "GITHUB_REPOSITORY" in os.environ
        with forge(config.agent) if known else nullcontext() as host:
            if keep_alive and host:
                told = run.keep_alive(host)
                click.echo(f"Told the host that they are meant: {', '.join(told) or 'none'}.")
            findings = run.examined(places, config, host, now())
        for finding in findings:
            click.echo(run.line(finding))
        tell_summary(run.table(findings))
    if any(finding.good is False for finding in findings):
        context.exit(1)


def _tend_issues(
    places: "Places", health: "list[Health]", config: "SiteConfig", allow_loopback: bool
) -> None:
    from generator.forge import forge
    from generator.pipeline.issues import tend_issues
    from generator.pipeline.places import now

    with forge(config.agent) as host:
        done = tend_issues(places, health, config, host, now(), allow_loopback=allow_loopback)
    for what, slugs in (
        ("opened", done.opened),
        ("brought up to date", done.mended),
        ("closed", done.closed),
        ("left to the next run", done.waiting),
    ):
        click.echo(f"{len(slugs)} {what}{': ' if slugs else ''}{', '.join(slugs)}")
