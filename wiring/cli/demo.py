"""`earshot demo`: a whole Earshot on one machine, without keys."""

from typing import Annotated

import typer

from wiring.cli.app import cli, console


@cli.command()
def demo(
    listeners: Annotated[int, typer.Option(min=20, max=20_000, help="Synthetic listeners.")] = 2000,
    seed: Annotated[int, typer.Option(help="Another seed is another world.")] = 7,
) -> None:
    """Everything at once, without keys: world, training, candidates, local Spotify, app."""
    from wiring.jobs.demo import run_demo

    run_demo(listeners, seed, console)
