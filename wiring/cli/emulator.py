"""`earshot emulator`: the local Spotify alone."""

from pathlib import Path
from typing import Annotated

import typer

from wiring.cli.app import cli


@cli.command()
def emulator(  # noqa: PLR0913, PLR0917 - an option each
    world: Annotated[Path | None, typer.Option(exists=True, help="A listening table as its world.")] = None,
    listeners: Annotated[int, typer.Option(min=1, help="Synthetic listeners, without --world.")] = 2000,
    seed: Annotated[int, typer.Option(help="Seed of the synthetic world.")] = 7,
    host: str = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535)] = 9911,
    latency_ms: Annotated[int, typer.Option(min=0, help="Waited before every answer.")] = 0,
    extended: Annotated[bool, typer.Option(help="Answer as to an app with Extended Quota.")] = False,
    rotate_tokens: Annotated[bool, typer.Option(help="Each refresh gives a new refresh token.")] = False,
    token_life_s: Annotated[int, typer.Option(min=1, help="Life of an access token.")] = 3600,
    grant_life_days: Annotated[int, typer.Option(min=1, help="Life of a refresh token.")] = 182,
    allow: Annotated[
        list[str] | None, typer.Option(help="Serve these listeners alone, at most five.")
    ] = None,
) -> None:
    """Run the local Spotify alone."""
    from wiring.jobs.serving import serve_emulator

    behaviour = {
        "latency_ms": latency_ms,
        "dialect": "extended" if extended else "development",
        "rotate_refresh_tokens": rotate_tokens,
        "access_token_lifetime_s": token_life_s,
        "refresh_token_lifetime_s": grant_life_days * 86_400,
        "allow_list": tuple(allow) if allow else None,
    }
    serve_emulator(world, listeners, seed, host, port, behaviour)
