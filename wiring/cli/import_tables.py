"""`earshot import` and `earshot remove`: put listeners into the database, and take them out."""

from pathlib import Path
from typing import Annotated

import typer

from matcher.domain.listening import Source
from wiring.cli.app import cli, console
from wiring.jobs.file_kind import FileKind


@cli.command("import")
def import_files(
    files: Annotated[list[Path], typer.Argument(exists=True, help="Files to read.")],
    attributes: Annotated[Path | None, typer.Option(exists=True, help="Table of audio attributes.")] = None,
    tags: Annotated[Path | None, typer.Option(exists=True, help="Table of tags on artists.")] = None,
    synthetic: Annotated[bool, typer.Option(help="Label these listeners as synthetic.")] = False,
    local_accounts: Annotated[
        bool,
        typer.Option(
            help="These are the listeners of the local Spotify: who signs in is one of them (demo)."
        ),
    ] = False,
    wait_s: Annotated[
        float,
        typer.Option(min=0, help="Seconds to wait for a model in training, once all else is ready."),
    ] = 0.0,
    kind: Annotated[
        FileKind, typer.Option(help="What the files are; auto tells by their content.")
    ] = FileKind.AUTO,
    listener: Annotated[
        str,
        typer.Option(help="Id of the listener whose export it is; the same id later replaces it."),
    ] = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would come, and store nothing.")
    ] = False,
) -> None:
    """Put listeners into the database, to be found as matches."""
    if kind is FileKind.LISTENBRAINZ_DUMP:
        from wiring.jobs.dumps import import_dump

        import_dump(files, console, wait_s, dry_run)
        return
    from wiring.jobs.importing import import_tables, report_tables

    source = Source.SYNTHETIC if synthetic else Source.TABLE
    if dry_run:
        report_tables(files, tags, source, kind, listener, console)
        return
    import_tables(files, attributes, tags, source, local_accounts, console, wait_s, kind, listener)


@cli.command()
def remove(
    source: Annotated[Source, typer.Option(help="Where the listeners came from.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do it; without, say how many there are.")] = False,
) -> None:
    """Erase all imported listeners of a source; people who have signed in stay."""
    from wiring.jobs.importing import remove_imported

    remove_imported(source, yes, console)
