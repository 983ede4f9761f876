"""`earshot match`: match two tables."""

from pathlib import Path
from typing import Annotated

import typer

from wiring.cli.app import cli, console


@cli.command()
def match(
    model: Annotated[Path, typer.Option(help="Model folder.")],
    queries: Annotated[Path, typer.Option(exists=True, help="Listening table of who asks.")],
    candidates: Annotated[Path, typer.Option(exists=True, help="Listening table of who may be found.")],
    out: Annotated[Path, typer.Option(help="Parquet: query_id, candidate_id, rank, score, percent.")],
    top: Annotated[int, typer.Option(min=1, help="Matches each.")] = 20,
    attributes: Annotated[Path | None, typer.Option(exists=True, help="Table of audio attributes.")] = None,
    tags: Annotated[Path | None, typer.Option(exists=True, help="Table of tags on artists.")] = None,
) -> None:
    """The whole pipeline on files: retrieve, rank, calibrate. Never matches a listener_id with itself."""
    from wiring.jobs.batch import match_tables

    match_tables(model, queries, candidates, top, out, attributes, tags, console)
