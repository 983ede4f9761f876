"""`earshot train`: train the towers."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from matcher.errors import InputError
from wiring.cli.app import cli, console


@cli.command()
def train(
    out: Annotated[Path, typer.Option(help="Folder for the model.")],
    attributes: Annotated[Path | None, typer.Option(exists=True, help="Table of audio attributes.")] = None,
    tags: Annotated[Path | None, typer.Option(exists=True, help="Table of tags on artists.")] = None,
    listening: Annotated[list[Path] | None, typer.Option(exists=True, help="Listening tables.")] = None,
    from_database: Annotated[
        bool, typer.Option(help="Listeners of this Earshot who agreed to it, of the sources they agreed to.")
    ] = False,
    licence: Annotated[str, typer.Option(help="Licence of the tables, for the manifest.")] = "",
    seed: Annotated[int | None, typer.Option(help="Seed of everything random.")] = None,
    config: Annotated[Path | None, typer.Option(exists=True, help="Config as JSON.")] = None,
    pairs: Annotated[
        Path | None,
        typer.Option(exists=True, help="Table of pairs who belong together: 0 ignored, 1 clicked, 5 strong."),
    ] = None,
) -> None:
    """Train the two towers and write the model folder."""
    from wiring.jobs.training import Terms, agreed_terms, train_model

    if not (listening or from_database):
        raise InputError("there is nothing to train on: name tables (--listening), or use --from-database")
    terms = Terms()
    if from_database:
        from wiring.bootstrap import application

        terms = agreed_terms(application().training)
    terms = replace(terms, licence=licence or terms.licence)
    train_model(listening or [], out, attributes, tags, seed, config, console, pairs, terms)
