"""The commands of the archive as a whole: out, in, checked, kept in git, begun."""

import sys
from collections.abc import Iterable
from pathlib import Path

import click

from generator.cli_options import data_option, held_in, places_of, said, setting, vendors_argument
from generator.wording import counted

# Of all that is wrong with an archive, as much as anybody reads.
NAMED = 20


@click.command("export")
@vendors_argument
@click.option(
    "--archive",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Another archive to print. [default: that of the data folder]",
)
@data_option
@click.pass_context
def export_(
    context: click.Context, vendor: tuple[str, ...], archive: Path | None, data: Path | None
) -> None:
    """Print the archive as NDJSON, one incident a line, of VENDOR... or of all."""
    from generator.durable import sync_output
    from generator.pipeline.lines import export

    with said():
        for line in export(archive or held_in(context, data).archive, vendor):
            sys.stdout.buffer.write(line)
        sync_output(sys.stdout.buffer)


@click.command("import")
@click.argument("file", type=click.File("rb"))
@data_option
@click.pass_context
def import_(context: click.Context, file: Iterable[bytes], data: Path | None) -> None:
    """Keep the incidents of FILE (or - for standard input), NDJSON as `export` prints it."""
    import gc

    from generator.pipeline.lines import import_lines, vendors_in
    from generator.vendors import vendor_files

    # Nothing that an import makes goes in circles: to look for some costs a twentieth of it.
    gc.disable()
    with said():
        name = getattr(file, "name", "-")
        places = places_of(context, data)
        before = vendors_in(places)
        row = import_lines(places, file, name)
        click.echo(f"{name}: {row.new} new, {row.changed} changed.", err=True)
        files = {each.stem for each in vendor_files(places.vendors)}
        if strangers := sorted(vendors_in(places) - before - files):
            click.echo(
                f"No file in {places.vendors} is of {', '.join(strangers)}: what was kept of them "
                "stays. Add their files: outages vendor new URL",
                err=True,
            )


@click.command()
@click.argument("other", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option(
    "--into",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The archive to merge into. [default: that of the data folder]",
)
@data_option
@click.pass_context
def merge(
    context: click.Context, other: tuple[Path, ...], into: Path | None, data: Path | None
) -> None:
    """Bring all that each archive OTHER holds into ours: nothing lost, nothing doubled.

    A folder is one that `update --shard` left: of it what it remembers comes in, too.
    """
    from generator.pipeline.merge import merge as run
    from generator.pipeline.merge import merge_shard
    from generator.pipeline.places import Places
    from generator.removed import read_removed

    with said():
        places = places_of(context, data)
        archive = into or places.archive
        for each in other:
            if each.is_dir() and not into:
                row = merge_shard(places, Places(each))
            else:
                file = Places(each).archive if each.is_dir() else each
                row = run(archive, file, removed=read_removed(places.removed))
            click.echo(f"{archive}: {row.new} new, {row.changed} changed.", err=True)


@click.command()
@click.argument("path", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@data_option
@click.pass_context
def replay(context: click.Context, path: tuple[Path, ...], data: Path | None) -> None:
    """Do again the runs whose replies `--keep-raw` kept in PATH..., files or folders.

    From the first on they give the same archive, byte for byte of what it says. No page is asked.
    """
    from generator.console import summary
    from generator.pipeline.replay import replay as run
    from generator.vendors import read_vendors

    with said():
        places, config = setting(context, data, None)
        run(places, read_vendors(places.vendors, config.categories), config, path, summary)


@click.command()
@click.option(
    "--since",
    metavar="OLD.db",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="An earlier archive. [default: the one that git has committed]",
)
@data_option
@click.pass_context
def verify(context: click.Context, since: Path | None, data: Path | None) -> None:
    """Prove that the archive is whole and holds all that an earlier one held.

    Checks the file, the chain of its runs' hashes, every record against its last observation,
    and that nothing of the earlier archive is gone or changed but by a revision. Exits with 1
    when anything is wrong.
    """
    from generator.pipeline.verify import verify as run

    with said():
        places = held_in(context, data)
        found = run(places, since)
    for sentence in found[:NAMED]:
        click.echo(sentence, err=True)
    if len(found) > NAMED:
        click.echo(f"… and {len(found) - NAMED:,} more", err=True)
    if found:
        more = "it must not be committed; git has the last good one"
        wrong = counted(len(found), "thing is", "things are")
        click.echo(f"{places.archive}: {wrong} wrong; {more}.", err=True)
        context.exit(1)
    click.echo(f"{places.archive} is whole, and nothing of what it held is lost.", err=True)


@click.command()
@data_option
@click.option("--push", is_flag=True, help="Push it too; a remote that moved on is merged into.")
@click.pass_context
def commit(context: click.Context, data: Path | None, push: bool) -> None:
    """Commit the archive to git if it holds news, with a message that says what changed."""
    from generator.pipeline.commit import commit_archive

    with said():
        click.echo(commit_archive(places_of(context, data), push=push) or "Nothing new.")


@click.command()
@vendors_argument
@click.option(
    "-n", "count", type=click.IntRange(1), default=10, show_default=True, help="So many commits."
)
@click.option("--all", "whole", is_flag=True, help="Every line of a commit, however many.")
@data_option
@click.pass_context
def log(
    context: click.Context, vendor: tuple[str, ...], count: int, whole: bool, data: Path | None
) -> None:
    """Print what each commit added to the archive, newest first: of VENDOR... or of all.

    + is new, ~ says what changed, - was taken away by its vendor.
    """
    from generator.pipeline.log import lines_of, logged

    with said():
        for entry in logged(places_of(context, data), count, vendor):
            for line in lines_of(entry, whole=whole):
                click.echo(line)


@click.command()
@data_option
@click.pass_context
def init(context: click.Context, data: Path | None) -> None:
    """Begin an archive of your own: a data folder, or an empty archive in one that is there.

    Vendor files and settings stay; the archive is emptied only when git has all that it holds.
    """
    from generator.pipeline.init import begin

    with said():
        for sentence in begin(places_of(context, data)) or ["It is begun already, and empty."]:
            click.echo(sentence)


@click.command()
@click.argument("incident", metavar="VENDOR/INCIDENT")
@click.option("--reason", required=True, help="Why; it stands in data/removed.toml.")
@data_option
@click.pass_context
def remove(context: click.Context, incident: str, reason: str, data: Path | None) -> None:
    """Take the words of an incident out of the archive, on request, and keep them out.

    Its facts stay, below a path without words. What git holds of the time before, it still holds.
    """
    from generator.pipeline.remove import remove as run

    with said():
        places = held_in(context, data)
        path = run(places, incident, reason)
        click.echo(
            f"{incident} is {path} now, without words, and noted in {places.removed}. Commit both "
            "(git add, outages commit --push); the history of the file is yours to rewrite."
        )


@click.command()
@click.option("--now", "at_once", is_flag=True, help="However small the archive is.")
@data_option
@click.pass_context
def rollover(context: click.Context, at_once: bool, data: Path | None) -> None:
    """Move years that are over to data/archive/<year>.db, once the archive has 10 MB.

    Every command goes on seeing one archive; git has less to keep.
    """
    from generator.pipeline.rollover import LARGE
    from generator.pipeline.rollover import rollover as run

    with said():
        moved = run(held_in(context, data), large=0 if at_once else LARGE)
        click.echo(f"Moved: {', '.join(moved)}." if moved else "Nothing to move.")
