"""`earshot train`: train the towers."""

from pathlib import Path
from typing import Annotated

import typer

from wiring.cli.app import cli, console


@cli.command()
def train(
    listening: Annotated[list[Path], typer.Option(exists=True, help="Listening tables.")],
    out: Annotated[Path, typer.Option(help="Folder for the model.")],
    attributes: Annotated[Path | None, typer.Option(exists=True, help="Table of audio attributes.")] = None,
    tags: Annotated[Path | None, typer.Option(exists=True, help="Table of tags on artists.")] = None,
    seed: Annotated[int | None, typer.Option(help="Seed of everything random.")] = None,
    config: Annotated[Path | None, typer.Option(exists=True, help="Config as JSON.")] = None,
    pairs: Annotated[
        Path | None,
        typer.Option(exists=True, help="Table of pairs who belong together: 0 ignored, 1 clicked, 5 strong."),
    ] = None,
) -> None:
    """Train the two towers and write the model folder."""
    from wiring.jobs.training import train_model

    train_model(listening, out, attributes, tags, seed, config, console, pairs)
