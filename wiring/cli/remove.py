"""`earshot remove`: take imported listeners out again."""

from typing import Annotated

import typer

from matcher.domain.listening import Source
from wiring.cli.app import cli, console


@cli.command()
def remove(
    source: Annotated[Source, typer.Option(help="Where the listeners came from.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do it; without, say how many there are.")] = False,
) -> None:
    """Erase all imported listeners of a source; people who have signed in stay."""
    from wiring.jobs.removing import remove_imported

    remove_imported(source, yes, console)
