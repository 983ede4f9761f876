"""`earshot embed`: embed listeners."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from wiring.cli.app import cli, console


class Tower(StrEnum):
    """Which of the two towers."""

    USER = "user"
    CANDIDATE = "candidate"


@cli.command()
def embed(
    model: Annotated[Path, typer.Option(help="Model folder.")],
    listening: Annotated[Path, typer.Option(exists=True, help="Listening table.")],
    out: Annotated[Path, typer.Option(help="Parquet to write: listener_id, vector.")],
    tower: Annotated[Tower, typer.Option(help="Which tower's vectors.")] = Tower.CANDIDATE,
    attributes: Annotated[Path | None, typer.Option(exists=True, help="Table of audio attributes.")] = None,
    tags: Annotated[Path | None, typer.Option(exists=True, help="Table of tags on artists.")] = None,
) -> None:
    """Map listeners into the shared space."""
    from wiring.jobs.batch import embed_table

    embed_table(model, listening, tower == Tower.USER, out, attributes, tags, console)
