"""`earshot purge`: delete expired data."""

from typing import Annotated

import typer

from wiring.cli.app import cli, console


@cli.command()
def purge(
    yes: Annotated[
        bool, typer.Option("--yes", help="Erase even more than a tenth of all people at once.")
    ] = False,
) -> None:
    """Delete what has been kept long enough, as the app does once a day: idle accounts, old readings."""
    from wiring.jobs.purging import purge_and_tell

    purge_and_tell(console, yes)
